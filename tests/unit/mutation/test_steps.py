"""Editing one place of a JSON value."""

from __future__ import annotations

import json

import pytest

from tests.mutation.steps import REMOVED, TEXT, edited, names, value_at


def test_edits_inside_objects_lists_and_texts_of_json() -> None:
    value = {"rule": [{"pattern": '{"source":["aws.s3"]}'}], "name": "a"}

    changed = edited(value, ("rule", 0, "pattern", TEXT, "source", 0), lambda text: f"{text}!")

    assert changed == {"rule": [{"pattern": '{"source":["aws.s3!"]}'}], "name": "a"}
    assert value["rule"] == [{"pattern": '{"source":["aws.s3"]}'}]


@pytest.mark.parametrize(
    ("path", "left"),
    [(("a",), {"b": [1, 2]}), (("b", 0), {"a": 1, "b": [2]})],
)
def test_removes_members(path: tuple[str | int, ...], left: object) -> None:
    assert edited({"a": 1, "b": [1, 2]}, path, lambda _: REMOVED) == left


@pytest.mark.parametrize("path", [("x",), ("b", 2), ("a", TEXT), ("a", "x")])
def test_a_place_that_is_not_there_is_an_error(path: tuple[str | int, ...]) -> None:
    with pytest.raises(LookupError):
        value_at({"a": "no json", "b": [1, 2]}, path)


def test_value_at_reads_texts_too() -> None:
    assert value_at({"a": json.dumps({"b": [7]})}, ("a", TEXT, "b", 0)) == 7


def test_names_of_a_path_end_at_a_text() -> None:
    assert names(("rule", 0, "pattern", TEXT, "source", 0)) == ("rule", "pattern")
