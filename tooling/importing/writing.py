"""The file of import blocks, and the proof that an apply of it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.importing.finding import Existing, find_existing
from tooling.importing.model import FILE, Difference, told_without_log
from tooling.plan.masking import masked
from tooling.plan.summary import UNKNOWN, ResourceChange, summarise
from tooling.progress import StackProgress
from tooling.recovery.scratch import scratch_of
from tooling.state import read_state

if TYPE_CHECKING:
    from pathlib import Path

    from tooling.environment.stacks import Stack
    from tooling.recovery.scratch import Scratch
    from tooling.session import Session

_MARK = "# Written by groundplan import"
# What AWS does not tell, so that it is never equal right after an import, and whose change moves nothing by itself.
_TOLD_BY_NOBODY = frozenset(
    "apply_immediately bypass_policy_lockout_safety_check delete_automated_backups final_snapshot_identifier "
    "force_delete force_destroy force_detach_policies publish recovery_window_in_days s3_bucket s3_key "
    "skip_destroy skip_final_snapshot".split()
)


# What the provider announces as new whenever a function's package is named anew, also for the same bytes.
_FOLLOWS = frozenset({"last_modified"})


@dataclass(frozen=True)
class Import:
    """What came of an import.

    Attributes:
        ids: Id by address, as the blocks have them.
        missing: Why there is no block for an address, by address.
        recorded: Attributes that only Terraform knows, or that are worked out anew to what they are: they enter the
            state with the next apply, by address; none for what is there as a whole and has no import.
        differences: What an apply would change beside taking over.
        file: Where the blocks are; None: nothing was written.
        left_over: The file of an earlier import, once all of it is in the state; None: there is none.
    """

    ids: Mapping[str, str]
    missing: Mapping[str, str]
    recorded: Mapping[str, tuple[str, ...]]
    differences: tuple[Difference, ...]
    file: Path | None
    left_over: Path | None = None

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
        with told_without_log(given=bool(given)):
            existing = find_existing(session, stack, scratch, base, progress, given or {})
            progress.enter("prove")
            recorded, differences = _prove(scratch, base, existing)
    progress.end(f"{len(existing.ids)} found, {len(existing.missing)} not")
    written = None
    if existing.ids and not dry_run:
        target.write_text(blocks(existing.ids), encoding="utf-8")
        written = target
    left = target if target.is_file() and not existing.ids else None
    return Import(existing.ids, existing.missing, recorded, differences, written, left)


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
    return judge(scratch.plan(lambda _event: None), existing)


def judge(plan: Mapping[str, Any], existing: Existing) -> tuple[dict[str, tuple[str, ...]], tuple[Difference, ...]]:
    """What a plan with the blocks would only enter into the state, and what it would really change.

    Args:
        plan: As ``terraform show -json`` prints it, secrets in clear; the results hold none.
        existing: What the blocks are about.
    """
    settings = {one["address"]: _settings(one) for one in plan.get("resource_changes") or ()}
    recorded: dict[str, tuple[str, ...]] = {}
    following: list[ResourceChange] = []
    differences = []
    for change in summarise(masked(plan)).changes:
        if change.action == "import":
            continue
        if change.action == "create" and change.address in existing.remade:
            recorded[change.address] = ()
            continue
        moved = {one.path.partition(".")[0] for one in change.attributes}
        known = {one.path.partition(".")[0] for one in change.attributes if one.after != UNKNOWN}
        taken = change.address in existing.ids
        updated = change.action == "update" and taken and bool(moved)
        if updated and moved <= settings[change.address]:
            recorded[change.address] = tuple(sorted(moved - _FOLLOWS))
        elif updated and known <= settings[change.address] and change.address in existing.equal:
            following.append(change)
        else:
            unread = [one.path for one in change.attributes if one.forces_replacement and one.before == "null"]
            differences.append(
                Difference(change.address, change.action, change.attributes, tuple(unread if taken else ()))
            )
    for change in following:
        # Worked out anew from what moves nothing, a value is what it was; from what is made anew, it is not.
        if differences:
            differences.append(Difference(change.address, change.action, change.attributes))
        else:
            recorded[change.address] = tuple(sorted({one.path.partition(".")[0] for one in change.attributes}))
    return recorded, tuple(differences)


def _settings(entry: Mapping[str, Any]) -> frozenset[str]:
    """Attributes of a resource that may move though nothing of it does."""
    before, after = entry["change"].get("before") or {}, entry["change"].get("after") or {}
    settings = _TOLD_BY_NOBODY
    if before.get("tags_all") is not None and before["tags_all"] == after.get("tags_all"):
        # At an import the provider takes a tag that is a default of its own as well for nothing but that.
        settings |= {"tags"}
    if entry["type"] == "aws_lambda_function" and after.get("source_code_hash") == before.get("code_sha256", ""):
        # The provider reads the digest of the code under another name: the package is the one that is there.
        return settings | _FOLLOWS | {"filename", "source_code_hash"}
    return settings
