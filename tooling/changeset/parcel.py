"""The content of an exported changeset: an index of its files, then their bytes, one after the other.

``length of the index, 4 bytes | index, JSON: [{"path", "size"}, ...] | bytes``

Whoever holds the key can make a parcel, so what it unpacks to is bounded: known names, one folder deep, sizes that a
plan can have.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.changeset.model import ARCHITECTURE, CHANGESET, PAGE, REPORT, STACK_FILES
from tooling.errors import Exit, ToolError
from tooling.workspace import private_folder, write_private

OWN_FILES = (CHANGESET, REPORT, PAGE)
LARGEST_FILE = 512 * 1024**2
LARGEST_INDEX = 256 * 1024
_LENGTH = struct.Struct(">I")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class _Entry:
    path: str
    size: int


def pack(folder: Path, architectures: Sequence[str]) -> Iterator[bytes]:
    """The files of a changeset; receipts and whatever else lies beside them stay here."""
    wanted = [*OWN_FILES, *(f"{name}/{file}" for name in architectures for file in STACK_FILES)]
    entries = [_Entry(path, (folder / path).stat().st_size) for path in wanted if (folder / path).is_file()]
    index = json.dumps([{"path": entry.path, "size": entry.size} for entry in entries]).encode()
    yield _LENGTH.pack(len(index)) + index
    for entry in entries:
        left = entry.size
        with (folder / entry.path).open("rb") as file:
            while piece := file.read(min(_PIECE, left)):
                left -= len(piece)
                yield piece
        if left:
            raise ToolError("got shorter while it was exported", where=entry.path, hint="export again")


def unpack(content: Iterator[bytes], folder: Path, shown_as: str) -> None:
    """Write the files of a parcel below ``folder``, readable by their owner only.

    Raises:
        ToolError: Exit 2: it is no parcel, or asks for names or sizes that no changeset has.
    """
    source = _Source(content, shown_as)
    length = _LENGTH.unpack(source.take(_LENGTH.size))[0]
    if length > LARGEST_INDEX:
        raise _foreign(shown_as, f"its index would have {length} bytes")
    for entry in _index(source.take(length), shown_as):
        if "/" in entry.path:
            private_folder((folder / entry.path).parent)
        write_private(folder / entry.path, source.take(entry.size))
    source.expect_end()


def _index(text: bytes, shown_as: str) -> list[_Entry]:
    try:
        entries = [_Entry(**values) for values in json.loads(text)]
    except (ValueError, TypeError, RecursionError) as error:
        raise _foreign(shown_as, f"its index cannot be read: {error}") from error
    seen = set()
    for entry in entries:
        if not isinstance(entry.path, str) or not _known(entry.path) or entry.path in seen:
            raise _foreign(shown_as, f"it holds {str(entry.path)[:80]!r}, which is no file of a changeset")
        if type(entry.size) is not int or not 0 <= entry.size <= LARGEST_FILE:
            raise _foreign(shown_as, f"{entry.path} would have {str(entry.size)[:30]} bytes")
        seen.add(entry.path)
    return entries


def _known(path: str) -> bool:
    folder, slash, name = path.rpartition("/")
    return name in STACK_FILES and ARCHITECTURE.match(folder) is not None if slash else path in OWN_FILES


class _Source:
    """Pieces of any size, read as one stream."""

    def __init__(self, pieces: Iterator[bytes], shown_as: str) -> None:
        self._pieces, self._shown_as = pieces, shown_as
        self._kept = bytearray()

    def take(self, count: int) -> bytes:
        while len(self._kept) < count:
            piece = next(self._pieces, None)
            if piece is None:
                raise _foreign(self._shown_as, "its files are shorter than its index says")
            self._kept += piece
        taken = bytes(self._kept[:count])
        del self._kept[:count]
        return taken

    def expect_end(self) -> None:
        if self._kept or any(self._pieces):
            raise _foreign(self._shown_as, "its files are longer than its index says")


def _foreign(shown_as: str, what: str) -> ToolError:
    return ToolError(f"is no exported changeset: {what}", where=shown_as, hint="export again", exit_code=Exit.USAGE)
