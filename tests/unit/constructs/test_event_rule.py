from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue, DeadLetterQueueProps
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


def test_a_schedule_invokes_the_function_with_its_input(
    part: Construct, deployment: Deployment, function: LambdaFunction, synthesize: Synthesize
) -> None:
    props = EventRuleProps(
        deployment=deployment,
        name="often",
        description="Often.",
        target=function,
        schedule="rate(5 minutes)",
        input={"source": "here", "stage": "${var.environment}"},
    )
    EventRule(part, "often", props=props)

    module = synthesize()
    assert module.the("aws_cloudwatch_event_rule")["schedule_expression"] == "rate(5 minutes)"
    assert module.the("aws_cloudwatch_event_rule")["state"] == "ENABLED"
    target = module.the("aws_cloudwatch_event_target")
    assert target["arn"] == "${aws_lambda_function.job.arn}"
    assert target["input"] == '${jsonencode({\n  source = "here"\n  stage = var.environment\n})}'
    assert "dead_letter_config" not in target
    permission = module.the("aws_lambda_permission")
    assert permission["principal"] == "events.amazonaws.com"
    assert permission["source_arn"] == "${aws_cloudwatch_event_rule.often.arn}"


def test_events_that_cannot_be_delivered_go_to_the_queue(
    part: Construct, deployment: Deployment, function: LambdaFunction, synthesize: Synthesize
) -> None:
    dead = DeadLetterQueue(
        part, "dead", props=DeadLetterQueueProps(deployment=deployment, name="dead", enabled="var.kept")
    )
    props = EventRuleProps(
        deployment=deployment,
        name="on",
        description="On.",
        target=function,
        event_pattern={"source": ["aws.s3"]},
        dead_letters=dead,
    )
    EventRule(part, "on", props=props)

    module = synthesize()
    assert module.the("aws_cloudwatch_event_target")["dynamic"]["dead_letter_config"] == {
        "for_each": "${var.kept ? [true] : []}",
        "content": {"arn": dead.arn},
    }
    assert dead.arn == "arn:aws:sqs:${var.region}:${var.account_id}:app-${var.environment}-dead"
    assert module.the("aws_sqs_queue")["count"] == "${var.kept ? 1 : 0}"
    assert module.the("aws_cloudwatch_event_rule")["event_pattern"] == '${jsonencode({ source = ["aws.s3"] })}'


@pytest.mark.parametrize(
    ("schedule", "pattern", "given"), [(None, None, "neither"), ("rate(1 day)", {"source": ["aws.s3"]}, "both")]
)
def test_refuses_anything_but_one_trigger(
    schedule: str | None,
    pattern: dict[str, list[str]] | None,
    given: str,
    part: Construct,
    deployment: Deployment,
    function: LambdaFunction,
) -> None:
    props = EventRuleProps(
        deployment=deployment,
        name="r",
        description="R.",
        target=function,
        schedule=schedule,
        event_pattern=pattern,
    )

    with pytest.raises(ValueError, match=f"give a schedule or an event pattern, got {given}"):
        EventRule(part, "r", props=props)
