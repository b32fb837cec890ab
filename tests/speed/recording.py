"""Programs that write down how they were called and then do what they always do."""

from __future__ import annotations

import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Recorded:
    """A program with a diary.

    Attributes:
        program: Stands in for it.
        diary: A line a call, its arguments; or a line a message.
    """

    program: Path
    diary: Path

    @property
    def lines(self) -> list[str]:
        return self.diary.read_text(encoding="utf-8").splitlines() if self.diary.is_file() else []


def recorded(folder: Path, name: str) -> Recorded:
    """A program of PATH that writes a line for each call."""
    real = shutil.which(name)
    assert real is not None
    diary = folder / f"{name}.diary"
    return _script(folder / name, diary, f'echo "$*" >>{shlex.quote(str(diary))}\nexec {shlex.quote(real)} "$@"')


def overheard(folder: Path, node: str) -> Recorded:
    """A Node whose every line of input is written down, whichever of several processes it goes to."""
    diary = folder / "node.diary"
    quoted = shlex.quote(str(diary))
    return _script(folder / "node", diary, f'tee -a {quoted} | {shlex.quote(node)} "$@"')


def _script(program: Path, diary: Path, text: str) -> Recorded:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
    program.chmod(0o755)
    return Recorded(program, diary)
