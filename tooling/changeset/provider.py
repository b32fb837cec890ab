"""The executables of the providers that plan and apply: the lock file vouches for packages, this for what runs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from tooling import digest
from tooling.workspace import exclusive, write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack

REMEMBERED = "providers.json"
_LOCKED = re.compile(r'^provider "([^"]+)" \{\s*version\s*=\s*"([^"]+)"', re.MULTILINE)


def provider_digest(stack: Stack, work: Path) -> str:
    """One digest over every provider's executable below Terraform's data folder; empty when there is none.

    The AWS provider has 700 MB, so a digest is remembered for as long as path, size and time of change stay.

    Args:
        stack: An initialised stack.
        work: The toolkit's work files, where digests are remembered.
    """
    base = stack.work / "terraform" / "providers"
    # Versions of former days stay in the data folder; what the lock file names is what runs.
    folders = [base / source / version for source, version in locked_providers(stack)]
    files = sorted(file for folder in folders for file in folder.glob("*/terraform-provider-*") if file.is_file())
    if not files:
        return ""
    return digest.of_value({file.relative_to(base).as_posix(): _remembered(file.resolve(), work) for file in files})


def locked_providers(stack: Stack) -> list[tuple[str, str]]:
    """Source and version of every provider that the lock file names."""
    return _LOCKED.findall((stack.root / ".terraform.lock.hcl").read_text(encoding="utf-8"))


def _remembered(file: Path, work: Path) -> str:
    found = file.stat()
    key = f"{file} {found.st_size} {found.st_mtime_ns} {found.st_ino}"
    store = work / REMEMBERED
    with exclusive(work / f"{REMEMBERED}.lock"):
        known = _read(store)
        if key not in known:
            # Others may be remembered for stacks of another mirror; a handful at most is worth keeping.
            known = {**dict(list(known.items())[-7:]), key: digest.of_file(file)}
            write_private(store, json.dumps(known, indent=2) + "\n")
        return known[key]


def _read(store: Path) -> dict[str, str]:
    try:
        content = json.loads(store.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in content.items()} if isinstance(content, dict) else {}
