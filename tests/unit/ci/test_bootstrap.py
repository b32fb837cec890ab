"""``bootstrap`` in an empty account: what it makes, what it asks first, what it leaves alone."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.applied import emulated_target
from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.bootstrap import bootstrap as make_buckets
from tooling.bootstrap import buckets_there
from tooling.environment.config import load_environment
from tooling.errors import ToolError
from tooling.target import Target
from tooling.workspace import Workspace

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


def test_a_dry_run_compares_with_the_account_and_changes_nothing(fresh: Project, target: Target, state: str) -> None:
    first = run_here(fresh, "bootstrap", *CI, "--dry-run", "--json", "--yes")
    left = target.client("s3").list_buckets()["Buckets"]
    run_here(fresh, "bootstrap", *CI, "--yes")
    iam = target.client("iam")
    iam.update_role(RoleName="groundplan-local-deploy", MaxSessionDuration=3600)
    again = run_here(fresh, "bootstrap", *CI, "--dry-run", "--yes")

    assert (first.code, again.code) == (0, 0)
    assert left == []
    assert [one.get("created", one.get("state")) for one in json.loads(first.out)] == [True] * 2 + ["absent"] * 3
    assert f"{state} (us-east-1) for state: there, gets these settings" in again.out
    assert "role groundplan-local-plan (reads and plans): as it should be" in again.out
    assert "role groundplan-local-deploy (applies): to bring up to date" in again.out
    # What would change is shown, and nothing else of the role.
    assert '  -  "session_seconds": 3600,' in again.out
    assert '  +  "session_seconds": 7200,' in again.out
    assert "ManageServices" not in again.out
    assert iam.get_role(RoleName="groundplan-local-deploy")["Role"]["MaxSessionDuration"] == 3600


def test_credentials_of_the_deploying_role_last_as_long_as_the_job_that_applies(fresh: Project, target: Target) -> None:
    run_here(fresh, "bootstrap", *CI, "--yes")
    iam = target.client("iam")
    iam.update_role(RoleName="groundplan-local-deploy", MaxSessionDuration=3600)

    run_here(fresh, "bootstrap", *CI, "--yes")

    seconds = [
        iam.get_role(RoleName=f"groundplan-local-{one}")["Role"]["MaxSessionDuration"] for one in ("plan", "deploy")
    ]
    assert seconds == [3600, 7200]


def test_what_is_allowed_too_much_is_shown_before_it_is_taken_away(fresh: Project, target: Target) -> None:
    run_here(fresh, "bootstrap", *CI, "--yes")
    more = policy(target, "groundplan-local-plan")
    more["Statement"].append({"Sid": "Theirs", "Effect": "Allow", "Action": "s3:*", "Resource": "*"})
    iam = target.client("iam")
    iam.put_role_policy(RoleName="groundplan-local-plan", PolicyName="groundplan", PolicyDocument=json.dumps(more))

    answer = run_here(fresh, "bootstrap", *CI)

    assert answer.code == 2
    assert re.search(r'^  -\s+"Sid": "Theirs"$', answer.err, re.MULTILINE)
    assert policy(target, "groundplan-local-plan") == more


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


def test_a_life_cycle_that_is_there_is_not_put_again(fresh: Project, target: Target, state: str) -> None:
    """Whatever is put replaces the whole of it, what others set beside the rules as well."""
    run_here(fresh, "bootstrap", "--yes")
    config = load_environment(Workspace(fresh.root), "local")
    asked: list[str] = []

    class Counted:
        def __init__(self, target: Target) -> None:
            self.target, self.account_id = target, target.account_id

        def client(self, service: str, region: str) -> Any:
            # Of a target of its own: what is registered on a shared client would be told once more each time.
            client = replace(self.target).client(service, region)
            client.meta.events.register("before-call", lambda model, **_: asked.append(model.name))
            return client

    make_buckets(Counted(target), config)  # type: ignore[arg-type]

    assert asked.count("GetBucketLifecycleConfiguration") == 2
    assert asked.count("PutBucketLifecycleConfiguration") == 0


@pytest.mark.parametrize(("code", "says"), [(403, "the bucket is another account's"), (500, "HeadBucket was refused")])
def test_a_refusal_of_s3_is_a_sentence(fresh: Project, target: Target, state: str, code: int, says: str) -> None:
    def refuse(**asked: Any) -> Any:
        # Without it S3 answers for a bucket of another account that lets us in.
        assert asked == {"Bucket": state, "ExpectedBucketOwner": target.account_id}
        response = {"Error": {"Code": str(code), "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": code}}
        raise ClientError(response, "HeadBucket")

    refusing = SimpleNamespace(account_id=target.account_id, client=lambda *_: SimpleNamespace(head_bucket=refuse))
    config = load_environment(Workspace(fresh.root), "local")

    with pytest.raises(ToolError, match=says) as caught:
        buckets_there(refusing, config)  # type: ignore[arg-type]

    assert caught.value.where == state


def test_a_bucket_of_another_account_is_never_written_to(fresh: Project, target: Target, state: str) -> None:
    """Whoever takes the name first may open the bucket to us, and would read every state."""
    other = emulated_target(str(target.endpoint), "999988887777").client("s3")
    other.create_bucket(Bucket=state)

    answer = run_here(fresh, "bootstrap", "--yes")

    assert answer.code == 1
    assert f"{state}: the bucket is another account's" in answer.err


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
    assert f"{state} (us-east-1) for state: to make" in answer.err
    assert "is deleted after 90 days, but for the newest 100 of each object" in answer.err
    assert "identity provider token.actions.githubusercontent.com (GitHub's runners): to make" in answer.err
    assert "role groundplan-local-deploy (applies): to make" in answer.err
    assert "nobody is there to confirm" in answer.err
    assert target.client("s3").list_buckets()["Buckets"] == []
    assert [one["RoleName"] for one in target.client("iam").list_roles()["Roles"]] == []


@pytest.mark.parametrize("approvals", [0, 1])
def test_the_deploying_role_writes_approvals_only_where_some_are_asked_for(fresh: Project, approvals: int) -> None:
    file = fresh.root / "envs/local/env.toml"
    file.write_text(f"{file.read_text()}[approval]\napprovals = {approvals}\n")
    fresh.write("envs/ci.toml", '[environments.local]\napproval = "environment"\n')

    answer = run_here(fresh, "bootstrap", *CI, "--show-policies")

    statements = json.loads(answer.out)["groundplan-local-deploy"]["policy"]["Statement"]
    written = next(one["Resource"] for one in statements if one["Sid"] == "WriteState")
    assert any("/approvals/local/" in arn for arn in written) is (approvals > 0)


def test_policies_are_shown_of_a_repository_only(fresh: Project) -> None:
    answer = run_here(fresh, "bootstrap", "--show-policies")

    assert answer.code == 2
    assert "name the repository: --ci OWNER/NAME" in answer.err


@pytest.mark.parametrize("name", ["", "octo-org", "octo-org@1/infrastructure"])
def test_rejects_what_is_no_repository_before_it_makes_anything(fresh: Project, target: Target, name: str) -> None:
    answer = run_here(fresh, "bootstrap", "--ci", name, "--yes")

    assert answer.code == 2, answer.said
    assert "is no repository of GitHub's" in answer.err
    assert target.client("s3").list_buckets()["Buckets"] == []


def test_shows_the_policies_without_an_account(fresh: Project) -> None:
    answer = run_here(fresh, "bootstrap", *CI, "--show-policies", environ={"EMULATOR_ENDPOINT": "http://127.0.0.1:1"})

    shown = json.loads(answer.out)
    assert set(shown) == {"groundplan-local-plan", "groundplan-local-deploy"}
    assert set(shown["groundplan-local-plan"]) == {"trust", "policy"}
