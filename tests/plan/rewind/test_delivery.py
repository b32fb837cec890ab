"""Releases: the role that deploys, apart from those that run, and the pipeline where one is asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.plan.rewind.conftest import APPLY_ROLE, GIVEN_PROVIDER
from tests.plan.rewind.parts import FUNCTIONS, bucket, bucket_name, sides, suffix
from tests.support.plans import Plan, Resource

PIPELINE = "aws_codepipeline"
PROJECT = "aws_codebuild_project"
CONNECTION = "aws_codestarconnections_connection"
ROLE = "aws_iam_role"
PROVIDER = "aws_iam_openid_connect_provider"
GITHUB = "token.actions.githubusercontent.com"


def deploy_role(plan: Plan) -> Resource:
    return plan.one(ROLE, name=f"rewind-deploy{suffix(plan)}")


def project(plan: Plan, name: str) -> Resource:
    return plan.one(PROJECT, name=f"rewind-{name}{suffix(plan)}")


def commands(found: Resource) -> list[str]:
    (source,) = found["source"]
    build: dict[str, Any] = json.loads(source["buildspec"])
    # The next stage gets the folder as this one leaves it.
    assert build["artifacts"] == {"files": ["**/*"], "enable-symlinks": "yes"}
    assert build["phases"].keys() == {"build"}
    steps: list[str] = build["phases"]["build"]["commands"]
    return steps


@pytest.mark.requirement("RW-IAM-04")
def test_people_of_the_account_deploy(every: Plan) -> None:
    (trust,) = every.statements(deploy_role(every), "assume_role_policy")

    assert trust.actions == {"sts:AssumeRole"}
    assert trust.principals == {("AWS", f"arn:aws:iam::{every.input('account_id')}:root")}
    assert not every.all(PROVIDER)
    assert f"{deploy_role(every).block}.arn" in every.output_references("deploy_role_arn")


@pytest.mark.requirement("RW-IAM-04")
def test_workflows_of_the_main_branch_of_one_repository_deploy(alone: Plan, chosen: Plan) -> None:
    made = f"arn:aws:iam::111122223333:oidc-provider/{GITHUB}"
    for plan, provider in ((alone, made), (chosen, GIVEN_PROVIDER)):
        (trust,) = plan.statements(deploy_role(plan), "assume_role_policy")
        assert trust.actions == {"sts:AssumeRoleWithWebIdentity"}
        assert trust.principals == {("Federated", provider)}
        assert trust.conditions == {
            ("StringEquals", f"{GITHUB}:aud", "sts.amazonaws.com"),
            ("StringEquals", f"{GITHUB}:sub", "repo:example/rewind:ref:refs/heads/main"),
        }


@pytest.mark.requirement("RW-IAM-04")
def test_provider_of_tokens_is_made_unless_there_is_one(alone: Plan, chosen: Plan) -> None:
    provider = alone.one(PROVIDER)

    assert provider["url"] == f"https://{GITHUB}"
    assert provider["client_id_list"] == ["sts.amazonaws.com"]
    assert not chosen.all(PROVIDER)


@pytest.mark.requirement("RW-IAM-04")
def test_no_role_both_deploys_and_runs(everywhere: Plan) -> None:
    trusted = {
        role.address: {
            name for each in everywhere.statements(role, "assume_role_policy") for _, name in each.principals
        }
        for role in everywhere.all(ROLE)
    }
    deploying = {
        address for address, names in trusted.items() if not all(name.endswith(".amazonaws.com") for name in names)
    }
    running = {
        everywhere.referred(function, "role", ROLE).address
        for side in sides(everywhere)
        for function in side.functions()
    }

    assert deploying == {deploy_role(everywhere).address}
    assert len(running) == len(FUNCTIONS) * len(sides(everywhere))
    assert all(trusted[address] == {"lambda.amazonaws.com"} for address in running)
    assert not deploying & running


@pytest.mark.requirement("RW-DEP-06")
def test_there_is_no_pipeline_unless_one_is_asked_for(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["enable_codepipeline"]["default"] is False
    for plan in (every, minimal):
        assert not {PIPELINE, PROJECT, CONNECTION} & plan.types()


@pytest.mark.requirement("RW-DEP-06")
def test_pipeline_fetches_plans_and_applies(chosen: Plan) -> None:
    pipeline = chosen.one(PIPELINE)
    actions = [
        (
            stage["name"],
            action["category"],
            action["provider"],
            action["input_artifacts"] or [],
            action["output_artifacts"] or [],
        )
        for stage in pipeline["stage"]
        for action in stage["action"]
    ]

    assert pipeline["name"] == "rewind-pipeline-test"
    assert pipeline["pipeline_type"] == "V2"
    assert actions == [
        ("Source", "Source", "CodeStarSourceConnection", [], ["source"]),
        ("Build", "Build", "CodeBuild", ["source"], ["planned"]),
        ("Deploy", "Build", "CodeBuild", ["planned"], []),
    ]
    assert {(action["owner"], action["version"]) for stage in pipeline["stage"] for action in stage["action"]} == {
        ("AWS", "1")
    }


@pytest.mark.requirement("RW-DEP-06")
def test_pipeline_deploys_the_given_branch(chosen: Plan) -> None:
    pipeline = chosen.one(PIPELINE)
    connection = chosen.one(CONNECTION)
    configurations = [chosen.references(pipeline, "stage", place, "action", "configuration") for place in range(3)]

    assert connection["provider_type"] == "GitHub"
    assert configurations[0] >= {f"{connection.address}.arn", "var.pipeline_repository", "var.pipeline_branch"}
    assert (chosen.input("pipeline_repository"), chosen.input("pipeline_branch")) == (
        "example/infrastructure",
        "release",
    )
    for place, name in ((1, "plan"), (2, "apply")):
        assert f"{project(chosen, name).address}.name" in configurations[place]
        (stage,) = pipeline["stage"][place]["action"]
        assert stage["configuration"] == {"ProjectName": f"rewind-{name}-test"}


@pytest.mark.requirement("RW-DEP-06")
def test_build_stage_plans_and_gates_and_deploy_stage_applies(chosen: Plan) -> None:
    plan, apply = commands(project(chosen, "plan")), commands(project(chosen, "apply"))

    # The gate is a part of both: what it refuses is not applied.
    assert plan[-1] == "groundplan plan --env $ENV --stack rewind"
    assert apply[-1] == "groundplan apply --env $ENV --stack rewind --yes"
    # What is installed is what the lock file says.
    assert plan[0] == apply[0] == "pip install --require-hashes -r requirements.lock && pip install --no-deps -e ."
    assert all("sts assume-role --role-arn $APPLY_ROLE_ARN" in steps[1] for steps in (plan, apply))


@pytest.mark.requirement("RW-DEP-06")
@pytest.mark.parametrize("name", ["plan", "apply"])
def test_project_builds_in_the_role_of_the_builds(chosen: Plan, name: str) -> None:
    found = project(chosen, name)
    (environment,) = found["environment"]
    (source,) = found["source"]
    (artifacts,) = found["artifacts"]
    (logs,) = found["logs_config"]

    assert (source["type"], artifacts["type"]) == ("CODEPIPELINE", "CODEPIPELINE")
    assert chosen.referred(found, "service_role", ROLE)["name"] == "rewind-ci-builds-test"
    assert {each["name"]: each["value"] for each in environment["environment_variable"]} == {
        "ENV": "test",
        "APPLY_ROLE_ARN": APPLY_ROLE,
    }
    assert (environment["type"], environment["compute_type"]) == ("ARM_CONTAINER", "BUILD_GENERAL1_SMALL")
    assert environment["privileged_mode"] is False
    assert [each["group_name"] for each in logs["cloudwatch_logs"]] == [f"/aws/codebuild/rewind-{name}-test"]
    assert found["build_timeout"] == 60


@pytest.mark.requirement("RW-DEP-06")
def test_pipeline_keeps_what_it_hands_over_in_a_bucket_of_its_own(chosen: Plan) -> None:
    pipeline = chosen.one(PIPELINE)
    artifacts = bucket(chosen, "pipeline")
    (store,) = pipeline["artifact_store"]

    assert (store["location"], store["type"]) == (bucket_name(chosen, "pipeline"), "S3")
    (rule,) = [
        rule
        for lifecycle in chosen.all("aws_s3_bucket_lifecycle_configuration")
        if chosen.referred(lifecycle, "bucket", "aws_s3_bucket") == artifacts
        for rule in lifecycle["rule"]
    ]
    assert [each["days"] for each in rule["expiration"]] == [30]
    assert chosen.referred(pipeline, "role_arn", ROLE)["name"] == "rewind-ci-pipeline-test"
