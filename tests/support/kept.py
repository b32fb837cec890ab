"""What a run of the tests made and the next need not make again, while nothing that it was made from has changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tests.support.project import REPOSITORY
from tooling import kept
from tooling.emulator.record import source_version
from tooling.synth.generated import LOCK_FILE

FRESH_VARIABLE = "GROUNDPLAN_FRESH_PLANS"
FOLDER = REPOSITORY / ".groundplan/kept-plans"
# Some four times what the plans of one state of the project take.
_MOST_BYTES = 256 * 1024 * 1024
# What they take is what limits them.
_MOST = 1_000_000
_KIND = "plans"
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
        self._kept = kept.Kept(folder, most=_MOST, most_bytes=most_bytes)
        self._is_fresh = bool(os.environ.get(FRESH_VARIABLE)) if fresh is None else fresh

    def get(self, key: str) -> bytes | None:
        """What was put under a key; None where there is nothing, where it is damaged, and in a fresh run."""
        packed = None if self._is_fresh else self._kept.read_bytes(_KIND, key)
        return None if packed is None else zlib.decompress(packed)

    def put(self, key: str, content: bytes) -> None:
        """Keep a result, in place of another of that key."""
        self._kept.keep_bytes(_KIND, key, zlib.compress(content, 1))

    def made(self, key: str, make: Callable[[], bytes]) -> bytes:
        """What is kept under a key; made and put there if there is nothing."""
        found = self.get(key)
        if found is None:
            found = make()
            self.put(key, found)
        return found


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
