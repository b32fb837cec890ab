"""Line numbers for what a TOML file says, which the standard parser does not keep."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_TABLE = re.compile(r"^\s*\[{1,2}\s*([^\]]+?)\s*\]{1,2}\s*(?:#.*)?$")
_KEY = re.compile(r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line (from 1) where ``path`` is set in ``text``; for a missing key, that of the table it belongs to.

    >>> line_of('a = 1\\n[gate]\\nfail_on = "x"\\n', ["gate", "fail_on"])
    3
    >>> line_of('a = 1\\n[gate]\\n', ["gate", "missing"])
    2
    """
    wanted = tuple(str(part) for part in path if not isinstance(part, int))
    best_line, best_length = 1, 0
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if found := _TABLE.match(line):
            table = _parts(found.group(1))
            key = table
        elif found := _KEY.match(line):
            key = table + _parts(found.group(1))
        else:
            continue
        if key == wanted[: len(key)] and len(key) > best_length:
            best_line, best_length = number, len(key)
    return best_line


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.split(r"\s*\.\s*", dotted.strip()))
