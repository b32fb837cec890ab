"""The git checkout that a project lies in, if it lies in one."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def git_commit(root: Path, *, untracked: bool = True) -> tuple[str, bool]:
    """The checked-out commit and whether files differ from it; ``("", False)`` outside of git.

    Args:
        root: A folder of the checkout.
        untracked: Whether files that git does not know count.
    """
    try:
        head = _git(root, "rev-parse", "HEAD")
        return head, bool(_git(root, "status", "--porcelain", f"--untracked-files={'normal' if untracked else 'no'}"))
    except (OSError, subprocess.SubprocessError):
        return "", False


def changed_since(root: Path, commit: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Files below ``paths`` that differ from ``commit`` or are new; none where git cannot tell."""
    if not commit:
        return ()
    try:
        # A file that was moved counts at both places.
        changed = _git(root, "diff", "--name-only", "--no-renames", "--relative", commit, "--", *paths)
        new = _git(root, "ls-files", "--others", "--exclude-standard", "--", *paths)
    except (OSError, subprocess.SubprocessError):
        return ()
    return tuple(sorted({*changed.splitlines(), *new.splitlines()}))


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout.strip()
