"""The table: its keys, how it is paid for, its stream and its key."""

from __future__ import annotations

import pytest

from tests.plan.rewind.parts import KEY_ADMINISTRATION, home
from tests.support.plans import Plan

TABLE = "aws_dynamodb_table"
KEY = "aws_kms_key"
SCALABLE = "aws_appautoscaling_target"
TRACKING = "aws_appautoscaling_policy"


@pytest.mark.requirement("RW-DDB-01")
def test_table_has_the_documents_name(prod: Plan, dev: Plan, chosen: Plan) -> None:
    assert prod.one(TABLE)["name"] == "RewindDataTable"
    assert dev.one(TABLE)["name"] == "RewindDataTable-dev"
    assert chosen.one(TABLE)["name"] == "RewindDataTable-test"
    assert prod.outputs["table_name"] == "RewindDataTable"


@pytest.mark.requirement("RW-DDB-02")
def test_items_have_a_key_of_two_strings(everywhere: Plan) -> None:
    table = everywhere.one(TABLE)

    assert (table["hash_key"], table["range_key"]) == ("PK", "SK")
    assert sorted((each["name"], each["type"]) for each in table["attribute"]) == [("PK", "S"), ("SK", "S")]
    assert table["global_secondary_index"] == table["local_secondary_index"] == []
    assert table["ttl"] == [{"attribute_name": "TTL", "enabled": True}]


@pytest.mark.requirement("RW-DDB-03")
def test_table_is_paid_by_the_request(every: Plan, minimal: Plan) -> None:
    assert every.one(TABLE)["billing_mode"] == "PAY_PER_REQUEST"
    assert minimal.variables["dynamodb_billing_mode"]["default"] == "PAY_PER_REQUEST"
    assert minimal.one(TABLE)["billing_mode"] == "PAY_PER_REQUEST"


@pytest.mark.requirement("RW-DDB-04")
def test_what_is_paid_by_the_request_is_not_scaled(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert not {SCALABLE, TRACKING} & plan.types()
        assert not plan.one(TABLE).values.get("read_capacity")
        assert not plan.one(TABLE).values.get("write_capacity")


@pytest.mark.requirement("RW-DDB-04")
@pytest.mark.parametrize("kind", ["Read", "Write"])
def test_provisioned_capacity_follows_its_use(alone: Plan, chosen: Plan, kind: str) -> None:
    scaled = {"scalable_dimension": f"dynamodb:table:{kind}CapacityUnits", "service_namespace": "dynamodb"}
    for plan, percent, least, most in ((alone, 70, 1, 100), (chosen, 60, 5, 40)):
        table = plan.one(TABLE)
        target, policy = plan.one(SCALABLE, **scaled), plan.one(TRACKING, **scaled)
        (tracking,) = policy["target_tracking_scaling_policy_configuration"]

        assert table["billing_mode"] == "PROVISIONED"
        assert table[f"{kind.lower()}_capacity"] == least
        assert target["resource_id"] == f"table/{table['name']}"
        assert (target["min_capacity"], target["max_capacity"]) == (least, most)
        assert policy["policy_type"] == "TargetTrackingScaling"
        assert plan.referred(policy, "resource_id", SCALABLE) == target
        assert tracking["target_value"] == percent
        assert [each["predefined_metric_type"] for each in tracking["predefined_metric_specification"]] == [
            f"DynamoDB{kind}CapacityUtilization"
        ]
        # It also scales back.
        assert not tracking["disable_scale_in"]


@pytest.mark.requirement("RW-DDB-04")
def test_nothing_else_is_scaled(alone: Plan, chosen: Plan) -> None:
    for plan in (alone, chosen):
        assert len(plan.all(SCALABLE)) == len(plan.all(TRACKING)) == 2


@pytest.mark.requirement("RW-DDB-05")
def test_stream_has_items_as_they_were_and_are(everywhere: Plan) -> None:
    table = everywhere.one(TABLE)

    assert table["stream_enabled"] is True
    assert table["stream_view_type"] == "NEW_AND_OLD_IMAGES"
    assert f"{table.block}.stream_arn" in everywhere.output_references("stream_arn")


@pytest.mark.requirement("RW-DDB-06")
def test_table_is_encrypted_with_a_key_of_our_own(everywhere: Plan) -> None:
    table = everywhere.one(TABLE)
    key = everywhere.one(KEY, multi_region=True)
    (encryption,) = table["server_side_encryption"]
    used = everywhere.references(table, "server_side_encryption", "kms_key_arn")
    aliases = [
        each for each in everywhere.all("aws_kms_alias") if key.block in everywhere.references(each, "target_key_id")
    ]

    assert encryption["enabled"] is True
    assert used == {key.block, f"{key.block}.arn"}
    assert key["enable_key_rotation"] is True
    assert key["deletion_window_in_days"] == 30
    assert key["is_enabled"] is True
    assert [each["name"] for each in aliases] == [f"alias/rewind-data{home(everywhere).suffix}"]


@pytest.mark.requirement("RW-DDB-06")
def test_key_is_used_through_dynamodb_only(everywhere: Plan) -> None:
    key = everywhere.one(KEY, multi_region=True)
    root = ("AWS", f"arn:aws:iam::{everywhere.input('account_id')}:root")
    administration, use = everywhere.statements(key, "policy")

    assert administration.principals == use.principals == {root}
    assert use.conditions == {("StringEquals", "kms:ViaService", f"dynamodb.{home(everywhere).region}.amazonaws.com")}
    assert use.actions == {
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    }
    # Whoever administers it reads nothing with it.
    assert administration.actions == KEY_ADMINISTRATION


def test_table_can_be_restored_in_prod(prod: Plan, minimal: Plan, dev: Plan) -> None:
    for plan in (prod, minimal):
        assert [each["enabled"] for each in plan.one(TABLE)["point_in_time_recovery"]] == [True]
        assert plan.one(TABLE)["deletion_protection_enabled"] is True
    assert [each["enabled"] for each in dev.one(TABLE)["point_in_time_recovery"]] == [False]
    assert dev.one(TABLE)["deletion_protection_enabled"] is False
