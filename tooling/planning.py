"""From root modules to a sealed changeset: init, plan, gate, seal. Nothing here changes a resource."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.metadata import version
from pathlib import Path
from threading import Thread, get_native_id
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset import (
    GATE,
    PLAN,
    PLAN_JSON,
    REPORT,
    SARIF,
    Changeset,
    SealedStack,
    seal_stack,
    sealed,
    write_changeset,
)
from tooling.errors import Exit, ToolError
from tooling.plan.masking import masked
from tooling.plan.planfile import planned_against
from tooling.plan.protection import protected
from tooling.plan.summary import PlanSummary, summarise
from tooling.progress import StackProgress
from tooling.report import markdown
from tooling.session import Session, plan_jobs
from tooling.workspace import exclusive, private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.gate import GateConfig, GateResult
    from tooling.workspace import Workspace


@dataclass(frozen=True)
class StackPlan:
    """One stack's plan, read and gated."""

    stack: Stack
    summary: PlanSummary
    gate: GateResult
    sealed: SealedStack


@dataclass(frozen=True)
class PlanRun:
    """What ``groundplan plan`` made."""

    changeset: Changeset
    folder: Path
    stacks: tuple[StackPlan, ...]


def plan_changeset(session: Session, *, destroy: bool = False, today: date | None = None) -> PlanRun:
    """Plan and gate every stack of the session and seal the result.

    Raises:
        ToolError: A stack could not be planned; then there is no changeset, and ``latest`` stays what it was.
    """
    # checkov takes a second to import; Terraform is waiting for the provider meanwhile.
    Thread(target=_warm_up, daemon=True).start()
    now = datetime.now(UTC)
    base = private_folder(session.workspace.changesets(session.env))
    folder = private_folder(base / f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")
    day = today or now.date()

    def work(stack: Stack) -> StackPlan:
        return _plan_stack(session, stack, private_folder(folder / stack.architecture), destroy, day)

    try:
        plans = session.over_stacks(work, jobs=plan_jobs(len(session.stacks)))
    except BaseException:
        _discard(folder)
        raise
    commit, dirty = git_commit(session.workspace.root)
    changeset = sealed(
        Changeset(
            id=folder.name,
            env=session.env,
            kind="destroy" if destroy else "apply",
            target=session.target.name,
            account_id=session.config.account_id,
            region=session.config.region,
            created=now.isoformat(timespec="seconds"),
            toolkit=version("groundplan"),
            terraform=session.binary.version,
            commit=commit,
            dirty=dirty,
            settings=digest.of_file(session.workspace.envs / session.env / "env.toml"),
            stacks=tuple(plan.sealed for plan in plans),
        )
    )
    write_private(folder / REPORT, markdown(changeset, tuple(plans)))
    write_changeset(base, changeset)
    return PlanRun(changeset, folder, tuple(plans))


def _refuse_protected(stack: Stack, content: Mapping[str, Any]) -> None:
    """What AWS would refuse to delete is refused here, before the rest of the stack is gone."""
    if found := protected(content):
        raise ToolError(
            f"{', '.join(found)} {'is' if len(found) == 1 else 'are'} protected from deletion",
            where=stack.name,
            hint=f"set deletion_protection = false in envs/{stack.name}/terraform.tfvars, apply, then plan this again",
            exit_code=Exit.REFUSED,
        )


def _plan_stack(session: Session, stack: Stack, folder: Path, destroy: bool, today: date) -> StackPlan:
    from tooling import gate

    progress = StackProgress(session.progress, stack.name, "init")
    try:
        ensure_initialised(session, stack, progress)
        progress.enter("plan")
        terraform = session.terraform(stack)
        plan = folder / PLAN
        terraform.plan(plan, progress, destroy=destroy, lock_timeout=session.lock_timeout)
        progress.enter("gate")
        content = masked(terraform.show(plan))
        _refuse_protected(stack, content)
        write_private(folder / PLAN_JSON, json.dumps(content, separators=(",", ":")))
        settings = gate_config(session.workspace, session.config, today)
        result = gate.evaluate(content, stack=stack.name, config=settings)
        write_private(folder / GATE, json.dumps(gate.to_json(result), indent=2) + "\n")
        write_private(folder / SARIF, json.dumps(gate.to_sarif(result), indent=2) + "\n")
        summary = summarise(content)
        against = planned_against(plan)
        part = seal_stack(
            stack,
            folder,
            lineage=against.lineage,
            serial=against.serial,
            gate_passed=result.passed,
            changes=summary.counts,
        )
    except ToolError:
        progress.end("failed", failed=True)
        raise
    progress.end(_in_words(summary, result), failed=not result.passed)
    return StackPlan(stack, summary, result, part)


def _warm_up() -> None:
    """Only saves time: what is wrong with the policies is said by the evaluation that follows."""
    from tooling import gate

    # Terraform needs the CPU more. On Linux a priority belongs to a thread; elsewhere this is not to be had.
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), 19)
    with contextlib.suppress(ToolError):
        gate.warm_up()


