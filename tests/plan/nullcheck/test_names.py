"""Names and tags: the document's where it states them, and whose every resource is."""

from __future__ import annotations

import re

import pytest

from tests.plan.nullcheck.functions import FUNCTIONS, function, suffix
from tests.support.plans import Plan, Resource

# The argument that a resource is known by in its account.
NAMED_BY = {
    "aws_api_gateway_rest_api": "name",
    "aws_api_gateway_request_validator": "name",
    "aws_api_gateway_authorizer": "name",
    "aws_cloudformation_stack": "name",
    "aws_cloudwatch_dashboard": "dashboard_name",
    "aws_cloudwatch_event_archive": "name",
    "aws_cloudwatch_event_rule": "name",
    "aws_cloudwatch_metric_alarm": "alarm_name",
    "aws_kms_alias": "name",
    "aws_media_convert_queue": "name",
    "aws_sns_topic": "name",
    "aws_sqs_queue": "name",
}
# Those whose names the document or AWS gives: other tests look at them.
NAMED_OTHERWISE = {
    "aws_cloudwatch_log_group",
    "aws_dynamodb_table",
    "aws_iam_role",
    "aws_iam_role_policy",
    "aws_lambda_function",
    "aws_s3_bucket",
}
# Parts of the above, known by an id or by what they belong to.
NAMELESS = {
    "aws_api_gateway_account",
    "aws_api_gateway_deployment",
    "aws_api_gateway_gateway_response",
    "aws_api_gateway_integration",
    "aws_api_gateway_integration_response",
    "aws_api_gateway_method",
    "aws_api_gateway_method_response",
    "aws_api_gateway_method_settings",
    "aws_api_gateway_model",
    "aws_api_gateway_resource",
    "aws_api_gateway_stage",
    "aws_cloudwatch_event_target",
    "aws_kms_key",
    "aws_lambda_permission",
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_notification",
    "aws_s3_bucket_policy",
    "aws_s3_bucket_public_access_block",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_sns_topic_policy",
    "aws_sns_topic_subscription",
    "aws_sqs_queue_policy",
}
TAGGED = {
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_cloudformation_stack",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_log_group",
    "aws_cloudwatch_metric_alarm",
    "aws_dynamodb_table",
    "aws_iam_role",
    "aws_kms_key",
    "aws_lambda_function",
    "aws_media_convert_queue",
    "aws_s3_bucket",
    "aws_sns_topic",
    "aws_sqs_queue",
}


def role_of(plan: Plan, name: str) -> Resource:
    return plan.referred(function(plan, name), "role", "aws_iam_role")


@pytest.mark.requirement("NC-DDB-01")
def test_name_says_project_and_environment(everywhere: Plan) -> None:
    pattern = re.compile(rf"(alias/)?nullcheck-[A-Za-z0-9-]+{re.escape(suffix(everywhere))}")
    names = {each.address: each[NAMED_BY[each.type]] for each in everywhere.resources if each.type in NAMED_BY}

    assert {address: name for address, name in names.items() if not pattern.fullmatch(name)} == {}
    assert len(names) >= 8


@pytest.mark.requirement("NC-FN-08")
def test_names_of_functions_are_an_output(every: Plan) -> None:
    assert every.outputs["function_names"] == {name: name + suffix(every) for name in FUNCTIONS}


@pytest.mark.requirement("NC-DEP-05")
def test_every_type_is_known_to_have_a_name_or_none(prod: Plan, chosen: Plan) -> None:
    """A new type must say how it is named, or the tests of names would pass it over."""
    assert prod.types() | chosen.types() <= NAMED_BY.keys() | NAMED_OTHERWISE | NAMELESS


@pytest.mark.requirement("NC-DEP-05")
@pytest.mark.parametrize("name", FUNCTIONS)
def test_aws_makes_up_the_names_of_functions_roles(every: Plan, name: str) -> None:
    role = role_of(every, name)

    assert role["name_prefix"] == f"{name}{suffix(every)}-"
    assert "name" not in every.arguments(role)


@pytest.mark.requirement("NC-DEP-05")
def test_aws_makes_up_the_name_of_the_accounts_role(named: Plan) -> None:
    role = named.referred(named.one("aws_api_gateway_account"), "cloudwatch_role_arn", "aws_iam_role")

    # Of which there may be 38 characters.
    assert role["name_prefix"] == f"nullcheck-api-logs{suffix(named)}-"


@pytest.mark.requirement("NC-DEP-05")
def test_prefixes_are_no_longer_than_aws_takes(chosen: Plan, every: Plan) -> None:
    for plan in (chosen, every):
        prefixes = [each.values.get("name_prefix") or "" for each in plan.all("aws_iam_role")]

        assert max(map(len, prefixes)) <= 38
        assert len(plan.one("aws_s3_bucket").values.get("bucket_prefix") or "") <= 37


@pytest.mark.requirement("NC-DEP-06")
def test_every_resource_that_can_be_tagged_is_nullchecks(every: Plan, chosen: Plan, bare: Plan) -> None:
    # Even where the caller has a tag of that name.
    for plan in (every, chosen, bare):
        taggable = [each for each in plan.resources if "tags_all" in each.values]

        assert len(taggable) > 30
        assert [each.address for each in taggable if each["tags_all"].get("Project") != "nullcheck"] == []
        assert TAGGED & plan.types() == {each.type for each in taggable}


@pytest.mark.requirement("NC-DEP-06")
def test_tags_of_stack_and_caller_are_on_them_too(every: Plan, chosen: Plan) -> None:
    stack = {"Architecture": "nullcheck", "Environment": every.input("environment"), "ManagedBy": "groundplan"}

    for plan, tags in ((every, stack), (chosen, {"Team": "clips"})):
        taggable = [each for each in plan.resources if "tags_all" in each.values]
        assert [each.address for each in taggable if not tags.items() <= each["tags_all"].items()] == []
