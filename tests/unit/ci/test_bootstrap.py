"""``bootstrap`` in an empty account: what it makes, what it asks first, what it leaves alone."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.target import Target

CI = ("--ci", "octo-org/infrastructure")


@pytest.fixture
def state(fresh: Project) -> Any:
    return re.findall(r'bucket = "(state-\w+)"', (fresh.root / "envs/local/env.toml").read_text())[0]


def policy(target: Target, role: str) -> Any:
    return target.client("iam").get_role_policy(RoleName=role, PolicyName="groundplan")["PolicyDocument"]


def test_makes_the_buckets_the_identity_provider_and_both_roles(fresh: Project, target: Target, state: str) -> None:
    answer = run_here(fresh, "bootstrap", *CI, "--yes")

    assert answer.code == 0, answer.said
    assert f"{state} (us-east-1) for state: made" in answer.out
    assert "role groundplan-local-plan (reads and plans): made" in answer.out
    s3, iam = target.client("s3"), target.client("iam")
    assert s3.get_bucket_versioning(Bucket=state)["Status"] == "Enabled"
    provider = f"arn:aws:iam::{target.account_id}:oidc-provider/token.actions.githubusercontent.com"
    assert iam.get_open_id_connect_provider(OpenIDConnectProviderArn=provider)["ClientIDList"] == ["sts.amazonaws.com"]
    trust = iam.get_role(RoleName="groundplan-local-deploy")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"] == {"Federated": provider}
    managed = next(
        one for one in policy(target, "groundplan-local-deploy")["Statement"] if one["Sid"] == "ManageServices"
    )
    assert managed["Action"] == ["dynamodb:*", "lambda:*", "cloudtrail:LookupEvents"]


def test_old_versions_of_states_end_but_for_the_newest_hundred(fresh: Project, target: Target, state: str) -> None:
    assert run_here(fresh, "bootstrap", "--yes").code == 0

    rules = target.client("s3").get_bucket_lifecycle_configuration(Bucket=state)["Rules"]
    assert len(rules) == 1
    assert rules[0]["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90, "NewerNoncurrentVersions": 100}
    # What is current never ends.
    assert "Expiration" not in rules[0]


def test_twice_changes_nothing(fresh: Project, target: Target) -> None:
    run_here(fresh, "bootstrap", *CI, "--yes")
    before = policy(target, "groundplan-local-plan")

    again = run_here(fresh, "bootstrap", *CI, "--yes", "--json")

    told = json.loads(again.out)
    assert [one["created"] for one in told if "created" in one] == [False, False]
    assert [one["state"] for one in told if "state" in one] == ["there", "there", "there"]
    assert policy(target, "groundplan-local-plan") == before


def test_a_role_that_was_changed_is_brought_up_to_date(fresh: Project, target: Target) -> None:
    run_here(fresh, "bootstrap", *CI, "--yes")
    before = policy(target, "groundplan-local-plan")
    target.client("iam").delete_role_policy(RoleName="groundplan-local-plan", PolicyName="groundplan")

    answer = run_here(fresh, "bootstrap", *CI, "--yes")

    assert "role groundplan-local-plan (reads and plans): brought up to date" in answer.out
    assert "role groundplan-local-deploy (applies): there" in answer.out
    assert policy(target, "groundplan-local-plan") == before


def test_another_repository_takes_the_roles_over(fresh: Project, target: Target) -> None:
    run_here(fresh, "bootstrap", *CI, "--yes")

    run_here(fresh, "bootstrap", "--ci", "octo-org/other", "--yes")

    role = target.client("iam").get_role(RoleName="groundplan-local-plan")["Role"]
    assert "repo:octo-org/other:environment:local-plan" in json.dumps(role["AssumeRolePolicyDocument"])
    assert "infrastructure" not in json.dumps(role["AssumeRolePolicyDocument"])


def test_what_others_put_on_the_bucket_stays(fresh: Project, target: Target, state: str) -> None:
    s3 = target.client("s3")
    run_here(fresh, "bootstrap", "--yes")
    theirs = {
        "Sid": "OnlyReviewersApprove",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{state}/approvals/*",
    }
    ours = json.loads(s3.get_bucket_policy(Bucket=state)["Policy"])["Statement"]
    document = {"Version": "2012-10-17", "Statement": [*ours, theirs]}
    s3.put_bucket_policy(Bucket=state, Policy=json.dumps(document))
    rule = {"ID": "theirs", "Status": "Enabled", "Filter": {"Prefix": "logs/"}, "Expiration": {"Days": 3}}
    rules = s3.get_bucket_lifecycle_configuration(Bucket=state)["Rules"]
    s3.put_bucket_lifecycle_configuration(Bucket=state, LifecycleConfiguration={"Rules": [rule, *rules]})

    answer = run_here(fresh, "bootstrap", "--yes")

    assert answer.code == 0, answer.said
    found = json.loads(s3.get_bucket_policy(Bucket=state)["Policy"])["Statement"]
    assert sorted(one["Sid"] for one in found) == ["OnlyReviewersApprove", "TlsOnly"]
    ids = [one["ID"] for one in s3.get_bucket_lifecycle_configuration(Bucket=state)["Rules"]]
    assert sorted(ids) == ["groundplan-old-versions", "theirs"]


def test_refuses_a_role_of_somebody_else_before_it_makes_anything(fresh: Project, target: Target, state: str) -> None:
    target.client("iam").create_role(RoleName="groundplan-local-plan", AssumeRolePolicyDocument="{}")

    answer = run_here(fresh, "bootstrap", *CI, "--yes")

    assert answer.code == 1
    assert "the role groundplan-local-plan is there, and groundplan did not make it" in answer.err
    assert state not in [one["Name"] for one in target.client("s3").list_buckets()["Buckets"]]


def test_says_what_it_will_do_and_does_nothing_where_nobody_can_answer(
    fresh: Project, target: Target, state: str
) -> None:
    answer = run_here(fresh, "bootstrap", *CI)

    assert answer.code == 2
    assert f"{state}: to make" in answer.err
    assert "role groundplan-local-deploy (applies): to make" in answer.err
    assert "nobody is there to confirm" in answer.err
    assert target.client("s3").list_buckets()["Buckets"] == []
    assert [one["RoleName"] for one in target.client("iam").list_roles()["Roles"]] == []


def test_shows_the_policies_without_an_account(fresh: Project) -> None:
    answer = run_here(fresh, "bootstrap", *CI, "--show-policies", environ={"EMULATOR_ENDPOINT": "http://127.0.0.1:1"})

    shown = json.loads(answer.out)
    assert set(shown) == {"groundplan-local-plan", "groundplan-local-deploy"}
    assert set(shown["groundplan-local-plan"]) == {"trust", "policy"}
