"""SQS: redrive policies as they were sent, who may redrive to a queue, and policies that outlive other changes."""

from __future__ import annotations

import json
from typing import Any

from moto.sqs.models import Queue, sqs_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("sqs")

_ALLOW = "RedriveAllowPolicy"


@backend.prepares("SetQueueAttributes")
def keep_policy(call: Call) -> None:
    """aws_sqs_queue beside aws_sqs_queue_policy, update: moto drops the policy when anything else changes."""
    wire = json.loads(call.body)
    policy = _queue(call).policy
    if policy and "Policy" not in wire["Attributes"]:
        wire["Attributes"]["Policy"] = policy
        call.body = json.dumps(wire).encode()


@backend.prepares("GetQueueAttributes")
def ask_for_what_moto_knows(call: Call) -> None:
    """aws_sqs_queue_redrive_allow_policy, read: moto keeps the policy and refuses to be asked for it."""
    wire = json.loads(call.body)
    wire["AttributeNames"] = [name for name in wire.get("AttributeNames", []) if name != _ALLOW]
    call.body = json.dumps(wire).encode()


@backend.amends("GetQueueAttributes")
def complete_attributes(call: Call, answer: dict[str, Any]) -> None:
    """aws_sqs_queue with redrive_policy, read: the next plan would take moto's spaces for a change."""
    attributes = answer.setdefault("Attributes", {})
    if "RedrivePolicy" in attributes:
        attributes["RedrivePolicy"] = json.dumps(json.loads(attributes["RedrivePolicy"]), separators=(",", ":"))
    allowed = getattr(_queue(call), "redrive_allow_policy", None)
    if allowed and {"All", _ALLOW} & set(call.params.get("AttributeNames", [])):
        attributes[_ALLOW] = allowed


def _queue(call: Call) -> Queue:
    return sqs_backends[call.account][call.region].get_queue(call.params["QueueUrl"].rpartition("/")[2])
