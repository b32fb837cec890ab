"""Queues: encrypted, with a place for what cannot be handled, and that place empty."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.live import LiveResource, LiveStack

# Where a resource names the queue of what it could not deliver; a redrive policy is JSON with the same.
_BLOCKS = ("dead_letter_config", "on_failure", "redrive_policy")
_ARN = re.compile(r"arn:[^\"\s]+")


def _dead_letter_arns(value: object, inside: bool = False) -> Iterator[str]:
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _dead_letter_arns(entry, inside or key in _BLOCKS)
    elif isinstance(value, list):
        for entry in value:
            yield from _dead_letter_arns(entry, inside)
    elif inside and isinstance(value, str):
        yield from _ARN.findall(value)


def _takes_dead_letters(live: LiveStack, queue: LiveResource) -> bool:
    return any(queue["arn"] in _dead_letter_arns(dict(one.attributes)) for one in live.all)


def sound(live: LiveStack, queue: LiveResource) -> Answer:
    client = live.client("sqs", queue.region)
    found = client.get_queue_attributes(QueueUrl=queue.id, AttributeNames=["All"])["Attributes"]
    if found.get("SqsManagedSseEnabled") != "true" and not found.get("KmsMasterKeyId"):
        return broken("messages are not encrypted")
    if _takes_dead_letters(live, queue):
        count = int(found.get("ApproximateNumberOfMessages", 0))
        if count:
            step = f"aws sqs receive-message --region {queue.region} --queue-url {queue.id}"
            return waiting(f"{count} dead letters", means="so many messages were not handled", next=f"read one: {step}")
        return kept("no dead letters")
    if not found.get("RedrivePolicy"):
        return broken("no queue for dead letters", means="what cannot be handled is tried until it is lost")
    return kept("encrypted, with a queue for dead letters")


PROMISES = (Promise("queue-sound", "queues are encrypted and lose nothing", ("aws_sqs_queue",), sound),)
