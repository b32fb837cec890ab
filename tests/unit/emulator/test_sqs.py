"""SQS: policies of queues, redrive policies from both ends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

POLICY = json.dumps(
    {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*"}]}
)
ALLOW = json.dumps({"redrivePermission": "allowAll"})


@pytest.fixture
def sqs(client: Client) -> Any:
    return client("sqs")


def _attributes(sqs: Any, url: str, *names: str) -> dict[str, str]:
    attributes: dict[str, str] = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names).get("Attributes", {})
    return attributes


def test_redrive_policy_is_answered_as_the_provider_writes_it(sqs: Any) -> None:
    sqs.create_queue(QueueName="dead")
    sent = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:555555555555:dead","maxReceiveCount":3}'

    url = sqs.create_queue(QueueName="redriven", Attributes={"RedrivePolicy": sent})["QueueUrl"]

    assert _attributes(sqs, url, "All")["RedrivePolicy"] == sent


@pytest.mark.parametrize("name", ["All", "RedriveAllowPolicy"])
def test_allow_policy_is_read_back(sqs: Any, name: str) -> None:
    url = sqs.create_queue(QueueName=f"allowed-{name}")["QueueUrl"]
    before = _attributes(sqs, url, name)

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ALLOW})
    after = _attributes(sqs, url, name)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"RedriveAllowPolicy": ""})

    assert "RedriveAllowPolicy" not in before
    assert after["RedriveAllowPolicy"] == ALLOW
    assert "RedriveAllowPolicy" not in _attributes(sqs, url, name)


def test_allow_policy_is_not_told_unasked(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="unasked", Attributes={"RedriveAllowPolicy": ALLOW})["QueueUrl"]

    assert _attributes(sqs, url, "QueueArn") == {"QueueArn": "arn:aws:sqs:us-east-1:555555555555:unasked"}


def test_policy_stays_when_something_else_changes(sqs: Any) -> None:
    url = sqs.create_queue(QueueName="guarded")["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": POLICY})

    sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": "60"})
    kept = _attributes(sqs, url, "All")
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

    assert (kept["Policy"], kept["VisibilityTimeout"]) == (POLICY, "60")
    assert "Policy" not in _attributes(sqs, url, "All")
