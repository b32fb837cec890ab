"""Budgets: notifications with their subscribers, changes, tags."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

ACCOUNT = "555555555555"
ACTUAL = {"NotificationType": "ACTUAL", "ComparisonOperator": "GREATER_THAN", "Threshold": 80.0}
EMAIL = {"SubscriptionType": "EMAIL", "Address": "a@example.com"}
TOPIC = {"SubscriptionType": "SNS", "Address": f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"}


@pytest.fixture
def budgets(client: Client) -> Any:
    return client("budgets")


def _budget(name: str, amount: str = "100") -> dict[str, Any]:
    return {
        "BudgetName": name,
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": amount, "Unit": "USD"},
    }


def test_subscribers_are_those_of_their_notification(budgets: Any) -> None:
    budgets.create_budget(AccountId=ACCOUNT, Budget=_budget("told"))
    forecast = {**ACTUAL, "NotificationType": "FORECASTED", "ThresholdType": "PERCENTAGE"}
    for notification, subscribers in ((ACTUAL, [EMAIL, TOPIC]), (forecast, [EMAIL])):
        budgets.create_notification(
            AccountId=ACCOUNT, BudgetName="told", Notification=notification, Subscribers=subscribers
        )

    named = {"AccountId": ACCOUNT, "BudgetName": "told"}
    told = budgets.describe_subscribers_for_notification(
        **named, Notification={**ACTUAL, "ThresholdType": "PERCENTAGE"}
    )
    forecast_told = budgets.describe_subscribers_for_notification(**named, Notification=forecast)

    assert told["Subscribers"] == [EMAIL, TOPIC]
    assert forecast_told["Subscribers"] == [EMAIL]


def test_notification_that_is_not_there_is_refused(budgets: Any) -> None:
    budgets.create_budget(AccountId=ACCOUNT, Budget=_budget("silent"))

    with pytest.raises(budgets.exceptions.NotFoundException):
        budgets.describe_subscribers_for_notification(AccountId=ACCOUNT, BudgetName="silent", Notification=ACTUAL)


def test_change_keeps_period_and_notifications(budgets: Any) -> None:
    named = {"AccountId": ACCOUNT, "BudgetName": "changed"}
    budgets.create_budget(
        AccountId=ACCOUNT,
        Budget=_budget("changed"),
        NotificationsWithSubscribers=[{"Notification": ACTUAL, "Subscribers": [EMAIL]}],
    )
    before = budgets.describe_budget(**named)["Budget"]

    budgets.update_budget(AccountId=ACCOUNT, NewBudget=_budget("changed", "200"))

    after = budgets.describe_budget(**named)["Budget"]
    assert float(after["BudgetLimit"]["Amount"]) == 200
    assert after["TimePeriod"] == before["TimePeriod"]
    assert len(budgets.describe_notifications_for_budget(**named)["Notifications"]) == 1


def test_change_of_no_budget_is_refused(budgets: Any) -> None:
    with pytest.raises(budgets.exceptions.NotFoundException):
        budgets.update_budget(AccountId=ACCOUNT, NewBudget=_budget("nosuch"))


def test_tags_change_and_go_with_their_budget(budgets: Any) -> None:
    arn = f"arn:aws:budgets::{ACCOUNT}:budget/tagged"
    tags = [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]
    budgets.create_budget(AccountId=ACCOUNT, Budget=_budget("tagged"), ResourceTags=tags)
    made = budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]

    budgets.tag_resource(ResourceARN=arn, ResourceTags=[{"Key": "b", "Value": "3"}])
    budgets.untag_resource(ResourceARN=arn, ResourceTagKeys=["a"])
    changed = budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"]
    budgets.delete_budget(AccountId=ACCOUNT, BudgetName="tagged")
    budgets.create_budget(AccountId=ACCOUNT, Budget=_budget("tagged"))

    assert (made, changed) == (tags, [{"Key": "b", "Value": "3"}])
    assert budgets.list_tags_for_resource(ResourceARN=arn)["ResourceTags"] == []
