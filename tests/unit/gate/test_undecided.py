"""Checks that find nothing wrong because a value is not there yet: undecided, unless the configuration decides it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, failed, planted, real
from tooling.gate import GateResult

Json = dict[str, Any]
KEY = {"aws_kms_key.own": {"enable_key_rotation": True, "unknown": {"arn": True, "policy": True}}}


def refers(*references: str) -> Json:
    return {"references": list(references)}


def with_unknown(address: str, unknown: Mapping[str, Any], expressions: Mapping[str, Any], **values: Any) -> Json:
    """A plan of a resource of which something is not known, and of a key."""
    given = {**{name: {} for name in values}, **expressions}
    return planted({address: {**values, "unknown": dict(unknown), "expressions": given}, **KEY})


def undecided(result: GateResult) -> set[str]:
    return {finding.check_id for finding in result.undecided_passes}


LOG_GROUP = "aws_cloudwatch_log_group.logs"


def log_group(*references: str) -> Json:
    return with_unknown(
        LOG_GROUP, {"kms_key_id": True, "arn": True}, {"kms_key_id": refers(*references)}, retention_in_days=400
    )


@pytest.mark.parametrize(
    ("references", "decided"),
    [
        (["aws_kms_key.own.arn", "aws_kms_key.own"], True),
        # one(aws_kms_key.own[*].arn): of which attribute it is a plan does not say, but a key is what is asked for.
        (["aws_kms_key.own"], True),
        # What each.value and a local come from a plan does not say; nor is a policy the name of a key.
        (["each.value"], False),
        (["aws_kms_key.own.arn", "aws_kms_key.own", "local.key"], False),
        (["aws_kms_key.own.policy", "aws_kms_key.own"], False),
        (["aws_kms_key.gone.arn", "aws_kms_key.gone"], False),
    ],
)
def test_a_reference_decides_when_it_names_something_that_the_plan_makes(
    judge: Judge, references: list[str], decided: bool
) -> None:
    # WHEN
    result = judge(log_group(*references))

    # THEN
    assert ("CKV_AWS_158" in undecided(result)) is not decided
    assert "CKV_AWS_158" not in {check for check, _ in failed(result)}


def test_a_reference_is_followed_through_the_argument_that_it_names(judge: Judge) -> None:
    # GIVEN a queue that takes its key from a log group, which takes it from a key or from who knows where
    plans = [log_group("aws_kms_key.own.arn", "aws_kms_key.own"), log_group("each.value")]
    for plan in plans:
        queue = planted(
            {
                "aws_sqs_queue.q": {
                    "name": "q",
                    "unknown": {"kms_master_key_id": True},
                    "expressions": {"name": {}, "kms_master_key_id": refers(f"{LOG_GROUP}.kms_key_id", LOG_GROUP)},
                }
            }
        )
        for section in ("planned_values", "configuration"):
            plan[section]["root_module"]["resources"] += queue[section]["root_module"]["resources"]
        plan["resource_changes"] += queue["resource_changes"]

    # WHEN
    from_key, from_nowhere = (judge(plan).undecided_passes for plan in plans)

    # THEN
    assert "aws_sqs_queue.q" not in {finding.address for finding in from_key}
    assert "aws_sqs_queue.q" in {finding.address for finding in from_nowhere}


@pytest.mark.parametrize(
    ("check_id", "plan"),
    [
        # Rules that go over something unknown are not in a plan at all; nor can it be told that there are none.
        ("CKV_AWS_24", with_unknown("aws_security_group.g", {"ingress": True}, {}, description="a", name="a")),
        ("CKV_AWS_382", with_unknown("aws_security_group.g", {"egress": True}, {}, description="a", name="a")),
        # Whether there is a password in it.
        (
            "CKV_AWS_45",
            with_unknown(
                "aws_lambda_function.f",
                {"environment": [{"variables": True}]},
                {"environment": [{"variables": refers("local.settings")}]},
                environment=[{}],
                function_name="f",
            ),
        ),
        # Who may use it.
        (
            "CKV_AWS_283",
            with_unknown(
                "data.aws_iam_policy_document.d",
                {"statement": [{"principals": [{"identifiers": True}]}]},
                {"statement": [{"actions": {}, "principals": [{"identifiers": refers("local.who"), "type": {}}]}]},
                statement=[{"actions": ["s3:GetObject"], "resources": ["arn:a"], "principals": [{"type": "AWS"}]}],
            ),
        ),
        # A check over the graph.
        (
            "CKV2_AWS_53",
            with_unknown(
                "aws_api_gateway_method.m",
                {"request_validator_id": True},
                {"request_validator_id": refers("each.value")},
                http_method="GET",
                authorization="AWS_IAM",
            ),
        ),
        # checkov itself says that it cannot tell, and would say nothing.
        (
            "CKV_AWS_16",
            with_unknown(
                "aws_db_instance.d",
                {"storage_encrypted": True},
                {"storage_encrypted": refers("module.settings.encrypted")},
                engine="postgres",
            ),
        ),
    ],
)
def test_what_is_not_known_is_not_passed(judge: Judge, check_id: str, plan: Json) -> None:
    # WHEN
    result = judge(plan)

    # THEN
    (finding,) = [finding for finding in result.undecided_passes if finding.check_id == check_id]
    assert finding.undecided
    assert finding.message.endswith("is known only after apply")
    assert finding in result.undecided
    assert finding not in (*result.findings, *result.waived)


def test_what_nobody_asks_for_is_judged_as_that(judge: Judge) -> None:
    # GIVEN a parameter without a key of its own: AWS fills in which one it takes
    plan = with_unknown("aws_ssm_parameter.p", {"key_id": True, "arn": True}, {}, type="SecureString", name="p")

    # WHEN
    result = judge(plan)

    # THEN
    assert result.undecided_passes == ()


def test_a_policy_whose_statements_are_known_is_decided_though_its_text_is_not(judge: Judge) -> None:
    # GIVEN
    statement = {"actions": ["s3:GetObject"], "effect": "Allow", "resources": ["arn:aws:s3:::a/*"]}
    plan = planted(
        {
            "data.aws_iam_policy_document.d": {"statement": [statement]},
            "aws_iam_role_policy.p": {
                "role": "r",
                "unknown": {"policy": True},
                "expressions": {"role": {}, "policy": refers("data.aws_iam_policy_document.d.json")},
            },
        }
    )

    # WHEN
    result = judge(plan)

    # THEN
    assert "aws_iam_role_policy.p" not in {finding.address for finding in result.undecided_passes}


def test_an_undecided_check_is_no_passed_check(judge: Judge) -> None:
    # WHEN
    known, unknown = judge(log_group("aws_kms_key.own.arn")), judge(log_group("each.value"))

    # THEN
    assert len(unknown.undecided_passes) == 1
    assert known.checks_evaluated - unknown.checks_evaluated == 1
    # GP_REGION_1 cannot tell either, and says so in a finding of its own.
    assert unknown.checks_failed - known.checks_failed == 1
    assert known.checks_passed - unknown.checks_passed == 2


def test_what_was_passed_before_the_apply_is_passed_after_it(judge: Judge) -> None:
    # GIVEN
    before, after = judge(real("kefir_before_apply")), judge(real("kefir_after_apply"))

    # WHEN checks fail now that everything is known
    now = {pair for pair in failed(after) - failed(before) if pair[0].startswith("CKV")}

    # THEN
    assert now <= {(finding.check_id, finding.address) for finding in before.undecided_passes}
    assert before.undecided_passes
    assert after.undecided_passes == ()
