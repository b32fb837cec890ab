"""From root modules to a sealed changeset: init, plan, gate, seal. Nothing here changes a resource."""

from __future__ import annotations

import contextlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from threading import BoundedSemaphore, Thread
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.changeset import (
    COST,
    FACTS,
    GATE,
    JUNIT,
    PLAN,
    PLAN_JSON,
    SARIF,
    Changeset,
    SealedStack,
    seal_stack,
    sealed,
    write_changeset,
)
from tooling.changeset.conditions import check_tree
from tooling.changeset.inputs import surroundings_of
from tooling.changeset.model import ADOPT, APPLY, DESTROY, REVERT
from tooling.changeset.provider import provider_digest
from tooling.changeset.receipts import first_apply_unfinished
from tooling.changeset.sealing import prices_as_of, seal_cost, seal_gate
from tooling.changeset.store import store_of
from tooling.checkout import git_commit
from tooling.costing import judge_estimate
from tooling.errors import Exit, ToolError
from tooling.gate_settings import gate_config
from tooling.initialising import ensure_initialised
from tooling.journal import require_settled
from tooling.lock_object import PLAN as PLAN_LOCK
from tooling.locking import held, new_lock
from tooling.plan.accepting import as_accepted
from tooling.plan.masking import MaskedPlan, masked
from tooling.plan.planfile import planned_against
from tooling.plan.protection import protected
from tooling.plan.sources import declared
from tooling.plan.summary import PlanSummary, summarise
from tooling.progress import StackProgress
from tooling.report.facts import gather
from tooling.reuse import expected_to_hold, note_judged, of_plan, rules_digest
from tooling.session import Session, plan_jobs
from tooling.state import read_state
from tooling.workspace import private_folder, write_private

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tooling.cost import CostEstimate
    from tooling.environment.stacks import Stack
    from tooling.gate import BrokenGlass, GateConfig, GateResult
    from tooling.terraform.runner import Terraform

# In a stack's work folder: how long Terraform took to plan it.
_SECONDS = "plan.seconds"


@dataclass(frozen=True)
class StackPlan:
    """One stack's plan, read, priced and gated."""

    stack: Stack
    summary: PlanSummary
    gate: GateResult
    cost: CostEstimate
    sealed: SealedStack


@dataclass(frozen=True)
class PlanRun:
    """What ``groundplan plan`` made."""

    changeset: Changeset
    folder: Path
    stacks: tuple[StackPlan, ...]


