"""Where things are: the project's folders and the toolkit's own work files."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

ROOT_VARIABLE = "GROUNDPLAN_ROOT"


@dataclass(frozen=True)
class Workspace:
    """One checkout of a Groundplan project.

    Attributes:
        root: Folder that holds ``envs/`` and ``modules/``.
    """

    root: Path

    @property
    def envs(self) -> Path:
        return self.root / "envs"

    @property
    def modules(self) -> Path:
        return self.root / "modules"

    @property
    def functions(self) -> Path:
        """Sources of Lambda functions, a folder an architecture."""
        return self.root / "functions"

    @property
    def policies(self) -> Path:
        return self.root / "policies"

    @property
    def requirements(self) -> Path:
        return self.root / "specs" / "requirements.yaml"

    @property
    def work(self) -> Path:
        """Work files; ignored by git, readable by their owner only."""
        return self.root / ".groundplan"

    @property
    def emulator_home(self) -> Path:
        return self.work / "emulator"

    def changesets(self, env: str) -> Path:
        return self.work / "changesets" / env

    def stack_work(self, env: str, architecture: str) -> Path:
        """Terraform's data folder and logs of one stack."""
        return self.work / "stacks" / env / architecture

    def relative(self, path: Path) -> str:
        """``path`` as a user in the project's folder would write it."""
        return str(path.relative_to(self.root)) if path.is_relative_to(self.root) else str(path)


def find_workspace(start: Path | None = None) -> Workspace:
    """The project that ``start`` (default: the current folder) lies in, or that GROUNDPLAN_ROOT names.

    Raises:
        ToolError: No folder upwards holds ``envs/`` and ``cdktf_app/``.
    """
    named = os.environ.get(ROOT_VARIABLE)
    here = Path(named) if named else (start or Path.cwd())
    for folder in (here.resolve(), *here.resolve().parents):
        if (folder / "envs").is_dir() and (folder / "cdktf_app").is_dir():
            return Workspace(folder)
    raise ToolError(
        f"no groundplan project in {here} or above it (looked for envs/ and cdktf_app/)",
        hint=f"change to the project's folder, or set {ROOT_VARIABLE}",
        exit_code=Exit.USAGE,
    )


def private_folder(path: Path) -> Path:
    """Make ``path`` (and what lies above it) and keep others out of it: plans hold secrets in clear."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes | str | Iterable[str]) -> None:
    """Write a file of mode 0600 that is either the old one or whole, never half of it.

    Args:
        path: The file.
        content: What is to be in it; what is long may come in pieces.
    """
    pieces = (content,) if isinstance(content, bytes | str) else content
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for piece in pieces:
                file.write(piece.encode() if isinstance(piece, str) else piece)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def said_file(changeset: Path, command: str, now: datetime) -> Path:
    """Where a command that outlasts its terminal says the rest: beside the changeset that it applies."""
    return changeset / f"{command}-{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.log"


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold ``path`` as a lock between processes of this machine; waits for the other one to finish."""
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
