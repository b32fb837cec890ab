"""What keeps events: the queue of those that nobody could handle, the stream's consumer, the archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue, DeadLetterQueueProps
from cdktf_app.constructs.event_archive import EventArchive, EventArchiveProps
from cdktf_app.constructs.lambda_function import FunctionSettings, LambdaFunction, LambdaFunctionProps
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.constructs.stream_consumer import StreamConsumer, StreamConsumerProps
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
QUEUE = "arn:aws:sqs:${var.region}:${var.account_id}:app-${var.environment}-dead"


@pytest.fixture
def dead(part: Construct, deployment: Deployment) -> DeadLetterQueue:
    return DeadLetterQueue(part, "dead", props=DeadLetterQueueProps(deployment=deployment, name="dead"))


@pytest.mark.usefixtures("dead")
def test_a_queue_keeps_what_it_gets_encrypted_for_as_long_as_it_can(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_sqs_queue")

    assert made["sqs_managed_sse_enabled"] is True
    assert made["message_retention_seconds"] == 1209600
    assert "count" not in made


@pytest.mark.usefixtures("dead")
def test_only_rules_of_this_account_send_to_a_queue_and_over_tls(synthesize: Synthesize) -> None:
    statements = synthesize().statements("dead_access")

    assert statements.keys() == {"UndeliveredEvents", "RefusePlainHttp"}
    sent = statements["UndeliveredEvents"]
    assert (sent["actions"], sent["resources"]) == (["sqs:SendMessage"], [QUEUE])
    assert sent["principals"] == [{"identifiers": ["events.amazonaws.com"], "type": "Service"}]
    assert sent["condition"] == [
        {
            "test": "ArnLike",
            "variable": "aws:SourceArn",
            "values": ["arn:aws:events:${var.region}:${var.account_id}:rule/*"],
        }
    ]
    assert statements["RefusePlainHttp"]["effect"] == "Deny"


def test_a_queue_that_hangs_on_a_condition_is_null_without_it(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = DeadLetterQueueProps(deployment=deployment, name="dead", enabled="var.kept")
    queue = DeadLetterQueue(part, "dead", props=props)

    module = synthesize()
    assert module.the("aws_sqs_queue")["count"] == module.the("aws_sqs_queue_policy")["count"] == "${var.kept ? 1 : 0}"
    assert queue.url == "${one(aws_sqs_queue.dead[*].url)}"
    assert queue.known_name == "app-${var.environment}-dead"


def test_events_that_a_function_failed_on_go_to_the_queue(
    part: Construct, settings: FunctionSettings, dead: DeadLetterQueue, synthesize: Synthesize
) -> None:
    props = LambdaFunctionProps(name="job", description="W.", settings=replace(settings, dead_letters=dead))
    LambdaFunction(part, "job", props=props)

    module = synthesize()
    made = module.resource("aws_lambda_function", "job")
    assert made["dynamic"]["dead_letter_config"]["content"] == {"target_arn": QUEUE}
    # Lambda refuses a queue that it may not send to, or that is not there.
    assert made["depends_on"] == ["aws_iam_role_policy.job_role_policy", "aws_sqs_queue.dead"]
    sent = module.statements("job_role_permissions")["KeepFailures"]
    assert (sent["actions"], sent["resources"]) == (["sqs:SendMessage"], [QUEUE])


def test_a_consumer_is_given_every_change_and_what_fails_for_good_is_put_aside(
    part: Construct, deployment: Deployment, function: LambdaFunction, dead: DeadLetterQueue, synthesize: Synthesize
) -> None:
    table = SingleTable(
        part, "t", props=SingleTableProps(deployment=deployment, name="t", ttl_attribute="TTL", stream=True)
    )
    StreamConsumer(part, "changes", props=StreamConsumerProps(table=table, function=function, dead_letters=dead))

    module = synthesize()
    mapping = module.the("aws_lambda_event_source_mapping")
    assert mapping["event_source_arn"] == "${aws_dynamodb_table.t.stream_arn}"
    assert mapping["function_name"] == "${aws_lambda_function.job.arn}"
    assert mapping["bisect_batch_on_function_error"] is True
    # Without this answer one bad record would have the whole batch done again.
    assert mapping["function_response_types"] == ["ReportBatchItemFailures"]
    assert mapping["maximum_retry_attempts"] == 5
    assert mapping["destination_config"] == {"on_failure": {"destination_arn": QUEUE}}
    assert mapping["depends_on"] == ["aws_iam_role_policy.job_role_policy"]
    statements = module.statements("job_role_permissions")
    assert statements["PutAside"]["resources"] == [QUEUE]
    arn = "arn:aws:dynamodb:${var.region}:${var.account_id}:table/app-${var.environment}-t"
    assert statements["ReadChanges"]["resources"] == [f"{arn}/stream/*"]
    assert "dynamodb:GetRecords" in statements["ReadChanges"]["actions"]


def test_an_archive_keeps_some_events_of_the_default_bus_for_a_while(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    props = EventArchiveProps(
        deployment=deployment,
        name="events",
        description="Kept.",
        event_pattern={"source": ["app"]},
        retention_days=30,
        enabled="var.kept",
    )
    archive = EventArchive(part, "archive", props=props)

    made = synthesize().the("aws_cloudwatch_event_archive")
    assert made["event_source_arn"] == "arn:aws:events:${var.region}:${var.account_id}:event-bus/default"
    assert made["event_pattern"] == '${jsonencode({ source = ["app"] })}'
    assert (made["retention_days"], made["count"]) == (30, "${var.kept ? 1 : 0}")
    assert archive.arn == "${one(aws_cloudwatch_event_archive.archive[*].arn)}"
