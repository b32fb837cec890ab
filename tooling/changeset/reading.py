"""What a changeset's own files say, read only after they were compared with the seal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset.folder import read_changeset
from tooling.changeset.model import CHANGESET, COST, GATE, LATEST, PLAN_JSON, Changeset, SealedStack
from tooling.errors import Exit, ToolError
from tooling.plan.masking import MaskedPlan
from tooling.plan.summary import PlanSummary, summarise

if TYPE_CHECKING:
    from tooling.gate import GateResult
    from tooling.workspace import Workspace


# Characters of what a reader stumbled over that an error quotes.
_TOLD = 200


@dataclass(frozen=True)
class ReadStack:
    """One stack of a changeset.

    Attributes:
        part: What was sealed.
        plan: The plan's JSON, masked.
        summary: What it changes.
        gate: The gate's result.
        cost: The estimate as JSON; None: there is none.
    """

    part: SealedStack
    plan: dict[str, Any]
    summary: PlanSummary
    gate: GateResult
    cost: dict[str, Any] | None


@dataclass(frozen=True)
class ReadChangeset:
    """A changeset and what its files say."""

    changeset: Changeset
    folder: Path
    stacks: tuple[ReadStack, ...]


def changeset_folder(workspace: Workspace, env: str, name: str) -> Path:
    """The folder of a changeset; ``latest`` is followed.

    Raises:
        ToolError: Exit 2: the name is none that a changeset can have.
    """
    if not name or name.startswith(".") or "/" in name or "\\" in name:
        raise ToolError(f"'{name}' is no changeset's id", where=env, exit_code=Exit.USAGE)
    return (workspace.changesets(env) / name).resolve()


def open_parts(workspace: Workspace, env: str, name: str = LATEST) -> ReadChangeset:
    """Read a changeset of this checkout.

    Raises:
        ToolError: Exit 2: no such changeset. Exit 4: it, or one of its files, is not what was sealed.
    """
    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    return ReadChangeset(changeset, folder, tuple(read_stacks(changeset, folder)))


def read_stacks(changeset: Changeset, folder: Path) -> Iterator[ReadStack]:
    """Every stack of a changeset that lies in a folder.

    Raises:
        ToolError: Exit 4: a file is not what was sealed. Exit 2: it is none that this version reads.
    """
    from tooling.cost import from_json as estimate_from_json
    from tooling.gate.report import from_json

    for part in changeset.stacks:
        where, own = f"{changeset.env}/{part.architecture}", folder / part.architecture
        plan = sealed_plan(part, own, where)
        with as_written(PLAN_JSON, where):
            summary = summarise(plan)
        with as_written(GATE, where):
            gate = from_json(json.loads(sealed_bytes(part, own, GATE, where)))
        with as_written(COST, where):
            cost = json.loads(sealed_bytes(part, own, COST, where)) if COST in part.files else None
            if cost is not None:
                estimate_from_json(cost)
        yield ReadStack(part, plan, summary, gate, cost)


@contextmanager
def as_written(name: str, where: str) -> Iterator[None]:
    """Read, or reckon with, a file that its own run wrote and read: what breaks on it now is another version's file.

    Of a plan that comes straight from Terraform the same trouble is a bug, and stays one.

    Raises:
        ToolError: Exit 2: the block stumbles over what the file says.
    """
    try:
        yield
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        told = " ".join(f"{type(error).__name__}: {error}".split())[:_TOLD]
        raise ToolError(
            f"{name} is none that this version reads ({told})", where=where, hint="plan again", exit_code=Exit.USAGE
        ) from error


def sealed_plan(part: SealedStack, folder: Path, where: str) -> MaskedPlan:
    """A stack's plan as it was sealed: it was masked before it was written.

    Raises:
        ToolError: Exit 4: it is gone or another one. Exit 2: it is no plan.
    """
    with as_written(PLAN_JSON, where):
        plan = json.loads(sealed_bytes(part, folder, PLAN_JSON, where))
        if not isinstance(plan, dict):
            raise TypeError("no object")
        return MaskedPlan(plan)


def sealed_bytes(part: SealedStack, folder: Path, name: str, where: str) -> bytes:
    """One file of a stack, as it was sealed.

    Raises:
        ToolError: Exit 4: it is gone or another one.
    """
    try:
        content = (folder / name).read_bytes()
    except FileNotFoundError as error:
        raise _refused(f"{name} is gone", where) from error
    if digest.of_bytes(content) != part.files.get(name):
        raise _refused(f"{name} changed after the plan was sealed", where)
    return content


def _refused(what: str, where: str) -> ToolError:
    return ToolError(what, where=where, hint="plan again; nothing was applied", exit_code=Exit.REFUSED)


def changeset_ids(base: Path) -> list[str]:
    """Names of the folders that hold a changeset, newest first."""
    if not base.is_dir():
        return []
    found = (path for path in base.iterdir() if not path.is_symlink() and (path / CHANGESET).is_file())
    return sorted((path.name for path in found), reverse=True)
