"""Events: what each rule listens to, what it calls, and where events go that fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plan.nullcheck.functions import FUNCTIONS, arn, function, functions, suffix
from tests.support.plans import Plan, Resource

RULE = "aws_cloudwatch_event_rule"
TARGET = "aws_cloudwatch_event_target"
QUEUE = "aws_sqs_queue"
ARCHIVE = "aws_cloudwatch_event_archive"

# Name of the rule, the function that it calls, and what it listens to; the bucket's name is put in.
RULES: dict[str, tuple[str, dict[str, Any]]] = {
    "video-uploaded": (
        "startChunking",
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": ["<bucket>"]}, "object": {"key": [{"prefix": "uploads/"}]}},
        },
    ),
    "transcript-uploaded": (
        "analyzeTranscript",
        {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": ["<bucket>"]}, "object": {"key": [{"prefix": "transcripts/"}]}},
        },
    ),
    "job-ended": (
        "onMediaConvertJobChange",
        {
            "source": ["aws.mediaconvert"],
            "detail-type": ["MediaConvert Job State Change"],
            "detail": {"status": ["COMPLETE", "ERROR"]},
        },
    ),
    "upload-completed": ("onUploadCompleted", {"source": ["<own>"], "detail-type": ["Video Upload Completed"]}),
    "cleanup-requested": ("cleanupEpisode", {"source": ["<own>"], "detail-type": ["Episode Cleanup Requested"]}),
}

each_rule = pytest.mark.parametrize(
    "name",
    [
        pytest.param("video-uploaded", marks=pytest.mark.requirement("NC-EB-02")),
        pytest.param("transcript-uploaded", marks=pytest.mark.requirement("NC-EB-05")),
        pytest.param("job-ended", marks=pytest.mark.requirement("NC-EB-03")),
        pytest.param("upload-completed", marks=pytest.mark.requirement("NC-EB-04")),
        pytest.param("cleanup-requested", marks=pytest.mark.requirement("NC-EB-04")),
    ],
)


def rule(plan: Plan, name: str) -> Resource:
    return plan.one(RULE, name=f"nullcheck-{name}{suffix(plan)}")


def target(plan: Plan, name: str) -> Resource:
    block = rule(plan, name).block
    (found,) = [each for each in plan.all(TARGET) if block in plan.references(each, "rule")]
    return found


def expected_pattern(name: str, *, bucket: str, own: str) -> Any:
    return json.loads(json.dumps(RULES[name][1]).replace("<bucket>", bucket).replace("<own>", own))


@each_rule
@pytest.mark.requirement("NC-EB-06")
def test_rule_listens_to_one_kind_of_event(named: Plan, chosen: Plan, name: str) -> None:
    for plan, own in ((named, "nullcheck"), (chosen, "nullcheck.app")):
        bucket = plan.one("aws_s3_bucket")["bucket"]

        assert json.loads(rule(plan, name)["event_pattern"]) == expected_pattern(name, bucket=bucket, own=own)


@each_rule
@pytest.mark.requirement("NC-EB-06")
def test_rule_of_a_stack_listens_to_the_same(every: Plan, name: str) -> None:
    found = rule(every, name)

    if "<bucket>" in json.dumps(RULES[name][1]):
        # AWS makes up the bucket's name, so that the plan does not know the pattern.
        assert every.references(found, "event_pattern") == {
            "aws_s3_bucket.transcripts",
            "aws_s3_bucket.transcripts.bucket",
        }
    else:
        assert json.loads(found["event_pattern"]) == expected_pattern(name, bucket="", own="nullcheck")


@each_rule
@pytest.mark.requirement("NC-OV-02")
def test_rule_calls_its_function_and_may(everywhere: Plan, name: str) -> None:
    called = function(everywhere, RULES[name][0])
    found = target(everywhere, name)
    (permission,) = [
        each
        for each in everywhere.all("aws_lambda_permission", principal="events.amazonaws.com")
        if called.block in everywhere.references(each, "function_name")
    ]

    assert everywhere.references(found, "arn") == {called.block, f"{called.block}.arn"}
    assert everywhere.references(permission, "source_arn") == {
        rule(everywhere, name).block,
        f"{rule(everywhere, name).block}.arn",
    }
    assert permission["action"] == "lambda:InvokeFunction"
    assert permission["function_name"] == called["function_name"]
    # The event itself.
    assert (found["input"], found["input_path"], found["input_transformer"]) == (None, None, [])


@pytest.mark.requirement("NC-EB-01", "NC-EB-06")
def test_rules_are_all_on_the_default_bus_and_enabled(everywhere: Plan) -> None:
    rules, targets = everywhere.all(RULE), everywhere.all(TARGET)

    assert {each["name"] for each in rules} == {f"nullcheck-{name}{suffix(everywhere)}" for name in RULES}
    assert {each["event_bus_name"] for each in rules} == {"default"}
    assert {each["event_bus_name"] for each in targets} == {"default"}
    assert {each["state"] for each in rules} == {"ENABLED"}
    assert {each["schedule_expression"] for each in rules} == {None}
    assert len(targets) == len(rules)
    assert "aws_cloudwatch_event_bus" not in everywhere.types()


@pytest.mark.requirement("NC-EB-06")
def test_no_two_rules_listen_to_the_same(named: Plan) -> None:
    patterns = [json.dumps(json.loads(each["event_pattern"]), sort_keys=True) for each in named.all(RULE)]

    assert len(set(patterns)) == len(patterns) == 5
    assert all(json.loads(pattern)["detail-type"] for pattern in patterns)


@pytest.mark.requirement("NC-OV-02")
def test_nothing_but_events_and_the_api_calls_a_function(everywhere: Plan) -> None:
    permissions = everywhere.all("aws_lambda_permission")
    synchronous = {"aws_lambda_event_source_mapping", "aws_lambda_function_url", "aws_sns_topic_subscription"}

    assert sorted(each["principal"] for each in permissions) == (
        ["apigateway.amazonaws.com"] * 5 + ["events.amazonaws.com"] * 5
    )
    assert len({each["function_name"] for each in permissions}) == len(FUNCTIONS)
    assert not synchronous & everywhere.types()


@pytest.mark.requirement("NC-EB-04")
def test_source_of_our_own_events_is_nullcheck_unless_the_caller_says_otherwise(minimal: Plan) -> None:
    assert minimal.variables["event_source"]["default"] == "nullcheck"


def queue_arn(plan: Plan) -> str:
    return arn(plan, "sqs", plan.one(QUEUE)["name"])


@pytest.mark.requirement("NC-MON-04")
def test_events_that_fail_go_to_one_queue(prod: Plan, minimal: Plan, named: Plan) -> None:
    for plan in (prod, minimal, named):
        queue, dead = plan.one(QUEUE), queue_arn(plan)

        assert queue["name"] == f"nullcheck-dead-letters{suffix(plan)}"
        assert queue["sqs_managed_sse_enabled"] is True
        # Fourteen days, the longest there is.
        assert queue["message_retention_seconds"] == 1_209_600
        assert [each["dead_letter_config"] for each in plan.all(TARGET)] == [[{"arn": dead}]] * len(RULES)
        assert [each["dead_letter_config"] for each in functions(plan)] == [[{"target_arn": dead}]] * len(FUNCTIONS)


@pytest.mark.requirement("NC-MON-04")
def test_queue_is_there_before_anything_fails(prod: Plan) -> None:
    policy = prod.one("aws_sqs_queue_policy")

    assert all(policy.block in prod.awaited(each) for each in prod.all(TARGET))
    assert all(prod.one(QUEUE).block in prod.awaited(each) for each in functions(prod))


@pytest.mark.requirement("NC-MON-04")
def test_our_rules_may_send_to_the_queue_and_nobody_without_tls(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        policy = plan.one("aws_sqs_queue_policy")
        send, tls = plan.statements(policy, "policy")

        assert plan.referred(policy, "queue_url", QUEUE)
        assert send.allows
        assert send.grants == {("sqs:SendMessage", queue_arn(plan))}
        assert send.principals == {("Service", "events.amazonaws.com")}
        assert send.conditions == {("ArnLike", "aws:SourceArn", arn(plan, "events", "rule/*"))}
        assert not tls.allows
        assert tls.grants == {("sqs:*", queue_arn(plan))}
        assert tls.principals == {("*", "*")}
        assert tls.conditions == {("Bool", "aws:SecureTransport", "false")}


@pytest.mark.requirement("NC-MON-04")
def test_events_that_fail_are_dropped_where_the_queue_is_off(development: Plan, bare: Plan) -> None:
    for plan in (development, bare):
        assert not {QUEUE, "aws_sqs_queue_policy"} & plan.types()
        assert [each["dead_letter_config"] for each in plan.all(TARGET)] == [[]] * len(RULES)
        assert [each["dead_letter_config"] for each in functions(plan)] == [[]] * len(FUNCTIONS)
        assert plan.outputs["dead_letter_queue_url"] is None


@pytest.mark.requirement("NC-MON-05")
def test_what_the_rules_listen_to_is_archived(prod: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, days, own in ((prod, 30, "nullcheck"), (minimal, 30, "nullcheck"), (chosen, 90, "nullcheck.app")):
        archive = plan.one(ARCHIVE)

        assert archive["event_source_arn"] == arn(plan, "events", "event-bus/default")
        assert archive["retention_days"] == days
        assert json.loads(archive["event_pattern"]) == {"source": ["aws.s3", "aws.mediaconvert", own]}
        assert archive["name"] == f"nullcheck-events{suffix(plan)}"


@pytest.mark.requirement("NC-MON-05")
def test_nothing_is_archived_where_the_archive_is_off(development: Plan, bare: Plan) -> None:
    for plan in (development, bare):
        assert not plan.all(ARCHIVE)
        assert plan.outputs["event_archive_arn"] is None
