"""The DynamoDB table."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

TABLE = "aws_dynamodb_table"


@pytest.mark.requirement("NC-DDB-01", "NC-SCL-03")
def test_there_is_one_table_by_the_documents_name(prod: Plan, dev: Plan) -> None:
    assert prod.one(TABLE)["name"] == "NullCheckTable"
    assert dev.one(TABLE)["name"] == "NullCheckTable-dev"
    assert prod.outputs["table_name"] == "NullCheckTable"


@pytest.mark.requirement("NC-DDB-02")
def test_table_is_paid_per_request(every: Plan) -> None:
    table = every.one(TABLE)

    assert table["billing_mode"] == "PAY_PER_REQUEST"
    assert not {"read_capacity", "write_capacity"} & every.arguments(table)
    assert not {kind for kind in every.types() if kind.startswith("aws_appautoscaling_")}


@pytest.mark.requirement("NC-DDB-03", "NC-DDB-04", "NC-SCL-03")
def test_keys_are_pk_and_sk_and_GSI1_has_its_own(every: Plan) -> None:
    table = every.one(TABLE)
    (index,) = table["global_secondary_index"]

    assert (table["hash_key"], table["range_key"]) == ("pk", "sk")
    assert (index["name"], index["hash_key"], index["range_key"]) == ("GSI1", "GSI1PK", "GSI1SK")
    assert index["projection_type"] == "ALL"
    assert {each["name"]: each["type"] for each in table["attribute"]} == {
        "pk": "S",
        "sk": "S",
        "GSI1PK": "S",
        "GSI1SK": "S",
    }


@pytest.mark.requirement("NC-DDB-05")
def test_items_expire_by_the_attribute_ttl(every: Plan) -> None:
    assert every.one(TABLE)["ttl"] == [{"attribute_name": "ttl", "enabled": True}]


@pytest.mark.requirement("NC-DDB-06")
def test_table_can_be_deleted_in_development(development: Plan) -> None:
    assert development.one(TABLE)["deletion_protection_enabled"] is False
    # The shape of the module in which nothing carries prevent_destroy.
    assert development.source == "../../../modules/nullcheck/removable"


@pytest.mark.requirement("NC-DDB-06")
def test_table_is_retained_in_production(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        assert plan.one(TABLE)["deletion_protection_enabled"] is True
    assert prod.source == "../../../modules/nullcheck"


@pytest.mark.requirement("NC-SEC-03")
def test_table_is_encrypted_with_the_aws_managed_key(every: Plan) -> None:
    table = every.one(TABLE)

    assert [each["enabled"] for each in table["server_side_encryption"]] == [True]
    # A key that is made by the same apply would be missing from the plan too: only a reference would tell.
    assert not every.references(table, "server_side_encryption")
    assert [each.get("kms_key_arn") for each in table["server_side_encryption"]] == [None]


@pytest.mark.requirement("NC-DR-04")
def test_point_in_time_recovery_is_a_switch_that_is_on_in_production(
    prod: Plan, minimal: Plan, development: Plan, bare: Plan
) -> None:
    for plan, enabled in ((prod, True), (minimal, True), (development, False), (bare, False)):
        assert [each["enabled"] for each in plan.one(TABLE)["point_in_time_recovery"]] == [enabled]


@pytest.mark.requirement("NC-DR-02")
def test_table_is_one_of_its_region_where_dynamodb_copies_it_between_zones(every: Plan) -> None:
    """A property of DynamoDB, which nothing here may take away: there is no other place, and no other class."""
    table = every.one(TABLE)

    assert table["replica"] == []
    assert table["table_class"] in (None, "STANDARD")