def gate_config(workspace: Workspace, config: EnvironmentConfig, today: date) -> GateConfig:
    """What the gate needs to know of an environment."""
    from tooling.gate import GateConfig, Severity

    return GateConfig(
        fail_on=Severity[config.gate.fail_on],
        waivers=workspace.policies / "waivers.yaml",
        policies=workspace.policies,
        today=today,
    )


def ensure_initialised(session: Session, stack: Stack, progress: StackProgress | None = None) -> bool:
    """Run ``terraform init`` unless nothing that it reads has moved since it last ran here.

    Returns:
        True if it had to run.
    """
    stamp = stack.work / "init.key"
    key = _init_key(session, stack)
    with exclusive(stack.work / "init.lock"):
        if stamp.is_file() and stamp.read_text() == key and _providers_in_place(stack):
            return False
        if progress is not None:
            progress.enter("init")
        session.terraform(stack).init()
        write_private(stamp, key)
        return True


def _init_key(session: Session, stack: Stack) -> str:
    config = session.provider.cli_config
    return digest.of_value(
        {
            "terraform": session.binary.version,
            "provider": config.read_text() if config else "",
            "root": digest.of_file(stack.root / "main.tf"),
            "lock": digest.of_file(stack.root / ".terraform.lock.hcl"),
            "module": str(stack.module),
        }
    )


def _providers_in_place(stack: Stack) -> bool:
    """Every link into the mirror still leads somewhere."""
    providers = stack.work / "terraform" / "providers"
    return any(path.is_dir() for path in providers.glob("*/*/*/*/*"))


def git_commit(root: Path) -> tuple[str, bool]:
    """The checked-out commit and whether files differ from it; ``("", False)`` outside of git."""
    try:
        head = _git(root, "rev-parse", "HEAD")
        return head, bool(_git(root, "status", "--porcelain"))
    except (OSError, subprocess.SubprocessError):
        return "", False


def _git(root: Path, *args: str) -> str:
    done = subprocess.run(["git", *args], cwd=root, capture_output=True, text=True, timeout=20, check=True)
    return done.stdout.strip()


def _discard(folder: Path) -> None:
    """A changeset that never came to be leaves no plan behind: it may hold secrets."""
    import shutil

    shutil.rmtree(folder, ignore_errors=True)


def _in_words(summary: PlanSummary, result: GateResult) -> str:
    counts = summary.counts
    changes = ", ".join(f"{count} to {action}" for action, count in counts.items() if count) or "no changes"
    return f"{changes} · gate {'passed' if result.passed else 'REFUSED'}"


def require_passed(run: PlanRun) -> None:
    """Raises ToolError with exit 4 if the gate refused any stack of the run."""
    refused = [plan for plan in run.stacks if not plan.gate.passed]
    if refused:
        raise ToolError(
            f"the gate refused {', '.join(plan.stack.name for plan in refused)}",
            hint="mend the findings above, or waive one with its reason in policies/waivers.yaml",
            exit_code=Exit.REFUSED,
        )
