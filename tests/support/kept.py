"""What a run of the tests made and the next need not make again, while nothing that it was made from has changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.project import REPOSITORY
from tooling.emulator.record import source_version
from tooling.synth.generated import LOCK_FILE
from tooling.workspace import private_folder, write_private

FRESH_VARIABLE = "GROUNDPLAN_FRESH_PLANS"
FOLDER = REPOSITORY / ".groundplan/kept-plans"
# Some four times what the plans of one state of the project take.
_MOST_BYTES = 256 * 1024 * 1024
_DIGEST_BYTES = 32
# The lock file of a root is the one that `tools` reads: a test of the generated files says so.
_OF_A_RUN = (".terraform", "terraform.tfstate")


class Kept:
    """A folder of results by the key of what they were made from; old ones make room.

    Args:
        folder: Made when something is put into it.
        fresh: Whether everything is made anew, and then kept. Default: what GROUNDPLAN_FRESH_PLANS says.
        most_bytes: How large the folder may grow; what was not used for longest goes first.
    """

    def __init__(self, folder: Path, *, fresh: bool | None = None, most_bytes: int = _MOST_BYTES) -> None:
        self._folder = folder
        self._is_fresh = bool(os.environ.get(FRESH_VARIABLE)) if fresh is None else fresh
        self._most_bytes = most_bytes

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None where there is nothing, where it is damaged, and in a fresh run."""
        file = self._folder / key
        if self._is_fresh or not file.is_file():
            return None
        found = file.read_bytes()
        digest, packed = found[:_DIGEST_BYTES], found[_DIGEST_BYTES:]
        # The key goes into the digest: a file under another's name is as bad as a damaged one.
        if digest != hashlib.sha256(key.encode() + packed).digest():
            file.unlink(missing_ok=True)
            return None
        file.touch()
        return zlib.decompress(packed)

    def put(self, key: str, content: bytes) -> None:
        """Keep a result, in place of another of that key."""
        packed = zlib.compress(content, 1)
        private_folder(self._folder)
        write_private(self._folder / key, hashlib.sha256(key.encode() + packed).digest() + packed)
        self._make_room()

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under a key; made and put there if there is nothing."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found

    def _make_room(self) -> None:
        # Another worker may remove the same.
        sizes = [(status.st_mtime_ns, status.st_size, file) for file, status in _statuses(self._folder)]
        room = self._most_bytes
        for _, size, file in sorted(sizes, reverse=True):
            room -= size
            if room < 0:
                file.unlink(missing_ok=True)


def key_of(*parts: Any) -> str:
    """The key of a result.

    Args:
        parts: All that it was made from, as JSON has it; of files their content.
    """
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def contents(folder: Path) -> dict[str, str]:
    """Digest of each file below a folder by its path in it; without what Terraform and tftest put there and remove."""
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not any(part.startswith(_OF_A_RUN) for part in file.relative_to(folder).parts)
    }


@cache
def tools() -> dict[str, str]:
    """What plans are made by: Terraform, the provider that the lock file admits, and the emulator that answers it."""
    said = subprocess.run(["terraform", "version", "-json"], capture_output=True, text=True, check=True, cwd="/")
    terraform = json.loads(said.stdout)
    return {
        "terraform": f"{terraform['terraform_version']} {terraform['platform']}",
        "provider": LOCK_FILE.read_text(),
        "emulator": source_version(),
        "kept": Path(__file__).read_text(),
    }


def _statuses(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for entry in os.scandir(folder):
        try:
            yield Path(entry.path), entry.stat()
        except FileNotFoundError:
            continue
