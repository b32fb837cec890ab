"""Approving a changeset: needs its files, an identity and the state bucket; no Terraform, no other permission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset import LATEST, Changeset, Stale, read_changeset
from tooling.changeset.approvals import Approval, approve, check_other
from tooling.changeset.checking import check_clock, check_files, expired
from tooling.changeset.store import Store, store_of
from tooling.environment.config import load_environment
from tooling.errors import Exit, ToolError
from tooling.target import check_identity, choose_target

if TYPE_CHECKING:
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class Request:
    """A changeset that its reader may approve: whole, gated, in time, planned by somebody else.

    Attributes:
        caller: ARN of the reader.
        store: Where the approval goes.
    """

    changeset: Changeset
    folder: Path
    caller: str
    store: Store

    def approve(self, now: datetime | None = None) -> Approval:
        """Say yes. ``now`` is the clock's time by default."""
        return approve(self.changeset, self.folder, self.store, self.caller, now or datetime.now(UTC))


def request_approval(workspace: Workspace, env: str, name: str = LATEST, *, now: datetime | None = None) -> Request:
    """Check a changeset as far as its files and the caller tell.

    Args:
        workspace: The project.
        env: Name of the environment.
        name: Id of the changeset.
        now: Default: the clock's time.

    Raises:
        ToolError: Exit 2: there is none. Exit 4: it was edited, expired, refused by the gate, is of another account or
            target, or was planned by the caller.
    """
    config = load_environment(workspace, env)
    folder = (workspace.changesets(env) / name).resolve()
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    moment = now or datetime.now(UTC)
    check_clock(changeset, moment)
    if late := expired(changeset, moment):
        raise Stale({env: (late,)})
    for part in changeset.stacks:
        check_files(part, folder / part.architecture, f"{env}/{part.architecture}")
    target = choose_target(workspace, env, config)
    if (changeset.env, changeset.account_id, changeset.target) != (env, target.account_id, target.name):
        raise ToolError(
            f"is of {changeset.env}, account {changeset.account_id}, on {changeset.target}; "
            f"this is {env}, account {target.account_id}, on {target.name}",
            where=changeset.id,
            exit_code=Exit.REFUSED,
        )
    caller = check_identity(target, env)
    check_other(changeset, caller)
    return Request(changeset, folder, caller, store_of(target, env, config))
