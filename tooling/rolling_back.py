"""Going back: the configuration of an earlier commit, planned and gated with today's policies.

A rollback takes resources back to what an earlier configuration said of them; it brings no deleted data back.
"""

from __future__ import annotations

import re
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tooling.changeset.conditions import in_force
from tooling.changeset.receipts import read_receipt, receipts_prefix
from tooling.changeset.store import store_of
from tooling.environment.config import load_environment
from tooling.errors import Exit, ToolError
from tooling.state import read_state
from tooling.workspace import Workspace, private_folder

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig, StackConfig
    from tooling.session import Session

_SERIAL = re.compile(r"\d{1,6}")
_SECONDS = 120


@dataclass(frozen=True)
class EarlierWorkspace(Workspace):
    """The project as a commit has it; work files and policies are those of the checkout that it is used from.

    Attributes:
        home: Folder of that checkout's project.
    """

    home: Path

    @property
    def policies(self) -> Path:
        return self.home / "policies"

    @property
    def requirements(self) -> Path:
        return self.home / "specs" / "requirements.yaml"

    @property
    def work(self) -> Path:
        return self.home / ".groundplan"

    def relative(self, path: Path) -> str:
        """Below the commit's own folder first, which lies among the work files."""
        for root in (self.root, self.home):
            if path.is_relative_to(root):
                return str(path.relative_to(root))
        return str(path)


def require_applied(session: Session) -> None:
    """Refuse stacks in which nothing is.

    Raises:
        ToolError: One was never applied, or was destroyed.
    """
    for stack in session.stacks:
        state = read_state(session.target, session.config, stack)
        if state is None or not state.get("resources"):
            raise ToolError(
                "nothing is applied here, so there is nothing to change",
                where=stack.name,
                hint=f"the first time: groundplan plan --env {stack.env} && groundplan apply --env {stack.env}",
            )


def commit_of(session: Session, to: str) -> str:
    """The commit that ``to`` means.

    Args:
        session: Run over one stack.
        to: What git takes for a commit (``HEAD~1``, ``v1.2.0``), or a serial of the stack's state, whose receipt
            tells the commit.

    Raises:
        ToolError: Exit 2: git knows no such commit. Exit 1: no receipt tells of that serial, or only of files that
            were never committed.
    """
    if not _SERIAL.fullmatch(to):
        return _commit(session.workspace.root, to)
    stack = session.stack
    store = store_of(session.target, session.env, session.config)
    for key in reversed(store.keys(receipts_prefix(stack))):
        receipt = read_receipt(store.get(key), store.place(key))
        if receipt.serial != int(to):
            continue
        if receipt.dirty or not receipt.commit:
            raise ToolError(f"serial {to} was applied from files that no commit has", where=store.place(key))
        return _commit(session.workspace.root, receipt.commit)
    raise ToolError(
        f"no receipt tells which commit made serial {to}",
        where=stack.name,
        hint=f"name the commit; serials: groundplan state history --env {stack.env} --stack {stack.architecture}",
    )


@contextmanager
def earlier_project(workspace: Workspace, commit: str) -> Iterator[EarlierWorkspace]:
    """The project's files as a commit has them, in a folder of their own that goes away afterwards.

    Raises:
        ToolError: git refuses, or the commit has no such project.
    """
    home = workspace.root
    folder = private_folder(workspace.work / "rollback") / f"{commit[:12]}-{secrets.token_hex(3)}"
    inside = _git(home, "rev-parse", "--show-prefix")
    _git(home, "worktree", "add", "--quiet", "--detach", str(folder), commit)
    try:
        found = EarlierWorkspace((folder / inside).resolve(), home)
        if not found.envs.is_dir():
            raise ToolError("has no envs/", where=f"commit {commit[:12]}", exit_code=Exit.USAGE)
        yield found
    finally:
        _git(home, "worktree", "remove", "--force", str(folder))


def with_todays_rules(session: Session, today: Workspace) -> Session:
    """The session over an earlier commit, held to what ``env.toml`` asks for today: its question, limits and budgets.

    Raises:
        ToolError: Exit 4: that commit's ``env.toml`` is of another target, account, region or state; or the environment
            wants approvals, which are for a commit that is checked out.
    """
    now = load_environment(today, session.env)
    for name, then, wanted in _places(session.config, now):
        if then != wanted:
            raise ToolError(
                f"{name} was {then} then, and is {wanted} now",
                where=f"envs/{session.env}/env.toml",
                hint="take back by hand what is to be as it was: git revert, then plan and apply",
                exit_code=Exit.REFUSED,
            )
    stacks = {name: _held(then, now.stacks.get(name)) for name, then in session.config.stacks.items()}
    rules = {"confirm": now.confirm, "gate": now.gate, "approval": now.approval, "stacks": stacks}
    session.config = session.config.model_copy(update=rules)
    if now.approval.approvals and in_force(session):
        raise ToolError(
            "this environment wants approvals, and they are for what is checked out",
            where=f"envs/{session.env}/env.toml",
            hint="git revert, then plan, approve and apply as always",
            exit_code=Exit.REFUSED,
        )
    return session


def _held(then: StackConfig, now: StackConfig | None) -> StackConfig:
    """A stack as that commit has it, under today's conditions."""
    if now is None:
        return then
    conditions = {"promoted_from": now.promoted_from, "monthly_budget_usd": now.monthly_budget_usd}
    return then.model_copy(update=conditions)


def _places(then: EnvironmentConfig, now: EnvironmentConfig) -> Iterator[tuple[str, str, str]]:
    yield "target", then.target, now.target
    yield "account_id", then.account_id, now.account_id
    yield "region", then.region, now.region
    yield "state.bucket", then.state.bucket, now.state.bucket


def _commit(root: Path, reference: str) -> str:
    try:
        return _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}")
    except ToolError as error:
        raise ToolError(
            f"git knows no commit '{reference}'",
            where=str(root),
            hint="a shallow clone has none of the earlier ones: git fetch --unshallow --tags",
            exit_code=Exit.USAGE,
        ) from error


def _git(folder: Path, *args: str) -> str:
    try:
        done = subprocess.run(["git", *args], cwd=folder, capture_output=True, text=True, timeout=_SECONDS, check=True)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()[-1:]
        raise ToolError(f"git {args[0]} failed: {''.join(said)}", where=str(folder)) from error
    return done.stdout.strip()
