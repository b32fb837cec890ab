"""A changeset compared with its seal and with the world, part by part: the table of ``changeset verify``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from tooling import digest
from tooling.changeset.checking import expired
from tooling.changeset.folder import read_changeset
from tooling.changeset.model import Changeset, SealedStack
from tooling.changeset.provider import provider_digest
from tooling.changeset.reading import changeset_folder
from tooling.changeset.sealing import seal_cost, seal_gate, sources
from tooling.checkout import git_commit
from tooling.environment.config import EnvironmentConfig, load_environment
from tooling.environment.stacks import Stack, select_stacks
from tooling.errors import Exit, ToolError
from tooling.gate_settings import gate_config
from tooling.state import StateVersion, read_state, version_of

if TYPE_CHECKING:
    from tooling.session import Session
    from tooling.workspace import Workspace

AS_SEALED, MET, LEFT_OUT = "as sealed", "met", "left out"
DIFFERS, MISSING = "differs", "missing"
_SOURCES = {
    "module": "module",
    "root": "root module",
    "tfvars": "tfvars",
    "lock": "lock file",
    "functions": "functions' sources",
}
_GATE = {
    "policies": "policies",
    "waivers": "waivers",
    "severity": "severity map",
    "requirements": "ledger of requirements",
    "baseline": "baseline",
    "fail_on": "gate's threshold",
    "checkov": "checkov",
}


@dataclass(frozen=True)
class Proof:
    """One part.

    Attributes:
        where: The stack, or the environment for what all stacks share.
        part: What was looked at.
        verdict: ``as sealed`` or ``differs``; ``met`` or ``missing`` for what apply asks for; or ``left out``.
        note: What differs or is missing, or why it was left out.
    """

    where: str
    part: str
    verdict: str
    note: str = ""


def prove(
    workspace: Workspace, env: str, name: str, *, offline: bool, now: datetime | None = None
) -> tuple[Proof, ...]:
    """Look at every part of a changeset, and go on where one differs.

    Args:
        workspace: The checkout.
        env: The environment.
        name: The changeset's id, or ``latest``.
        offline: Leave out states and approvals, which need the account.
        now: Default: the clock's.

    Raises:
        ToolError: Exit 2: there is no such changeset. Exit 4: ``changeset.json`` itself was edited, so that there is
            nothing to compare with. Or, unless ``offline``, the account cannot be asked.
    """
    from tooling.session import open_session

    folder = changeset_folder(workspace, env, name)
    changeset = read_changeset(folder, workspace.relative(workspace.changesets(env) / name))
    config = load_environment(workspace, env)
    architectures = [part.architecture for part in changeset.stacks]
    stacks = select_stacks(workspace, env, config, architectures)
    session = None if offline else open_session(workspace, env, architectures)
    proofs = [Proof(env, "seal", AS_SEALED), *_shared(workspace, config, changeset, now or datetime.now(UTC))]
    for part, stack in zip(changeset.stacks, _in_order(changeset, stacks), strict=True):
        proofs += _files(part, folder / part.architecture, stack.name)
        proofs += _made_from(workspace, part, stack)
        proofs.append(_state(session, part, stack))
    return (*proofs, *_conditions(session, changeset, folder))


def require_proven(env: str, proofs: Sequence[Proof]) -> None:
    """Raises ToolError with exit 4 if any part differs, or what apply asks for is missing."""
    differing = [proof for proof in proofs if proof.verdict in (DIFFERS, MISSING)]
    if differing:
        raise ToolError(
            f"{len(differing)} of {len(proofs)} parts do not hold, first: {differing[0].part}",
            where=differing[0].where,
            hint=f"plan again: groundplan plan --env {env}",
            exit_code=Exit.REFUSED,
        )


def _in_order(changeset: Changeset, stacks: Sequence[Stack]) -> list[Stack]:
    by_name = {stack.architecture: stack for stack in stacks}
    return [by_name[part.architecture] for part in changeset.stacks]


def _proof(where: str, part: str, same: bool, note: str = "") -> Proof:
    return Proof(where, part, AS_SEALED if same else DIFFERS, "" if same else note)


def _shared(workspace: Workspace, config: EnvironmentConfig, changeset: Changeset, now: datetime) -> Iterator[Proof]:

    env = changeset.env
    own = {"account": config.account_id, "region": config.region, "groundplan": version("groundplan")}
    sealed = {"account": changeset.account_id, "region": changeset.region, "groundplan": changeset.toolkit}
    for name, value in own.items():
        yield _proof(env, name, value == sealed[name], f"{value}, planned was {sealed[name]}")
    late = expired(changeset, now)
    yield _proof(env, "expiry", late is None, late or "")
    settings = digest.of_file(workspace.envs / env / "env.toml")
    yield _proof(env, "env.toml", settings == changeset.settings, "changed")
    commit, _ = git_commit(workspace.root, untracked=False)
    words = f"{commit[:12] or 'unknown'}, planned was {changeset.commit[:12] or 'unknown'}"
    yield _proof(env, "commit", commit == changeset.commit, words)
    gate = seal_gate(gate_config(workspace, config, now.date(), env=env))
    for field, name in _GATE.items():
        yield _proof(env, name, getattr(gate, field) == getattr(changeset.gate, field), "changed")
    cost = seal_cost(workspace, env, changeset.stacks, changeset.cost.prices_as_of)
    yield _proof(env, "table of prices", cost.prices == changeset.cost.prices, "changed")
    yield _proof(env, "usage.yaml", cost.usage == changeset.cost.usage, "changed")


def _files(part: SealedStack, folder: Path, where: str) -> Iterator[Proof]:
    from tooling.changeset.model import STACK_FILES

    for name in STACK_FILES:
        file = folder / name
        sealed, there = name in part.files, file.is_file()
        if sealed and there:
            yield _proof(where, name, digest.of_file(file) == part.files[name], "changed")
        elif sealed or there:
            yield Proof(where, name, DIFFERS, "gone" if sealed else "was not there")
    yield _proof(where, "gate", part.gate_passed, "the gate refused the plan")


def _made_from(workspace: Workspace, part: SealedStack, stack: Stack) -> Iterator[Proof]:
    try:
        found = sources(stack, workspace.functions)
    except FileNotFoundError as error:
        yield Proof(stack.name, Path(error.filename).name, DIFFERS, "gone")
        return
    for field, name in _SOURCES.items():
        yield _proof(stack.name, name, found[field] == getattr(part, field), "changed")
    provider = provider_digest(stack, workspace.work)
    if part.provider and not provider:
        yield Proof(stack.name, "provider", LEFT_OUT, "not initialised in this checkout")
    else:
        yield _proof(stack.name, "provider", provider == part.provider, "another executable")


def _state(session: Session | None, part: SealedStack, stack: Stack) -> Proof:
    if session is None:
        return Proof(stack.name, "state", LEFT_OUT, "offline")
    now = version_of(read_state(session.target, session.config, stack))
    then = StateVersion(part.lineage, part.serial)
    same_line = now.lineage == then.lineage
    note = f"serial {then.serial} → {now.serial}" if same_line else "another state"
    return _proof(stack.name, "state", now == then, note)


def _conditions(session: Session | None, changeset: Changeset, folder: Path) -> Iterator[Proof]:
    from tooling.changeset.standing import conditions_missing

    part = "conditions of apply"
    if session is None:
        yield Proof(changeset.env, part, LEFT_OUT, "offline")
        return
    missing = tuple(dict.fromkeys(conditions_missing(session, changeset, folder)))
    yield from (Proof(changeset.env, part, MISSING, sentence) for sentence in missing)
    if not missing:
        yield Proof(changeset.env, part, MET)
