"""A page's blocks of code, in order, and doing what they say in a copy of the project."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import REPOSITORY, Answer, Project, copy_of_this_project

_BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block: a command a line (``sh``), a file's whole text, or lines of a file that go and come (``diff``).

    Attributes:
        kind: First word behind the fence.
        path: Second word, the file it is about; empty for commands.
        text: Its content.
    """

    kind: str
    path: str
    text: str


def steps(page: Path) -> list[Step]:
    return [Step(kind, path or "", text) for kind, path, text in _BLOCK.findall(page.read_text(encoding="utf-8"))]


def copy_to_work_in(folder: Path) -> Project:
    """The project with its tests; the toolkit and what else nobody edits by hand is linked."""
    project = copy_of_this_project(folder, None)
    for name in ("tests", "docs"):
        shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("tooling", "bench", "pyproject.toml", "README.md"):
        (folder / name).symlink_to(REPOSITORY / name)
    return project


def follow(project: Project, step: Step) -> Iterator[tuple[str, Answer]]:
    """Do it; every command with its answer."""
    if step.kind == "diff":
        change(project.root / step.path, step.text)
    elif step.path:
        project.write(step.path, step.text)
    else:
        for line in step.text.splitlines():
            program, *arguments = shlex.split(line)
            yield line, project.run(*arguments, seconds=400) if program == "groundplan" else python(project, *arguments)


def change(file: Path, lines: str) -> None:
    """Put the new lines where the old ones stand, which have to be there once."""
    old = "".join(line[1:] for line in lines.splitlines(keepends=True) if line[0] in " -")
    new = "".join(line[1:] for line in lines.splitlines(keepends=True) if line[0] in " +")
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file}: {old!r} is there {text.count(old)} times"
    file.write_text(text.replace(old, new), encoding="utf-8")


def python(project: Project, *arguments: str, seconds: float = 200) -> Answer:
    """``python ...`` of a page: this interpreter, in the copy."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=project.root,
        env={**os.environ, "PYTHONPATH": str(project.root), "GROUNDPLAN_ROOT": str(project.root)},
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
