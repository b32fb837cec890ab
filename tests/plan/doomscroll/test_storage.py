"""Buckets of assets, uploads and backups, and where the load balancer's logs go."""

from __future__ import annotations

import pytest

from tests.support.buckets import (
    BUCKET,
    encryption,
    expiry,
    is_closed,
    owner,
    policy,
    refuses_plain_http,
    versioning,
)
from tests.support.plans import Plan

DATA = ("assets", "uploads", "backups")


def bucket_name(plan: Plan, kind: str) -> str:
    return f"fckdoomscroll-{kind}-{plan.input('account_id')}{plan.input('name_suffix') or ''}"


@pytest.mark.requirement("FD-OV-06")
def test_there_is_a_bucket_for_each_kind_of_data(dev: Plan, prod: Plan, chosen: Plan) -> None:
    for plan, end in ((dev, "111122223333-dev"), (prod, "444455556666"), (chosen, "111122223333-test")):
        assert {each["bucket"] for each in plan.all(BUCKET)} >= {f"fckdoomscroll-{kind}-{end}" for kind in DATA}


@pytest.mark.requirement("FD-OV-06")
@pytest.mark.parametrize("kind", DATA)
def test_what_is_in_it_is_closed_versioned_and_tidied(every: Plan, minimal: Plan, chosen: Plan, kind: str) -> None:
    for plan, days in ((every, 30), (minimal, 30), (chosen, 45)):
        bucket = plan.one(BUCKET, bucket=bucket_name(plan, kind))

        assert versioning(plan, bucket) == ["Enabled"]
        assert expiry(plan, bucket) == [
            {
                "id": "expire",
                "status": "Enabled",
                "prefix": [""],
                "current": [],
                "replaced": [days],
                "unfinished": [7],
            }
        ]
        assert is_closed(plan, bucket)
        assert encryption(plan, bucket) == ["AES256"]
        assert owner(plan, bucket) == ["BucketOwnerEnforced"]
        assert policy(plan, bucket)[0] == refuses_plain_http(f"arn:aws:s3:::{bucket['bucket']}")


@pytest.mark.requirement("FD-OV-06")
@pytest.mark.parametrize("kind", ["uploads", "backups"])
def test_only_roles_of_the_account_get_at_uploads_and_backups(every: Plan, chosen: Plan, kind: str) -> None:
    for plan in (every, chosen):
        bucket = plan.one(BUCKET, bucket=bucket_name(plan, kind))

        assert policy(plan, bucket) == [refuses_plain_http(f"arn:aws:s3:::{bucket['bucket']}")]


@pytest.mark.requirement("FD-OV-06")
def test_logs_of_the_load_balancer_are_closed_and_end(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        bucket = plan.one(BUCKET, bucket=bucket_name(plan, "access-logs"))

        assert is_closed(plan, bucket)
        # The load balancer can write under no other key.
        assert encryption(plan, bucket) == ["AES256"]
        assert versioning(plan, bucket) == ["Enabled"]
        assert expiry(plan, bucket) == [
            {
                "id": "expire",
                "status": "Enabled",
                "prefix": [""],
                "current": [plan.input("log_retention_days")],
                "replaced": [30],
                "unfinished": [7],
            }
        ]


@pytest.mark.requirement("FD-OV-06")
def test_a_destroy_deletes_what_is_in_a_bucket_only_where_it_may(
    prod: Plan, development: Plan, minimal: Plan, chosen: Plan
) -> None:
    for plan, may in ((prod, False), (minimal, False), (development, True), (chosen, True)):
        assert {each["force_destroy"] for each in plan.all(BUCKET)} == {may}
        assert len(plan.all(BUCKET)) == 4
