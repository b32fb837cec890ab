"""What an import finds, and how its failures are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tooling.errors import ToolError
from tooling.plan.summary import AttributeChange

#: Name of the file of import blocks, in the stack's root.
FILE = "imports.tf"


@dataclass(frozen=True)
class Difference:
    """One resource that an apply would touch.

    Attributes:
        address: Which.
        action: What would happen to it.
        attributes: What would move.
        unread: For what would be replaced: settings that the provider does not read at an import, and that force it.
    """

    address: str
    action: str
    attributes: tuple[AttributeChange, ...] = ()
    unread: tuple[str, ...] = ()


@contextmanager
def told_without_log(*, given: bool) -> Iterator[None]:
    """A failure of Terraform in the copy, without its log, which goes with the copy.

    Args:
        given: Whether the user gave an id, which may be the reason.
    """
    try:
        yield
    except ToolError as error:
        if "/recovery/" not in (error.hint or ""):
            raise
        why = "is the id of --id right?" if given else "groundplan plan fails alike, and keeps what was printed"
        hint = f"{why}; nothing was written"
        raise ToolError(error.what, where=error.where, hint=hint, exit_code=error.exit_code) from error
