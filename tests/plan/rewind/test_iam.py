"""Least privilege: exactly which actions on which resources each role has, in each region."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.plan.rewind.conftest import APPLY_ROLE
from tests.plan.rewind.parts import AWAY, FUNCTIONS, Side, bucket_name, home, sides, suffix
from tests.support.plans import Plan, Resource

ROLE = "aws_iam_role"
ROLE_POLICY = "aws_iam_role_policy"
# How else a role could come by permissions.
OTHER_GRANTS = {
    "aws_iam_policy",
    "aws_iam_policy_attachment",
    "aws_iam_role_policies_exclusive",
    "aws_iam_role_policy_attachment",
    "aws_iam_role_policy_attachments_exclusive",
}
TRACES = {("xray:PutTelemetryRecords", "*"), ("xray:PutTraceSegments", "*")}
KEY_ACTIONS = {
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
}
# What each handler does with items; nobody reads the whole table.
ITEM_ACTIONS = {
    "podcastHandler": {"GetItem", "PutItem", "Query", "UpdateItem"},
    "recommendationHandler": {"GetItem", "Query"},
    "shareHandler": {"GetItem", "PutItem"},
}

# An action, a resource, and the conditions that must hold.
Condition = tuple[str, str, str]
Grant = tuple[str, str, frozenset[Condition]]

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def granted(plan: Plan, role: Resource) -> set[Grant]:
    """All that the one policy of a role allows."""
    (policy,) = [each for each in plan.all(ROLE_POLICY) if role.block in plan.references(each, "role")]
    assert policy["role"] == role["name"]
    statements = plan.statements(policy, "policy")
    assert all(each.allows and not each.principals for each in statements)
    return {(*pair, each.conditions) for each in statements for pair in each.grants}


def grants(pairs: Iterable[tuple[str, str]], *conditions: Condition) -> set[Grant]:
    return {(action, resource, frozenset(conditions)) for action, resource in pairs}


def of(service: str, actions: Iterable[str], *resources: str) -> set[tuple[str, str]]:
    return {(f"{service}:{action}", resource) for action in actions for resource in resources}


def s3(plan: Plan, name: str, path: str = "", end: str = "") -> str:
    return f"arn:aws:s3:::{bucket_name(plan, name)}{end}{path}"


def table(side: Side) -> str:
    return side.arn("dynamodb", f"table/RewindDataTable{suffix(side.plan)}")


def key(side: Side) -> str:
    """What a plan has for the ARN of the table's key."""
    if side.provider == AWAY:
        return f"{side.one('aws_kms_replica_key').address}.arn"
    return f"{side.one('aws_kms_key', multi_region=True).block}.arn"


def role_of(side: Side, name: str) -> Resource:
    return side.plan.referred(side.function(name), "role", ROLE)


def of_function(side: Side, name: str) -> set[Grant]:
    """What a function may do, wherever it runs."""
    streams = side.arn("logs", f"log-group:/aws/lambda/{name}{side.suffix}:*")
    plain = of("logs", ("CreateLogStream", "PutLogEvents"), streams) | TRACES
    plain |= of("dynamodb", ITEM_ACTIONS[name], table(side))
    through = ("StringEquals", "kms:ViaService", f"dynamodb.{side.region}.amazonaws.com")
    return grants(plain) | grants(((action, key(side)) for action in KEY_ACTIONS), through)


def of_recommending(side: Side) -> set[Grant]:
    campaign = home(side.plan).arn("personalize", f"campaign/rewind-similar-podcasts{suffix(side.plan)}")
    parameter = side.arn("ssm", f"parameter/rewind-campaign{side.suffix}")
    plain = {("personalize:GetRecommendations", campaign), ("ssm:GetParameter", parameter)}
    return grants(plain)


