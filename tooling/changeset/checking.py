"""Everything that is compared before a changeset is applied, approved or shown."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from tooling import digest
from tooling.changeset.conditions import check_conditions
from tooling.changeset.inputs import SOURCES, nested_moved
from tooling.changeset.model import COST, GATE, KINDS, PLAN, PLAN_JSON, Changeset, SealedStack
from tooling.changeset.provider import locked_providers, provider_digest
from tooling.changeset.receipts import check_not_applied
from tooling.changeset.sealing import broken_glass, file_digests, seal_cost, seal_gate, sources
from tooling.changeset.stale import Stale
from tooling.changeset.store import store_of
from tooling.checkout import git_commit
from tooling.errors import Exit, ToolError
from tooling.gate_settings import gate_config
from tooling.plan.planfile import planned_against
from tooling.plan.summary import summarise
from tooling.state import StateVersion, read_state, version_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tooling.environment.stacks import Stack
    from tooling.session import Session

# Machines of one team may differ by this much; more is a clock that was set.
CLOCKS_DIFFER = timedelta(minutes=5)
_FILES = {PLAN: "the plan file", PLAN_JSON: "the plan's JSON", GATE: "the gate's result"}
_GATE = {
    "waivers": "policies/waivers.yaml",
    "severity": "policies/severity.yaml",
    "requirements": "the ledger of requirements",
    "baseline": "the baseline",
    "policies": "the policies",
    "fail_on": "the gate's threshold",
    "checkov": "checkov's version",
}


@dataclass(frozen=True)
class Checked:
    """A changeset that may be applied.

    Attributes:
        plans: The plan of each architecture of the session, byte for byte as it was reviewed.
        approved_by: ARNs of those who approved it.
    """

    plans: dict[str, bytes]
    approved_by: tuple[str, ...]


def check_changeset(session: Session, changeset: Changeset, folder: Path, *, receipts: Sequence[Path] = ()) -> Checked:
    """Compare every part with the seal, and the state with the one that was planned against. Touches nothing.

    Args:
        session: Run over the stacks to apply.
        changeset: What was sealed.
        folder: Its folder.
        receipts: Files with receipts of the environment below, where its bucket is out of reach.

    Raises:
        Stale: Something that the plan was made from moved; planning again mends it.
        ToolError: Exit 4: the changeset is not what was sealed, not for this run, was applied before, or lacks what
            ``env.toml`` asks for.
    """
    from tooling.gating import check_reused
    from tooling.initialising import ensure_initialised

    now = session.clock()
    _check_run(session, changeset, folder)
    check_clock(changeset, now)
    plans = {stack.architecture: _check_stack(changeset, stack, folder) for stack in session.stacks}
    store = store_of(session.target, session.env, session.config)
    for stack in session.stacks:
        check_not_applied(changeset, stack, folder / stack.architecture, store)
    moved = {session.env: tuple(_moved(session, changeset, now))}
    for stack in session.stacks:
        moved[stack.name] = tuple(_moved_of(session, part_of(changeset, stack), stack))
    if any(moved.values()):
        raise Stale(moved)
    for stack in session.stacks:
        check_reused(session.workspace, session.config, changeset, stack, folder / stack.architecture)
    approvals = check_conditions(session, changeset, receipts, store=store)
    for stack in session.stacks:
        if locked_providers(stack):
            ensure_initialised(session, stack)
        if provider_digest(stack, session.workspace.work) != part_of(changeset, stack).provider:
            raise _refused("the provider is another one than the plan was made with", stack.name, stack.env)
    return Checked(plans, tuple(approval.by for approval in approvals))


def check_clock(changeset: Changeset, now: datetime) -> None:
    """Refuse a changeset of tomorrow: either clock was set, so its expiry says nothing.

    Raises:
        ToolError: Exit 4.
    """
    if changeset.created_at > now + CLOCKS_DIFFER:
        what = f"was planned at {changeset.created}, which is in the future of this machine's clock"
        raise _refused(what, changeset.env, changeset.env)


def expired(changeset: Changeset, now: datetime) -> str | None:
    """What to say of a changeset that is too old to be applied; None while it is not."""
    return f"the changeset expired at {changeset.expires}" if now >= changeset.expires_at else None


def check_files(part: SealedStack, folder: Path, name: str) -> bytes:
    """Compare the files of one stack with the seal, and with one another.

    Args:
        part: What was sealed.
        folder: The stack's files of the changeset.
        name: The stack's, for messages.

    Returns:
        The plan, byte for byte as it was reviewed.

    Raises:
        ToolError: Exit 4, naming what differs.
    """
    env = name.partition("/")[0]
    try:
        plan = (folder / PLAN).read_bytes()
        found = {**file_digests(folder), PLAN: digest.of_bytes(plan)}
    except FileNotFoundError as error:
        raise _refused(f"{str(error.filename).rpartition('/')[2]} is gone", name, env) from error
    for file in (*part.files, *sorted(found.keys() - part.files.keys())):
        if found.get(file) != part.files.get(file):
            raise _refused(f"{_FILES.get(file, file)} changed after the plan was sealed", name, env)
    _check_agreement(part, folder, name, env)
    if not part.gate_passed:
        raise ToolError(
            "the gate has not passed this plan",
            where=name,
            hint=f"see what it found: groundplan gate --env {env}",
            exit_code=Exit.REFUSED,
        )
    return plan


def _check_agreement(part: SealedStack, folder: Path, name: str, env: str) -> None:
    """What the seal says in clear is what the files say: a seal that was made anew over other words is found out."""
    try:
        gate, content = json.loads((folder / GATE).read_bytes()), json.loads((folder / PLAN_JSON).read_bytes())
        against = planned_against(folder / PLAN)
        said = {
            "the gate's verdict": (gate["passed"], part.gate_passed),
            "the broken glass": (broken_glass(gate), part.glass),
            "the number of changes": (summarise(content).counts, part.changes),
            "the estimated cost": (_monthly_usd(folder), part.monthly_usd),
            "the state": (against, StateVersion(part.lineage, part.serial)),
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(f"the changeset's files cannot be read: {error}", name, env) from error
    for what, (in_files, in_seal) in said.items():
        if in_files != in_seal:
            raise _refused(f"{what} differs between the seal and the files that it covers", name, env)


def _monthly_usd(folder: Path) -> float | None:
    file = folder / COST
    return json.loads(file.read_bytes()).get("monthly_usd") if file.is_file() else None


def _check_run(session: Session, changeset: Changeset, folder: Path) -> None:
    """The changeset is for this environment, account, place and version of the tools."""
    if folder.name != changeset.id:
        raise _refused(f"the folder holds the changeset {changeset.id}", folder.name, session.env)
    config, target = session.config, session.target
    if changeset.kind not in KINDS:
        raise _refused(f"the changeset is of kind '{changeset.kind}'", session.env, session.env)
    if changeset.env != session.env:
        raise ToolError(
            f"the changeset is of environment '{changeset.env}', not '{session.env}'", exit_code=Exit.REFUSED
        )
    same = {
        "on": (changeset.target, target.name),
        "for account": (changeset.account_id, config.account_id),
        "for region": (changeset.region, config.region),
        "with groundplan": (changeset.toolkit, version("groundplan")),
        "with Terraform": (changeset.terraform, session.binary.version),
    }
    for word, (then, now) in same.items():
        if then != now:
            what = f"the changeset was planned {word} {then}, this run is {word} {now}"
            raise _refused(what, f"envs/{session.env}/env.toml", session.env)


def _check_stack(changeset: Changeset, stack: Stack, folder: Path) -> bytes:
    return check_files(part_of(changeset, stack), folder / stack.architecture, stack.name)


def part_of(changeset: Changeset, stack: Stack) -> SealedStack:
    """What the changeset holds of a stack.

    Raises:
        ToolError: Exit 4: nothing.
    """
    part = changeset.part(stack.architecture)
    if part is None:
        covered = ", ".join(other.architecture for other in changeset.stacks)
        raise ToolError(
            f"the changeset does not cover this stack (it covers {covered})",
            where=stack.name,
            hint=f"plan it: groundplan plan --env {stack.env} --stack {stack.architecture}",
            exit_code=Exit.REFUSED,
        )
    return part


def _moved(session: Session, changeset: Changeset, now: datetime) -> Iterator[str]:
    """What all stacks share."""
    workspace = session.workspace
    if late := expired(changeset, now):
        yield late
    env_toml = workspace.envs / session.env / "env.toml"
    if digest.of_file(env_toml) != changeset.settings:
        yield f"{workspace.relative(env_toml)} changed after the plan was sealed"
    elif changeset.expires_at - changeset.created_at > timedelta(hours=session.config.approval.valid_hours):
        yield "the changeset is valid for longer than env.toml allows"
    gate_now = seal_gate(gate_config(workspace, session.config, now.date(), env=session.env))
    changed = [name for key, name in _GATE.items() if getattr(gate_now, key) != getattr(changeset.gate, key)]
    yield from (f"{name} changed after the plan was sealed" for name in changed[:1])
    cost_now = seal_cost(workspace, session.env, changeset.stacks, changeset.cost.prices_as_of)
    if cost_now.usage != changeset.cost.usage:
        yield f"envs/{session.env}/usage.yaml changed after the plan was sealed"
    if cost_now.prices != changeset.cost.prices:
        yield "the table of prices changed after the plan was sealed"
    commit, dirty = git_commit(workspace.root, untracked=False)
    if commit != changeset.commit:
        yield f"the checkout is at commit {commit or 'unknown'}, planned was {changeset.commit or 'unknown'}"
    elif dirty and not changeset.dirty:
        yield "files differ from the commit since the plan was sealed"


def _moved_of(session: Session, part: SealedStack, stack: Stack) -> Iterator[str]:
    """One stack."""
    try:
        found = sources(stack, session.workspace.functions)
    except FileNotFoundError as error:
        yield f"{str(error.filename).rpartition('/')[2]} is gone"
        return
    for key, name in SOURCES.items():
        if found[key] != getattr(part, key):
            yield f"{name} changed after the plan was sealed"
    if nested_moved(part, stack):
        yield "a module that it calls changed after the plan was sealed"
    now = version_of(read_state(session.target, session.config, stack))
    then = StateVersion(part.lineage, part.serial)
    if now.lineage != then.lineage:
        yield "the state is another one than the plan was made against"
    elif now != then:
        yield f"the state moved from serial {then.serial} to {now.serial} after the plan was sealed"


def _refused(what: str, where: str, env: str) -> ToolError:
    return ToolError(
        what,
        where=where,
        hint=f"nothing was applied; plan again: groundplan plan --env {env}",
        exit_code=Exit.REFUSED,
    )
