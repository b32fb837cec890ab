"""Application Auto Scaling: tags of scalable targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def scaling(client: Client) -> Any:
    return client("application-autoscaling")


def _target(table: str) -> dict[str, str]:
    return {
        "ServiceNamespace": "dynamodb",
        "ResourceId": f"table/{table}",
        "ScalableDimension": "dynamodb:table:ReadCapacityUnits",
    }


def _register(scaling: Any, table: str, **settings: Any) -> str:
    made = scaling.register_scalable_target(**_target(table), MinCapacity=5, MaxCapacity=50, **settings)
    return str(made["ScalableTargetARN"])


def test_tags_survive_an_update_without_tags(scaling: Any) -> None:
    arn = _register(scaling, "kept", Tags={"a": "1"})

    again = _register(scaling, "kept")

    assert again == arn
    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"a": "1"}


def test_tags_change(scaling: Any) -> None:
    arn = _register(scaling, "changed", Tags={"a": "1", "b": "2"})

    scaling.tag_resource(ResourceARN=arn, Tags={"b": "3", "c": "4"})
    scaling.untag_resource(ResourceARN=arn, TagKeys=["a"])

    assert scaling.list_tags_for_resource(ResourceARN=arn)["Tags"] == {"b": "3", "c": "4"}


def test_target_without_tags_answers_none(scaling: Any) -> None:
    assert scaling.list_tags_for_resource(ResourceARN=_register(scaling, "plain"))["Tags"] == {}


def test_target_that_is_gone_has_no_tags(scaling: Any) -> None:
    arn = _register(scaling, "gone", Tags={"a": "1"})
    scaling.deregister_scalable_target(**_target("gone"))

    with pytest.raises(scaling.exceptions.ResourceNotFoundException):
        scaling.list_tags_for_resource(ResourceARN=arn)


def test_nothing_was_scaled_where_nothing_is(scaling: Any) -> None:
    assert scaling.describe_scaling_activities(ServiceNamespace="dynamodb")["ScalingActivities"] == []
