"""Tags that say for good which image it is: a version, or the commit it was built from."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tooling.errors import Exit, ToolError

# https://semver.org: of its build metadata the plus sign is none of a tag's letters.
_NUMBER = r"(?:0|[1-9][0-9]*)"
_WORD = rf"(?:{_NUMBER}|[0-9]*[A-Za-z-][0-9A-Za-z-]*)"
_VERSION = re.compile(rf"v?{_NUMBER}\.{_NUMBER}\.{_NUMBER}(?:-{_WORD}(?:\.{_WORD})*)?")
_COMMIT = re.compile(r"[0-9a-f]{7,40}")
_SECONDS = 20


def check_tag(tag: str) -> str:
    """The tag as it is, where it is a version (``v1.2.3``) or a commit.

    Raises:
        ToolError: Exit 2: it is neither, or one that moves from image to image.
    """
    if (_VERSION.fullmatch(tag) or _COMMIT.fullmatch(tag)) and len(tag) <= 128:
        return tag
    hint = "give a version as v1.2.3, or a commit; without --tag it is the checked-out commit"
    if tag == "latest":
        hint = "a tag stays with its image; which image is the newest: groundplan image latest"
    raise ToolError(f"'{tag}' is no version and no commit", where="--tag", hint=hint, exit_code=Exit.USAGE)


def commit_tag(source: Path) -> str:
    """The commit that is checked out in ``source``.

    Raises:
        ToolError: It is no git checkout, or has changes that the commit does not tell of.
    """
    try:
        head, changed = (_git(source, *args) for args in (("rev-parse", "HEAD"), ("status", "--porcelain")))
    except (OSError, subprocess.SubprocessError) as error:
        raise ToolError(
            "is no git checkout with a commit, so the image has no tag by itself",
            where=str(source),
            hint="name the tag: --tag v1.2.3",
            exit_code=Exit.USAGE,
        ) from error
    if changed:
        raise ToolError(
            f"has {len(changed.splitlines())} uncommitted files: {head[:12]} is not what the image was built from",
            where=str(source),
            hint="commit them and build again, or name a version: --tag v1.2.3",
        )
    return head


def _git(folder: Path, *args: str) -> str:
    command = ["git", *args]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=True
    ).stdout.strip()
