"""What ``env.toml`` asks for before a changeset may be applied: approvals, committed files, the environment below."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.approvals import Approval, approvals_of
from tooling.changeset.model import ADOPT, APPLY, REVERT
from tooling.changeset.promotion import check_promoted
from tooling.changeset.store import store_of
from tooling.errors import Exit, ToolError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tooling.changeset.model import Changeset
    from tooling.changeset.store import Store
    from tooling.environment.config import EnvironmentConfig
    from tooling.session import Session


def in_force(session: Session) -> bool:
    """On the emulator nothing can come to harm: there the conditions hold only where ``env.toml`` wants them to."""
    return not session.target.emulated or session.config.approval.on_emulator


def asked_for(session: Session, kind: str) -> tuple[str, ...]:
    """The conditions of this environment, in words."""
    return asked_by(session.config, [stack.architecture for stack in session.stacks], kind)


def asked_by(config: EnvironmentConfig, architectures: Iterable[str], kind: str) -> tuple[str, ...]:
    """What an ``env.toml`` asks for before these stacks are applied, in words."""
    approval = config.approval
    wanted = []
    if approval.approvals:
        others = "another identity" if approval.approvals == 1 else f"{approval.approvals} other identities"
        wanted.append(f"an approval by {others}")
    if approval.clean_tree:
        wanted.append("committed files only")
    lower = {config.stacks[name].promoted_from for name in architectures if name in config.stacks} - {None}
    if lower and kind in (APPLY, REVERT):
        wanted.append(f"the same commit applied to {' and '.join(sorted(str(env) for env in lower))} first")
    return tuple(wanted)


def notes(session: Session, changeset: Changeset) -> tuple[str, ...]:
    """What a user has to know before applying a changeset, besides what it does."""
    found = []
    if changeset.kind == ADOPT:
        found.append("this changes nothing in the account: what is there is written into the state")
    if targets := [address for part in changeset.stacks for address in part.targets]:
        found.append(f"restricted to {', '.join(targets)} and what that depends on")
    if changeset.dirty:
        found.append(f"warning: planned from files that differ from commit {changeset.commit[:12]}")
    wanted = ", ".join(asked_for(session, changeset.kind))
    if wanted and in_force(session):
        found.append(f"apply asks for {wanted}")
    elif wanted:
        found.append(f"a rehearsal on the emulator: on AWS apply asks for {wanted}")
    return tuple(found)


def check_tree(session: Session, commit: str, dirty: bool) -> None:
    """Refuse uncommitted files where ``clean_tree`` is wanted.

    Raises:
        ToolError: Exit 4.
    """
    if not (session.config.approval.clean_tree and in_force(session)) or (commit and not dirty):
        return
    raise ToolError(
        "files differ from the commit" if commit else "the commit is unknown: this is no git checkout",
        where=session.env,
        hint=f"commit (or stash) and plan again; envs/{session.env}/env.toml asks for clean_tree",
        exit_code=Exit.REFUSED,
    )


def check_conditions(
    session: Session, changeset: Changeset, receipts: Sequence[Path] = (), *, store: Store | None = None
) -> tuple[Approval, ...]:
    """Whether this changeset may be applied by this run.

    Args:
        session: The run.
        changeset: What it wants to apply.
        receipts: Files with receipts of the environment below.
        store: The environment's state bucket, where the caller has it at hand.

    Returns:
        The approvals that count.

    Raises:
        ToolError: Exit 4: something that ``env.toml`` asks for is missing.
    """
    if not in_force(session):
        return ()
    check_tree(session, changeset.commit, changeset.dirty)
    needed = session.config.approval.approvals
    approvals = (
        approvals_of(changeset, store or store_of(session.target, session.env, session.config)) if needed else ()
    )
    if len(approvals) < needed:
        raise ToolError(
            f"has {len(approvals)} of {needed} approvals by others than {changeset.by}",
            where=f"changeset {changeset.id}",
            hint=f"as another identity: groundplan approve --env {session.env} --changeset {changeset.id}; "
            f"then: groundplan apply --env {session.env} --changeset {changeset.id}",
            exit_code=Exit.REFUSED,
        )
    if changeset.kind in (APPLY, REVERT):
        for stack in session.stacks:
            lower = session.config.stacks[stack.architecture].promoted_from
            if lower is not None:
                check_promoted(session, changeset, stack, lower, receipts)
    return approvals
