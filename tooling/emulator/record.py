"""The record that a running emulator leaves in its home, and what proves that it is about the process it names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from tooling.process import process_birth
from tooling.typed import read_as

FILE = "emulator.json"

HOME_IS_SERVED = 75
"""Exit code of a server whose home another server has; the kernel's lock on ``home/serving`` decides."""


@dataclass(frozen=True)
class Record:
    """One emulator process.

    Attributes:
        endpoint: Where it answers, ``http://127.0.0.1:PORT``.
        pid: Its process id.
        token: Random; its endpoint says the same, no other process does.
        started_at: UTC, ISO 8601.
        birth: When the operating system started the process; another process that gets the same id has another.
        version: moto's version and a digest of this package, to notice an emulator older than its code.
    """

    endpoint: str
    pid: int
    token: str
    started_at: str
    birth: str
    version: str

    def health(self) -> dict[str, object]:
        """What ``GET /_groundplan/health`` answers."""
        return {key: value for key, value in asdict(self).items() if key != "birth"}

    def write(self, home: Path) -> None:
        """Put the record into ``home``, whole or not at all."""
        temporary = home / f"{FILE}.{self.pid}"
        temporary.write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")
        temporary.replace(home / FILE)

    def remove(self, home: Path) -> None:
        """Take the record out of ``home`` unless another process has written its own since."""
        if read(home) == self:
            (home / FILE).unlink(missing_ok=True)

    def names_living_process(self) -> bool:
        """Whether the very process that wrote this still runs."""
        return process_birth(self.pid) == self.birth


def read(home: Path) -> Record | None:
    """The record in ``home``; None when there is none or it is not one of ours (cut short, other version)."""
    try:
        return read_as(Record, json.loads((home / FILE).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def source_version() -> str:
    """moto's version and a digest of every file of this package."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return f"moto {version('moto')}, {digest.hexdigest()[:12]}"
