"""The roles that CI plans and deploys with: who may take them on, and what they may do."""

from __future__ import annotations

import json
import re

import pytest

from tests.unit.ci.deciding import allows, listed, roles
from tests.unit.ci.workflow import WORKSPACE
from tooling.ci.namespaces import contents, namespace, reads
from tooling.ci.roles import read_modules, wanted_roles
from tooling.environment.config import load_environment
from tooling.errors import ToolError

ROLES = "arn:aws:iam::444455556666:role"
STATE = "arn:aws:s3:::groundplan-state-444455556666-us-east-1"
GITHUB = "arn:aws:iam::444455556666:oidc-provider/token.actions.githubusercontent.com"
ALL_RIGHTS = "arn:aws:iam::aws:policy/AdministratorAccess"
ENVS = ("dev", "staging", "prod")


@pytest.mark.parametrize("env", ENVS)
def test_only_that_repository_in_that_github_environment_may_take_a_role_on(env: str) -> None:
    plan, deploy = (role.trust["Statement"] for role in roles(env))

    issuer = "token.actions.githubusercontent.com"
    for statements, environment in ((plan, f"{env}-plan"), (deploy, env)):
        assert len(statements) == 1
        assert statements[0]["Action"] == "sts:AssumeRoleWithWebIdentity"
        assert statements[0]["Condition"] == {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"repo:octo-org/infrastructure:environment:{environment}",
            }
        }


@pytest.mark.parametrize("env", ENVS)
def test_the_planning_role_can_write_nothing_but_the_lock(env: str) -> None:
    plan, _ = roles(env)
    state = load_environment(WORKSPACE, env).state.bucket

    reading = re.compile(r"^[a-z0-9-]+:((Describe|BatchGet|Get|List|Lookup|View|Validate)[A-Za-z*]*|GET)$")
    others = {
        (action, resource)
        for one in plan.policy["Statement"]
        for action in listed(one["Action"])
        for resource in listed(one["Resource"])
        if not reading.match(action)
    }

    assert others == {(f"s3:{call}", f"arn:aws:s3:::{state}/{env}/*.tflock") for call in ("PutObject", "DeleteObject")}
    assert {one["Effect"] for one in plan.policy["Statement"]} == {"Allow"}


@pytest.mark.parametrize(
    "call",
    [
        "s3:GetObject",
        "dynamodb:GetItem",
        "dynamodb:Scan",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
        "sqs:ReceiveMessage",
        "cognito-idp:ListUsers",
        "states:GetExecutionHistory",
        "ecr:GetDownloadUrlForLayer",
        "kms:Decrypt",
        "lambda:InvokeFunction",
    ],
)
def test_the_planning_role_cannot_read_what_people_keep_there(call: str) -> None:
    plan, _ = roles("prod")
    service = call.partition(":")[0]

    assert not allows(plan, call, f"arn:aws:{service}:us-east-1:444455556666:anything")


def test_the_planning_role_reads_the_content_of_the_modules_secrets_only() -> None:
    plan, _ = roles("prod")
    secrets = "arn:aws:secretsmanager:us-east-1:444455556666:secret"

    assert allows(plan, "secretsmanager:GetSecretValue", f"{secrets}:fckdoomscroll/database-a1B2c3")
    assert allows(plan, "ssm:GetParameter", "arn:aws:ssm:us-west-2:444455556666:parameter/rewind-campaign-us-west-2")
    assert not allows(plan, "secretsmanager:GetSecretValue", f"{secrets}:payroll-a1B2c3")
    assert not allows(plan, "secretsmanager:GetSecretValue", f"{secrets}:fckdoomscroll/other-a1B2c3")
    assert not allows(plan, "ssm:GetParameter", "arn:aws:ssm:us-east-1:444455556666:parameter/payroll")


def test_the_planning_role_reads_the_state_of_its_own_environment_only() -> None:
    plan, _ = roles("prod")
    assert allows(plan, "s3:GetObject", f"{STATE}/prod/kefir.tfstate")
    assert not allows(plan, "s3:GetObject", f"{STATE}/dev/kefir.tfstate")
    assert not allows(plan, "s3:PutObject", f"{STATE}/prod/kefir.tfstate")
    assert not allows(plan, "s3:PutObject", f"{STATE}/approvals/prod/seal/me.json")


@pytest.mark.parametrize("env", ENVS)
def test_the_deploying_role_manages_every_service_of_the_modules_and_no_other(env: str) -> None:
    _, deploy = roles(env)
    config = load_environment(WORKSPACE, env)
    modules = read_modules(WORKSPACE, config)
    managed = next(one for one in deploy.policy["Statement"] if one["Sid"] == "ManageServices")

    services = {action.partition(":")[0] for action in managed["Action"]}
    assert {namespace(one) for one in modules.types} - {"iam", "s3"} <= services
    assert services & {"organizations", "account", "sts", "iam", "s3", "support"} == set()
    assert ("personalize" in services) == ("rewind" in config.stacks)
    assert ("bedrock-agentcore" in services) == ("nullcheck" in config.stacks)


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:PutRolePolicy", f"{ROLES}/groundplan-prod-deploy", {}),
        ("iam:UpdateAssumeRolePolicy", f"{ROLES}/groundplan-prod-plan", {}),
        ("iam:PassRole", f"{ROLES}/groundplan-prod-deploy", {"PassedToService": "lambda.amazonaws.com"}),
        ("iam:PassRole", f"{ROLES}/any", {"PassedToService": "glue.amazonaws.com"}),
        ("iam:AttachRolePolicy", f"{ROLES}/any", {"PolicyARN": ALL_RIGHTS}),
        ("iam:CreateUser", "arn:aws:iam::444455556666:user/any", {}),
        ("iam:CreateAccessKey", "arn:aws:iam::444455556666:user/any", {}),
        ("iam:CreateOpenIDConnectProvider", GITHUB, {}),
        ("s3:PutBucketPolicy", STATE, {}),
        ("s3:DeleteObjectVersion", f"{STATE}/prod/kefir.tfstate", {}),
        ("s3:PutObject", f"{STATE}/dev/kefir.tfstate", {}),
        # An environment beside it in the same account has a bucket of its own.
        ("s3:PutObject", f"{STATE.replace('444455556666', '111122223333')}/dev/kefir.tfstate", {}),
        ("lambda:CreateFunction", "arn:aws:lambda:eu-west-1::function:any", {"RequestedRegion": "eu-west-1"}),
    ],
)
def test_the_deploying_role_cannot(action: str, resource: str, context: dict[str, str]) -> None:
    _, deploy = roles("prod")

    assert not allows(deploy, action, resource, **{"RequestedRegion": "us-east-1", **context})


