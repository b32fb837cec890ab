"""What can be changed about a value: one flag, figure, text or member, and what a policy's statement allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.mutation.steps import REMOVED, TEXT, Place, edited, json_in

# An action that nothing here needs.
FOREIGN_ACTION = "iam:CreateUser"
_FIGURE = re.compile(r"-?\d{1,6}([.]\d+)?")
_OTHER_EFFECT = {"Allow": "Deny", "Deny": "Allow"}


def changes_of(value: Any, path: Place = ()) -> Iterator[tuple[Place, str, str]]:
    """Place, kind and detail of every change at a value or inside it, but not its own removal."""
    inner = json_in(value) if isinstance(value, str) else None
    if inner is not None:
        yield from changes_of(inner, (*path, TEXT))
    elif isinstance(value, dict) and "Effect" in value and ("Action" in value or "NotAction" in value):
        yield from _statement(value, path)
    elif isinstance(value, dict):
        for name in sorted(value):
            yield (*path, name), "drop", ""
            yield from changes_of(value[name], (*path, name))
    elif isinstance(value, list):
        yield from _members(value, path)
    elif isinstance(value, bool):
        yield path, "flip", ""
    elif isinstance(value, int | float) or (isinstance(value, str) and _FIGURE.fullmatch(value)):
        yield path, "figure", "+1"
        if float(value):
            yield path, "figure", "*10"
    elif isinstance(value, str):
        yield path, "text", ""


def document_changes(statements: list[Any]) -> Iterator[tuple[Place, str, str]]:
    """The same for the statements of an ``aws_iam_policy_document``."""
    for index, statement in enumerate(statements):
        path: Place = ("statement", index)
        if len(statements) > 1:
            yield path, "element", ""
        yield (*path, "effect"), "effect", ""
        yield from _list_of(statement.get("actions") or [], (*path, "actions"), "widen-action")
        yield (*path, "actions"), "add-action", ""
        # One that is known only after the apply is null; a list of which nothing is known is not there.
        resources = statement.get("resources")
        if resources is None:
            yield (*path, "resources"), "widen-resources", ""
        yield from _list_of(resources or [], (*path, "resources"), "widen-resource")
        for number, principal in enumerate(statement.get("principals") or []):
            place = (*path, "principals", number, "identifiers")
            yield from _list_of(principal.get("identifiers") or [], place, "widen-principal", text=True)
        for number, condition in enumerate(statement.get("condition") or []):
            place = (*path, "condition", number)
            yield place, "condition", ""
            yield (*place, "test"), "text", ""
            yield (*place, "variable"), "text", ""
            yield from _members(condition.get("values") or [], (*place, "values"))


def changed(value: Any, kind: str, detail: str) -> Any:
    """The value after a change.

    Raises:
        LookupError: This value cannot be changed so.
    """
    match kind:
        case "drop" | "element" | "condition":
            return REMOVED
        case "flip" if isinstance(value, bool):
            return not value
        case "figure" if isinstance(value, str):
            return str(_figure(float(value) if "." in value else int(value), detail))
        case "figure" if isinstance(value, int | float) and not isinstance(value, bool):
            return _figure(value, detail)
        case "text" if isinstance(value, str):
            return f"{value}-mutant"
        case "effect" if value is None or value in _OTHER_EFFECT:
            return _OTHER_EFFECT[value or "Allow"]
        case "widen-action" if isinstance(value, str) and value != "*":
            service = value.split(":")[0]
            return "*" if value == f"{service}:*" else f"{service}:*"
        case "add-action" if isinstance(value, list | str):
            return [*([value] if isinstance(value, str) else value), FOREIGN_ACTION]
        case "widen-resource" | "widen-principal" if value != "*":
            return "*"
        case "widen-resources":
            return ["*"]
    raise LookupError(f"{kind} of {value!r}")


def other_default(value: Any, place: Place, detail: str) -> Any:
    """A variable's default after a change; ``detail`` is the kind and its own detail: ``figure+1``.

    Raises:
        LookupError: This default cannot be changed so.
    """
    if detail == "add":
        return ["mutant"]
    found = re.match(r"[a-z]+", detail)
    kind = found[0] if found else ""
    new = edited(value, place, lambda each: changed(each, kind, detail.removeprefix(kind)))
    if new is REMOVED:
        raise LookupError(detail)
    return new


def _members(value: list[Any], path: Place) -> Iterator[tuple[Place, str, str]]:
    for index, member in enumerate(value):
        if _may_go(value, index):
            yield (*path, index), "element", ""
        yield from changes_of(member, (*path, index))


def _may_go(value: list[Any], index: int) -> bool:
    """Not the only one; nor one that is known after the apply only: its reference stands for it."""
    return len(value) > 1 and value[index] is not None


def _list_of(value: list[Any], path: Place, widening: str, *, text: bool = False) -> Iterator[tuple[Place, str, str]]:
    for index, member in enumerate(value):
        if _may_go(value, index):
            yield (*path, index), "element", ""
        if member != "*":
            yield (*path, index), widening, ""
        if text:
            yield (*path, index), "text", ""


def _statement(statement: dict[str, Any], path: Place) -> Iterator[tuple[Place, str, str]]:
    """A statement of a policy as JSON, where one value may stand without a list."""
    yield (*path, "Effect"), "effect", ""
    for name, widening in (("Action", "widen-action"), ("Resource", "widen-resource")):
        value = statement.get(name)
        if isinstance(value, list):
            yield from _list_of(value, (*path, name), widening)
        elif value is not None and value != "*":
            yield (*path, name), widening, ""
    if "Action" in statement:
        yield (*path, "Action"), "add-action", ""
    if "Principal" in statement:
        yield from changes_of(statement["Principal"], (*path, "Principal"))
        yield (*path, "Principal"), "widen-principal", ""
    if "Condition" in statement:
        yield (*path, "Condition"), "condition", ""
        yield from changes_of(statement["Condition"], (*path, "Condition"))


def _figure(value: float, detail: str) -> float:
    return value + 1 if detail == "+1" else value * 10
