"""Least privilege: exactly which actions on which resources each role has."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.plan.nullcheck.conftest import MEMORY
from tests.plan.nullcheck.functions import (
    FUNCTIONS,
    GROUPS,
    arn,
    function,
    functions,
    in_bucket,
    suffix,
    table_arn,
)
from tests.support.plans import Plan, Resource, Statement

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
MODEL = "anthropic.claude-sonnet-4-5-20250929-v1:0"
MODEL_REGIONS = ("us-east-1", "us-east-2", "us-west-2")

each_function = pytest.mark.parametrize("name", FUNCTIONS)

# An action, a resource, and the conditions that must hold.
Grant = tuple[str, str, frozenset[tuple[str, str, str]]]


def role_of(plan: Plan, name: str) -> Resource:
    return plan.referred(function(plan, name), "role", ROLE)


def statements_of(plan: Plan, role: Resource) -> list[Statement]:
    (policy,) = [each for each in plan.all(ROLE_POLICY) if role.block in plan.references(each, "role")]
    statements = plan.statements(policy, "policy")
    assert all(each.allows and not each.principals for each in statements)
    return statements


def granted(statements: Iterable[Statement]) -> set[Grant]:
    return {(*pair, statement.conditions) for statement in statements for pair in statement.grants}


def grants(plan: Plan, name: str, *services: str) -> set[Grant]:
    """What a function may do with these services."""
    everything = granted(statements_of(plan, role_of(plan, name)))
    return {grant for grant in everything if grant[0].split(":")[0] in services}


def plain(*pairs: tuple[str, str]) -> set[Grant]:
    """Grants without conditions."""
    return {(action, resource, frozenset()) for action, resource in pairs}


@pytest.mark.requirement("NC-IAM-01")
def test_each_function_has_a_role_of_its_own(every: Plan) -> None:
    used = {every.referred(each, "role", ROLE).address for each in functions(every)}

    assert len(used) == len(FUNCTIONS)
    # Beside them that of MediaConvert.
    assert len(every.all(ROLE)) == len(FUNCTIONS) + 1


@pytest.mark.requirement("NC-IAM-01")
@each_function
def test_nobody_but_lambda_takes_on_a_functions_role(every: Plan, name: str) -> None:
    (trust,) = every.statements(role_of(every, name), "assume_role_policy")

    assert trust.allows
    assert trust.actions == {"sts:AssumeRole"}
    assert trust.principals == {("Service", "lambda.amazonaws.com")}


@pytest.mark.requirement("NC-IAM-01")
def test_roles_have_no_permissions_but_those_of_their_policies(every: Plan) -> None:
    assert not OTHER_GRANTS & every.types()
    assert [
        role.address for role in every.all(ROLE) if {"inline_policy", "managed_policy_arns"} & every.arguments(role)
    ] == []
    # One that names its role as text would not be seen by `statements_of`.
    assert len(every.all(ROLE_POLICY)) == len(every.all(ROLE))


@pytest.mark.requirement("NC-IAM-01")
@each_function
def test_function_may_use_no_other_service(everywhere: Plan, name: str) -> None:
    (group,) = [group for group, names in GROUPS.items() if name in names]
    uses = {
        "episode": {"dynamodb", "s3"} if name == "createUploadUrl" else {"dynamodb"},
        "event": {"dynamodb", "s3", "events"},
        "agent": {"bedrock-agentcore", "bedrock", "s3"},
        "mediaconvert": {"mediaconvert", "iam"},
    }[group]
    statements = statements_of(everywhere, role_of(everywhere, name))
    actions = {action for statement in statements for action in statement.actions}

    assert {action.split(":")[0] for action in actions} == {"logs", "xray", "sqs"} | uses
    assert not [action for action in actions if "*" in action]


@pytest.mark.requirement("NC-IAM-01", "NC-FN-05", "NC-MON-04")
@each_function
def test_function_writes_its_logs_its_traces_and_its_failures(everywhere: Plan, name: str) -> None:
    streams = arn(everywhere, "logs", f"log-group:/aws/lambda/{name}{suffix(everywhere)}:*")
    queue = arn(everywhere, "sqs", f"nullcheck-dead-letters{suffix(everywhere)}")

    assert grants(everywhere, name, "logs", "xray", "sqs") == plain(
        ("logs:CreateLogStream", streams),
        ("logs:PutLogEvents", streams),
        ("xray:PutTelemetryRecords", "*"),
        ("xray:PutTraceSegments", "*"),
        ("sqs:SendMessage", queue),
    )


@pytest.mark.requirement("NC-IAM-02")
@pytest.mark.parametrize(
    ("name", "actions"),
    [
        ("createEpisode", {"dynamodb:PutItem"}),
        ("getEpisode", {"dynamodb:GetItem"}),
        ("updateEpisode", {"dynamodb:GetItem", "dynamodb:UpdateItem"}),
        ("createUploadUrl", {"dynamodb:GetItem"}),
    ],
)
def test_function_that_manages_episodes_has_its_own_item_actions(
    everywhere: Plan, name: str, actions: set[str]
) -> None:
    table = table_arn(everywhere)

    assert grants(everywhere, name, "dynamodb") == plain(*((action, table) for action in actions))


@pytest.mark.requirement("NC-IAM-03", "NC-SCL-03")
def test_lists_are_queries_by_GSI1(everywhere: Plan) -> None:
    table = table_arn(everywhere)

    assert grants(everywhere, "listEpisodes", "dynamodb") == plain(
        ("dynamodb:Query", table), ("dynamodb:Query", f"{table}/index/GSI1")
    )


@pytest.mark.requirement("NC-SCL-03")
def test_nobody_scans_the_table(everywhere: Plan) -> None:
    roles = everywhere.all(ROLE)
    actions = {
        action for role in roles for statement in statements_of(everywhere, role) for action in statement.actions
    }

    assert {action for action in actions if action.startswith("dynamodb:")} == {
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:UpdateItem",
    }


@pytest.mark.requirement("NC-IAM-04")
def test_upload_urls_are_signed_for_uploads_only(everywhere: Plan) -> None:
    uploads = in_bucket(everywhere, "/uploads/*")

    assert grants(everywhere, "createUploadUrl", "s3") == plain(("s3:PutObject", uploads))


@pytest.mark.requirement("NC-IAM-05", "NC-IAM-06", "NC-IAM-07")
@pytest.mark.parametrize("name", GROUPS["event"])
def test_function_behind_events_has_the_groups_permissions(everywhere: Plan, name: str) -> None:
    table = table_arn(everywhere)

    assert grants(everywhere, name, "dynamodb", "s3", "events") == plain(
        ("dynamodb:DeleteItem", table),
        ("dynamodb:GetItem", table),
        ("dynamodb:UpdateItem", table),
        ("s3:GetObject", in_bucket(everywhere, "/*")),
        ("s3:ListBucket", in_bucket(everywhere, "")),
        ("events:PutEvents", arn(everywhere, "events", "event-bus/default")),
    )


@pytest.mark.requirement("NC-IAM-08")
def test_agent_reads_and_writes_events_of_the_given_memory(named: Plan) -> None:
    memory = arn(named, "bedrock-agentcore", f"memory/{MEMORY}")

    assert grants(named, "analyzeTranscript", "bedrock-agentcore") == plain(
        ("bedrock-agentcore:CreateEvent", memory), ("bedrock-agentcore:ListEvents", memory)
    )


@pytest.mark.requirement("NC-IAM-08")
def test_agent_reads_and_writes_events_of_the_memory_that_is_made(every: Plan) -> None:
    # The id is known after the apply: the plan has what the ARN is made from.
    parts = ("var.region", "var.account_id", "var.memory_id", "aws_cloudformation_stack.memory")

    assert grants(every, "analyzeTranscript", "bedrock-agentcore") == plain(
        *(
            (action, part)
            for action in ("bedrock-agentcore:CreateEvent", "bedrock-agentcore:ListEvents")
            for part in parts
        )
    )


@pytest.mark.requirement("NC-IAM-09", "NC-IAM-10")
def test_agent_asks_the_one_model_by_its_profile(everywhere: Plan) -> None:
    profile = arn(everywhere, "bedrock", f"inference-profile/us.{MODEL}")
    by_profile = frozenset({("StringEquals", "bedrock:InferenceProfileArn", profile)})

    assert grants(everywhere, "analyzeTranscript", "bedrock") == {
        ("bedrock:InvokeModel", profile, frozenset()),
        *(
            ("bedrock:InvokeModel", f"arn:aws:bedrock:{region}::foundation-model/{MODEL}", by_profile)
            for region in MODEL_REGIONS
        ),
        ("bedrock:ListInferenceProfiles", "*", frozenset()),
    }


@pytest.mark.requirement("NC-IAM-09")
def test_agent_asks_a_model_of_the_callers_choice(chosen: Plan) -> None:
    profile = "arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.example.model-v1:0"

    assert {resource for _, resource, _ in grants(chosen, "analyzeTranscript", "bedrock")} == {
        profile,
        "arn:aws:bedrock:eu-west-1::foundation-model/example.model-v1:0",
        "arn:aws:bedrock:eu-west-3::foundation-model/example.model-v1:0",
        "*",
    }


@pytest.mark.requirement("NC-IAM-10")
def test_only_traces_and_the_list_of_profiles_are_for_all_resources(everywhere: Plan) -> None:
    wild = {
        action
        for name in FUNCTIONS
        for action, resource, _ in granted(statements_of(everywhere, role_of(everywhere, name)))
        if resource == "*"
    }

    assert wild == {"xray:PutTelemetryRecords", "xray:PutTraceSegments", "bedrock:ListInferenceProfiles"}


@pytest.mark.requirement("NC-IAM-11")
def test_agent_reads_transcripts_only(everywhere: Plan) -> None:
    transcripts = in_bucket(everywhere, "/transcripts/*")

    assert grants(everywhere, "analyzeTranscript", "s3") == plain(("s3:GetObject", transcripts))


@pytest.mark.requirement("NC-IAM-12", "NC-IAM-13")
def test_jobs_go_into_our_queue_and_run_in_the_one_role(everywhere: Plan) -> None:
    queue = everywhere.one("aws_media_convert_queue")
    role = f"arn:aws:iam::{everywhere.input('account_id')}:role/MediaConvertRole{suffix(everywhere)}"
    to_mediaconvert = frozenset({("StringEquals", "iam:PassedToService", "mediaconvert.amazonaws.com")})

    assert grants(everywhere, "startChunking", "mediaconvert", "iam") == {
        ("mediaconvert:CreateJob", arn(everywhere, "mediaconvert", f"queues/{queue['name']}"), frozenset()),
        ("iam:PassRole", role, to_mediaconvert),
    }


@pytest.mark.requirement("NC-IAM-14", "NC-MC-01")
def test_mediaconvert_reads_and_writes_objects_of_our_bucket(everywhere: Plan) -> None:
    role = everywhere.one(ROLE, name=f"MediaConvertRole{suffix(everywhere)}")
    objects = in_bucket(everywhere, "/*")

    assert granted(statements_of(everywhere, role)) == plain(
        ("s3:GetObject", objects), ("s3:GetObjectVersion", objects), ("s3:PutObject", objects)
    )


@pytest.mark.requirement("NC-MC-01")
def test_nobody_but_mediaconvert_in_our_account_takes_on_its_role(everywhere: Plan) -> None:
    role = everywhere.one(ROLE, name=f"MediaConvertRole{suffix(everywhere)}")
    (trust,) = everywhere.statements(role, "assume_role_policy")

    assert trust.allows
    assert trust.actions == {"sts:AssumeRole"}
    assert trust.principals == {("Service", "mediaconvert.amazonaws.com")}
    assert trust.conditions == {("StringEquals", "aws:SourceAccount", everywhere.input("account_id"))}


@pytest.mark.requirement("NC-MC-01")
def test_name_of_mediaconverts_role_is_the_documents(prod: Plan, dev: Plan) -> None:
    assert "MediaConvertRole" in {role.values.get("name") for role in prod.all(ROLE)}
    assert "MediaConvertRole-dev" in {role.values.get("name") for role in dev.all(ROLE)}


@pytest.mark.requirement("NC-API-07")
def test_api_gateway_writes_execution_logs_only(named: Plan) -> None:
    account = named.one("aws_api_gateway_account")
    role = named.referred(account, "cloudwatch_role_arn", ROLE)
    (trust,) = named.statements(role, "assume_role_policy")
    logs = arn(named, "logs", "log-group:API-Gateway-Execution-Logs_*")

    assert trust.principals == {("Service", "apigateway.amazonaws.com")}
    assert granted(statements_of(named, role)) == plain(
        ("logs:CreateLogGroup", logs),
        ("logs:CreateLogStream", logs),
        ("logs:DescribeLogStreams", logs),
        ("logs:FilterLogEvents", logs),
        ("logs:GetLogEvents", logs),
        ("logs:PutLogEvents", logs),
        ("logs:DescribeLogGroups", arn(named, "logs", "log-group:*")),
    )
