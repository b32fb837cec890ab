"""Budgets, anomaly detection, and settings of the account that are neither made nor deleted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

_NEXT = ("NextPageToken", "NextPageToken")

# Both are there in every account, whoever asked to change them: to take them over changes nothing.
derived("aws_ce_cost_allocation_tag", "{tag_key}", within=True)
derived("aws_servicequotas_service_quota", "{service_code}/{quota_code}", within=True)


@finds("aws_budgets_budget")
@needs("name")
def _budget(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("budgets"), wanted.values["name"]
    account = wanted.values.get("account_id") or wanted.account_id
    if answer(client.describe_budget, AccountId=account, BudgetName=name):
        arn = f"arn:{client.meta.partition}:budgets::{account}:budget/{name}"
        yield Found(f"{account}:{name}", tags_in(client.list_tags_for_resource(ResourceARN=arn).get("ResourceTags")))


# Of both kinds AWS tells the day on which they were made, no time: that proves nothing.
@finds("aws_ce_anomaly_monitor")
@needs("name")
def _monitor(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("ce")
    for monitor in each(client, "get_anomaly_monitors", "AnomalyMonitors", token=_NEXT):
        kind = wanted.values.get("monitor_type")
        if monitor["MonitorName"] == wanted.values["name"] and kind in (None, monitor["MonitorType"]):
            yield Found(monitor["MonitorArn"], _tags(client, monitor["MonitorArn"]))


@finds("aws_ce_anomaly_subscription")
@needs("name")
def _subscription(wanted: Wanted) -> Iterator[Found]:
    client = wanted.client("ce")
    monitors = set(wanted.values.get("monitor_arn_list") or ())
    for entry in each(client, "get_anomaly_subscriptions", "AnomalySubscriptions", token=_NEXT):
        if entry["SubscriptionName"] == wanted.values["name"] and monitors <= set(entry["MonitorArnList"]):
            yield Found(entry["SubscriptionArn"], _tags(client, entry["SubscriptionArn"]))


def _tags(client: Any, arn: str) -> dict[str, str]:
    return tags_in(client.list_tags_for_resource(ResourceArn=arn).get("ResourceTags"))
