from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.deployment import Deployment
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
ARN = "arn:aws:dynamodb:${var.region}:${var.account_id}:table/app-${var.environment}-table"


@pytest.fixture
def table(part: Construct, deployment: Deployment) -> SingleTable:
    props = SingleTableProps(deployment=deployment, name="table", ttl_attribute="TTL", indexes=["GSI1"])
    return SingleTable(part, "table", props=props)


@pytest.mark.usefixtures("table")
def test_a_table_is_protected_unless_told_otherwise(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_dynamodb_table")

    assert made["deletion_protection_enabled"] is True
    assert made["point_in_time_recovery"] == {"enabled": True}
    assert made["server_side_encryption"] == {"enabled": True}
    assert made["lifecycle"] == {"prevent_destroy": True}


def test_a_table_can_be_made_removable(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    props = SingleTableProps(
        deployment=deployment, name="table", ttl_attribute="TTL", retain_data=False, deletion_protection=False
    )
    SingleTable(part, "table", props=props)

    made = synthesize().the("aws_dynamodb_table")
    assert "lifecycle" not in made
    assert made["deletion_protection_enabled"] is False


@pytest.mark.usefixtures("table")
def test_an_index_has_keys_named_after_it(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_dynamodb_table")

    assert made["global_secondary_index"] == [
        {"name": "GSI1", "hash_key": "GSI1PK", "range_key": "GSI1SK", "projection_type": "ALL"}
    ]
    assert {key["name"] for key in made["attribute"]} == {"PK", "SK", "GSI1PK", "GSI1SK"}


@pytest.mark.requirement("KF-IAM-02")
def test_reading_does_not_include_writing(table: SingleTable, function: LambdaFunction, synthesize: Synthesize) -> None:
    table.grant_read(function)

    granted = synthesize().statements("job_role_permissions")["ReadItems"]
    assert granted["actions"] == ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"]
    assert granted["resources"] == [ARN, f"{ARN}/index/*"]


@pytest.mark.requirement("KF-IAM-02")
def test_writing_does_not_include_administration(
    table: SingleTable, function: LambdaFunction, synthesize: Synthesize
) -> None:
    table.grant_read_write(function)

    granted = synthesize().statements("job_role_permissions")["ReadWriteItems"]
    assert set(granted["actions"]) == {
        *("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"),
        *("dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
        "dynamodb:ConditionCheckItem",
    }
    assert granted["resources"] == [ARN, f"{ARN}/index/*"]


def test_a_query_can_be_granted_on_one_index_only(
    table: SingleTable, function: LambdaFunction, synthesize: Synthesize
) -> None:
    table.grant_query(function, index="GSI1")
    table.grant_update(function)

    statements = synthesize().statements("job_role_permissions")
    assert statements["QueryGSI1"]["resources"] == [f"{ARN}/index/GSI1"]
    assert statements["UpdateItems"]["actions"] == ["dynamodb:UpdateItem"]
    assert statements["UpdateItems"]["resources"] == [ARN]
