"""What checkov would misread in a plan, and does not in the one it is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, failed, planted, real

WRITES_EVERYWHERE = {"actions": ["s3:PutObject"], "resources": ["*"], "condition": [], "effect": None}
DOCUMENT_CHECKS = {"CKV_AWS_111", "CKV_AWS_356", "GP_IAM_2"}


def _checks_on(result: Any, address: str) -> set[str]:
    return {check for check, where in failed(result) if where == address}


def test_a_document_is_judged_although_a_plan_puts_empty_lists_for_what_was_not_given(judge: Judge) -> None:
    # WHEN
    result = judge(planted({"data.aws_iam_policy_document.d": {"statement": [WRITES_EVERYWHERE]}}))

    # THEN
    assert _checks_on(result, "data.aws_iam_policy_document.d") >= DOCUMENT_CHECKS


def test_a_statement_without_an_effect_allows(judge: Judge) -> None:
    # GIVEN
    statement = {"actions": ["*"], "resources": ["*"], "effect": None}

    # WHEN
    result = judge(planted({"data.aws_iam_policy_document.d": {"statement": [statement]}}))

    # THEN
    assert "CKV_AWS_1" in _checks_on(result, "data.aws_iam_policy_document.d")


def test_a_document_that_terraform_has_read_already_is_judged_too(judge: Judge) -> None:
    # GIVEN a document that stands in the prior state, where checkov does not look
    plan = planted({"data.aws_iam_policy_document.d": {"statement": [WRITES_EVERYWHERE]}})
    plan["prior_state"] = {"values": plan.pop("planned_values")}
    plan["planned_values"] = {"root_module": {}}
    plan["resource_changes"] = []

    # WHEN
    result = judge(plan)

    # THEN
    assert _checks_on(result, "data.aws_iam_policy_document.d") >= DOCUMENT_CHECKS
    assert result.resources_evaluated == 1


def test_a_document_of_an_earlier_configuration_is_not_judged(judge: Judge) -> None:
    # GIVEN
    plan = planted({"data.aws_iam_policy_document.d": {"statement": [WRITES_EVERYWHERE]}})
    plan["prior_state"] = {"values": plan.pop("planned_values")}
    plan |= {"planned_values": {"root_module": {}}, "resource_changes": [], "configuration": {"root_module": {}}}

    # THEN
    assert judge(plan).nothing_to_check


def _role_policies(unknown: bool) -> dict[str, Any]:
    """A role policy whose document writes to everything and to one thing that has no name yet."""
    statement = {"actions": ["s3:PutObject"], "resources": ["*", None]}
    reference = ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]
    return planted(
        {
            "data.aws_iam_policy_document.d": {
                "statement": [statement],
                "unknown": {"json": True, "statement": [{"resources": [False, True]}]},
            },
            "aws_iam_role_policy.p": {
                "role": "r",
                "unknown": {"policy": unknown},
                "expressions": {"role": {}, "policy": {"references": reference}},
            },
        }
    )


def test_a_policy_text_with_one_unknown_name_in_it_is_judged_by_its_document(judge: Judge) -> None:
    # WHEN
    result = judge(_role_policies(unknown=True))

    # THEN
    assert _checks_on(result, "aws_iam_role_policy.p") >= {"CKV_AWS_290", "CKV_AWS_355"}


def test_a_statement_is_found_where_it_is_written_also_when_its_text_is_known(judge: Judge) -> None:
    # GIVEN the same after an apply: the document was read, the role has its text as AWS gives it back
    plan = _role_policies(unknown=False)
    document, role_policy = plan["planned_values"]["root_module"]["resources"]
    statement = {"Effect": "Allow", "Action": "s3:PutObject", "Resource": ["arn:aws:s3:::a", "*"]}
    given_back = {**statement, "Action": ["s3:PutObject"], "Resource": ["*", "arn:aws:s3:::a"]}
    document["values"] |= {"json": json.dumps({"Statement": [statement]})}
    role_policy["values"] |= {"policy": json.dumps({"Statement": given_back})}

    # WHEN
    found = {address for check, address in failed(judge(plan)) if check == "GP_IAM_2"}

    # THEN
    assert found == {"data.aws_iam_policy_document.d"}


def test_a_text_that_was_changed_on_its_way_from_the_document_is_read_too(judge: Judge) -> None:
    # GIVEN
    plan = _role_policies(unknown=False)
    document, role_policy = plan["planned_values"]["root_module"]["resources"]
    document["values"] |= {"json": '{"Statement":[{"Effect":"Allow","Action":"s3:PutObject","Resource":"*"}]}'}
    other = '{"Statement":[{"Effect":"Allow","Action":["s3:PutObject","s3:GetObject"],"Resource":"*"}]}'
    role_policy["values"] |= {"policy": other}

    # THEN
    assert ("GP_IAM_2", "aws_iam_role_policy.p") in failed(judge(plan))


def test_two_instances_of_a_resource_are_judged_each_by_its_own_policy(judge: Judge) -> None:
    # GIVEN two instances of one name, of which checkov would judge the second by the first
    def policy(resource: str) -> dict[str, Any]:
        text = f'{{"Statement":[{{"Effect":"Allow","Action":"s3:PutObject","Resource":"{resource}"}}]}}'
        return {"role": "r", "policy": text}

    plan = planted(
        {
            'aws_iam_role_policy.p["fine"]': policy("arn:aws:s3:::a/*"),
            'aws_iam_role_policy.p["wild"]': policy("*"),
        }
    )

    # WHEN
    result = judge(plan)

    # THEN
    assert _checks_on(result, 'aws_iam_role_policy.p["wild"]') >= {"CKV_AWS_290", "CKV_AWS_355"}
    assert not _checks_on(result, 'aws_iam_role_policy.p["fine"]') & {"CKV_AWS_290", "CKV_AWS_355"}


def test_a_given_value_that_is_null_does_not_pass_for_what_its_expression_refers_to(judge: Judge) -> None:
    # GIVEN kms_key_id = var.encrypt ? aws_kms_key.k.arn : null
    key = {"kms_key_id": {"references": ["var.encrypt", "aws_kms_key.k.arn", "aws_kms_key.k"]}}
    plan = planted(
        {
            "aws_cloudwatch_log_group.plain": {"name": "a", "kms_key_id": None, "expressions": {"name": {}, **key}},
            "aws_cloudwatch_log_group.encrypted": {
                "name": "b",
                "unknown": {"kms_key_id": True},
                "expressions": {"name": {}, **key},
            },
        }
    )

    # WHEN
    result = judge(plan)

    # THEN
    assert "CKV_AWS_158" in _checks_on(result, "aws_cloudwatch_log_group.plain")
    assert "CKV_AWS_158" not in _checks_on(result, "aws_cloudwatch_log_group.encrypted")


@pytest.mark.parametrize("filled_in", [None, "", "arn:aws:kms:us-east-1:1:key/of-aws"])
def test_what_aws_filled_in_does_not_pass_for_what_somebody_asked_for(judge: Judge, filled_in: str | None) -> None:
    # GIVEN a table with the key that AWS chose, in a plan after the first apply
    encryption = [{"enabled": True, "kms_key_arn": filled_in}]
    plan = planted(
        {
            "aws_dynamodb_table.t": {
                "server_side_encryption": encryption,
                "expressions": {"server_side_encryption": [{"enabled": {"constant_value": True}}]},
            }
        }
    )

    # THEN
    assert "CKV_AWS_119" in _checks_on(judge(plan), "aws_dynamodb_table.t")


@pytest.mark.parametrize(
    ("check", "shown"),
    [
        ("CKV_AWS_144", {"replication_configuration": [{"role": "r", "rules": [{"status": "Enabled"}]}]}),
        ("CKV_AWS_21", {"versioning": [{"enabled": True, "mfa_delete": False}]}),
        ("CKV_AWS_18", {"logging": [{"target_bucket": "logs", "target_prefix": ""}]}),
        ("CKV2_AWS_61", {"lifecycle_rule": [{"enabled": True, "id": "all", "expiration": [{"days": 9}]}]}),
    ],
)
def test_a_bucket_does_not_pass_for_a_neighbour_that_the_plan_takes_away(
    judge: Judge, check: str, shown: dict[str, Any]
) -> None:
    # GIVEN a bucket that still shows what stood beside it, and one that asks for it by itself
    plan = planted(
        {
            "aws_s3_bucket.left": {"bucket": "a-bucket", **shown, "expressions": {"bucket": {}}},
            "aws_s3_bucket.asks": {"bucket": "b-bucket", **shown},
        }
    )

    # WHEN
    result = judge(plan)

    # THEN
    assert check in _checks_on(result, "aws_s3_bucket.left")
    assert check not in _checks_on(result, "aws_s3_bucket.asks")


def test_an_argument_that_is_given_but_not_known_yet_is_undecided(judge: Judge) -> None:
    # GIVEN a key that comes in from another module, so that checkov cannot see a reference
    plan = planted(
        {
            "aws_cloudwatch_log_group.g": {
                "name": "a",
                "unknown": {"kms_key_id": True},
                "expressions": {"name": {}, "kms_key_id": {"references": ["var.key"]}},
            }
        }
    )

    # WHEN
    (finding,) = [finding for finding in judge(plan).findings if finding.check_id == "CKV_AWS_158"]

    # THEN
    assert finding.undecided
    assert finding.message.endswith("kms_key_id is known only after apply")


def test_an_attribute_that_nobody_set_is_not_awaited(judge: Judge) -> None:
    # GIVEN an attribute that is unknown since the provider fills it in
    plan = planted({"aws_cloudwatch_log_group.g": {"name": "a", "unknown": {"kms_key_id": True}}})

    # WHEN
    (finding,) = [finding for finding in judge(plan).findings if finding.check_id == "CKV_AWS_158"]

    # THEN
    assert not finding.undecided


def test_the_plan_after_an_apply_shows_the_findings_of_the_one_before(judge: Judge) -> None:
    # WHEN
    before, after = judge(real("kefir_before_apply")), judge(real("kefir_after_apply"))

    # THEN
    assert failed(before) == failed(after)
    assert len(before.findings) > 10
    assert {finding.message for finding in before.findings} == {finding.message for finding in after.findings}
