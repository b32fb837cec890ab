"""Types of the project's Python: whether the installed provider bindings are the pinned ones, and mypy agrees."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

from tooling.errors import ToolError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tooling.workspace import Workspace

#: Whose types the architectures are written against.
BINDINGS = ("cdktf", "cdktf-cdktf-provider-aws", "constructs", "jsii")
_LOCK = "requirements.lock"


@dataclass(frozen=True)
class TypeCheck:
    """What was found.

    Attributes:
        stale: Bindings whose installed version is not the pinned one, each in words.
        errors: Lines of mypy's; empty where it agrees.
        checked: What mypy looked at.
    """

    stale: tuple[str, ...]
    errors: tuple[str, ...]
    checked: str

    @property
    def sound(self) -> bool:
        return not self.stale and not self.errors


def check_types(workspace: Workspace, paths: Sequence[str]) -> TypeCheck:
    """Compare the installed bindings with ``requirements.lock``, and run ``mypy --strict``.

    Args:
        workspace: The project.
        paths: What mypy looks at, below the project's folder.

    Raises:
        ToolError: There is no lock, mypy is not installed, or did not run to its end.
    """
    lock = workspace.root / _LOCK
    if not lock.is_file():
        raise ToolError("there is no such file, so nothing pins the bindings", where=_LOCK, hint="git restore it")
    stale = stale_bindings(lock.read_text(encoding="utf-8"))
    if find_spec("mypy") is None:
        raise ToolError("mypy is not installed", hint="make setup brings it")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--", *paths],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=False,
    )
    # 0: it agrees. 1: it found something. Anything else: it looked at nothing.
    if done.returncode not in (0, 1):
        last = (done.stderr or done.stdout).strip().splitlines()[-1:]
        raise ToolError(f"mypy ended with {done.returncode}: {''.join(last)}", where=" ".join(paths))
    lines = [line for line in done.stdout.splitlines() if ": error:" in line or ": note:" in line]
    return TypeCheck(stale, tuple(lines) if done.returncode else (), " ".join(paths))


def stale_bindings(lock: str) -> tuple[str, ...]:
    """The bindings that are not installed as ``requirements.lock`` pins them."""
    pinned = dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s\\]+)", lock, re.MULTILINE))
    found = []
    for name in BINDINGS:
        try:
            installed = version(name)
        except PackageNotFoundError:
            installed = "not installed"
        if name in pinned and installed != pinned[name]:
            found.append(f"{name} is {installed}, the project is written for {pinned[name]}")
    return tuple(found)
