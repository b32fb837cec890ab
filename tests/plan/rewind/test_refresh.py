"""The daily refresh of the feeds."""

from __future__ import annotations

import json

import pytest

from tests.plan.rewind.parts import home
from tests.support.plans import Plan, Resource

RULE = "aws_cloudwatch_event_rule"
TARGET = "aws_cloudwatch_event_target"


def refresh(plan: Plan) -> tuple[Resource, Resource]:
    """The rule and its one target."""
    rule = plan.one(RULE, name=f"rewind-rss-update{home(plan).suffix}")
    (target,) = [each for each in plan.all(TARGET) if plan.referred(each, "rule", RULE) == rule]
    return rule, target


@pytest.mark.requirement("RW-EB-01")
def test_feeds_are_refreshed_at_midnight(every: Plan, minimal: Plan) -> None:
    rule, _ = refresh(every)

    assert rule["schedule_expression"] == "cron(0 0 * * ? *)"
    assert rule["state"] == "ENABLED"
    assert rule["event_pattern"] is None
    assert minimal.variables["rss_schedule"]["default"] == "cron(0 0 * * ? *)"


@pytest.mark.requirement("RW-EB-01")
def test_the_schedule_is_the_callers(chosen: Plan) -> None:
    rule, _ = refresh(chosen)

    assert rule["schedule_expression"] == "rate(6 hours)"


@pytest.mark.requirement("RW-EB-02")
def test_rule_invokes_the_podcast_handler(everywhere: Plan) -> None:
    rule, target = refresh(everywhere)
    handler = home(everywhere).function("podcastHandler")
    permission = everywhere.one("aws_lambda_permission", principal="events.amazonaws.com")

    assert everywhere.referred(target, "arn", "aws_lambda_function") == handler
    assert permission["action"] == "lambda:InvokeFunction"
    assert everywhere.referred(permission, "function_name", "aws_lambda_function") == handler
    assert everywhere.referred(permission, "source_arn", RULE) == rule
    # The function as it is, since the target names no version.
    assert permission["qualifier"] is None


@pytest.mark.requirement("RW-EB-03")
def test_handler_is_told_which_job_it_is(everywhere: Plan) -> None:
    _, target = refresh(everywhere)

    assert json.loads(target["input"]) == {"job": "rss-update"}
    assert target["input_path"] is None
    assert target["input_transformer"] == []


@pytest.mark.requirement("RW-EB-01")
def test_feeds_are_refreshed_in_the_first_region_only(doubled: Plan) -> None:
    rules = doubled.all(RULE)

    # The other one trains the recommendations.
    assert len(rules) == 2
    assert {doubled.provider(each) for each in rules} == {"aws"}
