"""Alarms that somebody hears, and dashboards that show something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def wired(live: LiveStack, alarm: LiveResource) -> Answer:
    client = live.client("cloudwatch", alarm.region)
    found = client.describe_alarms(AlarmNames=[alarm["alarm_name"]])["MetricAlarms"]
    if not found:
        return broken(f"there is no alarm {alarm['alarm_name']}")
    actions = found[0].get("AlarmActions", [])
    lost = sorted(set(alarm.attributes.get("alarm_actions") or ()) - set(actions))
    if not found[0].get("ActionsEnabled", True):
        return broken("its actions are off", means="it goes off and tells nobody")
    if lost:
        return broken(f"no longer tells {', '.join(lost)}")
    if not actions:
        return waiting("it has no action", means="it goes off and tells nobody")
    return kept(", ".join(action.rpartition(":")[2] for action in actions))


def heard(live: LiveStack, topic: LiveResource) -> Answer:
    client = live.client("sns", topic.region)
    found = [
        one
        for page in client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic["arn"])
        for one in page["Subscriptions"]
        if one["SubscriptionArn"] != "Deleted"
    ]
    # https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html: "PendingConfirmation" stands for the ARN till then.
    pending = [_who(one) for one in found if not one["SubscriptionArn"].startswith("arn:")]
    if pending:
        return waiting(
            f"waits for the confirmation of {', '.join(pending)}",
            means="until then they hear nothing",
            next="they open the link that AWS Notifications sent them",
        )
    if not found:
        step = (
            f"give the module an address: envs/{live.stack.env}/{live.stack.architecture}/terraform.tfvars, then apply"
        )
        return waiting("nobody is subscribed", means="what is sent there reaches nobody", next=step)
    return kept(f"{len(found)} confirmed")


def _who(subscription: dict[str, Any]) -> str:
    """An address of the web holds the key of the service that is told in its path: its host says enough."""
    protocol, endpoint = str(subscription.get("Protocol", "")), str(subscription["Endpoint"])
    return f"{protocol}://{urlsplit(endpoint).hostname}" if protocol.startswith("http") else endpoint


def drawn(live: LiveStack, dashboard: LiveResource) -> Answer:
    client = live.client("cloudwatch", dashboard.region)
    body = client.get_dashboard(DashboardName=dashboard["dashboard_name"])["DashboardBody"]
    widgets = json.loads(body).get("widgets", [])
    return kept(f"{len(widgets)} widgets") if widgets else broken("it shows nothing")


PROMISES = (
    Promise("alarm-wired", "alarms act", ("aws_cloudwatch_metric_alarm",), wired),
    Promise("topic-heard", "somebody hears what topics say", ("aws_sns_topic",), heard),
    Promise("dashboard-drawn", "dashboards show something", ("aws_cloudwatch_dashboard",), drawn),
)