def plan_changeset(
    session: Session,
    *,
    destroy: bool = False,
    refresh_only: bool = False,
    targets: Mapping[str, Sequence[str]] | None = None,
    today: date | None = None,
    glass: Sequence[BrokenGlass] = (),
    jobs: int | None = None,
) -> PlanRun:
    """Plan and gate every stack of the session and seal the result.

    Args:
        session: What to plan.
        destroy: Plan to destroy the stacks.
        refresh_only: Plan only to write into the state what is there.
        targets: Addresses that the plans of some architectures are restricted to. Default: the whole stacks.
        today: The day that the gate measures against. Default: the session's.
        glass: Limits of the gate that are stepped over in this changeset.
        jobs: For how many stacks Terraform runs at once. Default: as the machine allows.

    Raises:
        ToolError: A stack could not be planned, or a broken glass excuses nothing; then there is no changeset, and
            ``latest`` stays what it was. Exit 4: uncommitted files, where the environment wants none.
    """
    from tooling.gate import must_excuse
    from tooling.report.writing import report_data, write_reports

    kind = DESTROY if destroy else ADOPT if refresh_only else REVERT if targets else APPLY
    now = session.clock()
    commit, dirty = git_commit(session.workspace.root)
    check_tree(session, commit, dirty)
    base = private_folder(session.workspace.changesets(session.env))
    folder = private_folder(base / f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}")
    day = today or now.date()

    settings = gate_config(
        session.workspace, session.config, day, env=session.env, glass=tuple(glass), destroying=kind == DESTROY
    )

    # checkov takes a second to import; Terraform is waiting for the provider meanwhile.
    Thread(target=_warm_up, args=(session, settings), daemon=True).start()
    jobs = jobs or plan_jobs(len(session.stacks))
    slots = BoundedSemaphore(jobs)

    def work(stack: Stack) -> StackPlan:
        wanted = tuple((targets or {}).get(stack.architecture, ()))
        return _plan_stack(session, stack, private_folder(folder / stack.architecture), kind, wanted, settings, slots)

    try:
        # Twice as many as Terraform may run for: what one plan is judged by does not keep the next from its start.
        plans = session.over_stacks(work, jobs=2 * jobs, begin_with=longest_first)
        rules = rules_digest(settings)
        for stack in session.stacks:
            note_judged(stack, rules, session.workspace.functions)
        must_excuse(glass, [plan.gate for plan in plans])
    except BaseException:
        _discard(folder)
        raise
    parts = tuple(plan.sealed for plan in plans)
    priced = prices_as_of(folder, [part.architecture for part in parts])
    changeset = sealed(
        Changeset(
            id=folder.name,
            env=session.env,
            kind=kind,
            target=session.target.name,
            account_id=session.config.account_id,
            region=session.config.region,
            created=now.isoformat(timespec="seconds"),
            expires=(now + timedelta(hours=session.config.approval.valid_hours)).isoformat(timespec="seconds"),
            by=session.caller,
            toolkit=version("groundplan"),
            terraform=session.binary.version,
            commit=commit,
            dirty=dirty,
            settings=digest.of_file(session.workspace.envs / session.env / "env.toml"),
            gate=seal_gate(settings),
            cost=seal_cost(session.workspace, session.env, parts, priced),
            stacks=parts,
        )
    )
    write_reports(report_data(session.workspace, session.config, changeset, folder), folder)
    write_changeset(base, changeset)
    return PlanRun(changeset, folder, tuple(plans))


def read_plan(terraform: Terraform, file: Path, kind: str) -> dict[str, Any]:
    """What a plan does, with its secrets: keep it in memory.

    Raises:
        ToolError: Terraform cannot show it.
    """
    content = terraform.show(file)
    return as_accepted(content) if kind == ADOPT else content


def _refuse_protected(stack: Stack, content: Mapping[str, Any]) -> None:
    """What AWS would refuse to delete is refused here, before the rest of the stack is gone."""
    if found := protected(content):
        raise ToolError(
            f"{', '.join(found)} {'is' if len(found) == 1 else 'are'} protected from deletion",
            where=stack.name,
            hint=f"set deletion_protection = false in envs/{stack.name}/terraform.tfvars, apply, then plan this again",
            exit_code=Exit.REFUSED,
        )


def _plan_stack(
    session: Session,
    stack: Stack,
    folder: Path,
    kind: str,
    targets: tuple[str, ...],
    settings: GateConfig,
    slots: BoundedSemaphore,
) -> StackPlan:
    with slots:
        session.must_go_on(stack)
        progress = StackProgress(session.progress, stack.name, "init")
        with _shown_to_fail(progress):
            clear = [_planned(session, stack, folder / PLAN, kind, targets, progress)]
    with _shown_to_fail(progress):
        progress.enter("gate")
        # Nothing but the masking holds the secrets, and the memory that they are in, from here.
        made = _judged(session, stack, folder, masked(clear.pop()), targets, settings, progress)
    progress.end(_in_words(made.summary, made.gate), failed=not made.gate.passed)
    return made


@contextlib.contextmanager
def _shown_to_fail(progress: StackProgress) -> Iterator[None]:
    try:
        yield
    except ToolError:
        progress.end("failed", failed=True)
        raise


