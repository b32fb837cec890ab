"""Rows of kefir that a plan cannot show: what it does not know yet, and what is for Terraform only."""

from __future__ import annotations

from typing import Any

import pytest

from cdktf_app.synthesis import synthesize

Json = dict[str, Any]

FUNCTIONS = {
    "handle_auth",
    "handle_batches",
    "handle_devices",
    "handle_events",
    "handle_export",
    "handle_public",
    "handle_reminders",
    "reminder_processor",
}
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
RESERVED = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
}
HOLDS_DATA = {"aws_cognito_user_pool", "aws_dynamodb_table", "aws_s3_bucket"}


@pytest.fixture(scope="module")
def retained() -> Json:
    """The module for environments that keep their data."""
    return synthesize("kefir", retain_data=True)


@pytest.fixture(scope="module")
def removable() -> Json:
    return synthesize("kefir", retain_data=False)


@pytest.fixture(params=sorted(FUNCTIONS))
def environment(request: pytest.FixtureRequest, retained: Json) -> dict[str, str]:
    """Environment variables of each function."""
    variables: dict[str, str] = _one(retained["resource"]["aws_lambda_function"][request.param]["environment"])[
        "variables"
    ]
    return variables


def test_there_are_the_eight_functions(retained: Json) -> None:
    assert retained["resource"]["aws_lambda_function"].keys() == FUNCTIONS


@pytest.mark.requirement("KF-ENV-01")
def test_function_knows_the_table(environment: dict[str, str]) -> None:
    assert environment["TABLE_NAME"] == "${aws_dynamodb_table.table.name}"


@pytest.mark.requirement("KF-ENV-02")
def test_function_knows_the_bucket(environment: dict[str, str]) -> None:
    assert environment["BUCKET_NAME"] == "${aws_s3_bucket.photos.bucket}"


@pytest.mark.requirement("KF-ENV-03")
def test_function_knows_the_user_pool(environment: dict[str, str]) -> None:
    assert environment["USER_POOL_ID"] == "${aws_cognito_user_pool.users.id}"


@pytest.mark.requirement("KF-ENV-04")
def test_function_knows_the_app_client(environment: dict[str, str]) -> None:
    assert environment["USER_POOL_CLIENT_ID"] == "${aws_cognito_user_pool_client.users_app.id}"


@pytest.mark.requirement("KF-ENV-05")
def test_function_knows_its_stage(environment: dict[str, str]) -> None:
    assert environment["STAGE"] == "${var.environment}"


@pytest.mark.requirement("KF-ENV-06")
def test_function_gets_its_region_from_lambda(environment: dict[str, str]) -> None:
    """Lambda sets AWS_REGION itself, and refuses it, like all reserved keys, as configuration."""
    assert not RESERVED & environment.keys()


@pytest.mark.requirement("KF-S3-08")
def test_presigned_urls_last_5_minutes(environment: dict[str, str]) -> None:
    assert environment["PRESIGN_TTL_SECONDS"] == "300"


@pytest.mark.requirement("KF-FN-05")
def test_environment_comes_from_the_infrastructure(environment: dict[str, str]) -> None:
    by_hand = {name for name, value in environment.items() if not value.startswith("${")}

    assert by_hand == {"PRESIGN_TTL_SECONDS"}


@pytest.mark.requirement("KF-API-02")
def test_issuer_of_tokens_is_the_pools_url(retained: Json) -> None:
    (authorizer,) = retained["resource"]["aws_apigatewayv2_authorizer"].values()

    jwt = _one(authorizer["jwt_configuration"])
    assert jwt["issuer"] == "https://${aws_cognito_user_pool.users.endpoint}"
    assert jwt["audience"] == ["${aws_cognito_user_pool_client.users_app.id}"]


@pytest.mark.requirement("KF-COST-04")
@pytest.mark.parametrize("kind", sorted(HOLDS_DATA))
def test_what_holds_data_cannot_be_destroyed_where_data_is_retained(retained: Json, kind: str) -> None:
    resources = retained["resource"][kind]

    assert resources
    assert [each["lifecycle"]["prevent_destroy"] for each in resources.values()] == [True] * len(resources)


@pytest.mark.requirement("KF-COST-01")
def test_nothing_else_stands_in_the_way_of_a_destroy(removable: Json) -> None:
    everything = [each for resources in removable["resource"].values() for each in resources.values()]

    assert len(everything) > 100
    assert not [each for each in everything if each.get("lifecycle", {}).get("prevent_destroy")]


def test_both_shapes_differ_in_nothing_else(retained: Json, removable: Json) -> None:
    for kind in HOLDS_DATA:
        for resource in retained["resource"][kind].values():
            del resource["lifecycle"]

    assert retained == removable


def _one(block: Json | list[Json]) -> Json:
    """A block that may occur once: JSON has it as an object, or as a list of one."""
    if isinstance(block, list):
        (block,) = block
    return block
