"""Walking through a state machine: an interpreter of the Amazon States Language, with a stand-in for AWS's answers.

Of the language it knows what the project's machines use, with JSONPath; what it does not know it refuses, so that no
walk is told wrongly. It does not wait, but counts the seconds.
https://states-language.net/spec.html
"""

from __future__ import annotations

import fnmatch
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
# Answers a call (``personalize:createCampaign``) with its parameters, or raises TaskFailed.
Service = Callable[[str, Json], Json]

_SDK = "arn:aws:states:::aws-sdk:"
_FIELDS = {
    "Pass": {"Parameters", "Next"},
    "Task": {"Resource", "Parameters", "ResultSelector", "ResultPath", "Retry", "Catch", "Next"},
    "Choice": {"Choices", "Default"},
    "Wait": {"Seconds", "Next"},
    "Succeed": set[str](),
    "Fail": {"Error", "Cause"},
}
_RETRIER = {"ErrorEquals", "IntervalSeconds", "MaxAttempts", "BackoffRate", "MaxDelaySeconds", "JitterStrategy"}
_CATCHER = {"ErrorEquals", "ResultPath", "Next"}
# Nothing retries or catches these: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
_TERMINAL = {"States.Runtime", "States.DataLimitExceeded"}
_RUNTIME = "States.Runtime"
_MISSING = object()


