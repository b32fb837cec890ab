"""The outputs of applied stacks, read from their state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.plan.masking import MASK
from tooling.state import read_state

if TYPE_CHECKING:
    from tooling.session import Session


@dataclass(frozen=True)
class StackOutputs:
    """Outputs of one stack, by name; None where the stack was never applied."""

    architecture: str
    values: dict[str, Any] | None


def read_outputs(session: Session, *, reveal: bool = False) -> tuple[StackOutputs, ...]:
    """Outputs of every stack of the session; sensitive ones masked unless ``reveal``."""
    result = []
    for stack in session.stacks:
        state = read_state(session.target, session.config, stack)
        # A destroyed stack leaves a state with nothing in it.
        if state is None or not state.get("resources"):
            result.append(StackOutputs(stack.architecture, None))
            continue
        values = {
            name: MASK if entry.get("sensitive") and not reveal else entry["value"]
            for name, entry in sorted(state.get("outputs", {}).items())
        }
        result.append(StackOutputs(stack.architecture, values))
    return tuple(result)
