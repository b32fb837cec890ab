"""Writing the workflows, and looking at those that are there."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.ci.checking import Flaw, flaws
from tooling.ci.workflows import workflows

if TYPE_CHECKING:
    from tooling.ci.places import Place
    from tooling.ci.settings import CiSettings


def write(settings: CiSettings, places: Sequence[Place], folder: Path) -> tuple[Path, ...]:
    """Write the workflows to a folder; gives those that were new or differed."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in workflows(settings, places).items():
        file = folder / name
        if not file.is_file() or file.read_text(encoding="utf-8") != text:
            file.write_text(text, encoding="utf-8")
            written.append(file)
    return tuple(written)


def compare(settings: CiSettings, places: Sequence[Place], folder: Path) -> tuple[list[str], str]:
    """Names of the workflows that are not what would be generated, and the difference as a diff."""
    stale, told = [], []
    for name, text in workflows(settings, places).items():
        file = folder / name
        there = file.read_text(encoding="utf-8") if file.is_file() else ""
        if there != text:
            stale.append(name)
            lines = difflib.unified_diff(there.splitlines(True), text.splitlines(True), f"{name} (there)", name)
            told.append("".join(lines))
    return stale, "".join(told)


def flaws_in(folder: Path) -> tuple[Flaw, ...]:
    """What is wrong with every workflow of a folder, one's own as well."""
    files = sorted(path for path in folder.glob("*.y*ml") if path.suffix in (".yml", ".yaml"))
    return tuple(one for file in files for one in flaws(file.name, file.read_text(encoding="utf-8")))
