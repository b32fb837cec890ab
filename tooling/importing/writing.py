"""The file of import blocks, and the proof that an apply of it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.importing.finding import Existing, find_existing
from tooling.plan.masking import masked
from tooling.plan.summary import AttributeChange, summarise
from tooling.progress import StackProgress
from tooling.recovery.scratch import scratch_of
from tooling.state import read_state

if TYPE_CHECKING:
    from pathlib import Path

    from tooling.environment.stacks import Stack
    from tooling.recovery.scratch import Scratch
    from tooling.session import Session

FILE = "imports.tf"
_MARK = "# Written by groundplan import"
# What AWS does not tell, so that it is never equal right after an import, and whose change moves nothing by itself.
_TOLD_BY_NOBODY = frozenset(
    "apply_immediately bypass_policy_lockout_safety_check delete_automated_backups final_snapshot_identifier "
    "force_delete force_destroy force_detach_policies publish recovery_window_in_days s3_bucket s3_key "
    "skip_destroy skip_final_snapshot".split()
)


@dataclass(frozen=True)
class Difference:
    """One resource that an apply would touch.

    Attributes:
        address: Which.
        action: What would happen to it.
        attributes: What would move.
    """

    address: str
    action: str
    attributes: tuple[AttributeChange, ...] = ()


@dataclass(frozen=True)
class Import:
    """What came of an import.

    Attributes:
        ids: Id by address, as the blocks have them.
        missing: Why there is no block for an address, by address.
        recorded: Settings that only Terraform knows, and that enter the state with the next apply, by address.
        differences: What an apply would change beside taking over.
        file: Where the blocks are; None: nothing was written.
    """

    ids: Mapping[str, str]
    missing: Mapping[str, str]
    recorded: Mapping[str, tuple[str, ...]]
    differences: tuple[Difference, ...]
    file: Path | None

    @property
    def empty(self) -> bool:
        """Whether the plan with the blocks does nothing but take over."""
        return not self.differences


def import_stack(
    session: Session, stack: Stack, *, given: Mapping[str, str] | None = None, dry_run: bool = False
) -> Import:
    """Find what exists, write a block for each, and plan with them away from the state.

    Nothing is imported yet: that is the next apply's, through the gate as ever.

    Args:
        session: The run.
        stack: Which.
        given: Ids by address that the user knows. Default: none.
        dry_run: Write nothing.

    Raises:
        ToolError: Terraform failed, AWS does not answer, an id is not one, or a file of that name is somebody else's.
    """
    target = stack.root / FILE
    if target.is_file() and not target.read_text(encoding="utf-8").startswith(_MARK):
        raise ToolError("is not a file of groundplan import", where=session.workspace.relative(target))
    progress = StackProgress(session.progress, stack.name, "init")
    base = read_state(session.target, session.config, stack)
    with scratch_of(session, stack) as scratch:
        (scratch.root / FILE).unlink(missing_ok=True)
        existing = find_existing(session, stack, scratch, base, progress, given or {})
        progress.enter("prove")
        recorded, differences = _prove(scratch, base, existing)
    progress.end(f"{len(existing.ids)} found, {len(existing.missing)} not")
    written = None
    if existing.ids and not dry_run:
        target.write_text(blocks(existing.ids), encoding="utf-8")
        written = target
    return Import(existing.ids, existing.missing, recorded, differences, written)


def blocks(ids: Mapping[str, str]) -> str:
    """The file's text, as ``terraform fmt`` leaves it."""
    head = f"{_MARK}; it may go once it is applied.\n"
    return head + "".join(
        f"\nimport {{\n  to = {address}\n  id = {_quoted(identifier)}\n}}\n" for address, identifier in ids.items()
    )


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _prove(
    scratch: Scratch, base: Mapping[str, Any] | None, existing: Existing
) -> tuple[dict[str, tuple[str, ...]], tuple[Difference, ...]]:
    if base is None:
        scratch.state_file.unlink(missing_ok=True)
    else:
        scratch.write_state(json.dumps(base).encode())
    (scratch.root / FILE).write_text(blocks(existing.ids), encoding="utf-8")
    plan = masked(scratch.plan(lambda _event: None))
    recorded: dict[str, tuple[str, ...]] = {}
    differences = []
    for change in summarise(plan).changes:
        moved = {one.path.partition(".")[0] for one in change.attributes}
        if change.action == "update" and change.address in existing.ids and moved and moved <= _TOLD_BY_NOBODY:
            recorded[change.address] = tuple(sorted(moved))
        else:
            differences.append(Difference(change.address, change.action, change.attributes))
    return recorded, tuple(differences)
