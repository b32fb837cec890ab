"""The comparison that the proof of equality stands on: it must see every difference but one of notation."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.plan_comparison import differences


@pytest.mark.parametrize(
    ("of_json", "of_hcl"),
    [
        ({"a": None}, {}),
        ({}, {"a": None}),
        ({"a": [1, 2]}, {"a": [2, 1]}),
        ({"a": [1]}, {"a": [1, 1]}),
        ({"a": {"b": "x"}}, {"a": {"b": "x "}}),
        ({"a": "1"}, {"a": 1}),
        ({"x": {"constant_value": "a"}}, {"x": {"constant_value": "b"}}),
        ({"x": {"constant_value": "a"}}, {"x": {}}),
        ({"x": {"constant_value": "a"}}, {}),
        ({"x": {"references": ["a"], "constant_value": "${a}"}}, {"x": {"references": ["b"]}}),
    ],
)
def test_differences_are_seen(of_json: Any, of_hcl: Any) -> None:
    assert differences(of_json, of_hcl)


@pytest.mark.parametrize(
    ("of_json", "of_hcl"),
    [
        ({"a": [1, {"b": None}]}, {"a": [1, {"b": None}]}),
        ({"x": {"references": ["a"], "constant_value": "${a}"}}, {"x": {"references": ["a"]}}),
        ({"x": {"constant_value": {"k": ["${1 + 1}"]}}}, {"x": {"constant_value": {"k": [2]}}}),
        ({"x": {"constant_value": "$${a}"}}, {"x": {"constant_value": "${a}"}}),
        ({"x": {"constant_value": "${toset([])}"}}, {}),
    ],
)
def test_what_only_the_notation_of_the_forms_differs_in_is_none(of_json: Any, of_hcl: Any) -> None:
    assert differences(of_json, of_hcl) == []
