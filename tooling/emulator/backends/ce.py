"""Cost Explorer: anomaly monitors, who is told of an anomaly, and tags that costs are told apart by."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.ce.models import ce_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("ce")


@backend.answers("CreateAnomalyMonitor")
def create_anomaly_monitor(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_monitor, create."""
    arn = _arn(call, "anomalymonitor")
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    dates = {"CreationDate": today, "LastUpdatedDate": today}
    _monitors(call)[arn] = {**call.params["AnomalyMonitor"], **dates, "MonitorArn": arn}
    _tag(call, arn)
    return {"MonitorArn": arn}


@backend.answers("GetAnomalyMonitors")
def get_anomaly_monitors(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_monitor, read."""
    wanted = call.params.get("MonitorArnList") or list(_monitors(call))
    return {"AnomalyMonitors": [_monitor(call, arn) for arn in wanted]}


@backend.answers("UpdateAnomalyMonitor")
def update_anomaly_monitor(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_monitor, update: only the name can change."""
    arn = call.params["MonitorArn"]
    monitor = _monitor(call, arn)
    monitor["MonitorName"] = call.params.get("MonitorName", monitor["MonitorName"])
    return {"MonitorArn": arn}


@backend.answers("DeleteAnomalyMonitor")
def delete_anomaly_monitor(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_monitor, delete."""
    arn = call.params["MonitorArn"]
    _monitor(call, arn)
    del _monitors(call)[arn]
    return {}


@backend.answers("CreateAnomalySubscription")
def create_anomaly_subscription(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_subscription, create."""
    given = call.params["AnomalySubscription"]
    for monitor in given["MonitorArnList"]:
        _monitor(call, monitor)
    arn = _arn(call, "anomalysubscription")
    _subscriptions(call)[arn] = {
        **given,
        "Subscribers": _confirmed(given["Subscribers"]),
        "SubscriptionArn": arn,
        "AccountId": call.account,
    }
    _tag(call, arn)
    return {"SubscriptionArn": arn}


@backend.answers("GetAnomalySubscriptions")
def get_anomaly_subscriptions(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_subscription, read."""
    wanted = call.params.get("SubscriptionArnList") or list(_subscriptions(call))
    found = [_subscription(call, arn) for arn in wanted]
    monitor = call.params.get("MonitorArn")
    return {"AnomalySubscriptions": [each for each in found if monitor is None or monitor in each["MonitorArnList"]]}


@backend.answers("UpdateAnomalySubscription")
def update_anomaly_subscription(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_subscription, update."""
    changed = dict(call.params)
    subscription = _subscription(call, changed["SubscriptionArn"])
    for monitor in changed.get("MonitorArnList", []):
        _monitor(call, monitor)
    if "Subscribers" in changed:
        changed["Subscribers"] = _confirmed(changed["Subscribers"])
    subscription.update(changed)
    return {"SubscriptionArn": changed["SubscriptionArn"]}


@backend.answers("DeleteAnomalySubscription")
def delete_anomaly_subscription(call: Call) -> Mapping[str, Any]:
    """aws_ce_anomaly_subscription, delete."""
    arn = call.params["SubscriptionArn"]
    _subscription(call, arn)
    del _subscriptions(call)[arn]
    return {}


@backend.answers("UpdateCostAllocationTagsStatus")
def update_cost_allocation_tags(call: Call) -> Mapping[str, Any]:
    """aws_ce_cost_allocation_tag, create, update and delete (which makes it inactive).

    AWS knows a tag a day after the first resource has it, and refuses it before; here every key can be activated.
    """
    for entry in call.params["CostAllocationTagsStatus"]:
        key = entry["TagKey"]
        kind = "AWSGenerated" if key.startswith("aws:") else "UserDefined"
        _cost_allocation_tags(call)[key] = {"TagKey": key, "Type": kind, "Status": entry["Status"]}
    return {"Errors": []}


@backend.answers("ListCostAllocationTags")
def list_cost_allocation_tags(call: Call) -> Mapping[str, Any]:
    """aws_ce_cost_allocation_tag, read: the provider lists by the key."""
    keys, status, kind = (call.params.get(name) for name in ("TagKeys", "Status", "Type"))
    return {
        "CostAllocationTags": [
            tag
            for tag in _cost_allocation_tags(call).values()
            if (not keys or tag["TagKey"] in keys) and status in (None, tag["Status"]) and kind in (None, tag["Type"])
        ]
    }


def _confirmed(subscribers: list[dict[str, str]]) -> list[dict[str, str]]:
    return [{"Status": "CONFIRMED", **subscriber} for subscriber in subscribers]


def _monitor(call: Call, arn: str) -> dict[str, Any]:
    if arn not in _monitors(call):
        raise AwsError("UnknownMonitorException", f"The cost anomaly monitor {arn} does not exist.")
    return _monitors(call)[arn]


def _subscription(call: Call, arn: str) -> dict[str, Any]:
    if arn not in _subscriptions(call):
        raise AwsError("UnknownSubscriptionException", f"The cost anomaly subscription {arn} does not exist.")
    return _subscriptions(call)[arn]


def _monitors(call: Call) -> dict[str, dict[str, Any]]:
    return call.account_store("anomaly-monitors")


def _subscriptions(call: Call) -> dict[str, dict[str, Any]]:
    return call.account_store("anomaly-subscriptions")


def _cost_allocation_tags(call: Call) -> dict[str, dict[str, str]]:
    return call.account_store("cost-allocation-tags")


def _arn(call: Call, kind: str) -> str:
    """Cost Explorer is global: its ARNs name no region."""
    return f"arn:aws:ce::{call.account}:{kind}/{uuid.uuid4()}"


def _tag(call: Call, arn: str) -> None:
    """moto keeps tags by ARN, and answers them for whatever has one."""
    ce_backends[call.account]["aws"].tag_resource(arn, call.params.get("ResourceTags", []))
