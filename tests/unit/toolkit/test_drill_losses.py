"""The inventories of two applies are compared by kinds, and by names where these were planned."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from tooling.drill.losses import differences, losses_after_destroy, things
from tooling.emulator.holding import Holding
from tooling.errors import ToolError

PLANNED = frozenset({"jobs", "api", "10.0.0.0/16"})
QUEUE = Holding("123456789012", "us-east-1", "sqs", "Queue", "", "jobs")
VPC = Holding("123456789012", "us-east-1", "ec2", "VPC", "", "vpc-0a1b2c3d")
ROUTE = Holding("123456789012", "us-east-1", "apigatewayv2", "Route", "api", "k3j2h1")


def compared(one: tuple[Holding, ...], other: tuple[Holding, ...]) -> list[str]:
    return list(differences("the emulator", things(one, PLANNED), things(other, PLANNED)))


def test_ids_that_aws_chose_do_not_matter() -> None:
    again = (QUEUE, replace(VPC, name="vpc-9f8e7d6c"), replace(ROUTE, name="zzzzzz"))

    assert compared((QUEUE, VPC, ROUTE), again) == []


def test_names_that_were_planned_do() -> None:
    assert compared((QUEUE,), (replace(QUEUE, name="jobs-2"),)) == [
        "the emulator lacks: us-east-1 sqs Queue jobs",
        "the emulator has too many: us-east-1 sqs Queue (an id)",
    ]


def test_what_is_there_twice_is_counted() -> None:
    assert compared((VPC,), (VPC, replace(VPC, name="vpc-1"), replace(VPC, name="vpc-2"))) == [
        "the emulator has too many: us-east-1 ec2 VPC (an id) (2 times)"
    ]


def test_what_it_is_a_part_of_and_the_region_matter() -> None:
    assert compared((ROUTE,), (replace(ROUTE, within="jobs"),)) != []
    assert compared((QUEUE,), (replace(QUEUE, region="eu-west-1"),)) != []


def test_many_differences_are_named_in_part() -> None:
    (said,) = differences("the state", Counter(), Counter(f"a.b[{number}]" for number in range(9)))

    assert said == "the state has too many: a.b[0], a.b[1], a.b[2], a.b[3], a.b[4] and 4 more"


def test_a_state_that_cannot_be_read_is_lost_instead_of_ending_the_drill() -> None:
    class Box:
        config = SimpleNamespace(state=SimpleNamespace(bucket="b", region="us-east-1"))

        def target(self) -> Any:
            raise ToolError("the state object is damaged: it is empty", where="s3://b/local/tiny.tfstate")

    box: Any = Box()
    stack: Any = SimpleNamespace(name="local/tiny", state_key="local/tiny.tfstate", architecture="tiny")

    assert list(losses_after_destroy(box, stack, ())) == [
        "s3://b/local/tiny.tfstate: the state object is damaged: it is empty"
    ]