def _planned(
    session: Session, stack: Stack, plan: Path, kind: str, targets: tuple[str, ...], progress: StackProgress
) -> dict[str, Any]:
    """Let Terraform plan and say what the plan does: as JSON, with its secrets."""
    # Terraform would plan a state that was deleted from nothing, and not say where a damaged one is.
    read_state(session.target, session.config, stack)
    ensure_initialised(session, stack, progress)
    progress.enter("plan")
    terraform = session.terraform(stack)
    with held(session, stack, new_lock(session, stack, PLAN_LOCK), progress=progress):
        require_settled(stack, store_of(session.target, session.env, session.config))
        terraform.plan(plan, progress, destroy=kind == DESTROY, refresh_only=kind == ADOPT, targets=targets)
    progress.enter("show")
    content = read_plan(terraform, plan, kind)
    write_private(stack.work / _SECONDS, f"{progress.seconds:.3f}\n")
    return content


def _judged(
    session: Session,
    stack: Stack,
    folder: Path,
    content: MaskedPlan,
    targets: tuple[str, ...],
    settings: GateConfig,
    progress: StackProgress,
) -> StackPlan:
    """Price, gate and seal a plan; no Terraform is needed for it any more."""
    from tooling import gate
    from tooling.cost import to_json

    _refuse_protected(stack, content)
    write_private(folder / PLAN_JSON, json.dumps(content, separators=(",", ":")))
    lines = declared(stack.module, stack.root)
    known = of_plan(session.workspace, stack, content)
    cost, priced_before = known.estimate(session.config)
    write_private(folder / COST, json.dumps(to_json(cost), indent=2) + "\n")
    further = judge_estimate(session.config, stack, cost, content)
    settings = _as_far_as_made(session, stack, settings, content)
    result, judged_before = known.verdict(settings, declared=lines, further=further)
    write_private(folder / GATE, json.dumps(gate.to_json(result), indent=2) + "\n")
    write_private(folder / SARIF, json.dumps(gate.to_sarif(result), indent=2) + "\n")
    write_private(folder / JUNIT, gate.to_junit([result]))
    summary = summarise(content)
    facts = gather(
        session.workspace,
        stack,
        summary=summary,
        result=result,
        declared=lines,
        seconds=progress.phases(),
        reused=tuple(name for name, was in (("cost", priced_before), ("gate", judged_before)) if was),
    )
    write_private(folder / FACTS, json.dumps(facts.to_json()) + "\n")
    against = planned_against(folder / PLAN)
    part = seal_stack(
        stack,
        folder,
        functions=session.workspace.functions,
        provider=provider_digest(stack, session.workspace.work),
        lineage=against.lineage,
        serial=against.serial,
        gate_passed=result.passed,
        changes=summary.counts,
        targets=targets,
        surroundings=surroundings_of(session.workspace, session.config, stack, session.target.environ),
    )
    return StackPlan(stack, summary, result, cost, part)


def longest_first(stack: Stack) -> tuple[bool, float]:
    """By the seconds that Terraform took when the stack was planned last, so that all cores end at the same time.

    A stack that was never planned may be the longest. Among those, the largest module begins.
    """
    try:
        return True, -float((stack.work / _SECONDS).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return False, -float(sum(file.stat().st_size for file in stack.module.glob("*.tf")))


def _as_far_as_made(session: Session, stack: Stack, settings: GateConfig, content: Mapping[str, Any]) -> GateConfig:
    """What a first apply left undone is no change of a stack that exists."""
    from tooling.gate.changes.before import stack_exists

    if settings.limits is None or not stack_exists(content):
        return settings
    unfinished = first_apply_unfinished(stack, store_of(session.target, session.env, session.config))
    return replace(settings, limits=replace(settings.limits, half_made=unfinished))


def _warm_up(session: Session, settings: GateConfig) -> None:
    """Only saves time: what is wrong with the policies is said by the evaluation that follows."""
    from tooling import gate

    # At the priority of all else: the gate waits for this thread, and would wait at whatever priority it has.
    with contextlib.suppress(ToolError, OSError):
        rules = rules_digest(settings)
        if not all(expected_to_hold(stack, rules, session.workspace.functions) for stack in session.stacks):
            gate.warm_up(settings.policies)


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
