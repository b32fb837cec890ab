"""A changeset that is no longer of this world: nobody touched it, but what it was made from moved on."""

from __future__ import annotations

from collections.abc import Mapping

from tooling.errors import Exit, ToolError


class Stale(ToolError):
    """Planning again mends it; what was tampered with is refused by a plain :class:`ToolError` instead.

    Args:
        moved: What moved, as sentences, by the name of the stack (``dev/kefir``) or of the environment (``dev``)
            for what all stacks share.
    """

    def __init__(self, moved: Mapping[str, tuple[str, ...]]) -> None:
        where, sentences = next((where, sentences) for where, sentences in moved.items() if sentences)
        others = sum(len(sentences) for sentences in moved.values()) - 1
        env = where.partition("/")[0]
        super().__init__(
            f"{sentences[0]} (and {others} more)" if others else sentences[0],
            where=where,
            hint=f"nothing was applied; plan again: groundplan plan --env {env}",
            exit_code=Exit.REFUSED,
        )
        self.moved = dict(moved)
