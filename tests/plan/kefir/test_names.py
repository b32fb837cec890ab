"""Names: environments in one account do not collide."""

from __future__ import annotations

import re

import pytest

from tests.plan.kefir.conftest import Planned
from tests.support.plans import Plan

# The argument that a resource is known by in its account.
NAMED_BY = {
    "aws_apigatewayv2_api": "name",
    "aws_apigatewayv2_authorizer": "name",
    "aws_backup_plan": "name",
    "aws_backup_selection": "name",
    "aws_backup_vault": "name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_event_rule": "name",
    "aws_cloudwatch_log_group": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_cognito_user_pool": "name",
    "aws_cognito_user_pool_client": "name",
    "aws_dynamodb_table": "name",
    "aws_iam_role": "name",
    "aws_iam_role_policy": "name",
    "aws_kms_alias": "name",
    "aws_lambda_function": "function_name",
    "aws_s3_bucket": "bucket",
    "aws_sns_topic": "name",
}
# Parts of the above, known by an id or by what they belong to; names of the internet; and the stage without a name.
NAMELESS = {
    "aws_acm_certificate",
    "aws_acm_certificate_validation",
    "aws_apigatewayv2_api_mapping",
    "aws_apigatewayv2_domain_name",
    "aws_apigatewayv2_integration",
    "aws_apigatewayv2_route",
    "aws_apigatewayv2_stage",
    "aws_cloudwatch_event_target",
    "aws_kms_key",
    "aws_lambda_permission",
    "aws_route53_record",
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
}
# What a service puts before the names of one kind.
SERVICE_PREFIXES = ("/aws/lambda/", "/aws/apigateway/", "alias/")


def names(plan: Plan) -> dict[str, str]:
    """Name of every resource that has one, by its address."""
    return {each.address: each[NAMED_BY[each.type]] for each in plan.resources if each.type in NAMED_BY}


@pytest.mark.requirement("KF-NAME-01")
@pytest.mark.parametrize("env", ["dev", "prod", "local"])
def test_every_name_says_product_and_environment(plan: Planned, env: str) -> None:
    stack = plan(env)

    assert not _misnamed(stack, env)
    assert len(names(stack)) > 30


@pytest.mark.requirement("KF-NAME-01")
def test_every_optional_name_does_too(complete: Plan) -> None:
    assert not _misnamed(complete, "dev")
    assert {"aws_backup_plan", "aws_backup_vault", "aws_sns_topic"} <= complete.types()


@pytest.mark.requirement("KF-NAME-01")
def test_every_type_is_known_to_have_a_name_or_none(complete: Plan) -> None:
    """A new type must say which argument names it, or the tests above would pass it over."""
    assert complete.types() <= NAMED_BY.keys() | NAMELESS


@pytest.mark.requirement("KF-NAME-01")
def test_no_two_of_a_kind_have_one_name(prod: Plan) -> None:
    found = [(each.type, names(prod)[each.address]) for each in prod.resources if each.type in NAMED_BY]

    assert len(found) == len(set(found))


def _misnamed(plan: Plan, env: str) -> dict[str, str]:
    pattern = re.compile(rf"({'|'.join(SERVICE_PREFIXES)})?kefir-app-{env}-[A-Za-z0-9-]+")
    return {address: name for address, name in names(plan).items() if not pattern.fullmatch(name)}
