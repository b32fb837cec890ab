"""What can be removed in development, and what is retained in production."""

from __future__ import annotations

import pytest

from tests.support.plans import Plan

BUCKET = "aws_s3_bucket"
TABLE = "aws_dynamodb_table"
POOL = "aws_cognito_user_pool"


@pytest.mark.requirement("KF-COST-01")
def test_everything_in_development_can_be_removed(development: Plan) -> None:
    assert development.one(BUCKET)["force_destroy"] is True
    assert development.one(TABLE)["deletion_protection_enabled"] is False
    # The shape of the module in which nothing carries prevent_destroy.
    assert development.source == "../../../modules/kefir/removable"


@pytest.mark.requirement("KF-COST-03")
def test_nothing_in_development_is_protected_from_deletion(development: Plan) -> None:
    assert development.one(TABLE)["deletion_protection_enabled"] is False
    assert development.one(POOL)["deletion_protection"] == "INACTIVE"


@pytest.mark.requirement("KF-COST-04")
def test_what_holds_data_in_prod_is_retained(prod: Plan) -> None:
    assert prod.one(BUCKET)["force_destroy"] is False
    # The shape of the module in which table, bucket and user pool carry prevent_destroy.
    assert prod.source == "../../../modules/kefir"


@pytest.mark.requirement("KF-COST-06")
def test_what_holds_data_in_prod_is_protected_from_deletion(prod: Plan) -> None:
    assert prod.one(TABLE)["deletion_protection_enabled"] is True
    assert prod.one(POOL)["deletion_protection"] == "ACTIVE"


def test_module_protects_data_unless_told_otherwise(minimal: Plan) -> None:
    assert minimal.one(BUCKET)["force_destroy"] is False
    assert minimal.one(TABLE)["deletion_protection_enabled"] is True
    assert minimal.one(TABLE)["point_in_time_recovery"] == [{"enabled": True}]
    assert minimal.one(POOL)["deletion_protection"] == "ACTIVE"
    assert minimal.one("aws_s3_bucket_versioning")["versioning_configuration"][0]["status"] == "Enabled"
