"""Alarms that somebody hears, and dashboards that show something."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
    ]
    # A subscription that nobody has confirmed has these words for an ARN.
    pending = [one["Endpoint"] for one in found if not one["SubscriptionArn"].startswith("arn:")]
    if pending:
        return waiting(
            f"waits for the confirmation of {', '.join(pending)}",
            means="until then they hear nothing",
            next="they click the link in the mail from AWS Notifications",
        )
    if not found:
        return waiting("nobody is subscribed", means="alarms that go there tell nobody", next="give it an address")
    return kept(f"{len(found)} confirmed")


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
