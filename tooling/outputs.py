"""The outputs of applied stacks, read from their state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.plan.masking import MASK
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session


@dataclass(frozen=True)
class StackOutputs:
    """Outputs of one stack, by name; None where the stack was never applied."""

    architecture: str
    values: dict[str, Any] | None


def read_outputs(session: Session, *, reveal: bool = False) -> tuple[StackOutputs, ...]:
    """Outputs of every stack of the session; sensitive ones masked unless ``reveal``."""
    return tuple(StackOutputs(stack.architecture, _values(session, stack, reveal=reveal)) for stack in session.stacks)


def applied_outputs(session: Session, stack: Stack, *, reveal: bool = False) -> dict[str, Any]:
    """Outputs of a stack that something else is to be done with; sensitive ones masked unless ``reveal``.

    Raises:
        ToolError: It is not applied.
    """
    values = _values(session, stack, reveal=reveal)
    if values is None:
        raise ToolError("nothing is applied here", where=stack.name, hint=f"apply it: make apply ENV={stack.env}")
    return values


def _values(session: Session, stack: Stack, *, reveal: bool) -> dict[str, Any] | None:
    state = read_state(session.target, session.config, stack)
    # A destroyed stack leaves a state with nothing in it.
    if state is None or not state.get("resources"):
        return None
    return {
        name: MASK if entry.get("sensitive") and not reveal else entry["value"]
        for name, entry in sorted(state.get("outputs", {}).items())
    }