class TaskFailed(Exception):
    """An error that a state reports.

    Args:
        name: Its name, as a Retry or a Catch has it: ``Personalize.LimitExceededException``.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Call:
    """A call, whether it succeeded or failed.

    Attributes:
        state: The state that made it.
        action: Service and operation: ``personalize:createCampaign``.
        parameters: What was sent.
    """

    state: str
    action: str
    parameters: Json


@dataclass
class Walk:
    """One execution.

    Attributes:
        status: ``SUCCEEDED``, ``FAILED`` or ``TIMED_OUT``.
        path: States that were entered, in order.
        calls: Every call, retries included.
        pauses: Seconds of every pause: those of Wait states, and those before a retry, without jitter.
        error: Error of the Fail state, or the one that nothing caught.
    """

    status: str = ""
    path: list[str] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    error: str = ""

    def called(self, action: str) -> list[Json]:
        """Parameters of every call of an operation."""
        return [call.parameters for call in self.calls if call.action == action]


class StateMachine:
    """A definition that can be walked through.

    Args:
        definition: As JSON has it.
        service: Stand-in for AWS.
    """

    def __init__(self, definition: Json, service: Service) -> None:
        self._definition = definition
        self._states: dict[str, Json] = definition["States"]
        self._service = service
        self._walk = Walk()

    def run(self) -> Walk:
        """Execute it from its start to an end, or until it is out of time."""
        done = self._walk = Walk()
        name: str = self._definition["StartAt"]
        data: Json = {}
        while True:
            state = self._states[name]
            unknown = state.keys() - _FIELDS[state["Type"]] - {"Type"}
            assert not unknown, f"{name} has {sorted(unknown)}, which this interpreter does not know"
            done.path.append(name)
            if state["Type"] in ("Succeed", "Fail"):
                done.status = "SUCCEEDED" if state["Type"] == "Succeed" else "FAILED"
                done.error = state.get("Error", "")
                return done
            try:
                name, data = self._step(name, state, data)
            except TaskFailed as failure:
                done.status, done.error = "FAILED", failure.name
                return done
            if sum(done.pauses) > self._definition["TimeoutSeconds"]:
                done.status, done.error = "TIMED_OUT", "States.Timeout"
                return done

    def _step(self, name: str, state: Json, data: Json) -> tuple[str, Json]:
        """The next state, and what it gets."""
        match state["Type"]:
            case "Pass":
                return state["Next"], _filled(state["Parameters"], data)
            case "Wait":
                self._walk.pauses.append(state["Seconds"])
                return state["Next"], data
            case "Choice":
                return next((rule["Next"] for rule in state["Choices"] if _holds(rule, data)), state["Default"]), data
            case _:
                return self._task(name, state, data)

    def _task(self, name: str, state: Json, data: Json) -> tuple[str, Json]:
        retries = [0] * len(state.get("Retry", []))
        while True:
            try:
                answer = self._call(name, state, data)
                result = _filled(state["ResultSelector"], answer) if "ResultSelector" in state else answer
                return state["Next"], _placed(state, result, data)
            except TaskFailed as failure:
                pause = _pause(state.get("Retry", []), retries, failure.name)
                if pause is None:
                    return _caught(state.get("Catch", []), failure, data)
                self._walk.pauses.append(pause)

    def _call(self, name: str, state: Json, data: Json) -> Json:
        resource: str = state["Resource"]
        assert resource.startswith(_SDK), f"{name} calls {resource}, which this interpreter does not know"
        parameters = _filled(state["Parameters"], data)
        self._walk.calls.append(Call(name, resource.removeprefix(_SDK), parameters))
        return self._service(resource.removeprefix(_SDK), parameters)


def actions(definition: Json) -> set[str]:
    """Every operation that a definition calls: ``personalize:createCampaign``."""
    return {state["Resource"].removeprefix(_SDK) for state in definition["States"].values() if state["Type"] == "Task"}


def followers(state: Json) -> set[str]:
    """Every state that may come next, whatever happens."""
    transitions = [state, *state.get("Choices", []), *state.get("Catch", []), {"Next": state.get("Default")}]
    return {each["Next"] for each in transitions if each.get("Next")}


def reachable(definition: Json, start: str) -> set[str]:
    """A state and all that may come after it."""
    found: set[str] = set()
    ahead = {start}
    while ahead:
        found |= ahead
        ahead = {name for each in ahead for name in followers(definition["States"][each])} - found
    return found


def _pause(retriers: list[Json], retries: list[int], error: str) -> float | None:
    """Seconds until the next try; None when there is none."""
    for place, retrier in enumerate(retriers):
        assert retrier.keys() <= _RETRIER, retrier
        if not _meant(retrier, error):
            continue
        if retries[place] == retrier.get("MaxAttempts", 3):
            return None
        pause: float = retrier.get("IntervalSeconds", 1) * retrier.get("BackoffRate", 2) ** retries[place]
        retries[place] += 1
        most: float = retrier.get("MaxDelaySeconds", pause)
        return min(pause, most)
    return None


def _caught(catchers: list[Json], failure: TaskFailed, data: Json) -> tuple[str, Json]:
    for catcher in catchers:
        assert catcher.keys() <= _CATCHER, catcher
        if _meant(catcher, failure.name):
            return catcher["Next"], _placed(catcher, {"Error": failure.name, "Cause": ""}, data)
    raise failure


def _meant(handler: Json, error: str) -> bool:
    names = handler["ErrorEquals"]
    if error in _TERMINAL:
        return False
    return error in names or "States.ALL" in names or ("States.TaskFailed" in names and error != "States.Timeout")


def _placed(state: Json, result: Any, data: Json) -> Json:
    """What goes on: the result in its place among the input. Without a place it is the result; with null, the input."""
    path = state.get("ResultPath", "$")
    if path is None:
        return data
    if path == "$":
        assert isinstance(result, dict)
        return result
    (name,) = _steps(path)
    return {**data, name: result}


def _filled(template: Any, data: Json) -> Any:
    """A payload template with its paths and functions evaluated."""
    if isinstance(template, list):
        return [_filled(each, data) for each in template]
    if not isinstance(template, dict):
        return template
    return {
        name.removesuffix(".$"): _evaluated(value, data) if name.endswith(".$") else _filled(value, data)
        for name, value in template.items()
    }


def _evaluated(expression: str, data: Json) -> Any:
    if expression.startswith("$"):
        value = _at(expression, data)
        if value is _MISSING:
            raise TaskFailed(_RUNTIME)
        return value
    if expression == "States.UUID()":
        return str(uuid.uuid4())
    if literal := re.fullmatch(r"'([^'\\]*)'", expression):
        return literal[1]
    formatted = re.fullmatch(r"States[.]Format[(](.+)[)]", expression)
    assert formatted, f"{expression} is not known to this interpreter"
    pattern, *arguments = (_evaluated(each.strip(), data) for each in formatted[1].split(","))
    return str(pattern).format(*arguments)


def _holds(rule: Json, data: Json) -> bool:
    """Whether a choice rule applies. A variable that is not there ends the execution, but for IsPresent."""
    operators = rule.keys() - {"Variable", "Next"}
    (operator,) = operators
    wanted = rule[operator]
    match operator:
        case "And":
            return all(_holds(each, data) for each in wanted)
        case "Not":
            return not _holds(wanted, data)
        case "IsPresent":
            return (_at(rule["Variable"], data) is not _MISSING) is wanted
    value = _evaluated(rule["Variable"], data)
    match operator:
        case "BooleanEquals":
            return value is wanted
        case "StringEquals":
            return isinstance(value, str) and value == wanted
        case "StringMatches":
            assert not re.search(r"[?\[\\]", wanted), f"{wanted} is not known to this interpreter"
            return isinstance(value, str) and fnmatch.fnmatchcase(value, wanted)
    raise AssertionError(f"{operator} is not known to this interpreter")


def _at(path: str, data: Any) -> Any:
    for step in _steps(path):
        if not isinstance(data, dict) or step not in data:
            return _MISSING
        data = data[step]
    return data


def _steps(path: str) -> Iterator[str]:
    assert re.fullmatch(r"[$]([.]\w+)+", path), f"{path} is not known to this interpreter"
    return iter(path.split(".")[1:])
