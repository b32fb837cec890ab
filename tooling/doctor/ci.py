"""Is CI ready: the secrets and variables that the workflows ask for, and which of them GitHub has."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.live import failed, manual, ok, skipped

if TYPE_CHECKING:
    from tooling.live import Finding

# GITHUB_TOKEN is GitHub's own. https://docs.github.com/en/actions/security-for-github-actions/security-guides
_ASKED = re.compile(r"\b(secrets|vars)\.([A-Z_][A-Z0-9_]*)\b")
_GIVEN = frozenset({"GITHUB_TOKEN"})
_SECONDS = 20


@dataclass(frozen=True)
class Required:
    """A secret or variable that a workflow asks for.

    Attributes:
        kind: ``secret`` or ``variable``.
        files: Workflows that ask.
    """

    kind: str
    name: str
    files: tuple[str, ...]


def required(root: Path) -> tuple[Required, ...]:
    """All that the workflows of a project ask for, in the order of their names."""
    found: dict[tuple[str, str], list[str]] = {}
    for file in sorted((root / ".github/workflows").glob("*.y*ml")):
        for source, name in dict.fromkeys(_ASKED.findall(file.read_text(encoding="utf-8"))):
            if name not in _GIVEN:
                found.setdefault(("secret" if source == "secrets" else "variable", name), []).append(file.name)
    return tuple(Required(kind, name, tuple(files)) for (kind, name), files in sorted(found.items()))


def check_ci(root: Path, *, gh: str | None = None) -> tuple[Finding, ...]:
    """Each of them, and whether GitHub has it where that can be asked.

    Args:
        root: The project's folder.
        gh: GitHub's command line. Default: the one on PATH.
    """
    asked = required(root)
    if not asked:
        seen = (
            "no workflow asks for a secret" if list((root / ".github").glob("workflows/*")) else "no workflow is there"
        )
        return (skipped("secrets of CI", f"{seen}: groundplan ci generate writes them"),)
    there = {kind: _there(root, kind, gh or shutil.which("gh")) for kind in ("secret", "variable")}
    return tuple(_finding(one, there[one.kind]) for one in asked)


def _finding(one: Required, there: frozenset[str] | None) -> Finding:
    name, files = f"{one.kind} {one.name}", ", ".join(one.files)
    setting = f"gh {one.kind} set {one.name} (with --env NAME for one environment of GitHub's only)"
    if there is None:
        return manual(name, f"asked for by {files}; GitHub cannot be asked from here", next=setting)
    if one.name in there:
        return ok(name, f"is set; asked for by {files}")
    return failed(name, f"is not set; asked for by {files}", means="the workflow has no credentials", next=setting)


def _there(root: Path, kind: str, gh: str | None) -> frozenset[str] | None:
    """Names that the repository and its environments have; None when GitHub cannot be asked."""
    if gh is None:
        return None
    own = _listed(root, [gh, kind, "list", "--json", "name"])
    if own is None:
        return None
    names = {str(entry["name"]) for entry in own}
    environments = (
        _listed(root, [gh, "api", "repos/{owner}/{repo}/environments?per_page=100", "--jq", ".environments"]) or []
    )
    for entry in environments:
        names |= {
            str(one["name"])
            for one in _listed(root, [gh, kind, "list", "--env", str(entry["name"]), "--json", "name"]) or []
        }
    return frozenset(names)


def _listed(root: Path, command: list[str]) -> list[Mapping[str, object]] | None:
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, timeout=_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return found if isinstance(found, list) else None
