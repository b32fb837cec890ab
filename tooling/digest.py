"""SHA-256 over files, folders and values, always in the same order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any


def of_bytes(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def of_file(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def of_files(base: Path, files: Iterable[Path], of_one: Callable[[Path], str] = of_file) -> str:
    """One digest over names (relative to ``base``) and contents."""
    whole = hashlib.sha256()
    for path in sorted(files):
        whole.update(f"{path.relative_to(base).as_posix()}\0{of_one(path)}\n".encode())
    return whole.hexdigest()


def of_value(value: Any) -> str:
    """Of a JSON value in its canonical form."""
    return of_bytes(canonical(value))


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
