"""Values compared by path: keys and names, never one document beside the other."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tooling.plan.summary import UNKNOWN
from tooling.report.semantic.paths import differences

Told = list[tuple[str, str, str, str]]

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def told(old: Any, new: Any, unknown: Any = None) -> Told:
    return [(entry.sign, entry.label, entry.before, entry.after) for entry in differences("x", old, new, unknown)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (1, 2, [("~", "x", "1", "2")]),
        (True, False, [("~", "x", "true", "false")]),
        (5, 0, [("~", "x", "5", "0")]),
        (None, "a", [("+", "x", "", '"a"')]),
        ("a", None, [("-", "x", '"a"', "")]),
        ({"a": 1, "b": 2}, {"a": 1, "b": 3}, [("~", "x.b", "2", "3")]),
        ({"a b": 1}, {"a b": 2}, [("~", 'x."a b"', "1", "2")]),
        (["a", "b"], ["b", "c"], [("-", "x", '"a"', ""), ("+", "x", "", '"c"')]),
        ([{"name": "a", "v": 1}, {"name": "b", "v": 1}], [{"name": "a", "v": 1}, {"name": "b", "v": 2}],
         [("~", "x[b].v", "1", "2")]),
        ([{"v": 1}], [{"v": 2}], [("~", "x.v", "1", "2")]),
        ([{"v": 1}, {"v": 2}], [{"v": 2}], [("-", "x[0]", "", "")]),
        (
            [{"name": "KEY", "value": "1"}, {"name": "OLD", "value": "1"}],
            [{"name": "NEW", "valueFrom": "arn"}, {"name": "KEY", "value": "2"}],
            [("~", "x.KEY", '"1"', '"2"'), ("+", "x.NEW", "", '"arn"'), ("-", "x.OLD", '"1"', "")],
        ),
    ],
)  # fmt: skip
def test_differences(old: Any, new: Any, expected: Told) -> None:
    assert told(old, new) == expected


def test_a_document_in_a_text_is_compared_inside() -> None:
    old, new = {"States": {"A": {"Next": "B"}}}, {"States": {"A": {"Next": "C"}}}

    assert told(json.dumps(old), json.dumps(new, indent=2)) == [("~", "x.States.A.Next", '"B"', '"C"')]


def test_the_same_document_in_another_spelling_is_no_difference() -> None:
    assert told('{"a": 1, "b": [2]}', '{"b":[2],"a":1}') == []


def test_a_text_of_many_lines_shows_those_that_move() -> None:
    (entry,) = differences("x", "one\ntwo\nthree", "one\n2\nthree")

    assert [(part.sign, part.before, part.after) for part in entry.parts] == [("-", "two", ""), ("+", "", "2")]


def test_a_packed_script_is_read() -> None:
    old, new = (base64.b64encode(f"#!/bin/sh\necho {word}\nexit 0\n".encode()).decode() for word in ("a", "b"))

    (entry,) = differences("user_data", old, new)

    assert [part.after or part.before for part in entry.parts] == ["echo a", "echo b"]


def test_what_comes_as_a_whole_is_taken_apart() -> None:
    (entry,) = differences("x", None, {"a": {"b": 1}, "c": [1, 2], "empty": []})

    assert (entry.sign, entry.after) == ("+", "")
    assert [(part.label, part.after) for part in entry.parts] == [("a.b", "1"), ("c", "[1, 2]")]


def test_what_is_not_known_yet_is_no_removal() -> None:
    assert told({"a": 1}, {}, {"a": True}) == [("~", "x.a", "1", UNKNOWN)]
    assert told(["a"], ["a", None], [False, True]) == [("~", "x", "", UNKNOWN)]
    assert told([{"name": "a", "v": 1}], [{"name": "a"}], [{"v": True}]) == [("~", "x[a].v", "1", UNKNOWN)]


def test_a_long_value_says_how_long_it_is() -> None:
    ((_, _, _, after),) = told(None, "y" * 5000)

    assert len(after) < 200
    assert after.endswith("(5,002 characters)")


def test_another_order_of_the_same_elements_is_told_as_that() -> None:
    (entry,) = differences("x", ["a", "b"], ["b", "a"])

    assert entry.note == "same elements, other order or number"


@given(VALUES)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert told(value, value) == []


SOLID = st.recursive(
    st.integers(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4)
        | st.dictionaries(st.sampled_from("abcn"), inner, min_size=1, max_size=4)
    ),
    max_leaves=12,
)


@given(SOLID, SOLID)
def test_whatever_differs_is_told(old: Any, new: Any) -> None:
    assert bool(told(old, new)) == (old != new)


def test_another_order_of_named_things_is_told() -> None:
    one, other = {"name": "a", "v": 1}, {"name": "b", "v": 1}

    assert told([one, other], [other, one]) == [("~", "x", '["a", "b"]', '["b", "a"]')]
