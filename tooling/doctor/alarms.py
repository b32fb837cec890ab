"""Does anybody hear an alarm: its actions, and who has confirmed to be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding, LiveResource

# In place of a subscription's ARN: nobody clicked the link yet, or somebody unsubscribed.
_SILENT = ("PendingConfirmation", "Deleted")
# So many names are asked for in one call, which gives 50 of them a page unless asked on.
_AT_ONCE = 100


def subscribers(examination: Examination) -> Iterator[Finding]:
    """Topics that nobody is subscribed to, or nobody has confirmed."""
    topics = _topics(examination)
    if not topics:
        yield warned(
            "topics",
            "no alarm leads to a topic",
            means="nobody is told of anything",
            next=f"switch monitoring on in envs/{examination.live.stack.name}/terraform.tfvars, plan and apply",
        )
    for arn in sorted(topics):
        name = f"topic {arn.rpartition(':')[2]}"
        yield from looked(name, _subscribers(examination, name, arn, topics[arn]))


def actions(examination: Examination) -> Iterator[Finding]:
    """Alarms that are gone, set nothing off, or are switched off, in the account."""
    applied: dict[str, list[str]] = {}
    for one in examination.live.of("aws_cloudwatch_metric_alarm"):
        applied.setdefault(one.region, []).append(str(one["alarm_name"]))
    found: list[dict[str, object]] = []
    lost: list[str] = []
    for region, names in sorted(applied.items()):
        with examination.live.asking("alarms"):
            pages = examination.client("cloudwatch", region).get_paginator("describe_alarms")
            there = [
                one
                for begin in range(0, len(names), _AT_ONCE)
                for page in pages.paginate(AlarmNames=names[begin : begin + _AT_ONCE])
                for one in page["MetricAlarms"]
            ]
        found += there
        lost += sorted(set(names) - {str(one["AlarmName"]) for one in there})
    if lost:
        yield failed(
            "alarms that are gone",
            ", ".join(lost),
            means="nobody watches what they did",
            next=f"groundplan plan {examination.command}, then apply",
        )
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


def _topics(examination: Examination) -> dict[str, LiveResource | None]:
    """Topics of the stack by ARN, and those elsewhere that its alarms lead to."""
    leads = {
        str(arn)
        for alarm in examination.live.of("aws_cloudwatch_metric_alarm")
        for arn in alarm.attributes.get("alarm_actions") or ()
        if str(arn).split(":")[2:3] == ["sns"]
    }
    return {**dict.fromkeys(leads), **{str(one["arn"]): one for one in examination.live.of("aws_sns_topic")}}


def _subscribers(examination: Examination, name: str, arn: str, topic: LiveResource | None) -> Iterator[Finding]:
    client, address = examination.client("sns", arn.split(":")[3]), topic.address if topic else ""
    tfvars = f"envs/{examination.live.stack.name}/terraform.tfvars"
    with examination.live.asking(name):
        try:
            pages = client.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=arn)
            found = [one for page in pages for one in page["Subscriptions"]]
        except client.exceptions.NotFoundException:
            next_step = f"groundplan plan {examination.command}, then apply"
            yield failed(name, "is not there any more", means="nobody is told", next=next_step, address=address)
            return
    confirmed = [one for one in found if one["SubscriptionArn"] not in _SILENT]
    means = "alarms go off and nobody is told"
    if not found:
        next_step = f"add an address to the alert addresses in {tfvars}, plan and apply"
        yield warned(name, "nobody is subscribed", means=means, next=next_step, address=address)
    elif not confirmed:
        next_step = "click the link in the mail that AWS sent to each of them"
        yield warned(name, f"none of {len(found)} has confirmed", means=means, next=next_step, address=address)
    else:
        waiting = f", {len(found) - len(confirmed)} have not confirmed" if len(confirmed) < len(found) else ""
        yield ok(name, f"{len(confirmed)} are told{waiting}", address=address)


DIAGNOSIS = Diagnosis(
    "alarms",
    "does anybody hear an alarm",
    ("aws_cloudwatch_metric_alarm", "aws_sns_topic"),
    (Part("topics", subscribers), Part("alarms", actions)),
)
