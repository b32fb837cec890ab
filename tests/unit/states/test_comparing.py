"""Two states compared: by resource and attribute, and never with a secret."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tooling.plan.comparing import NOT_THERE, OTHER_HIDDEN, ValueDifference
from tooling.plan.masking import MASK
from tooling.states.comparing import THERE, compare_states

SECRET, OTHER = "hunter2-hunter2", "swordfish-swordfish"


def resource(name: str, attributes: dict[str, Any], *secret: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    instance = {"attributes": attributes, "sensitive_attributes": list(secret), **more}
    return {"mode": "managed", "type": "aws_thing", "name": name, "module": "module.m", "instances": [instance]}


def state(*resources: dict[str, Any], **outputs: Any) -> dict[str, Any]:
    return {"version": 4, "serial": 1, "lineage": "x", "resources": list(resources), "outputs": outputs}


def attribute(name: str) -> dict[str, Any]:
    return {"type": "get_attr", "value": name}


def index(value: int | str) -> dict[str, Any]:
    return {"type": "index", "value": {"value": value, "type": "number" if isinstance(value, int) else "string"}}


def values(first: dict[str, Any], second: dict[str, Any]) -> tuple[ValueDifference, ...]:
    (only,) = compare_states(first, second).resources
    return only.values


def test_a_state_is_the_same_as_itself() -> None:
    one = state(resource("a", {"id": "1", "tags": {"a": "b"}}), url={"value": "x"})

    assert compare_states(one, one).same
    assert compare_states(None, None).same


def test_what_came_and_what_went_is_named() -> None:
    found = compare_states(state(resource("a", {}), resource("b", {})), state(resource("b", {}), resource("c", {})))

    assert [(one.address, one.first, one.second) for one in found.resources] == [
        ("module.m.aws_thing.a", THERE, ""),
        ("module.m.aws_thing.c", "", THERE),
    ]


def test_a_deposed_object_is_one_of_its_own() -> None:
    (found,) = compare_states(state(), state(resource("a", {}, deposed="0a1b"))).resources

    assert found.address == "module.m.aws_thing.a (deposed 0a1b)"


def test_data_sources_do_not_count() -> None:
    assert compare_states(state(), state({**resource("a", {}), "mode": "data"})).same


def test_attributes_are_followed_to_where_they_differ() -> None:
    first = state(resource("a", {"id": "1", "tags": {"x": "1", "y": "2"}, "list": [1, 2], "gone": True}))
    second = state(resource("a", {"id": "1", "tags": {"x": "1", "y": "3"}, "list": [1, 2, 3]}))

    assert values(first, second) == (
        ValueDifference("gone", "true", NOT_THERE),
        ValueDifference("list.2", NOT_THERE, "3"),
        ValueDifference("tags.y", '"2"', '"3"'),
    )


def test_a_document_inside_a_text_is_followed_too() -> None:
    first, second = (json.dumps({"Statement": [{"Action": action}]}) for action in ("s3:GetObject", "s3:*"))

    assert values(state(resource("a", {"policy": first})), state(resource("a", {"policy": second}))) == (
        ValueDifference("policy: Statement.0.Action", '"s3:GetObject"', '"s3:*"'),
    )


Case = tuple[list[dict[str, Any]], dict[str, Any], dict[str, Any], str]
PATHS: dict[str, Case] = {
    "an attribute": ([attribute("secret")], {"secret": SECRET}, {"secret": OTHER}, "secret"),
    "below a block": (
        [attribute("block"), index(0), attribute("variables"), index("KEY")],
        {"block": [{"variables": {"KEY": SECRET, "OPEN": "x"}}]},
        {"block": [{"variables": {"KEY": OTHER, "OPEN": "x"}}]},
        "block.0.variables.KEY",
    ),
    "a whole map": ([attribute("map")], {"map": {SECRET: 1}}, {"map": {OTHER: 1}}, "map"),
    "into a set, which has no order": (
        [attribute("text"), index(0)],
        {"text": SECRET},
        {"text": OTHER},
        "text",
    ),
}


@pytest.mark.parametrize("which", PATHS)
def test_a_secret_is_compared_and_not_shown(which: str) -> None:
    path, one, other, said = PATHS[which]
    first, second = (state(resource("a", attributes, path)) for attributes in (one, other))

    found = values(first, second)

    assert found == (ValueDifference(said, MASK, OTHER_HIDDEN),)


def test_a_secret_that_stands_in_the_open_elsewhere_is_masked_there_too() -> None:
    first = state(
        resource("a", {"password": SECRET}, [attribute("password")]),
        resource("b", {"url": "postgres://u:old-password@db", "id": "b"}),
        url={"value": "old"},
    )
    second = state(
        resource("a", {"password": SECRET}, [attribute("password")]),
        resource("b", {"url": f"postgres://u:{SECRET}@db", "id": "b"}),
        url={"value": f"x {SECRET}"},
    )

    text = str(compare_states(first, second))

    assert SECRET not in text
    assert f"postgres://u:{MASK}@db" in text


def test_a_sensitive_output_is_compared_and_not_shown() -> None:
    first = state(password={"value": SECRET, "sensitive": True}, open={"value": 1})
    second = state(password={"value": OTHER, "sensitive": True}, open={"value": 2})

    assert compare_states(first, second).outputs == (
        ValueDifference("open", "1", "2"),
        ValueDifference("password", MASK, OTHER_HIDDEN),
    )
