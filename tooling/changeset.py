"""Changesets: the sealed set of plans of one run; what was reviewed, and the only thing that apply takes.

A changeset is a folder ``.groundplan/changesets/<env>/<id>/`` with ``changeset.json`` (this page) and per stack
``plan.tfplan``, ``plan.json`` (sensitive values masked), ``gate.json`` and ``gate.sarif``. The seal is one digest
over every part; a part that moves by one byte breaks it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.errors import Exit, ToolError
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack

FORMAT = 1
LATEST = "latest"
PLAN, PLAN_JSON, GATE, SARIF = "plan.tfplan", "plan.json", "gate.json", "gate.sarif"
REPORT = "report.md"


@dataclass(frozen=True)
class SealedStack:
    """The parts of one stack, as digests (SHA-256, hex), and what they say.

    Attributes:
        architecture: Its name.
        plan, plan_json, gate: The files of the changeset.
        module, root, lock: Module folder, root folder (tfvars included) and lock file.
        lineage, serial: The state that was planned against; ``""`` and 0 for none.
        gate_passed: What the gate said.
        changes: How many resources are created, updated, replaced, destroyed.
    """

    architecture: str
    plan: str
    plan_json: str
    gate: str
    module: str
    root: str
    lock: str
    lineage: str
    serial: int
    gate_passed: bool
    changes: dict[str, int]


@dataclass(frozen=True)
class Changeset:
    """See the module's docstring.

    Attributes:
        id: Time and a random part; the name of its folder.
        kind: ``apply`` or ``destroy``.
        target: ``aws`` or ``emulator``.
        created: UTC, ISO 8601.
        commit: Git commit it was planned from, or an empty string; ``dirty`` if files differed from it.
        settings: Digest of ``env.toml``.
        seal: Digest over all the rest.
    """

    id: str
    env: str
    kind: str
    target: str
    account_id: str
    region: str
    created: str
    toolkit: str
    terraform: str
    commit: str
    dirty: bool
    settings: str
    stacks: tuple[SealedStack, ...]
    seal: str = ""

    @property
    def gate_passed(self) -> bool:
        return all(stack.gate_passed for stack in self.stacks)

    @property
    def changes(self) -> int:
        return sum(sum(stack.changes.values()) for stack in self.stacks)

    def to_json(self) -> dict[str, Any]:
        return {"format": FORMAT, **asdict(self)}


def sealed(changeset: Changeset) -> Changeset:
    return replace(changeset, seal=_seal(changeset))


def _seal(changeset: Changeset) -> str:
    content = changeset.to_json()
    del content["seal"]
    return digest.of_value(content)


def seal_stack(
    stack: Stack,
    folder: Path,
    *,
    lineage: str,
    serial: int,
    gate_passed: bool,
    changes: dict[str, int],
) -> SealedStack:
    """Take the digests of everything that the plan in ``folder`` stands for."""
    return SealedStack(
        architecture=stack.architecture,
        plan=digest.of_file(folder / PLAN),
        plan_json=digest.of_file(folder / PLAN_JSON),
        gate=digest.of_file(folder / GATE),
        module=module_digest(stack.module),
        root=root_digest(stack.root),
        lock=digest.of_file(stack.root / ".terraform.lock.hcl"),
        lineage=lineage,
        serial=serial,
        gate_passed=gate_passed,
        changes=changes,
    )


def module_digest(module: Path) -> str:
    """Over the module's own files (``removable/`` below it is another module)."""
    return digest.of_files(module, _configuration(module))


def root_digest(root: Path) -> str:
    """Over every file of the root module that Terraform reads, tfvars and lock file included."""
    return digest.of_files(root, _configuration(root))


def _configuration(folder: Path) -> list[Path]:
    endings = (".tf", ".tf.json", ".tfvars", ".tfvars.json", ".terraform.lock.hcl")
    return [path for path in folder.iterdir() if path.name.endswith(endings) and path.is_file()]


def write_changeset(base: Path, changeset: Changeset) -> None:
    """Write ``changeset.json`` and let ``latest`` point to it."""
    write_private(base / changeset.id / "changeset.json", json.dumps(changeset.to_json(), indent=2) + "\n")
    link = base / f".{LATEST}.{os.getpid()}"
    link.unlink(missing_ok=True)
    link.symlink_to(changeset.id)
    link.replace(base / LATEST)


def read_changeset(folder: Path, shown_as: str) -> Changeset:
    """Read a changeset and check its own seal.

    Raises:
        ToolError: Exit 2: there is none, or the file is no changeset. Exit 4: it was edited.
    """
    file = folder / "changeset.json"
    if not file.is_file():
        raise ToolError("there is no changeset", where=shown_as, hint="make one: groundplan plan", exit_code=Exit.USAGE)
    try:
        content = json.loads(file.read_bytes())
        found = content.pop("format")
        stacks = tuple(SealedStack(**entry) for entry in content.pop("stacks"))
        changeset = Changeset(**content, stacks=stacks)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ToolError(f"is no changeset: {error}", where=shown_as, hint="plan again", exit_code=Exit.USAGE) from error
    if found != FORMAT:
        raise ToolError(
            f"is of format {found!r}, this groundplan reads {FORMAT}",
            where=shown_as,
            hint="plan again with this version",
            exit_code=Exit.USAGE,
        )
    if _seal(changeset) != changeset.seal:
        raise ToolError(
            "the changeset was edited after it was sealed",
            where=shown_as,
            hint="plan again; nothing was applied",
            exit_code=Exit.REFUSED,
        )
    return changeset


def check_stack(part: SealedStack, stack: Stack, folder: Path) -> bytes:
    """Compare one stack with its seal.

    Returns:
        The plan, byte for byte as it was reviewed.

    Raises:
        ToolError: Exit 4, naming what moved.
    """
    try:
        plan = (folder / PLAN).read_bytes()
        found = {
            "the plan file": (digest.of_bytes(plan), part.plan),
            "the plan's JSON": (digest.of_file(folder / PLAN_JSON), part.plan_json),
            "the gate's result": (digest.of_file(folder / GATE), part.gate),
            "the module": (module_digest(stack.module), part.module),
            "the lock file": (digest.of_file(stack.root / ".terraform.lock.hcl"), part.lock),
            "the root module or its tfvars": (root_digest(stack.root), part.root),
        }
    except FileNotFoundError as error:
        raise _refused(f"{Path(error.filename).name} is gone", stack) from error
    moved = [name for name, (now, then) in found.items() if now != then]
    if moved:
        raise _refused(f"{moved[0]} changed after the plan was sealed", stack)
    if not part.gate_passed:
        raise ToolError(
            "the gate has not passed this plan",
            where=stack.name,
            hint=f"see what it found: groundplan gate --env {stack.env}",
            exit_code=Exit.REFUSED,
        )
    return plan


def _refused(what: str, stack: Stack) -> ToolError:
    return ToolError(
        what,
        where=stack.name,
        hint=f"nothing was applied; plan again: groundplan plan --env {stack.env}",
        exit_code=Exit.REFUSED,
    )
