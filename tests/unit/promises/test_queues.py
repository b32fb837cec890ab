"""Promises of queues: encrypted, with a place for what cannot be handled."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop
from tooling.promises import ask_promise, promise


def test_dead_letters_are_told_of(client: Client, shop: Shop, name: str) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    state = {
        "aws_sqs_queue.dead_letters": {"id": url, "arn": arn},
        "aws_lambda_function.worker": {"dead_letter_config": [{"target_arn": arn}]},
    }
    assert shop.asked("queue-sound", state).saw == "no dead letters"

    sqs.send_message(QueueUrl=url, MessageBody="lost")

    found = shop.asked("queue-sound", state)
    assert (found.status, found.saw) == ("warned", "1 dead letters")


def test_a_queue_that_has_no_place_for_dead_letters_breaks_its_promise(client: Client, shop: Shop, name: str) -> None:
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]

    found = shop.asked("queue-sound", {"aws_sqs_queue.work": {"id": url, "arn": f"arn:{name}"}})

    assert (found.status, found.saw) == ("failed", "no queue for dead letters")


@pytest.mark.parametrize(
    "resource",
    [
        {"aws_sqs_queue.other": {"arn": "ARN-other", "id": "x", "redrive_policy": '{"deadLetterTargetArn":"ARN-dlq"}'}},
        {
            "aws_lambda_function_event_invoke_config.c": {
                "destination_config": [{"on_success": [{"destination": "ARN"}]}]
            }
        },
    ],
)
def test_a_queue_of_work_is_not_taken_for_one_of_dead_letters(
    client: Client, shop: Shop, name: str, resource: dict[str, Any]
) -> None:
    # GIVEN a queue whose name begins another's, or that hears of what went well
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "true"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.send_message(QueueUrl=url, MessageBody="work")
    others = json.loads(json.dumps(resource).replace("ARN", arn))
    live = shop.live({"aws_sqs_queue.work": {"id": url, "arn": arn}, **others})

    found = [one for one in ask_promise(live, promise("queue-sound", where="test")) if one.address.endswith(".work")]

    assert [(one.status, one.saw) for one in found] == [("failed", "no queue for dead letters")]
