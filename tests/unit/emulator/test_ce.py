"""Cost Explorer: anomaly monitors and subscriptions, tags for the bill."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

NOBODY = "arn:aws:ce::555555555555:anomalymonitor/00000000-0000-0000-0000-000000000000"
ABOVE_TEN = {
    "Dimensions": {
        "Key": "ANOMALY_TOTAL_IMPACT_ABSOLUTE",
        "Values": ["10"],
        "MatchOptions": ["GREATER_THAN_OR_EQUAL"],
    }
}


@pytest.fixture
def costs(client: Client) -> Any:
    return client("ce")


@pytest.fixture
def monitor(costs: Any) -> str:
    made = costs.create_anomaly_monitor(
        AnomalyMonitor={"MonitorName": "m", "MonitorType": "DIMENSIONAL", "MonitorDimension": "SERVICE"},
        ResourceTags=[{"Key": "a", "Value": "1"}],
    )
    return str(made["MonitorArn"])


def _subscription(costs: Any, monitor: str) -> str:
    made = costs.create_anomaly_subscription(
        AnomalySubscription={
            "SubscriptionName": "s",
            "MonitorArnList": [monitor],
            "Frequency": "WEEKLY",
            "Subscribers": [{"Type": "EMAIL", "Address": "a@example.com"}],
            "ThresholdExpression": ABOVE_TEN,
        },
        ResourceTags=[{"Key": "a", "Value": "1"}],
    )
    return str(made["SubscriptionArn"])


def test_monitor_is_kept_renamed_and_deleted(costs: Any, monitor: str) -> None:
    costs.update_anomaly_monitor(MonitorArn=monitor, MonitorName="other")
    (read,) = costs.get_anomaly_monitors(MonitorArnList=[monitor])["AnomalyMonitors"]

    costs.delete_anomaly_monitor(MonitorArn=monitor)

    assert (read["MonitorName"], read["MonitorDimension"]) == ("other", "SERVICE")
    assert monitor.startswith("arn:aws:ce::555555555555:anomalymonitor/")
    with pytest.raises(costs.exceptions.UnknownMonitorException):
        costs.get_anomaly_monitors(MonitorArnList=[monitor])
    with pytest.raises(costs.exceptions.UnknownMonitorException):
        costs.delete_anomaly_monitor(MonitorArn=monitor)


def test_subscription_is_kept_as_sent(costs: Any, monitor: str) -> None:
    subscription = _subscription(costs, monitor)

    (read,) = costs.get_anomaly_subscriptions(SubscriptionArnList=[subscription])["AnomalySubscriptions"]

    assert read["ThresholdExpression"] == ABOVE_TEN
    assert (read["Frequency"], read["MonitorArnList"], read["AccountId"]) == ("WEEKLY", [monitor], "555555555555")
    assert read["Subscribers"] == [{"Type": "EMAIL", "Address": "a@example.com", "Status": "CONFIRMED"}]


def test_subscription_changes_only_what_is_asked(costs: Any, monitor: str) -> None:
    subscription = _subscription(costs, monitor)

    costs.update_anomaly_subscription(
        SubscriptionArn=subscription, Frequency="DAILY", Subscribers=[{"Type": "EMAIL", "Address": "b@example.com"}]
    )

    (read,) = costs.get_anomaly_subscriptions(MonitorArn=monitor)["AnomalySubscriptions"]
    assert (read["Frequency"], read["Subscribers"][0]["Address"]) == ("DAILY", "b@example.com")
    assert (read["SubscriptionName"], read["ThresholdExpression"]) == ("s", ABOVE_TEN)


def test_subscription_of_no_monitor_is_refused(costs: Any, monitor: str) -> None:
    subscription = _subscription(costs, monitor)

    with pytest.raises(costs.exceptions.UnknownMonitorException):
        _subscription(costs, NOBODY)
    with pytest.raises(costs.exceptions.UnknownMonitorException):
        costs.update_anomaly_subscription(SubscriptionArn=subscription, MonitorArnList=[NOBODY])


def test_deleted_subscription_is_gone(costs: Any, monitor: str) -> None:
    subscription = _subscription(costs, monitor)

    costs.delete_anomaly_subscription(SubscriptionArn=subscription)

    with pytest.raises(costs.exceptions.UnknownSubscriptionException):
        costs.get_anomaly_subscriptions(SubscriptionArnList=[subscription])
    assert costs.get_anomaly_subscriptions(MonitorArn=monitor)["AnomalySubscriptions"] == []


def test_tags_given_at_creation_are_those_that_change(costs: Any, monitor: str) -> None:
    for arn in (monitor, _subscription(costs, monitor)):
        made = costs.list_tags_for_resource(ResourceArn=arn)["ResourceTags"]

        costs.tag_resource(ResourceArn=arn, ResourceTags=[{"Key": "b", "Value": "2"}])
        costs.untag_resource(ResourceArn=arn, ResourceTagKeys=["a"])

        assert made == [{"Key": "a", "Value": "1"}]
        assert costs.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [{"Key": "b", "Value": "2"}]


def test_tags_for_the_bill_are_switched_on_and_off(costs: Any) -> None:
    answer = costs.update_cost_allocation_tags_status(
        CostAllocationTagsStatus=[
            {"TagKey": "Project", "Status": "Active"},
            {"TagKey": "Owner", "Status": "Active"},
            {"TagKey": "aws:createdBy", "Status": "Active"},
        ]
    )
    costs.update_cost_allocation_tags_status(CostAllocationTagsStatus=[{"TagKey": "Owner", "Status": "Inactive"}])

    def listed(**filters: Any) -> list[str]:
        return [each["TagKey"] for each in costs.list_cost_allocation_tags(**filters)["CostAllocationTags"]]

    assert answer["Errors"] == []
    assert listed(TagKeys=["Project", "nosuch"]) == ["Project"]
    assert listed(Status="Inactive") == ["Owner"]
    assert listed(Type="AWSGenerated") == ["aws:createdBy"]
