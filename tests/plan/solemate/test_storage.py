"""The bucket of assets, its copy in a second region, and where the load balancer's logs go."""

from __future__ import annotations

import pytest

from tests.support.buckets import (
    BUCKET,
    encryption,
    expiry,
    is_closed,
    of_bucket,
    owner,
    policy,
    refuses_plain_http,
    versioning,
)
from tests.support.plans import Plan, Resource, Statement

REPLICATION, ROLE, ROLE_POLICY = "aws_s3_bucket_replication_configuration", "aws_iam_role", "aws_iam_role_policy"


def assets_name(plan: Plan) -> str:
    return f"solemate-assets-{plan.input('environment')}-{plan.input('account_id')}"


def assets(plan: Plan) -> Resource:
    return plan.one(BUCKET, bucket=assets_name(plan))


def access_logs(plan: Plan) -> Resource:
    return plan.one(BUCKET, bucket=f"solemate-{plan.input('environment')}-access-logs-{plan.input('account_id')}")


def copies(plan: Plan) -> list[Resource]:
    """Buckets of assets in the second region."""
    return [each for each in plan.all(BUCKET) if plan.provider(each) == "aws.dr"]


@pytest.mark.requirement("SM-FR3-01")
def test_assets_have_a_bucket_named_after_environment_and_account(staging: Plan, prod: Plan, chosen: Plan) -> None:
    assert assets(staging)["bucket"] == "solemate-assets-staging-222233334444"
    assert assets(prod)["bucket"] == "solemate-assets-production-444455556666"
    assert assets(chosen)["bucket"] == "solemate-assets-testing-111122223333"


