"""What can be removed in development, and what is retained in production."""

from __future__ import annotations

import pytest

from tests.plan.rewind.parts import bucket
from tests.support.plans import Plan

TABLE = "aws_dynamodb_table"
POOL = "aws_cognito_user_pool"
HOLDING_DATA = ("frontend-bucket", "personalize-export")


def test_everything_in_development_can_be_removed(development: Plan) -> None:
    assert {each["force_destroy"] for each in development.all("aws_s3_bucket")} == {True}
    assert development.one(TABLE)["deletion_protection_enabled"] is False
    assert development.one(POOL)["deletion_protection"] == "INACTIVE"
    # The shape of the module in which nothing carries prevent_destroy.
    assert development.source == "../../../modules/rewind/removable"


def test_what_holds_data_in_prod_is_retained(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        assert {bucket(plan, name)["force_destroy"] for name in HOLDING_DATA} == {False}
        assert plan.one(TABLE)["deletion_protection_enabled"] is True
        assert plan.one(POOL)["deletion_protection"] == "ACTIVE"
    # The shape of the module in which table, buckets and user pool carry prevent_destroy.
    assert prod.source == "../../../modules/rewind"


@pytest.mark.requirement("RW-CP-03")
def test_copy_of_the_site_can_be_made_again(prod: Plan) -> None:
    copy = prod.one("aws_s3_bucket", bucket="rewind-frontend-bucket-444455556666-us-west-2")

    assert copy["force_destroy"] is True
