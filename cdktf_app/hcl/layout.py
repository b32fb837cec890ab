"""Which file a block goes into and where in it.

The part of an architecture (the second element of the construct's path) is the file. Inside it blocks stand
by construct, outer before inner; in a construct the data sources come first, then its own resource, then its
others by name. So the text does not depend on the order in which the synthesis lists types, and a new
resource moves nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app.hcl.blocks import COMMENT, Body
from cdktf_app.hcl.errors import HclError

MAIN = "main.tf"
VARIABLES = "variables.tf"
OUTPUTS = "outputs.tf"
VERSIONS = "versions.tf"
LOCALS = "locals.tf"
PROVIDERS = "providers.tf"
CHECKS = "checks.tf"
REFACTORING = {"moved": "moved.tf", "import": "imports.tf", "removed": "removed.tf"}

_RESERVED = frozenset({MAIN, VARIABLES, OUTPUTS, VERSIONS, LOCALS, PROVIDERS, CHECKS, *REFACTORING.values()})
_PART = re.compile(r"[a-z][a-z0-9_-]*\Z")

Order = tuple[tuple[str, ...], int, str, str, str]


@dataclass(frozen=True)
class Place:
    """A file name and where in the file the block stands."""

    file: str
    order: Order


def place(kind: str, type_name: str, name: str, body: Body) -> Place:
    """Where a resource, data source or module call goes.

    Raises:
        HclError: The part cannot be a file name, or is one that other blocks have.
    """
    path = construct_path(body)
    # An element on the stack itself belongs to no part; nor does one whose path is not known.
    file = part_file(path[1]) if len(path) > 2 else MAIN
    last = path[-1] if path else name
    # The resource that gives its construct the name is called `this`: it sorts in front of its siblings.
    return Place(file, (path[1:-1], kind != "data", "" if last == "this" else last, type_name, name))


def construct_path(body: Body) -> tuple[str, ...]:
    """The path that cdktf keeps in a body's metadata, stack first; empty if there is none."""
    note = body.get(COMMENT)
    metadata = note.get("metadata") if isinstance(note, Mapping) else None
    path = metadata.get("path") if isinstance(metadata, Mapping) else None
    return tuple(path.split("/")) if isinstance(path, str) else ()


def part_file(part: str) -> str:
    """The file of a part.

    Raises:
        HclError: See `place`.
    """
    if not _PART.match(part):
        raise HclError(f"part {part!r} cannot be a file name: use lower-case letters, digits and _")
    if f"{part}.tf" in _RESERVED:
        raise HclError(f"part {part!r} has the name of a file that is for other blocks: rename the construct")
    return f"{part}.tf"
