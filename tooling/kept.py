"""Results that are kept for as long as nothing moves that they were made from: ``.groundplan/kept``.

An entry is found by the digest of everything that was read for it, so one that does not hold any more is never found.
What does not read back as it was written counts as missing. Nothing here is believed by who applies.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any

from tooling import digest
from tooling.own_code import code_digest
from tooling.workspace import private_folder, write_private

_FOLDER, _ENDING = "kept", ".kept"
# Where there is too much, room is made for this part of what may be there: the next look is so many entries away.
_SPARE = 10
# Packages whose code and data a verdict rests on.
_PACKAGES = ("groundplan", "checkov", "cloudsplaining", "policy-sentry")


@dataclass
class _Room:
    """By folder the entries and bytes that it held at most when it was looked through, and what came since.

    What other processes keep is not counted: who looks next sees it.
    """

    held: dict[Path, tuple[int, int]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)


@dataclass(frozen=True)
class Kept:
    """One folder of entries.

    Attributes:
        folder: Where they lie; made with the first of them.
        most: Entries of one kind that are kept; those that were longest of no use go first, a tenth at a time.
        most_bytes: And what they may take together.
    """

    folder: Path
    most: int = 2_000
    most_bytes: int = 256 * 1024**2
    _room: _Room = field(default_factory=_Room, init=False, repr=False, compare=False)

    def read(self, kind: str, key: str) -> Any:
        """The JSON value that was kept; None when there is none, or it is damaged."""
        body = self.read_bytes(kind, key)
        try:
            return None if body is None else json.loads(body)
        except (ValueError, RecursionError):
            return None

    def read_bytes(self, kind: str, key: str) -> bytes | None:
        """What was kept, byte for byte; None when there is nothing, or it is damaged."""
        file = self._file(kind, key)
        try:
            seal, _, body = file.read_bytes().partition(b"\n")
            if seal.decode("ascii") != _seal(key, body):
                return None
            file.touch()
        except (OSError, ValueError):
            return None
        return body

    def keep(self, kind: str, key: str, value: Any) -> None:
        """Keep a JSON value without secrets. A disk that is full costs the time it would have saved, nothing more."""
        self.keep_bytes(kind, key, json.dumps(value, separators=(",", ":")).encode())

    def keep_bytes(self, kind: str, key: str, body: bytes) -> None:
        """Keep what is no JSON value; see :meth:`keep`."""
        file = self._file(kind, key)
        with contextlib.suppress(OSError):
            private_folder(self.folder)
            private_folder(file.parent)
            write_private(file, _seal(key, body).encode() + b"\n" + body)
            self._tidy(file)

    def _file(self, kind: str, key: str) -> Path:
        return self.folder / kind / f"{key}{_ENDING}"

    def _tidy(self, came: Path) -> None:
        """Look through a folder where it may hold too much, and not at every entry that comes to it."""
        room, folder = self._room, came.parent
        with room.lock:
            number, taken = room.held.get(folder, (self.most, 0))
            number, taken = number + 1, taken + came.stat().st_size
            if number > self.most or taken > self.most_bytes:
                number, taken = self._thinned(folder)
            room.held[folder] = number, taken

    def _thinned(self, folder: Path) -> tuple[int, int]:
        """How many entries a folder holds, and how many bytes, after those that are too many have gone."""
        found = sorted(
            ((stat.st_mtime_ns, stat.st_size, file) for file in folder.glob(f"*{_ENDING}") for stat in [file.stat()]),
            reverse=True,
        )
        most, most_bytes = self.most, self.most_bytes
        if len(found) > most or sum(size for _, size, _ in found) > most_bytes:
            most, most_bytes = most - most // _SPARE, most_bytes - most_bytes // _SPARE
        number = taken = 0
        for _, size, file in found:
            if number >= most or taken + size > most_bytes:
                file.unlink(missing_ok=True)
            else:
                number, taken = number + 1, taken + size
        return number, taken


@cache
def kept_in(work: Path) -> Kept:
    """What is kept among the work files of a project."""
    return Kept(work / _FOLDER)


@cache
def makers_digest() -> str:
    """Over the code that makes the results: of this package, and the versions of those it calls."""
    return digest.of_value([code_digest(), {package: version(package) for package in _PACKAGES}])


def _seal(key: str, body: bytes) -> str:
    """Over the key as well: an entry that was renamed is not one of its new name."""
    return hashlib.sha256(key.encode() + b"\0" + body).hexdigest()
