"""After an apply: does AWS know every resource of the state, and is there nothing left to change?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.errors import ToolError
from tooling.initialising import ensure_initialised
from tooling.lock_object import PLAN
from tooling.locking import held, new_lock
from tooling.progress import StackProgress
from tooling.session import Session, plan_jobs
from tooling.state import read_state
from tooling.states.content import instances

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack


@dataclass(frozen=True)
class Resource:
    """One resource of the state.

    Attributes:
        status: ``there``, ``gone`` (in the state, unknown to AWS) or ``differs`` (a plan would change it).
    """

    address: str
    status: str


@dataclass(frozen=True)
class Verification:
    """One stack.

    Attributes:
        resources: Every managed resource of the state.
        pending: What a plan would still do, as ``create module.x.y``.
    """

    architecture: str
    resources: tuple[Resource, ...]
    pending: tuple[str, ...]

    @property
    def sound(self) -> bool:
        return bool(self.resources) and not self.pending and all(r.status == "there" for r in self.resources)


def verify(session: Session) -> tuple[Verification, ...]:
    """Ask the account about every resource (a plan with refresh does exactly that) and compare.

    Raises:
        ToolError: A stack was never applied, or Terraform failed.
    """
    return tuple(session.over_stacks(lambda stack: verify_stack(session, stack), jobs=plan_jobs(len(session.stacks))))


def verify_stack(session: Session, stack: Stack) -> Verification:
    """The same for one stack."""
    state = read_state(session.target, session.config, stack)
    if state is None or not state["resources"]:
        raise ToolError("nothing is applied here", where=stack.name, hint=f"apply it: make apply ENV={stack.env}")
    addresses = tuple(sorted(one.address for one in instances(state)))
    progress = StackProgress(session.progress, stack.name, "verify", total=len(addresses))
    try:
        ensure_initialised(session, stack, progress)
        progress.enter("verify", len(addresses))
        with held(session, stack, new_lock(session, stack, PLAN), progress=progress):
            outcome = session.terraform(stack).plan(None, progress)
    except ToolError:
        progress.end("failed", failed=True)
        raise
    # Terraform also calls it drift when AWS filled in what nobody set; what a plan would change is what counts.
    gone = {e.address for e in outcome.events if e.kind == "resource_drift" and e.action == "delete"}
    changes = [e for e in outcome.events if e.kind == "planned_change" and e.action not in ("noop", "read", "")]
    pending = tuple(f"{event.action} {event.address}" for event in changes)
    differing = {event.address for event in changes}
    resources = tuple(
        Resource(address, "gone" if address in gone else "differs" if address in differing else "there")
        for address in addresses
    )
    verification = Verification(stack.architecture, resources, pending)
    how = f"{len(resources)} resources there" if verification.sound else "differs from the state"
    progress.end(how, failed=not verification.sound)
    return verification
