"""The schedule of the reminders."""

from __future__ import annotations

import json

import pytest

from tests.plan.kefir.functions import PROCESSOR, function
from tests.support.plans import Plan

RULE = "aws_cloudwatch_event_rule"
TARGET = "aws_cloudwatch_event_target"


@pytest.mark.requirement("KF-SCH-01")
def test_reminders_run_every_5_minutes(every: Plan) -> None:
    rule = every.one(RULE)

    assert rule["schedule_expression"] == "rate(5 minutes)"
    assert rule["state"] == "ENABLED"
    assert rule["event_pattern"] is None


@pytest.mark.requirement("KF-SCH-01")
def test_schedule_is_an_input(complete: Plan) -> None:
    assert complete.one(RULE)["schedule_expression"] == "rate(10 minutes)"


@pytest.mark.requirement("KF-SCH-02")
def test_rule_invokes_the_reminder_processor(every: Plan) -> None:
    target = every.one(TARGET)
    processor = function(every, PROCESSOR)
    rule = every.one(RULE)

    assert every.referred(target, "arn", "aws_lambda_function") == processor
    assert target["rule"] == rule["name"]
    permission = every.one("aws_lambda_permission", principal="events.amazonaws.com")
    assert permission["action"] == "lambda:InvokeFunction"
    assert every.referred(permission, "function_name", "aws_lambda_function") == processor
    assert every.referred(permission, "source_arn", RULE) == rule


@pytest.mark.requirement("KF-SCH-03")
def test_input_says_where_it_comes_from(every: Plan) -> None:
    sent = json.loads(every.one(TARGET)["input"])

    assert sent == {"source": "kefir.scheduler", "stage": every.input("environment")}