def of_exporting(side: Side) -> set[Grant]:
    """In the first region the function also gets the table's changes."""
    plan = side.plan
    stream = ("DescribeStream", "GetRecords", "GetShardIterator", "ListStreams")
    return grants(
        of("dynamodb", stream, f"{table(side)}/stream/*")
        | {
            ("s3:PutObject", s3(plan, "personalize-export", "/interactions/*")),
            ("sqs:SendMessage", side.arn("sqs", f"rewind-not-exported{suffix(plan)}")),
        }
    )


def of_training(side: Side) -> set[Grant]:
    plan = side.plan
    own = suffix(plan)
    solution = side.arn("personalize", f"solution/rewind-similar-podcasts{own}")
    campaign = side.arn("personalize", f"campaign/rewind-similar-podcasts{own}")
    dataset = side.arn("personalize", f"dataset/RewindDatasetGroup{own}/INTERACTIONS")
    imports = side.arn("personalize", "dataset-import-job/rewind-*")
    batches = side.arn("personalize", "batch-inference-job/rewind-*")
    plain = (
        of("personalize", ("CreateDatasetImportJob", "DescribeDatasetImportJob"), dataset, imports)
        | of(
            "personalize",
            ("CreateSolutionVersion", "DescribeSolutionVersion", "UpdateSolution"),
            solution,
            f"{solution}/*",
        )
        | of("personalize", ("CreateCampaign", "DescribeCampaign", "UpdateCampaign"), campaign)
        | of("personalize", ("CreateBatchInferenceJob", "DescribeBatchInferenceJob"), batches)
        | {("s3:GetObject", s3(plan, "personalize-export", "/batch/items.json"))}
        | {("ssm:PutParameter", side.arn("ssm", f"parameter/rewind-campaign{own}"))}
    )
    # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
    deliveries = (
        "CreateLogDelivery",
        "DeleteLogDelivery",
        "DescribeResourcePolicies",
        "GetLogDelivery",
        "ListLogDeliveries",
        "PutResourcePolicy",
        "UpdateLogDelivery",
    )
    logs = of("logs", deliveries, "*") | {("logs:DescribeLogGroups", side.arn("logs", "log-group:*"))}
    role = f"arn:aws:iam::{plan.input('account_id')}:role/rewind-personalize{own}"
    to_personalize = ("StringEquals", "iam:PassedToService", "personalize.amazonaws.com")
    return grants(plain | logs | TRACES) | grants({("iam:PassRole", role)}, to_personalize)


def of_personalize(side: Side) -> set[Grant]:
    plan = side.plan
    return grants(
        {
            ("s3:GetObject", s3(plan, "personalize-export", "/interactions/*")),
            ("s3:GetObject", s3(plan, "personalize-export", "/batch/items.json")),
            ("s3:PutObject", s3(plan, "personalize-export", "/recommendations/*")),
            ("s3:ListBucket", s3(plan, "personalize-export")),
        }
    )


def of_starting(side: Side) -> set[Grant]:
    machine = side.arn("states", f"stateMachine:rewind-training{suffix(side.plan)}")
    return grants({("states:StartExecution", machine)})


def of_deploying(side: Side) -> set[Grant]:
    plan = side.plan
    distribution = f"{plan.one('aws_cloudfront_distribution').block}.arn"
    return grants(
        of("s3", ("DeleteObject", "GetObject", "PutObject"), s3(plan, "frontend-bucket", "/*"))
        | {("s3:ListBucket", s3(plan, "frontend-bucket"))}
        | of("cloudfront", ("CreateInvalidation", "GetInvalidation"), distribution)
    )


def of_copying(side: Side, to: Side) -> set[Grant]:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    plan = side.plan
    read = ("GetObjectVersionAcl", "GetObjectVersionForReplication", "GetObjectVersionTagging")
    write = ("ReplicateDelete", "ReplicateObject", "ReplicateTags")
    return grants(
        of("s3", ("GetReplicationConfiguration", "ListBucket"), s3(plan, "frontend-bucket"))
        | of("s3", read, s3(plan, "frontend-bucket", "/*"))
        | of("s3", write, s3(plan, "frontend-bucket", "/*", end=f"-{to.region}"))
    )


