from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.service_key import ReplicaKey, ServiceKey, ServiceKeyProps
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps, TableReplica
from cdktf_app.constructs.table_scaling import TableCapacity
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
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


@pytest.fixture
def key(part: Construct, deployment: Deployment) -> ServiceKey:
    props = ServiceKeyProps(deployment=deployment, name="data", description="Data", multi_region=True)
    return ServiceKey(part, "key", props=props)


@pytest.fixture
def global_table(part: Construct, deployment: Deployment, key: ServiceKey) -> SingleTable:
    """Under a key of its own, to be replicated."""
    props = SingleTableProps(
        deployment=deployment,
        name="table",
        ttl_attribute="TTL",
        stream=True,
        kms_key=key,
    )
    return SingleTable(part, "table", props=props)


def test_keys_can_have_other_names(part: Construct, deployment: Deployment, synthesize: Synthesize) -> None:
    props = SingleTableProps(
        deployment=deployment, name="t", ttl_attribute="ttl", partition_key="pk", sort_key="sk", indexes=["GSI1"]
    )
    SingleTable(part, "t", props=props)

    made = synthesize().the("aws_dynamodb_table")
    assert (made["hash_key"], made["range_key"]) == ("pk", "sk")
    assert {each["name"] for each in made["attribute"]} == {"pk", "sk", "GSI1PK", "GSI1SK"}
    assert made["ttl"] == {"attribute_name": "ttl", "enabled": True}
    assert "stream_enabled" not in made


@pytest.mark.usefixtures("global_table")
def test_a_stream_has_the_item_before_and_after_each_change(synthesize: Synthesize) -> None:
    made = synthesize().the("aws_dynamodb_table")

    assert (made["stream_enabled"], made["stream_view_type"]) == (True, "NEW_AND_OLD_IMAGES")


@pytest.fixture
def replica(part: Construct, deployment: Deployment, global_table: SingleTable, key: ServiceKey) -> TableReplica:
    there = deployment.in_region("us-west-2")
    copy = ReplicaKey(part, "key_there", deployment=there, name="data", primary=key)
    return TableReplica(part, "there", deployment=there, table=global_table, key=copy, condition="var.failover")


@pytest.mark.usefixtures("replica")
def test_a_replica_has_the_key_of_its_region_and_backups_of_its_own(synthesize: Synthesize) -> None:
    module = synthesize()

    table = module.the("aws_dynamodb_table")
    assert table["server_side_encryption"] == {"enabled": True, "kms_key_arn": "${aws_kms_key.key.arn}"}
    assert table["dynamic"]["replica"] == {
        "for_each": "${var.failover ? [true] : []}",
        "content": {
            "region_name": "us-west-2",
            "kms_key_arn": "${one(aws_kms_replica_key.key_there[*].arn)}",
            "point_in_time_recovery": True,
            "propagate_tags": True,
        },
    }
    assert module.the("aws_kms_key")["multi_region"] is True


def test_a_key_is_used_through_the_table_only(
    global_table: SingleTable, function: LambdaFunction, deployment: Deployment, synthesize: Synthesize
) -> None:
    global_table.grant(function, "UseItems", ["dynamodb:Query", "dynamodb:GetItem"], indexes=())

    module = synthesize()
    granted = module.statements("job_role_permissions")
    assert granted["UseItems"]["actions"] == ["dynamodb:GetItem", "dynamodb:Query"]
    assert granted["UseItems"]["resources"] == [ARN]
    through = {"test": "StringEquals", "variable": "kms:ViaService", "values": ["dynamodb.${var.region}.amazonaws.com"]}
    for statement in (granted["UseThroughDynamoDB"], module.statements("key_policy")["UseThroughDynamoDB"]):
        assert statement["condition"] == [through]
    assert granted["UseThroughDynamoDB"]["resources"] == ["${aws_kms_key.key.arn}"]
    # Grants on the key are DynamoDB's own to make, not the function's.
    assert "kms:CreateGrant" not in granted["UseThroughDynamoDB"]["actions"]
    assert (
        deployment.account_root in module.statements("key_policy")["UseThroughDynamoDB"]["principals"][0]["identifiers"]
    )


def test_a_function_of_the_other_region_gets_the_replica_and_its_key(
    replica: TableReplica, function: LambdaFunction, synthesize: Synthesize
) -> None:
    replica.grant(function, "UseItems", ["dynamodb:GetItem"])

    granted = synthesize().statements("job_role_permissions")
    arn = "arn:aws:dynamodb:us-west-2:${var.account_id}:table/app-${var.environment}-table"
    assert granted["UseItems"]["resources"] == [arn, f"{arn}/index/*"]
    assert granted["UseThroughDynamoDB"]["resources"] == ["${aws_kms_replica_key.key_there.arn}"]
    assert granted["UseThroughDynamoDB"]["condition"][0]["values"] == ["dynamodb.us-west-2.amazonaws.com"]


def test_a_replica_of_a_key_is_made_from_it_and_used_by_tables_of_its_region(
    part: Construct, key: ServiceKey, deployment: Deployment, synthesize: Synthesize
) -> None:
    ReplicaKey(part, "copy", deployment=deployment.in_region("us-west-2"), name="data", primary=key)

    module = synthesize()
    assert module.the("aws_kms_replica_key")["primary_key_arn"] == "${aws_kms_key.key.arn}"
    statements = module.statements("copy_policy")
    assert statements.keys() == {"Administration", "UseThroughDynamoDB"}
    assert statements["UseThroughDynamoDB"]["condition"][0]["values"] == ["dynamodb.us-west-2.amazonaws.com"]
    assert not [each for each in statements["Administration"]["actions"] if each in ("kms:Decrypt", "kms:Encrypt")]


def test_a_provisioned_table_is_scaled_and_keeps_what_scaling_made_of_it(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    capacity = TableCapacity(
        billing_mode=Input("mode"), least=Input("least"), most=Input("most"), target_percent=Input("percent")
    )
    props = SingleTableProps(deployment=deployment, name="t", ttl_attribute="TTL", capacity=capacity, retain_data=False)
    SingleTable(part, "t", props=props)

    module = synthesize()
    made = module.the("aws_dynamodb_table")
    assert made["billing_mode"] == "${var.mode}"
    assert made["read_capacity"] == made["write_capacity"] == '${var.mode == "PROVISIONED" ? var.least : null}'
    assert made["lifecycle"] == {"ignore_changes": ["read_capacity", "write_capacity"]}
    for name, kind in (("reads", "Read"), ("writes", "Write")):
        target = module.resource("aws_appautoscaling_target", f"t_scaling_{name}")
        assert target["count"] == '${var.mode == "PROVISIONED" ? 1 : 0}'
        assert target["scalable_dimension"] == f"dynamodb:table:{kind}CapacityUnits"
        assert (target["min_capacity"], target["max_capacity"]) == ("${var.least}", "${var.most}")
        policy = module.resource("aws_appautoscaling_policy", f"t_scaling_{name}_tracking")
        assert policy["resource_id"] == f"${{one(aws_appautoscaling_target.t_scaling_{name}[*].resource_id)}}"
        tracking = policy["target_tracking_scaling_policy_configuration"]
        assert tracking["target_value"] == "${var.percent}"
        metric = tracking["predefined_metric_specification"]["predefined_metric_type"]
        assert metric == f"DynamoDB{kind}CapacityUtilization"
