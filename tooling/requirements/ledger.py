"""``specs/requirements.yaml``: every requirement of the documents, one row each."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from tooling.errors import Exit, ToolError

# Rows of these kinds are what a module must do: only a test proves them.
PROVEN_BY_TEST = frozenset({"resource", "iam", "monitoring", "runtime", "cost"})
PREFIXES = {"RW": "rewind", "NC": "nullcheck", "SM": "solemate", "FD": "doomscroll", "KF": "kefir"}


@dataclass(frozen=True)
class Requirement:
    """One row.

    Attributes:
        id: As ``KF-AUT-01``.
        says: What is required.
        kind: resource, iam, monitoring, cost, toolkit, doc or runtime.
        env: all, dev, staging, prod or optional.
        architecture: Whose it is.
    """

    id: str
    says: str
    kind: str
    env: str
    architecture: str


def read_ledger(file: Path) -> tuple[Requirement, ...]:
    """Every row, in the order of the file.

    Raises:
        ToolError: Exit 2: the file is missing or no list of rows.
    """
    try:
        return _rows(file.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ToolError("is missing", where=str(file), exit_code=Exit.USAGE) from error
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise ToolError(f"is no ledger: {error}", where=str(file), exit_code=Exit.USAGE) from error


@lru_cache(maxsize=2)
def _rows(text: str) -> tuple[Requirement, ...]:
    """The same for every stack of a run."""
    return tuple(
        Requirement(row["id"], row["says"], row["kind"], row["env"], PREFIXES[row["id"].split("-")[0]])
        for row in _parsed(text)
    )


def read_open(file: Path) -> dict[str, str]:
    """``specs/open.yaml``: pattern of ids, and what is missing until they can be proved."""
    try:
        content = _load(file)
    except FileNotFoundError:
        return {}
    if not isinstance(content, dict) or not all(isinstance(value, str) for value in content.values()):
        raise ToolError("is no mapping of ids to reasons", where=str(file), exit_code=Exit.USAGE)
    return dict(content)


def reason_open(open_rows: dict[str, str], requirement: Requirement) -> str | None:
    """Why a row may still be without a test. Rows that only a test can prove may never be open."""
    if requirement.kind in PROVEN_BY_TEST:
        return None
    return next((reason for pattern, reason in open_rows.items() if fnmatchcase(requirement.id, pattern)), None)


def _load(file: Path) -> Any:
    return _parsed(file.read_text(encoding="utf-8"))


def _parsed(text: str) -> Any:
    # The C parser reads the 260 KB in a tenth of the time.
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
