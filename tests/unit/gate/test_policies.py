"""Each check of ``policies/`` on the resources that its examples name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, failed, finding_of, planted
from tooling.gate.canary import CANARY_DAY, plan_of
from tooling.gate.policies_folder import DEFAULT, Example, Policies, read_policies

IDS = sorted(path.stem for path in (DEFAULT / "examples").glob("*.yaml"))
TAGS = {"Architecture": "kefir", "Environment": "dev", "ManagedBy": "groundplan"}


@pytest.fixture(scope="module")
def policies() -> Policies:
    return read_policies(DEFAULT)


def test_every_check_has_examples_and_every_example_a_check(policies: Policies) -> None:
    assert list(policies.ids) == IDS


@pytest.mark.parametrize("check_id", IDS)
def test_a_check_refuses_its_failing_examples_and_passes_the_others(
    judge: Judge, policies: Policies, check_id: str
) -> None:
    # GIVEN
    examples = policies.examples[check_id]

    # WHEN
    result = judge(plan_of([*examples.failing, *examples.passing, *examples.around]), today=CANARY_DAY)

    # THEN
    refused = {address for found, address in failed(result) if found == check_id}
    assert refused == {example.address for example in examples.failing}


@pytest.mark.parametrize("check_id", IDS)
def test_an_example_whose_value_is_not_known_yet_is_undecided(judge: Judge, policies: Policies, check_id: str) -> None:
    # GIVEN
    examples = policies.examples[check_id]

    # WHEN
    result = judge(plan_of([*examples.failing, *examples.around]), today=CANARY_DAY)

    # THEN
    undecided = {finding.address for finding in result.undecided if finding.check_id == check_id}
    assert undecided == {example.address for example in examples.failing if "not_known_yet" in example.address}
    assert undecided, "each check has a value that it may not know"


@pytest.mark.parametrize(
    ("today", "supported"), [(date(2026, 4, 29), True), (date(2026, 4, 30), False), (date(2030, 1, 1), False)]
)
def test_a_runtime_is_supported_until_its_last_day(judge: Judge, today: date, supported: bool) -> None:
    # GIVEN
    plan = planted({"aws_lambda_function.f": {"function_name": "f", "package_type": "Zip", "runtime": "nodejs20.x"}})

    # WHEN
    result = judge(plan, today=today)

    # THEN
    assert (("GP_LAMBDA_1", "aws_lambda_function.f") not in failed(result)) is supported
    if not supported:
        message = "AWS ended its support of runtime 'nodejs20.x' on 2026-04-30"
        assert finding_of(result, "GP_LAMBDA_1").message == message


def _document(statement: dict[str, Any]) -> dict[str, Any]:
    return planted({"data.aws_iam_policy_document.d": {"statement": [statement]}})


@pytest.mark.parametrize(
    ("resource", "wild"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:s3:::photos/*", False),
        ("arn:aws:s3:::photos-*", False),
        ("arn:aws:lambda:us-east-1:1:function:*", True),
        ("arn:aws:lambda:us-east-1:1:function:a:*", False),
        ("arn:aws:execute-api:us-east-1:1:abc123/*", False),
        ("arn:aws:execute-api:us-east-1:1:*", True),
        ("arn:aws:apigateway:us-east-1::/restapis/*", True),
        ("arn:aws:*:us-east-1:1:table/a", True),
        ("arn:aws:dynamodb:us-east-1:*:table/a", True),
        ("arn:aws:iam::1:role/app-*", False),
        ("arn:aws:secretsmanager:us-east-1:1:secret:*", True),
    ],
)
def test_a_resource_is_wild_when_it_means_more_than_one_named_thing(judge: Judge, resource: str, wild: bool) -> None:
    # WHEN
    result = judge(_document({"actions": ["x:Y"], "resources": [resource]}))

    # THEN
    assert (("GP_IAM_2", "data.aws_iam_policy_document.d") in failed(result)) is wild


@pytest.mark.parametrize(
    ("action", "wild"),
    [("*", True), ("s3:*", True), ("s3:Get*", True), ("s3:GetObjec?", True), ("s3:GetObject", False)],
)
def test_an_action_is_wild_with_any_wildcard_in_it(judge: Judge, action: str, wild: bool) -> None:
    # WHEN
    result = judge(_document({"actions": [action], "resources": ["arn:aws:s3:::a/*"]}))

    # THEN
    assert (("GP_IAM_1", "data.aws_iam_policy_document.d") in failed(result)) is wild


def test_a_finding_quotes_the_statement_it_is_about(judge: Judge) -> None:
    # WHEN
    result = judge(_document({"actions": ["sqs:SendMessage"], "resources": ["*"]}))

    # THEN
    assert finding_of(result, "GP_IAM_2").message == "statement[0] allows sqs:SendMessage on '*'"
    assert finding_of(result, "GP_IAM_2").source == "policies/iam_wildcard_resource.py"


@pytest.mark.parametrize(
    ("principal", "fine"),
    [
        ({"type": "AWS", "identifiers": ["arn:aws:iam::111111111111:root"]}, True),
        ({"type": "AWS", "identifiers": ["*"]}, False),
        ({"type": "AWS", "identifiers": ["arn:aws:iam::111111111111:role/x"]}, False),
        ({"type": "Service", "identifiers": ["logs.amazonaws.com"]}, False),
    ],
)
def test_only_the_accounts_root_may_do_everything_with_a_key(
    judge: Judge, principal: dict[str, Any], fine: bool
) -> None:
    # WHEN
    result = judge(_document({"actions": ["kms:*"], "resources": ["*"], "principals": [principal]}))

    # THEN
    assert (("GP_IAM_1", "data.aws_iam_policy_document.d") not in failed(result)) is fine


def test_the_key_policy_of_a_key_that_is_switched_off_is_still_one(judge: Judge) -> None:
    # GIVEN a document that a key with count = 0 refers to
    plan = _document({"actions": ["kms:Encrypt"], "resources": ["*"]})
    key = {"address": "aws_kms_key.k", "mode": "managed", "type": "aws_kms_key", "name": "k"}
    reference = ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]
    configured = plan["configuration"]["root_module"]["resources"]
    configured.append({**key, "expressions": {"policy": {"references": reference}}})

    # WHEN
    result = judge(plan)

    # THEN
    assert not {check for check, _ in failed(result)} & {"GP_IAM_2", "CKV_AWS_109", "CKV_AWS_111", "CKV_AWS_356"}


def test_a_document_that_something_else_uses_too_is_no_key_policy(judge: Judge) -> None:
    # GIVEN
    reference = {"policy": {"references": ["data.aws_iam_policy_document.d.json"]}}
    plan = planted(
        {
            "data.aws_iam_policy_document.d": {"statement": [{"actions": ["kms:Encrypt"], "resources": ["*"]}]},
            "aws_kms_key.k": {"expressions": reference, "unknown": {"policy": True}},
            "aws_iam_role_policy.p": {"expressions": reference, "unknown": {"policy": True}},
        }
    )

    # THEN
    assert ("GP_IAM_2", "data.aws_iam_policy_document.d") in failed(judge(plan))


def test_a_policy_that_merges_an_unreadable_one_is_undecided(judge: Judge) -> None:
    # GIVEN
    plan = planted(
        {
            "data.aws_iam_policy_document.d": {
                "statement": [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::a/*"]}],
                "source_policy_documents": [None],
                "unknown": {"source_policy_documents": [True]},
            }
        }
    )

    # WHEN
    finding = finding_of(judge(plan), "GP_IAM_1")

    # THEN
    assert finding.undecided
    assert finding.message == "the policy in source_policy_documents is known only after apply"


def test_tags_count_wherever_they_come_from(judge: Judge) -> None:
    # GIVEN tags of the resource and the provider's default ones, which tags_all unites
    plan = planted({"aws_sns_topic.t": {"tags": {"Environment": "dev"}, "tags_all": TAGS}})

    # THEN
    assert ("GP_TAGS_1", "aws_sns_topic.t") not in failed(judge(plan))


def test_a_finding_names_the_tags_that_lack(judge: Judge) -> None:
    # WHEN
    result = judge(planted({"aws_sns_topic.t": {"tags_all": {"Environment": "dev"}}}))

    # THEN
    assert finding_of(result, "GP_TAGS_1").message == "has no tag Architecture, ManagedBy"


def _function_with(document: dict[str, Any], **environment: str) -> dict[str, Any]:
    """A function of a role that a document describes; ``document`` as ``planted`` wants it."""
    reference = {"policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}}
    return {
        "aws_lambda_function.f": {
            "function_name": "f",
            "role": "arn:aws:iam::1:role/r",
            "environment": [{"variables": environment}],
        },
        "aws_iam_role.r": {"name": "r"},
        "aws_iam_role_policy.p": {"role": "r", "unknown": {"policy": True}, "expressions": reference},
        "data.aws_iam_policy_document.d": document,
    }


@pytest.mark.parametrize(
    ("action", "resource", "reaches"),
    [
        ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:table/t", ""),
        ("dynamodb:Query", "arn:aws:dynamodb:us-west-2:1:table/t/index/*", ""),
        ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:table/other", "'other'"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:us-east-1:1:table/t-2", "'t-2'"),
        ("s3:GetObject", "arn:aws:s3:::b/uploads/*", ""),
        ("s3:ListBucket", "arn:aws:s3:::b", ""),
        ("s3:GetObject", "arn:aws:s3:::b*", "'b*'"),
        ("s3:GetObject", "arn:aws:s3:us-east-1:1:accesspoint/other/object/*", "'other'"),
        ("S3:GetObject", "arn:aws:s3:::other/*", "'other'"),
        ("*", "arn:aws:s3:::other/*", "'other'"),
        ("sqs:SendMessage", "arn:aws:sqs:us-east-1:1:other", ""),
    ],
)
def test_a_function_reaches_the_data_in_its_environment_only(
    judge: Judge, action: str, resource: str, reaches: str
) -> None:
    # GIVEN
    statement = {"actions": [action], "resources": [resource]}
    plan = planted(_function_with({"statement": [statement]}, TABLE="t", BUCKET="s3://b/uploads"))

    # WHEN
    messages = [finding.message for finding in judge(plan).findings if finding.check_id == "GP_LAMBDA_2"]

    # THEN
    where = "data.aws_iam_policy_document.d statement[0]"
    expected = [f"{where} allows access to {reaches}, of which the function is not told"] if reaches else []
    assert messages == expected


@pytest.mark.parametrize(
    ("unknown", "message"),
    [
        (1, "statement[1] allows access to aws_s3_bucket.new, of which the function is not told"),
        (0, "a resource of data.aws_iam_policy_document.d statement[0] is known only after apply"),
    ],
)
def test_a_statement_beside_a_dynamic_one_is_known_by_its_sid(judge: Judge, unknown: int, message: str) -> None:
    # GIVEN a plan, which has no expressions for the first statement: that one is a dynamic block's
    resources: list[str | None] = ["arn:aws:s3:::b/*", "arn:aws:s3:::b/*"]
    resources[unknown] = None
    document = {
        "statement": [
            {"sid": sid, "actions": ["s3:GetObject"], "resources": [resource]}
            for sid, resource in zip(("Dynamic", "Static"), resources, strict=True)
        ],
        "unknown": {"statement": [{"resources": [resource is None]} for resource in resources]},
        "expressions": {
            "statement": [
                {
                    "sid": {"constant_value": "Static"},
                    "resources": {"references": ["aws_s3_bucket.new.arn", "aws_s3_bucket.new"]},
                }
            ]
        },
    }
    bucket = {"aws_s3_bucket.new": {"unknown": {"bucket": True, "arn": True}}}

    # WHEN
    finding = finding_of(judge(planted({**_function_with(document, BUCKET="b"), **bucket})), "GP_LAMBDA_2")

    # THEN
    assert finding.message.endswith(message)
    assert finding.undecided is (unknown == 0)


@pytest.mark.parametrize(("name", "refused"), [("p", False), ("by-hand", True)])
def test_what_aws_shows_of_a_policy_in_its_role_is_not_what_will_be(judge: Judge, name: str, refused: bool) -> None:
    # GIVEN a role that has been applied, whose policy the plan narrows
    plan = _function_with({"statement": [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}]}, BUCKET="b")
    before = '{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::other/*"}]}'
    plan["aws_iam_role.r"] |= {"inline_policy": [{"name": name, "policy": before}], "expressions": {"name": {}}}
    plan["aws_iam_role_policy.p"] |= {"name": "p"}

    # THEN
    assert (("GP_LAMBDA_2", "aws_lambda_function.f") in failed(judge(planted(plan)))) is refused


def test_a_policy_that_the_role_itself_attaches_is_one_too(judge: Judge) -> None:
    # GIVEN
    plan = _function_with({"statement": [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}]}, BUCKET="b")
    plan["aws_iam_role.r"] |= {"managed_policy_arns": ["arn:aws:iam::aws:policy/AmazonS3FullAccess"]}

    # THEN
    message = "its role has policy 'arn:aws:iam::aws:policy/AmazonS3FullAccess', which is not in the stack"
    assert finding_of(judge(planted(plan)), "GP_LAMBDA_2").message == message


def test_a_document_that_another_one_takes_in_is_read_too(judge: Judge) -> None:
    # GIVEN
    inner = {"statement": [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::other/*"]}]}
    outer = {
        "statement": [{"actions": ["s3:GetObject"], "resources": ["arn:aws:s3:::b/*"]}],
        "unknown": {"source_policy_documents": [True]},
        "expressions": {"source_policy_documents": {"references": ["data.aws_iam_policy_document.inner.json"]}},
    }
    plan = planted({**_function_with(outer, BUCKET="b"), "data.aws_iam_policy_document.inner": inner})

    # THEN
    assert "to 'other', of which" in finding_of(judge(plan), "GP_LAMBDA_2").message


def test_a_rule_of_the_same_name_in_another_region_is_another_one(judge: Judge) -> None:
    # GIVEN rules of one name, by events here and by schedule there
    plan = planted(
        {
            "aws_cloudwatch_event_rule.here": {"name": "r", "event_pattern": "{}"},
            "aws_cloudwatch_event_rule.there": {"name": "r", "schedule_expression": "rate(1 day)"},
            "aws_cloudwatch_event_target.here": {"rule": "r"},
            "aws_cloudwatch_event_target.there": {"rule": "r"},
        }
    )
    for entry in plan["configuration"]["root_module"]["resources"]:
        entry["provider_config_key"] = "aws.there" if entry["name"] == "there" else "aws"

    # WHEN
    refused = {address for check, address in failed(judge(plan)) if check == "GP_EVENTS_1"}

    # THEN
    assert refused == {"aws_cloudwatch_event_target.here"}


def test_a_finding_names_both_regions(judge: Judge) -> None:
    # GIVEN
    key = Example("aws_kms_key.k", {}, {"arn": True}, {}, "us-east-1")
    reference = {"kms_key_id": {"references": ["aws_kms_key.k.arn", "aws_kms_key.k"]}}
    logs = Example("aws_cloudwatch_log_group.l", {"name": "l"}, {"kms_key_id": True}, reference, "us-west-2")

    # WHEN
    finding = finding_of(judge(plan_of([key, logs])), "GP_REGION_1")

    # THEN
    assert finding.message == "kms_key_id is aws_kms_key.k, a key of us-east-1, not of us-west-2"