@pytest.mark.requirement("SM-FR3-02")
def test_assets_belong_to_their_owner_and_answer_to_the_distribution_over_tls(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        bucket, arn = assets(plan), f"arn:aws:s3:::{assets_name(plan)}"
        refusal, *others = policy(plan, bucket)

        assert owner(plan, bucket) == ["BucketOwnerEnforced"]
        assert refusal == refuses_plain_http(arn)
        (reading,) = others
        assert (reading.allows, reading.actions, reading.resources, reading.principals) == (
            True,
            frozenset({"s3:GetObject"}),
            frozenset({f"{arn}/*"}),
            frozenset({("Service", "cloudfront.amazonaws.com")}),
        )
        assert {(test, variable) for test, variable, _ in reading.conditions} == {("StringEquals", "AWS:SourceArn")}


@pytest.mark.requirement("SM-FR3-03")
def test_assets_keep_their_versions(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert versioning(plan, assets(plan)) == ["Enabled"]


@pytest.mark.requirement("SM-FR3-04")
def test_old_versions_of_assets_are_deleted_after_30_days(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan, days in ((every, 30), (minimal, 30), (chosen, 45)):
        for bucket in (assets(plan), *copies(plan)):
            assert expiry(plan, bucket) == [
                {
                    "id": "DeleteOldVersions",
                    "status": "Enabled",
                    "prefix": [""],
                    "current": [],
                    "replaced": [days],
                    "unfinished": [7],
                }
            ]


@pytest.mark.requirement("SM-FR3-05")
def test_assets_are_encrypted_with_keys_of_s3(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert encryption(plan, assets(plan)) == ["AES256"]


@pytest.mark.requirement("SM-FR3-06")
def test_all_public_access_to_assets_is_blocked(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert is_closed(plan, assets(plan))


@pytest.mark.requirement("SM-FR3-08")
def test_production_copies_its_assets_to_us_west_2(prod: Plan, chosen: Plan) -> None:
    assert prod.providers["aws.dr"]["expressions"]["region"] == {"constant_value": "us-west-2"}
    assert prod.input("enable_replication") is True
    for plan in (prod, chosen):
        (copy,) = copies(plan)
        replication = plan.one(REPLICATION)
        role = plan.referred(replication, "role", ROLE)
        (rule,) = replication["rule"]

        assert copy["bucket"] == f"{assets_name(plan)}-us-west-2"
        assert plan.referred(replication, "bucket", BUCKET) == assets(plan)
        assert (rule["status"], rule["prefix"], [each["prefix"] for each in rule["filter"]]) == ("Enabled", None, [""])
        assert [each["status"] for each in rule["delete_marker_replication"]] == ["Enabled"]
        assert [each["storage_class"] for each in rule["destination"]] == ["STANDARD"]
        assert f"{copy.block}[0].arn" in plan.references(replication, "rule", "destination", "bucket")
        # S3 refuses to copy between buckets that keep no versions.
        assert versioning(plan, copy) == versioning(plan, assets(plan)) == ["Enabled"]
        assert plan.awaited(replication) == {of_bucket(plan, "versioning", each).block for each in (assets(plan), copy)}
        assert role["name"] == f"solemate-{plan.input('environment')}-assets-copies"
        assert role_grants(plan, role) == {
            (action, resource)
            for actions, resource in (
                ({"s3:GetReplicationConfiguration", "s3:ListBucket"}, f"arn:aws:s3:::{assets_name(plan)}"),
                (
                    {
                        "s3:GetObjectVersionAcl",
                        "s3:GetObjectVersionForReplication",
                        "s3:GetObjectVersionTagging",
                    },
                    f"arn:aws:s3:::{assets_name(plan)}/*",
                ),
                (
                    {"s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"},
                    f"arn:aws:s3:::{assets_name(plan)}-us-west-2/*",
                ),
            )
            for action in actions
        }


@pytest.mark.requirement("SM-FR3-02", "SM-FR3-05", "SM-FR3-06", "SM-FR3-08")
def test_the_copy_is_as_closed_as_the_assets(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        (copy,) = copies(plan)

        assert is_closed(plan, copy)
        assert encryption(plan, copy) == ["AES256"]
        assert owner(plan, copy) == ["BucketOwnerEnforced"]
        assert policy(plan, copy) == [refuses_plain_http(f"arn:aws:s3:::{assets_name(plan)}-us-west-2")]


@pytest.mark.requirement("SM-FR3-08")
def test_staging_keeps_versions_and_no_copy(removable: Plan, minimal: Plan) -> None:
    for plan in (removable, minimal):
        assert copies(plan) == []
        assert plan.all(REPLICATION) == []
        assert versioning(plan, assets(plan)) == ["Enabled"]
    assert minimal.variables["enable_replication"]["default"] is False
    assert minimal.variables["dr_region"]["default"] == "us-west-2"


@pytest.mark.requirement("SM-FR3-02", "SM-FR3-06")
def test_logs_of_the_load_balancer_are_closed_and_end(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        bucket = access_logs(plan)

        assert is_closed(plan, bucket)
        assert encryption(plan, bucket) == ["AES256"]
        assert owner(plan, bucket) == ["BucketOwnerEnforced"]
        assert policy(plan, bucket)[0] == refuses_plain_http(f"arn:aws:s3:::{bucket['bucket']}")
        assert [rule["current"] for rule in expiry(plan, bucket)] == [[plan.input("log_retention_days")]]


def role_grants(plan: Plan, role: Resource) -> set[tuple[str, str]]:
    """What a role may do, in policies that know neither refusals nor conditions."""
    (own,) = [each for each in plan.all(ROLE_POLICY) if plan.referred(each, "role", ROLE) == role]
    statements: list[Statement] = plan.statements(own, "policy")
    assert all(each.allows and not each.conditions for each in statements)
    return {grant for each in statements for grant in each.grants}


@pytest.mark.requirement("SM-FR3-08")
def test_nothing_but_the_copy_of_the_assets_is_in_the_second_region(
    prod: Plan, removable: Plan, chosen: Plan, one_backend: Plan
) -> None:
    for plan in (prod, chosen):
        away = [each for each in plan.resources if plan.provider(each) == "aws.dr"]
        assert {each.type.partition("_")[2].split("_")[0] for each in away} == {"s3"}
        copy = {each.block for each in plan.resources if each.block.partition(".")[2].startswith("dr_assets")}
        assert {each.block for each in away} == copy
        assert {plan.provider(each) for each in plan.resources} == {"aws", "aws.dr"}
    for plan in (removable, one_backend):
        assert {plan.provider(each) for each in plan.resources} == {"aws"}
