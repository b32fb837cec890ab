"""What can be changed about a value."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from tests.mutation.changes import changed, changes_of, document_changes, other_default
from tests.mutation.steps import REMOVED, edited


def kinds(value: Any) -> set[tuple[str, str]]:
    return {(".".join(map(str, path)), kind + detail) for path, kind, detail in changes_of(value)}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, {("", "flip")}),
        (10, {("", "figure+1"), ("", "figure*10")}),
        (0, {("", "figure+1")}),
        ("300", {("", "figure+1"), ("", "figure*10")}),
        # An account is a name.
        ("123456789012", {("", "text")}),
        ("ENABLED", {("", "text")}),
        (None, set()),
        (["a"], {("0", "text")}),
        (["a", "b"], {("0", "text"), ("1", "text"), ("0", "element"), ("1", "element")}),
        ({"a": True}, {("a", "drop"), ("a", "flip")}),
        ('{"a": true}', {("{}.a", "drop"), ("{}.a", "flip")}),
    ],
)
def test_changes_of_a_value(value: Any, expected: set[tuple[str, str]]) -> None:
    assert kinds(value) == expected


@pytest.mark.parametrize(
    ("value", "kind", "detail", "expected"),
    [
        (True, "flip", "", False),
        (10, "figure", "+1", 11),
        (10, "figure", "*10", 100),
        (0.05, "figure", "*10", 0.5),
        ("300", "figure", "+1", "301"),
        ("ENABLED", "text", "", "ENABLED-mutant"),
        ("Allow", "effect", "", "Deny"),
        (None, "effect", "", "Deny"),
        ("s3:GetObject", "widen-action", "", "s3:*"),
        ("s3:*", "widen-action", "", "*"),
        (["s3:GetObject"], "add-action", "", ["s3:GetObject", "iam:CreateUser"]),
        ("s3:GetObject", "add-action", "", ["s3:GetObject", "iam:CreateUser"]),
        ("arn:aws:s3:::photos/*", "widen-resource", "", "*"),
        (None, "widen-resource", "", "*"),
        ("x", "element", "", REMOVED),
    ],
)
def test_changed(value: Any, kind: str, detail: str, expected: Any) -> None:
    assert changed(value, kind, detail) == expected


@pytest.mark.parametrize(("value", "kind"), [("x", "flip"), (True, "figure"), (3, "text"), ("*", "widen-action")])
def test_what_cannot_be_changed_so_is_left_alone(value: Any, kind: str) -> None:
    with pytest.raises(LookupError):
        changed(value, kind, "+1")


def test_statement_of_a_policy_as_json_gets_the_kinds_of_a_policy() -> None:
    statement = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": ["a", "b"], "Condition": {"Bool": {"x": "y"}}}

    found = kinds({"Statement": [statement]})

    assert found == {
        ("Statement", "drop"),
        ("Statement.0.Effect", "effect"),
        ("Statement.0.Action", "widen-action"),
        ("Statement.0.Action", "add-action"),
        ("Statement.0.Resource.0", "widen-resource"),
        ("Statement.0.Resource.0", "element"),
        ("Statement.0.Resource.1", "widen-resource"),
        ("Statement.0.Resource.1", "element"),
        ("Statement.0.Condition", "condition"),
        ("Statement.0.Condition.Bool", "drop"),
        ("Statement.0.Condition.Bool.x", "drop"),
        ("Statement.0.Condition.Bool.x", "text"),
    }


def test_changes_of_a_policy_document() -> None:
    statement = {
        "actions": ["s3:GetObject", "s3:PutObject"],
        "resources": [None],
        "principals": [{"type": "Service", "identifiers": ["a"]}],
        "condition": [{"test": "Bool", "variable": "x", "values": ["y"]}],
    }

    found = {(".".join(map(str, path[2:])), kind) for path, kind, _ in document_changes([statement])}

    assert found == {
        ("effect", "effect"),
        ("actions", "add-action"),
        ("actions.0", "element"),
        ("actions.0", "widen-action"),
        ("actions.1", "element"),
        ("actions.1", "widen-action"),
        ("resources.0", "widen-resource"),
        ("principals.0.identifiers.0", "widen-principal"),
        ("principals.0.identifiers.0", "text"),
        ("condition.0", "condition"),
        ("condition.0.test", "text"),
        ("condition.0.variable", "text"),
        ("condition.0.values.0", "text"),
    }


def test_every_change_of_a_value_can_be_made() -> None:
    value = {"a": [True, 1, "x", {"Effect": "Allow", "Action": ["s3:Get", "s3:*"], "Resource": "y"}], "b": '["1", 0]'}

    made = [edited(value, path, partial(changed, kind=kind, detail=detail)) for path, kind, detail in changes_of(value)]

    assert len(made) > 15
    assert value not in made


@pytest.mark.parametrize(
    ("value", "place", "detail", "expected"),
    [
        (10, (), "figure+1", 11),
        (10, (), "figure*10", 100),
        (False, (), "flip", True),
        ([], (), "add", ["mutant"]),
        ({"a": 5}, ("a",), "figure+1", {"a": 6}),
        (["a", "b"], (0,), "element", ["b"]),
    ],
)
def test_other_default(value: Any, place: tuple[str | int, ...], detail: str, expected: Any) -> None:
    assert other_default(value, place, detail) == expected
