"""Names: environments of one account do not collide, nor do the two regions."""

from __future__ import annotations

import re

import pytest

from tests.plan.rewind.conftest import Planned
from tests.plan.rewind.parts import FUNCTIONS, sides, suffix
from tests.support.plans import Plan

# The argument that a resource is known by in its account.
NAMED_BY = {
    "aws_api_gateway_authorizer": "name",
    "aws_api_gateway_request_validator": "name",
    "aws_api_gateway_rest_api": "name",
    "aws_budgets_budget": "name",
    "aws_ce_anomaly_monitor": "name",
    "aws_ce_anomaly_subscription": "name",
    "aws_cloudformation_stack": "name",
    "aws_cloudfront_origin_access_control": "name",
    "aws_cloudwatch_event_rule": "name",
    "aws_cloudwatch_log_metric_filter": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_codebuild_project": "name",
    "aws_codepipeline": "name",
    "aws_codestarconnections_connection": "name",
    "aws_cognito_user_pool": "name",
    "aws_cognito_user_pool_client": "name",
    "aws_dynamodb_table": "name",
    "aws_iam_role": "name",
    "aws_iam_role_policy": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_sfn_state_machine": "name",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
    "aws_ssm_parameter": "name",
    "aws_wafv2_web_acl": "name",
}
DOCUMENTED = ("RewindDataTable", *FUNCTIONS)
# What a service puts before the names of one kind.
SERVICE_PREFIXES = ("/", "alias/")


def names(plan: Plan) -> dict[str, str]:
    """Name of every resource that has one, by its address."""
    return {each.address: each[NAMED_BY[each.type]] for each in plan.resources if each.type in NAMED_BY}


@pytest.mark.requirement("RW-DDB-01", "RW-FN-02", "RW-FN-03", "RW-FN-04", "RW-S3-01")
@pytest.mark.parametrize("env", ["dev", "prod", "local"])
def test_every_name_is_the_documents_or_begins_with_rewind(plan: Planned, env: str) -> None:
    stack = plan(env)
    end = {"dev": "-dev", "prod": "", "local": "-local"}[env]
    regions = [re.escape(side.suffix) for side in sides(stack)]
    pattern = re.compile(
        rf"(?:{'|'.join(SERVICE_PREFIXES)})?(?:rewind-[a-z0-9-]+|(?:{'|'.join(DOCUMENTED)})(?:-errors|-reads|-writes)?)"
        rf"(?:{'|'.join(regions)})"
    )

    assert suffix(stack) == end
    assert not {address: name for address, name in names(stack).items() if not pattern.fullmatch(name)}
    assert len(names(stack)) > 40


@pytest.mark.requirement("RW-DDB-01", "RW-FN-02", "RW-FN-03", "RW-FN-04", "RW-S3-01")
def test_two_environments_of_an_account_share_no_name(dev: Plan, prod: Plan) -> None:
    kinds = {each.address: each.type for plan in (dev, prod) for each in plan.resources}
    of_dev, of_prod = ({(kinds[address], name) for address, name in names(plan).items()} for plan in (dev, prod))

    assert not of_dev & of_prod


def test_no_two_of_a_kind_have_one_name(everywhere: Plan) -> None:
    found = [
        (each.type, each.block if each.type == "aws_iam_role_policy" else "", names(everywhere)[each.address])
        for each in everywhere.resources
        if each.type in NAMED_BY
    ]

    assert len(found) == len(set(found))
