"""Writing the generated files, or saying how the committed ones differ from them."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.synth.remembered import up_to_date
from tooling.synth.stale import stale_files

if TYPE_CHECKING:
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class SynthResult:
    """Paths below the project's root.

    Attributes:
        files: How many files are generated in all.
        written: Those that were new or differed.
        removed: Those that nothing generates any more.
        diff: Unified diff from the committed files to the generated ones.
    """

    files: int
    written: tuple[Path, ...]
    removed: tuple[Path, ...]
    diff: str

    @property
    def fresh(self) -> bool:
        return not self.written and not self.removed


def synth(workspace: Workspace, *, check: bool = False) -> SynthResult:
    """Generate what is not known to be the same as before; with ``check`` nothing is written and the result says what
    would be.
    """
    generation = up_to_date(workspace)
    removed = tuple(stale_files(workspace, generation.paths))
    written = []
    diffs = []
    for path, text in sorted(generation.texts.items()):
        target = workspace.root / path
        found = target.read_text(encoding="utf-8") if target.is_file() else None
        if found == text:
            continue
        written.append(path)
        diffs.append(_diff(path, found or "", text))
        if not check:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
    for path in removed:
        diffs.append(_diff(path, (workspace.root / path).read_text(encoding="utf-8"), ""))
        if not check:
            (workspace.root / path).unlink()
    return SynthResult(len(generation.paths), tuple(written), removed, "".join(diffs))


def _diff(path: Path, old: str, new: str) -> str:
    lines = difflib.unified_diff(
        old.splitlines(keepends=True),
        new.splitlines(keepends=True),
        fromfile=f"committed/{path.as_posix()}",
        tofile=f"generated/{path.as_posix()}",
    )
    return "".join(lines)
