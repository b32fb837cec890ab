"""Storing a state that was found or put together, through Terraform, and what is left behind with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tooling.changeset.receipts import ResourceResult, keep_receipt, receipt_of
from tooling.errors import ToolError
from tooling.journal import Journal
from tooling.progress import StackProgress
from tooling.recovery.left_state import Leftover
from tooling.state import StateVersion, read_state, version_of
from tooling.states.backups import backup_state
from tooling.states.content import instances
from tooling.workspace import write_private

if TYPE_CHECKING:
    from tooling.changeset.store import Store
    from tooling.environment.stacks import Stack
    from tooling.session import Session


# RDS tells the latest time that a database can be set back to, and moves it every five minutes.
# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIT.html
MOVES_BY_ITSELF: Mapping[str, frozenset[str]] = {"aws_db_instance": frozenset({"latest_restorable_time"})}


def push_leftovers(session: Session, stack: Stack, found: Sequence[Leftover]) -> str:
    """A state that Terraform could not store is newer than the bucket's; it goes there first.

    Returns:
        Where the one that was stored came from; empty when none was.

    Raises:
        ToolError: It is of another lineage.
    """
    pushed = ""
    for leftover in found:
        base = read_state(session.target, session.config, stack)
        there = version_of(base)
        if there.lineage not in ("", leftover.version.lineage):
            raise ToolError(
                f"{leftover.shown} is of another lineage than the state in the bucket",
                where=stack.name,
                hint="move it away if it is of a stack that is gone; else see: groundplan state history",
            )
        if leftover.version.serial > there.serial:
            backup_state(session, stack)
            _store(session, stack, leftover.content)
            pushed = leftover.shown
        leftover.put_away()
    return pushed


def push(session: Session, stack: Stack, state: Mapping[str, Any], base: Mapping[str, Any] | None) -> None:
    """Store a state over the one that it was made from, one serial higher, if they say different things.

    Raises:
        ToolError: Terraform does not take it.
    """
    if base is None and not any(instances(state)):
        return
    if base is not None and _content(state) == _content(base):
        return
    serial = max(int(state["serial"]), version_of(dict(base) if base else None).serial + 1)
    _store(session, stack, json.dumps({**state, "serial": serial}, indent=2).encode())


def _content(state: Mapping[str, Any]) -> Any:
    return state.get("resources"), state.get("outputs")


def _store(session: Session, stack: Stack, content: bytes) -> None:
    file = stack.work / "push.tfstate"
    try:
        write_private(file, content)
        session.terraform(stack).push_state(file)
    finally:
        file.unlink(missing_ok=True)


def prove(session: Session, stack: Stack, progress: StackProgress, *, destroying: bool) -> None:
    """State and reality are equal: a plan reads everything again, and finds nothing that differs from the state.

    Raises:
        ToolError: Something does.
    """
    progress.enter("prove")
    terraform, out = session.terraform(stack), stack.work / "proof.tfplan"
    try:
        outcome = terraform.plan(out, progress, destroy=destroying)
        drifted = any(event.kind == "resource_drift" and event.action != "noop" for event in outcome.events)
        moved = moved_in(terraform.show(out)) if drifted else []
    finally:
        out.unlink(missing_ok=True)
    if moved:
        raise ToolError(
            f"the state that was put together differs from reality: {', '.join(moved)}",
            where=stack.name,
            hint="run it again; if it stays, something changes it: groundplan drift",
        )


def moved_in(plan: Mapping[str, Any]) -> list[str]:
    """Addresses of what differs from the state, but for what AWS moves by itself all the time.

    Args:
        plan: ``terraform show -json`` of a saved plan.
    """
    return sorted({str(one["address"]) for one in plan.get("resource_drift") or () if _has_moved(one)})


def _has_moved(drift: Mapping[str, Any]) -> bool:
    before, after = drift["change"].get("before"), drift["change"].get("after")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return True
    differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    # Without one, what is sensitive differs.
    return not differing or bool(differing - MOVES_BY_ITSELF.get(str(drift["type"]), frozenset()))


def leave_receipt(session: Session, stack: Stack, run: Journal, now: StateVersion, store: Store) -> None:
    """The run could not write its own, or wrote one before all was known."""
    counts = {
        name: sum(step.action == action and step.result == "done" for step in run.steps)
        for name, action in (("add", "create"), ("change", "update"), ("remove", "delete"))
    }
    receipt = receipt_of(
        run.header,
        by=run.header.by,
        whole=run.whole,
        error="" if run.whole else f"the run died; resumed by {session.caller}",
        counts=counts,
        state=now,
        ended=session.clock(),
        resources=tuple(
            ResourceResult(s.address, s.action, "failed" if s.result == "refused" else s.result, s.id, s.seconds)
            for s in run.steps
        ),
    )
    folder = session.workspace.changesets(session.env) / run.header.changeset / stack.architecture
    problem = keep_receipt(receipt, stack, folder if folder.is_dir() else None, store)
    if problem is not None:
        raise ToolError(f"the receipt is not whole: {problem}", where=stack.name, hint="resume again")
