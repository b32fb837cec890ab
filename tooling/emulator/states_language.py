"""What Step Functions finds wrong with a definition before it takes it.

https://states-language.net/spec.html; the codes are those of
https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TYPES = ("Pass", "Task", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
_WITHOUT_TRANSITION = ("Choice", "Succeed", "Fail")
_WAITS_FOR = ("Seconds", "SecondsPath", "Timestamp", "TimestampPath")

SCHEMA = "SCHEMA_VALIDATION_FAILED"
MISSING_TARGET = "MISSING_TRANSITION_TARGET"


@dataclass(frozen=True)
class Problem:
    """One reason to refuse a definition.

    Attributes:
        code: One of AWS's own.
        message: What is wrong.
        location: Where, e.g. "/States/Train/Next"; "" for the whole.
    """

    code: str
    message: str
    location: str = ""

    def __str__(self) -> str:
        return f"{self.code}: {self.message}" + (f" at {self.location}" if self.location else "")


def problems(definition: str) -> list[Problem]:
    """Everything that is wrong with a definition; nothing when AWS would take it."""
    if not definition.strip():
        return [Problem("MISSING_DESCRIPTION", "The definition is empty.")]
    try:
        machine = json.loads(definition)
    except ValueError as error:
        return [Problem("INVALID_JSON_DESCRIPTION", str(error))]
    return list(_of_machine(machine, ""))


def _of_machine(machine: Any, at: str) -> Iterator[Problem]:
    """A whole machine, or one inside a Parallel or Map state: its states cannot be reached from outside."""
    states = machine.get("States") if isinstance(machine, dict) else None
    if not isinstance(states, dict) or not states:
        yield Problem(SCHEMA, "The field 'States' must be an object with at least one state.", f"{at}/States")
        return
    start = machine.get("StartAt")
    if start is None:
        yield Problem(SCHEMA, "The field 'StartAt' is required.", f"{at}/StartAt")
    elif start not in states:
        yield Problem(MISSING_TARGET, f"Missing 'StartAt' target: {start}", f"{at}/StartAt")
    for name, state in states.items():
        yield from _of_state(state, f"{at}/States/{name}")
        for field, target in _transitions(state):
            if target not in states:
                yield Problem(MISSING_TARGET, f"Missing '{field}' target: {target}", f"{at}/States/{name}/{field}")
    for name in sorted(set(states) - _reached(states, start)):
        yield Problem(MISSING_TARGET, f'State "{name}" is not reachable.', f"{at}/States/{name}")
    if not any(_ends(state) for state in states.values()):
        yield Problem("MISSING_END_STATE", "The workflow does not have a terminal state.", at)


def _of_state(state: Any, at: str) -> Iterator[Problem]:
    if not isinstance(state, dict):
        yield Problem(SCHEMA, "A state must be an object.", at)
        return
    kind = state.get("Type")
    if kind not in _TYPES:
        yield Problem(SCHEMA, f"The field 'Type' must be one of {', '.join(_TYPES)}, not {kind!r}.", f"{at}/Type")
        return
    yield from _of_transition(state, kind, at)
    yield from _of_catchers(state, at)
    match kind:
        case "Task" if not isinstance(state.get("Resource"), str) or not state["Resource"].startswith("arn:"):
            yield Problem("INVALID_RESOURCE", "A Task state needs a 'Resource' that is an ARN.", f"{at}/Resource")
        case "Wait" if sum(field in state for field in _WAITS_FOR) != 1:
            yield Problem(SCHEMA, f"A Wait state needs exactly one of {', '.join(_WAITS_FOR)}.", at)
        case "Choice":
            yield from _of_choices(state.get("Choices"), at)
        case "Parallel":
            yield from _of_branches(state.get("Branches"), at)
        case "Map":
            field = "ItemProcessor" if "ItemProcessor" in state else "Iterator"
            yield from _of_machine(state.get(field), f"{at}/{field}")


def _of_transition(state: Mapping[str, Any], kind: str, at: str) -> Iterator[Problem]:
    given = [field for field in ("Next", "End") if field in state]
    if kind in _WITHOUT_TRANSITION:
        for field in given:
            yield Problem(SCHEMA, f"A {kind} state must not have the field '{field}'.", f"{at}/{field}")
    elif len(given) != 1:
        yield Problem(SCHEMA, "A state needs either 'Next' or 'End'.", at)
    elif "End" in state and state["End"] is not True:
        yield Problem(SCHEMA, "The field 'End' must be true.", f"{at}/End")


def _of_catchers(state: Mapping[str, Any], at: str) -> Iterator[Problem]:
    for field, needed in (("Retry", ("ErrorEquals",)), ("Catch", ("ErrorEquals", "Next"))):
        for index, entry in enumerate(state.get(field, [])):
            for member in needed:
                if not entry.get(member):
                    yield Problem(SCHEMA, f"The field '{member}' is required.", f"{at}/{field}[{index}]")


def _of_choices(choices: Any, at: str) -> Iterator[Problem]:
    if not isinstance(choices, list) or not choices:
        yield Problem(SCHEMA, "A Choice state needs at least one choice.", f"{at}/Choices")
        return
    for index, choice in enumerate(choices):
        if not choice.get("Next"):
            yield Problem(SCHEMA, "The field 'Next' is required.", f"{at}/Choices[{index}]")


def _of_branches(branches: Any, at: str) -> Iterator[Problem]:
    if not isinstance(branches, list) or not branches:
        yield Problem(SCHEMA, "A Parallel state needs at least one branch.", f"{at}/Branches")
        return
    for index, branch in enumerate(branches):
        yield from _of_machine(branch, f"{at}/Branches[{index}]")


def _transitions(state: Any) -> Iterator[tuple[str, str]]:
    """Every way out of a state: the field, and the state it names."""
    if not isinstance(state, dict):
        return
    for field in ("Next", "Default"):
        if isinstance(state.get(field), str):
            yield field, state[field]
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            if isinstance(entry, dict) and isinstance(entry.get("Next"), str):
                yield f"{field}[{index}]/Next", entry["Next"]


def _reached(states: Mapping[str, Any], start: Any) -> set[str]:
    reached: set[str] = set()
    ahead = [start] if start in states else []
    while ahead:
        name = ahead.pop()
        if name not in reached and name in states:
            reached.add(name)
            ahead += [target for _, target in _transitions(states[name])]
    return reached


def _ends(state: Any) -> bool:
    return isinstance(state, dict) and (state.get("End") is True or state.get("Type") in ("Succeed", "Fail"))
