"""What a plan says of where a value comes from, and of the region that something is in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tooling.gate.planned import PlanView, view_of

Json = dict[str, Any]


def _resource(address: str, *, of: str, module: str, references: list[str] | None = None) -> tuple[Json, Json]:
    """A resource as it is planned, and as it is configured."""
    named = {"mode": "managed", "type": of.partition(".")[0], "name": of.partition(".")[2]}
    planned = {**named, "address": f"{module}.{address}" if module else address, "values": {}}
    expressions = {"input": {"references": references}} if references else {}
    return planned, {**named, "address": of, "expressions": expressions}


def _view(
    inner: list[tuple[Json, Json]], outer: list[tuple[Json, Json]] | None = None, arguments: Json | None = None
) -> PlanView:
    """A root that calls a module ``m``, with these resources."""
    outer = outer or []
    call = {"expressions": arguments or {}, "module": {"resources": [configured for _, configured in inner]}}
    children = [{"address": "module.m", "resources": [planned for planned, _ in inner]}]
    root = {"resources": [planned for planned, _ in outer], "child_modules": children}
    configured_root = {"resources": [configured for _, configured in outer], "module_calls": {"m": call}}
    plan = {"planned_values": {"root_module": root}, "configuration": {"root_module": configured_root}}
    return view_of(plan, today=date(2026, 1, 1))


def _sources(view: PlanView, address: str) -> list[tuple[str, str, list[str] | None]]:
    item = view.resources[address]
    return [
        (
            source.reference,
            source.attribute,
            None if source.instances is None else [i.address for i in source.instances],
        )
        for source in view.sources(item.expressions.get("input"), seen_from=item)
    ]


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        (["aws_x.a.arn", "aws_x.a"], [("aws_x.a.arn", "arn", ["module.m.aws_x.a"])]),
        (["aws_x.n[0].arn", "aws_x.n[0]", "aws_x.n"], [("aws_x.n[0].arn", "arn", ["module.m.aws_x.n[0]"])]),
        # one(aws_x.n[*].arn): of a splat a plan names the resource only
        (["aws_x.n"], [("aws_x.n", "", ["module.m.aws_x.n[0]"])]),
        # switched off
        (["aws_x.none.arn", "aws_x.none"], [("aws_x.none.arn", "arn", [])]),
        (["local.name"], [("local.name", "", None)]),
        (["module.other.name", "module.other"], [("module.other.name", "", None)]),
        (["each.value"], [("each.value", "", None)]),
        (["each.key", "count.index", "path.module"], []),
    ],
)
def test_an_expression_tells_what_its_value_comes_from(references: list[str], expected: list[Any]) -> None:
    # GIVEN
    view = _view(
        [
            _resource("aws_x.a", of="aws_x.a", module="module.m"),
            _resource("aws_x.n[0]", of="aws_x.n", module="module.m"),
            _resource("aws_y.asks", of="aws_y.asks", module="module.m", references=references),
        ]
    )

    # THEN
    assert _sources(view, "module.m.aws_y.asks") == expected


def test_of_several_instances_the_one_with_the_same_key_is_meant() -> None:
    # GIVEN
    view = _view(
        [
            _resource('aws_x.k["a"]', of="aws_x.k", module="module.m"),
            _resource('aws_x.k["b"]', of="aws_x.k", module="module.m"),
            _resource('aws_y.asks["b"]', of="aws_y.asks", module="module.m", references=["aws_x.k"]),
            _resource("aws_y.single", of="aws_y.single", module="module.m", references=["aws_x.k"]),
        ]
    )

    # THEN
    assert _sources(view, 'module.m.aws_y.asks["b"]') == [("aws_x.k", "", ['module.m.aws_x.k["b"]'])]
    assert _sources(view, "module.m.aws_y.single")[0][2] == ['module.m.aws_x.k["a"]', 'module.m.aws_x.k["b"]']


def test_a_variable_comes_from_what_the_caller_gives() -> None:
    # GIVEN
    arguments = {
        "name": {"references": ["aws_x.outside.arn", "aws_x.outside"]},
        "plain": {"references": ["var.plain"]},
        "constant": {"constant_value": "c"},
    }
    view = _view(
        [
            _resource(
                "aws_y.asks", of="aws_y.asks", module="module.m", references=["var.name", "var.plain", "var.constant"]
            )
        ],
        [_resource("aws_x.outside", of="aws_x.outside", module="")],
        arguments,
    )

    # THEN
    assert _sources(view, "module.m.aws_y.asks") == [("aws_x.outside.arn", "arn", ["aws_x.outside"])]


@pytest.mark.parametrize(
    ("expression", "region"),
    [
        ({"constant_value": "us-west-2"}, "us-west-2"),
        ({"references": ["var.region"]}, "eu-west-1"),
        ({"references": ["var.region", "var.other"]}, None),
        ({"references": ["local.region"]}, None),
        (None, None),
    ],
)
def test_the_region_is_that_of_the_provider(expression: Json | None, region: str | None) -> None:
    # GIVEN
    named = {"mode": "managed", "type": "aws_x", "name": "a", "address": "aws_x.a"}
    plan = {
        "planned_values": {"root_module": {"resources": [{**named, "values": {}}]}},
        "variables": {"region": {"value": "eu-west-1"}, "other": {"value": "x"}},
        "configuration": {
            "provider_config": {
                "aws": {"expressions": {"region": {"constant_value": "us-east-1"}}},
                "aws.failover": {"expressions": {"region": expression} if expression else {}},
            },
            "root_module": {"resources": [{**named, "provider_config_key": "aws.failover"}]},
        },
    }

    # WHEN
    item = view_of(plan, today=date(2026, 1, 1)).resources["aws_x.a"]

    # THEN
    assert (item.provider, item.region) == ("aws.failover", region)
