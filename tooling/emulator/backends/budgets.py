"""Budgets: who is told of them, their changes and their tags."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from moto.budgets.models import Budget, budgets_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("budgets")


@backend.answers("UpdateBudget")
def update_budget(call: Call) -> Mapping[str, Any]:
    """aws_budgets_budget, update. Notifications stay: the provider deletes them and makes them anew."""
    budget = _budget(call, call.params["NewBudget"]["BudgetName"])
    changed = json.loads(call.body)["NewBudget"]
    # Budgets keeps the period that it began with when a change names none.
    budget.budget = {"TimePeriod": budget.budget["TimePeriod"], **changed, "LastUpdatedTime": time.time()}
    return {}


@backend.answers("DescribeSubscribersForNotification")
def describe_subscribers(call: Call) -> Mapping[str, Any]:
    """aws_budgets_budget with a notification block, read."""
    wanted = call.params["Notification"]
    for notification in _budget(call, call.params["BudgetName"]).notifications:
        if _key(notification.details) == _key(wanted):
            return {"Subscribers": notification.subscribers}
    raise AwsError("NotFoundException", "Unable to find the notification of the budget.")


@backend.amends("CreateBudget")
def remember_tags(call: Call, _answer: dict[str, Any]) -> None:
    """aws_budgets_budget with tags, create; one made again under the same name starts with its own."""
    _tags(call)[call.params["Budget"]["BudgetName"]] = _by_key(call.params.get("ResourceTags", []))


@backend.answers("ListTagsForResource")
def list_tags_for_resource(call: Call) -> Mapping[str, Any]:
    """aws_budgets_budget, read."""
    tags = _tags(call).get(_named_by_arn(call), {})
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """aws_budgets_budget, change of tags."""
    _tags(call).setdefault(_named_by_arn(call), {}).update(_by_key(call.params["ResourceTags"]))
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """aws_budgets_budget, tags that go."""
    tags = _tags(call).get(_named_by_arn(call), {})
    for key in call.params["ResourceTagKeys"]:
        tags.pop(key, None)
    return {}


def _named_by_arn(call: Call) -> str:
    """The name in ``arn:aws:budgets::ACCOUNT:budget/NAME``, of a budget that exists."""
    name = str(call.params["ResourceARN"]).partition(":budget/")[2]
    _budget(call, name)
    return name


def _budget(call: Call, name: str) -> Budget:
    moto = budgets_backends[call.account]["aws"]
    owner = call.params.get("AccountId", call.account)
    moto.describe_budget(owner, name)  # refuses a budget that is not there
    return moto.budgets[owner][name]


def _key(notification: Mapping[str, Any]) -> tuple[str, str, float, str]:
    """What tells one notification of a budget from another."""
    return (
        notification["NotificationType"],
        notification["ComparisonOperator"],
        float(notification["Threshold"]),
        notification.get("ThresholdType", "PERCENTAGE"),
    )


def _by_key(tags: list[dict[str, str]]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in tags}


def _tags(call: Call) -> dict[str, dict[str, str]]:
    return call.account_store("budget-tags")
