"""Does anybody hear an alarm: its actions, and who has confirmed to be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.doctor.examination import Diagnosis, Part
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

_PENDING = "PendingConfirmation"


def subscribers(examination: Examination) -> Iterator[Finding]:
    """Topics that nobody is subscribed to, or nobody has confirmed."""
    topics = examination.live.of("aws_sns_topic")
    if not topics:
        yield warned(
            "alarms",
            "the stack has no topic",
            means="nobody is told of anything",
            next=f"switch monitoring on in envs/{examination.live.stack.name}/terraform.tfvars, plan and apply",
        )
    for topic in topics:
        arn, name = str(topic["arn"]), f"topic {topic['name']}"
        client = examination.client("sns", topic.region)
        with examination.live.asking(name):
            try:
                pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
                found = [one for page in pages for one in page["Subscriptions"]]
            except client.exceptions.NotFoundException:
                next_step = f"groundplan plan {examination.command}, then apply"
                yield failed(
                    name, "is not there any more", means="nobody is told", next=next_step, address=topic.address
                )
                continue
        confirmed = [one for one in found if one["SubscriptionArn"] != _PENDING]
        if not found:
            yield warned(
                name,
                "nobody is subscribed",
                means="alarms go off and nobody is told",
                next=f"add an address to the alert addresses in envs/{examination.live.stack.name}/terraform.tfvars, "
                "plan and apply",
                address=topic.address,
            )
        elif not confirmed:
            yield warned(
                name,
                f"none of {len(found)} has confirmed",
                means="alarms go off and nobody is told",
                next="click the link in the mail that AWS sent to each of them",
                address=topic.address,
            )
        else:
            waiting = f", {len(found) - len(confirmed)} have not confirmed" if len(confirmed) < len(found) else ""
            yield ok(name, f"{len(confirmed)} are told{waiting}", address=topic.address)


def actions(examination: Examination) -> Iterator[Finding]:
    """Alarms that set nothing off, or are switched off, in the account."""
    found: list[dict[str, object]] = []
    for region in sorted({one.region for one in examination.live.of("aws_cloudwatch_metric_alarm")}):
        names = [
            str(one["alarm_name"]) for one in examination.live.of("aws_cloudwatch_metric_alarm") if one.region == region
        ]
        with examination.live.asking("alarms"):
            client = examination.client("cloudwatch", region)
            for begin in range(0, len(names), 100):
                found += client.describe_alarms(AlarmNames=names[begin : begin + 100])["MetricAlarms"]
    if not found:
        yield skipped("alarms", "there is none")
        return
    dumb = sorted(
        str(one["AlarmName"]) for one in found if not one.get("AlarmActions") or not one.get("ActionsEnabled")
    )
    loud = sorted(str(one["AlarmName"]) for one in found if one.get("StateValue") == "ALARM")
    if dumb:
        yield warned(
            "alarms",
            f"{len(dumb)} of {len(found)} set nothing off: {', '.join(dumb)}",
            means="they turn red on a page that nobody looks at",
            next=f"groundplan plan {examination.command}, then apply",
        )
    else:
        yield ok("alarms", f"all {len(found)} set something off")
    if loud:
        yield warned("alarms that are on", ", ".join(loud), means="something is wrong now")


DIAGNOSIS = Diagnosis(
    "alarms",
    "does anybody hear an alarm",
    ("aws_cloudwatch_metric_alarm", "aws_sns_topic"),
    (Part("topics", subscribers), Part("alarms", actions)),
)
