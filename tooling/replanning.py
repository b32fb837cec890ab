"""A stale changeset: say what moved and by whom, plan and gate again, and find out what of the review still holds."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.changeset.checking import Checked, check_changeset, part_of
from tooling.changeset.difference import ChangesetDifference, compare
from tooling.changeset.folder import point_to
from tooling.changeset.model import ADOPT, DESTROY, LATEST, PLAN, Changeset
from tooling.changeset.reading import open_parts
from tooling.changeset.receipts import read_receipt, receipts_prefix
from tooling.changeset.stale import Stale
from tooling.changeset.store import store_of
from tooling.checkout import changed_since
from tooling.errors import Exit, ToolError
from tooling.planning import PlanRun, plan_changeset, read_plan, require_passed

if TYPE_CHECKING:
    from tooling.session import Session


@dataclass(frozen=True)
class Ready:
    """A changeset that was checked and may be applied."""

    changeset: Changeset
    folder: Path
    checked: Checked


@dataclass(frozen=True)
class Replanned:
    """A stale changeset and the one that was made in its place.

    Attributes:
        run: The new one.
        difference: Between what was reviewed and the new one.
    """

    run: PlanRun
    difference: ChangesetDifference

    @property
    def as_reviewed(self) -> bool:
        """Whether it does exactly what was reviewed, and the gate passes."""
        return self.difference.same_changes and self.run.changeset.gate_passed


def check(session: Session, changeset: Changeset, folder: Path, receipts: Sequence[Path] = ()) -> Ready | Stale:
    """Check a changeset before it is applied.

    Args:
        session: Run over the stacks to apply.
        changeset: What was sealed.
        folder: Its folder.
        receipts: Files with receipts of the environment below.

    Returns:
        What may be applied; or what moved, for a changeset that nobody touched but that is stale.

    Raises:
        ToolError: Exit 4: it was tampered with, was applied before, or lacks what planning again does not bring.
    """
    try:
        return Ready(changeset, folder, check_changeset(session, changeset, folder, receipts=receipts))
    except Stale as stale:
        return stale


def movers(session: Session, changeset: Changeset) -> tuple[str, ...]:
    """Who applied to the stacks of a session since a changeset was planned, as the receipts in the bucket say.

    A receipt that cannot be read says nothing: this is told to a person, and decides nothing.
    """
    store = store_of(session.target, session.env, session.config)
    found = []
    for stack in session.stacks:
        then = part_of(changeset, stack)
        for key in store.keys(receipts_prefix(stack)):
            with suppress(ToolError):
                one = read_receipt(store.get(key), store.place(key))
                newer = one.lineage == then.lineage and one.serial > then.serial
                if newer or datetime.fromisoformat(one.ended) > changeset.created_at:
                    found.append(
                        f"{stack.name}: {one.kind} of changeset {one.changeset} by {one.by} at {one.ended}, "
                        f"which left serial {one.serial}"
                    )
    return tuple(found)


def changed_files(session: Session, changeset: Changeset) -> tuple[str, ...]:
    """Files that the plans rest on and that differ from the commit of a changeset; none outside of git."""
    workspace = session.workspace
    folders = [workspace.policies, workspace.envs / session.env, workspace.requirements]
    for stack in session.stacks:
        folders += [stack.module, workspace.functions / stack.architecture]
    return changed_since(workspace.root, changeset.commit, [workspace.relative(folder) for folder in folders])


def replan(session: Session, changeset: Changeset, folder: Path) -> Replanned:
    """Plan and gate the stacks of the session again, to the same end and with the same broken glass, and compare.

    ``latest`` stays the changeset that was reviewed: :func:`accept` moves it, when somebody wants the new one.

    Args:
        session: Run over the stacks to apply.
        changeset: The stale one. It was compared with its seal.
        folder: Its folder.

    Raises:
        ToolError: A stack could not be planned, or the broken glass excuses nothing any more.
    """
    from tooling.gate import BrokenGlass

    base = session.workspace.changesets(session.env)
    latest = (base / LATEST).resolve()
    names = {stack.architecture for stack in session.stacks}
    broken = [glass for part in changeset.stacks if part.architecture in names for glass in part.glass]
    glass = [BrokenGlass(address=one.address, reason=one.reason) for one in dict.fromkeys(broken)]
    run = plan_changeset(
        session,
        destroy=changeset.kind == DESTROY,
        refresh_only=changeset.kind == ADOPT,
        targets={part.architecture: part.targets for part in changeset.stacks if part.targets},
        glass=glass,
    )
    if latest.is_dir():
        point_to(base, latest.name)
    first = open_parts(session.workspace, session.env, folder.name)
    covered = tuple(stack for stack in first.stacks if stack.part.architecture in names)
    second = open_parts(session.workspace, session.env, run.folder.name)
    return Replanned(
        run, compare(replace(first, stacks=covered), second, _in_clear(session, changeset.kind, folder, run.folder))
    )


def accept(session: Session, replanned: Replanned, receipts: Sequence[Path] = ()) -> Ready:
    """Take the new changeset instead of the stale one.

    Args:
        session: Run over the stacks to apply.
        replanned: What :func:`replan` gave back.
        receipts: Files with receipts of the environment below.

    Raises:
        ToolError: Exit 4: the gate refused it, or it needs approvals of its own.
    """
    run = replanned.run
    require_passed(run)
    checked = check_changeset(session, run.changeset, run.folder, receipts=receipts)
    ready = Ready(run.changeset, run.folder, checked)
    point_to(session.workspace.changesets(session.env), run.changeset.id)
    return ready


def require_as_reviewed(replanned: Replanned) -> None:
    """Raises ToolError with exit 4 if the new changeset does anything that nobody has seen."""
    require_passed(replanned.run)
    if not replanned.as_reviewed:
        new, old = replanned.run.changeset, replanned.difference.first
        raise ToolError(
            f"what would be applied now is not what was reviewed; changeset {new.id} is ready to be reviewed",
            where=new.env,
            hint=f"groundplan changeset diff --env {new.env} {old} {new.id}, then: "
            f"groundplan apply --env {new.env} --changeset {new.id}",
            exit_code=Exit.REFUSED,
        )


def _in_clear(
    session: Session, kind: str, first: Path, second: Path
) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Both plans of each stack with their secrets, which stay in memory; without the stacks where that fails.

    A plan that was made with another provider cannot be shown any more. Then the masked ones are compared, and a
    secret in them counts as a difference.
    """
    plans = {}
    for stack in session.stacks:
        terraform = session.terraform(stack)
        with suppress(ToolError):
            then, now = (read_plan(terraform, folder / stack.architecture / PLAN, kind) for folder in (first, second))
            plans[stack.architecture] = (then, now)
    return plans