def of_logging_the_api(side: Side) -> set[Grant]:
    actions = (
        "CreateLogGroup",
        "CreateLogStream",
        "DescribeLogStreams",
        "FilterLogEvents",
        "GetLogEvents",
        "PutLogEvents",
    )
    return grants(
        of("logs", actions, side.arn("logs", "log-group:API-Gateway-Execution-Logs_*"))
        | {("logs:DescribeLogGroups", side.arn("logs", "log-group:*"))}
    )


def of_the_pipeline(side: Side) -> dict[str, set[Grant]]:
    plan = side.plan
    artifacts = of("s3", ("GetObject", "GetObjectVersion", "PutObject"), s3(plan, "pipeline", "/*"))
    streams = [side.arn("logs", f"log-group:/aws/codebuild/rewind-{name}-test:*") for name in ("plan", "apply")]
    projects = [f"{each.address}.arn" for each in plan.all("aws_codebuild_project")]
    connection = f"{plan.one('aws_codestarconnections_connection').address}.arn"
    return {
        "rewind-ci-builds": grants(
            artifacts | of("logs", ("CreateLogStream", "PutLogEvents"), *streams) | {("sts:AssumeRole", APPLY_ROLE)}
        ),
        "rewind-ci-pipeline": grants(
            artifacts
            | of("codebuild", ("BatchGetBuilds", "StartBuild"), *projects)
            | {("codestar-connections:UseConnection", connection)}
        ),
    }


def expected(plan: Plan) -> dict[str, set[Grant]]:
    """Every role of a plan, by its name, and all that it may."""
    first, *second = sides(plan)
    own = suffix(plan)
    roles = {f"{name}{side.suffix}": of_function(side, name) for side in sides(plan) for name in FUNCTIONS}
    for side in sides(plan):
        roles[f"recommendationHandler{side.suffix}"] |= of_recommending(side)
        if plan.all("aws_api_gateway_account"):
            roles[f"rewind-api-logs{side.suffix}"] = of_logging_the_api(side)
    roles[f"recommendationHandler{own}"] |= of_exporting(first)
    roles[f"rewind-training{own}"] = of_training(first)
    roles[f"rewind-training-starter{own}"] = of_starting(first)
    roles[f"rewind-personalize{own}"] = of_personalize(first)
    roles[f"rewind-deploy{own}"] = of_deploying(first)
    for side in second:
        roles[f"rewind-site-copies{own}"] = of_copying(first, side)
    if plan.all("aws_codepipeline"):
        roles.update({f"{name}{own}": may for name, may in of_the_pipeline(first).items()})
    return roles


@pytest.mark.requirement("RW-IAM-01", "RW-IAM-02", "RW-IAM-03", "RW-IAM-04")
def test_roles_may_what_they_need_and_nothing_else(everywhere: Plan) -> None:
    found = {role["name"]: granted(everywhere, role) for role in everywhere.all(ROLE)}

    assert len(found) == len(everywhere.all(ROLE))
    assert found.keys() == expected(everywhere).keys()
    for name, may in expected(everywhere).items():
        assert found[name] == may, name


@pytest.mark.requirement("RW-IAM-01", "RW-IAM-02", "RW-IAM-03", "RW-IAM-04")
def test_roles_have_no_permissions_but_those_of_their_policies(everywhere: Plan) -> None:
    roles = everywhere.all(ROLE)

    assert not OTHER_GRANTS & everywhere.types()
    assert [
        each.address for each in roles if {"inline_policy", "managed_policy_arns"} & everywhere.arguments(each)
    ] == []
    # One that names its role as text would not be seen by `granted`.
    assert len(everywhere.all(ROLE_POLICY)) == len(roles)


