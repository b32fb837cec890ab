"""SNS, SQS, EventBridge, Step Functions, SES."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource

SNS, SQS, EVENTS, STATES, SES = (
    "Amazon Simple Notification Service",
    "Amazon Simple Queue Service",
    "Amazon EventBridge",
    "AWS Step Functions",
    "Amazon Simple Email Service",
)
_DAYS_OF_MONTH = 30


def topic(item: Resource) -> Iterator[Component]:
    if item.get("fifo_topic", False):
        yield unpriced("messages", SNS, "no prices of a FIFO topic")
    else:
        yield only(SNS, "messages", "sns.request", item.assume("topic.messages"), "messages published")


def subscription(item: Resource) -> Iterator[Component]:
    protocol = str(item.required("protocol"))
    messages = item.assume("topic.messages")
    if protocol in ("email", "email-json"):
        yield only(SNS, "deliveries", "sns.delivery.email", messages, "e-mails")
    elif protocol in ("http", "https"):
        yield only(SNS, "deliveries", "sns.delivery.https", messages, "calls over HTTPS")
    elif protocol == "sms":
        yield only(SNS, "deliveries", "sns.delivery.sms.us", messages, "text messages", "price of a US number")
    elif protocol in ("lambda", "sqs"):
        yield nothing("deliveries", SNS, f"deliveries to {protocol} are free")
    else:
        yield unpriced("deliveries", SNS, f"no prices of deliveries to {protocol}")


def queue(item: Resource) -> Iterator[Component]:
    kind = "fifo" if item.get("fifo_queue", False) else "standard"
    yield only(SQS, "requests", f"sqs.request.{kind}", item.assume("queue.requests"), "requests")


def event_rule(item: Resource) -> Iterator[Component]:
    """Schedules and events of AWS's own services are free; what code publishes is paid once an event."""
    if item.get("schedule_expression") or _of_aws_alone(item):
        yield nothing("events", EVENTS, "schedules and events of AWS services are free")
        return
    published = item.assume("bus.custom_events")
    yield only(EVENTS, "events", "eventbridge.custom_event", published, "events that code publishes")


def _of_aws_alone(item: Resource) -> bool:
    """Whether a pattern, as far as the plan knows it, takes events of AWS's services only."""
    try:
        sources = json.loads(item.planned.values.get("event_pattern") or "{}").get("source") or ["?"]
    except (ValueError, AttributeError):
        return False
    return all(isinstance(source, str) and source.startswith("aws.") for source in sources)


def archive(item: Resource) -> Iterator[Component]:
    taken_in = item.assume("archive.gb")
    yield only(EVENTS, "ingestion", "eventbridge.archive.processed", taken_in, "taken in")
    days = item.get("retention_days", 0)
    if not days:
        yield unpriced("storage", EVENTS, "what is kept for ever has no month's size")
        return
    kept = taken_in * int(days) / _DAYS_OF_MONTH
    yield only(EVENTS, "storage", "eventbridge.archive.stored", kept, f"kept for {days} days")


def state_machine(item: Resource) -> Iterator[Component]:
    if item.get("type", "STANDARD") != "STANDARD":
        yield unpriced("runs", STATES, "no prices of an express workflow")
        return
    transitions = item.assume("workflow.executions") * item.assume("workflow.transitions")
    yield only(STATES, "transitions", "step_functions.transition", transitions, "state transitions")


def identity(item: Resource) -> Iterator[Component]:
    """E-mails are counted once, at the domain; an address of that domain sends the same ones."""
    name = str(item.required("email_identity"))
    domains = {other.planned.values.get("email_identity") for other in item.estate.of_type("aws_sesv2_email_identity")}
    if name.rpartition("@")[2] in domains and "@" in name:
        yield nothing("messages", SES, "counted at the identity of its domain")
    else:
        yield only(SES, "messages", "ses.message", item.assume("email.messages"), "e-mails")


PRICED: Mapping[str, Pricer] = {
    "aws_cloudwatch_event_archive": archive,
    "aws_cloudwatch_event_rule": event_rule,
    "aws_sesv2_email_identity": identity,
    "aws_sfn_state_machine": state_machine,
    "aws_sns_topic": topic,
    "aws_sns_topic_subscription": subscription,
    "aws_sqs_queue": queue,
}
