"""A plan gets by with what the planning role may: every call that one of a really applied stack made."""

from __future__ import annotations

import json

import pytest

from tests.support.recorded_reads import ENV, FILE
from tests.unit.ci.deciding import allows, listed, roles
from tests.unit.ci.workflow import WORKSPACE
from tooling.ci.roles import WantedRole
from tooling.environment.config import load_environment

RECORDED: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
# By which action IAM decides about a call that is not its own action.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
ACTIONS = {
    "budgets:DescribeBudget": "budgets:ViewBudget",
    "budgets:DescribeNotificationsForBudget": "budgets:ViewBudget",
    "budgets:DescribeSubscribersForNotification": "budgets:ViewBudget",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjects": "s3:ListBucket",
    "s3:ListObjectsV2": "s3:ListBucket",
}
# Nobody can be denied it.
FREE = "sts:GetCallerIdentity"


def may(role: WantedRole, call: str) -> bool:
    name, _, place = call.partition(" ")
    action = ACTIONS.get(name, name)
    if action.startswith("apigateway:Get"):
        action = "apigateway:GET"
    if place:
        return allows(role, action, f"arn:aws:s3:::{place}")
    # Of the rest it is not recorded what each was about: the places of a statement that names the action count as such.
    places = [one for statement in role.policy["Statement"] for one in listed(statement["Resource"])]
    return call == FREE or any(allows(role, action, one) for one in places)


def test_a_plan_of_every_stack_is_recorded() -> None:
    assert set(RECORDED) == set(load_environment(WORKSPACE, ENV).stacks)
    assert {name: len(calls) for name, calls in RECORDED.items() if len(calls) < 30} == {}


@pytest.mark.parametrize("architecture", sorted(RECORDED))
def test_the_planning_role_may_do_all_that_a_plan_does(architecture: str) -> None:
    plan, _ = roles(ENV)

    assert [call for call in RECORDED[architecture] if not may(plan, call)] == []


@pytest.mark.parametrize("architecture", sorted(RECORDED))
def test_the_deploying_role_may_look_at_the_same(architecture: str) -> None:
    _, deploy = roles(ENV)

    assert [call for call in RECORDED[architecture] if not may_in_region(deploy, call)] == []


def may_in_region(role: WantedRole, call: str) -> bool:
    region = load_environment(WORKSPACE, ENV).region
    name, _, place = call.partition(" ")
    action = ACTIONS.get(name, name)
    resource = f"arn:aws:s3:::{place}" if place else "arn:aws:any:::any"
    return call == FREE or allows(role, action, resource, RequestedRegion=region)
