"""Small JSON files that carry a digest of themselves: receipts and approvals.

The digest tells an accident or an edit by hand; it is no signature. Who may write to the bucket decides who can forge
(docs/changesets.md).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tooling import digest
from tooling.errors import Exit, ToolError


def written(content: Mapping[str, Any]) -> bytes:
    """The file of ``content``: sorted, so that any other byte is an edit."""
    whole = {**content, "digest": digest.of_value(content)}
    return (json.dumps(whole, indent=2, sort_keys=True) + "\n").encode()


def read_document(data: bytes, what: str, where: str) -> dict[str, Any]:
    """The content of such a file, without its digest.

    Args:
        data: The file.
        what: ``receipt`` or ``approval``, for the message.
        where: How the file is named to the user.

    Raises:
        ToolError: Exit 4: it was edited, or is something else.
    """
    try:
        content = json.loads(data)
        found = content.pop("digest")
        intact = found == digest.of_value(content) and written(content) == data
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        intact = False
    if not intact:
        raise ToolError(
            f"the {what} was edited, or is none",
            where=where,
            hint="restore it: the state bucket keeps versions",
            exit_code=Exit.REFUSED,
        )
    return dict(content)
