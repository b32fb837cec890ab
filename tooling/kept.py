"""Results that are kept for as long as nothing moves that they were made from: ``.groundplan/kept``.

An entry is found by the digest of everything that was read for it, so one that does not hold any more is never found.
What does not read back as it was written counts as missing. Nothing here is believed by who applies.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.own_code import code_digest
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDER = "kept"
# Packages whose code and data a verdict rests on.
_PACKAGES = ("groundplan", "checkov", "cloudsplaining", "policy-sentry")


@dataclass(frozen=True)
class Kept:
    """One folder of entries.

    Attributes:
        folder: Where they lie; made with the first of them.
        most: Entries of one kind that are kept; those that were longest of no use go first.
        most_bytes: And what they may take together.
    """

    folder: Path
    most: int = 2_000
    most_bytes: int = 256 * 1024**2

    def read(self, kind: str, key: str) -> Any:
        """The JSON value that was kept; None when there is none, or it is damaged."""
        file = self._file(kind, key)
        try:
            content = file.read_bytes()
            seal, _, body = content.partition(b"\n")
            if seal.decode("ascii") != _seal(key, body):
                return None
            file.touch()
            return json.loads(body)
        except (OSError, ValueError, RecursionError):
            return None

    def keep(self, kind: str, key: str, value: Any) -> None:
        """Keep a JSON value without secrets. A disk that is full costs the time it would have saved, nothing more."""
        body = json.dumps(value, separators=(",", ":")).encode()
        file = self._file(kind, key)
        with contextlib.suppress(OSError):
            private_folder(self.folder)
            private_folder(file.parent)
            write_private(file, _seal(key, body).encode() + b"\n" + body)
            for gone in list(self._too_many(file.parent)):
                gone.unlink(missing_ok=True)

    def _file(self, kind: str, key: str) -> Path:
        return self.folder / kind / f"{key}.json"

    def _too_many(self, folder: Path) -> Iterator[Path]:
        found = sorted(
            ((stat.st_mtime_ns, stat.st_size, file) for file in folder.glob("*.json") for stat in [file.stat()]),
            reverse=True,
        )
        taken = 0
        for number, (_, size, file) in enumerate(found):
            taken += size
            if number >= self.most or taken > self.most_bytes:
                yield file


def kept_in(work: Path) -> Kept:
    """What is kept among the work files of a project."""
    return Kept(work / _FOLDER)


def makers_digest() -> str:
    """Over the code that makes the results: of this package, and the versions of those it calls."""
    return digest.of_value([code_digest(), {package: version(package) for package in _PACKAGES}])


def _seal(key: str, body: bytes) -> str:
    """Over the key as well: an entry that was renamed is not one of its new name."""
    return hashlib.sha256(key.encode() + b"\0" + body).hexdigest()