@pytest.mark.parametrize(
    ("action", "resource", "context"),
    [
        ("iam:PutRolePolicy", f"{ROLES}/kefir-prod-handle-auth", {}),
        ("iam:PassRole", f"{ROLES}/any", {"PassedToService": "lambda.amazonaws.com"}),
        ("s3:CreateBucket", "arn:aws:s3:::kefir-prod-photos", {}),
        ("s3:PutObject", f"{STATE}/prod/kefir.tfstate", {}),
        ("s3:PutObject", "arn:aws:s3:::groundplan-artifacts-444455556666-us-east-1/a.zip", {}),
        ("rds:CreateDBInstance", "arn:aws:rds:us-east-1:444455556666:db:any", {}),
        ("dynamodb:CreateTable", "arn:aws:dynamodb:us-west-2:444455556666:table/any", {"RequestedRegion": "us-west-2"}),
        ("cloudfront:CreateDistribution", "arn:aws:cloudfront::444455556666:distribution/any", {}),
    ],
)
def test_the_deploying_role_can(action: str, resource: str, context: dict[str, str]) -> None:
    _, deploy = roles("prod")

    assert allows(deploy, action, resource, **{"RequestedRegion": "us-east-1", **context})


def test_only_where_the_reviewers_of_github_approve_may_the_deploying_role_write_approvals() -> None:
    resource = f"{STATE}/approvals/prod/seal/me.json"

    assert allows(roles("prod")[1], "s3:PutObject", resource, RequestedRegion="us-east-1")
    assert not allows(roles("prod", approves=False)[1], "s3:PutObject", resource, RequestedRegion="us-east-1")


@pytest.mark.parametrize("env", ENVS)
def test_the_policies_fit_into_a_role(env: str) -> None:
    """IAM counts 10,240 characters, blanks left out, for the inline policies of a role."""
    sizes = [len(json.dumps(role.policy, separators=(",", ":"))) for role in roles(env)]

    assert max(sizes) < 10_240


@pytest.mark.parametrize(
    ("resource_type", "service"),
    [
        ("aws_db_instance", "rds"),
        ("aws_route_table", "ec2"),
        ("aws_route53_record", "route53"),
        ("aws_cloudwatch_event_rule", "events"),
        ("aws_cloudwatch_log_group", "logs"),
        ("aws_cloudwatch_metric_alarm", "cloudwatch"),
        ("aws_lb_target_group", "elasticloadbalancing"),
        ("aws_vpc_security_group_ingress_rule", "ec2"),
        ("aws_apigatewayv2_api", "apigateway"),
        ("aws_kinesis_stream", "kinesis"),
    ],
)
def test_a_resource_type_belongs_to_a_service_of_iam(resource_type: str, service: str) -> None:
    assert namespace(resource_type) == service


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('resource "aws_secretsmanager_secret" "a" {\n  name = "b"\n}\n', {}),
        (
            'resource "aws_secretsmanager_secret" "a" {\n  name = "${var.x}/b"\n}\n'
            'resource "aws_secretsmanager_secret_version" "a" {\n}\n',
            {"secretsmanager:GetSecretValue": ("arn:aws:secretsmanager:*:1:secret:*/b-??????",)},
        ),
        (
            'resource "aws_ssm_parameter" "a" {\n  name = "/b"\n}\n'
            'resource "aws_ssm_parameter" "c" {\n  name = var.y\n}\n',
            {"ssm:GetParameter*": ("arn:aws:ssm:*:1:parameter/*", "arn:aws:ssm:*:1:parameter/b")},
        ),
    ],
)
def test_content_is_read_only_where_terraform_does(text: str, found: dict[str, tuple[str, ...]]) -> None:
    assert contents(text, "1") == found
    assert "secretsmanager:GetSecretValue" not in reads(["aws_secretsmanager_secret_version"])


def test_a_repository_whose_subjects_have_numbers_is_trusted_by_them() -> None:
    config = load_environment(WORKSPACE, "dev")

    plan, _ = wanted_roles("dev", config, read_modules(WORKSPACE, config), "octo-org@12/infra@34", approves=False)

    subject = plan.trust["Statement"][0]["Condition"]["StringEquals"]["token.actions.githubusercontent.com:sub"]
    assert subject == "repo:octo-org@12/infra@34:environment:dev-plan"


@pytest.mark.parametrize(
    "name", ["octo-org", "octo/org/infra", "octo-org/infra*", "*/infra", "", "octo-org@12/infra", "octo-org/infra@34"]
)
def test_rejects_what_is_no_repository(name: str) -> None:
    config = load_environment(WORKSPACE, "dev")

    with pytest.raises(ToolError, match="is no repository"):
        wanted_roles("dev", config, read_modules(WORKSPACE, config), name, approves=False)