@pytest.mark.requirement("RW-IAM-01", "RW-COST-03")
@each_function
def test_function_uses_items_of_the_table_by_their_keys(everywhere: Plan, name: str) -> None:
    for side in sides(everywhere):
        found = granted(everywhere, role_of(side, name))
        on_items = {pair[:2] for pair in found if pair[0].startswith("dynamodb:") and "/stream/" not in pair[1]}
        assert on_items == of("dynamodb", ITEM_ACTIONS[name], table(side))


@pytest.mark.requirement("RW-COST-03")
def test_nobody_scans_the_table(everywhere: Plan) -> None:
    actions = {action for role in everywhere.all(ROLE) for action, _, _ in granted(everywhere, role)}

    assert {action for action in actions if action.startswith("dynamodb:")} == {
        "dynamodb:DescribeStream",
        "dynamodb:GetItem",
        "dynamodb:GetRecords",
        "dynamodb:GetShardIterator",
        "dynamodb:ListStreams",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    }
    assert not [action for action in actions if "*" in action]


@pytest.mark.requirement("RW-IAM-02")
def test_only_the_exporting_handler_uses_s3(everywhere: Plan) -> None:
    found = {
        (side.provider, name): {
            pair[:2] for pair in granted(everywhere, role_of(side, name)) if pair[0].startswith("s3:")
        }
        for side in sides(everywhere)
        for name in FUNCTIONS
    }

    exports = s3(everywhere, "personalize-export", "/interactions/*")
    assert found.pop(("aws", "recommendationHandler")) == {("s3:PutObject", exports)}
    assert not any(found.values())


@pytest.mark.requirement("RW-IAM-03")
def test_only_the_recommending_handler_asks_personalize(everywhere: Plan) -> None:
    campaign = home(everywhere).arn("personalize", f"campaign/rewind-similar-podcasts{suffix(everywhere)}")
    for side in sides(everywhere):
        for name in FUNCTIONS:
            found = granted(everywhere, role_of(side, name))
            asks = {pair[:2] for pair in found if pair[0].startswith("personalize:")}
            assert asks == ({("personalize:GetRecommendations", campaign)} if name == FUNCTIONS[1] else set())


@pytest.mark.requirement("RW-IAM-03", "RW-IAM-04")
def test_only_the_service_takes_on_a_role(everywhere: Plan) -> None:
    services = {
        "rewind-api-logs": "apigateway",
        "rewind-ci-builds": "codebuild",
        "rewind-ci-pipeline": "codepipeline",
        "rewind-personalize": "personalize",
        "rewind-site-copies": "s3",
        "rewind-training": "states",
        "rewind-training-starter": "events",
        **dict.fromkeys(FUNCTIONS, "lambda"),
    }
    ends = sorted({suffix(everywhere), *(side.suffix for side in sides(everywhere))}, key=len, reverse=True)
    for role in everywhere.all(ROLE):
        name = next(role["name"].removesuffix(end) for end in ends if role["name"].endswith(end))
        if name == "rewind-deploy":
            continue
        (trust,) = everywhere.statements(role, "assume_role_policy")
        assert trust.allows
        assert trust.actions == {"sts:AssumeRole"}
        assert trust.principals == {("Service", f"{services[name]}.amazonaws.com")}


@pytest.mark.requirement("RW-IAM-01")
def test_nobody_but_the_apis_and_the_schedule_invokes_functions(everywhere: Plan) -> None:
    for side in sides(everywhere):
        permissions = side.all("aws_lambda_permission")
        of_schedule = ["events.amazonaws.com"] * (side == home(everywhere))
        assert sorted(each["principal"] for each in permissions) == ["apigateway.amazonaws.com"] * 3 + of_schedule
        assert all(everywhere.references(each, "source_arn") for each in permissions)
        assert {each["action"] for each in permissions} == {"lambda:InvokeFunction"}
