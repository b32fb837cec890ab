"""Least privilege: exactly which actions on which resources each function has."""

from __future__ import annotations

import pytest

from tests.plan.kefir.functions import API_FUNCTIONS, FUNCTIONS, PROCESSOR, function, functions
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

READ = {"dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query"}
WRITE = {
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
}
WRITERS = {"handleBatches", "handleDevices", "handleEvents", "handleReminders"}
READERS = {"handleExport", "handlePublic"}

each_function = pytest.mark.parametrize("name", FUNCTIONS)


def role_of(plan: Plan, name: str) -> Resource:
    return plan.referred(function(plan, name), "role", ROLE)


def allowed(plan: Plan, name: str) -> list[Statement]:
    """Statements of the one policy that a function's role has."""
    role = role_of(plan, name)
    (policy,) = [each for each in plan.all(ROLE_POLICY) if role.block in plan.references(each, "role")]
    statements = plan.statements(policy, "policy")
    assert all(each.allows and not each.conditions for each in statements)
    return statements


def grants(plan: Plan, name: str, service: str) -> set[tuple[str, str]]:
    """Every (action, resource) of one service that a function may."""
    pairs = {pair for statement in allowed(plan, name) for pair in statement.grants}
    return {(action, resource) for action, resource in pairs if action.startswith(f"{service}:")}


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:{plan.input('region')}:{plan.input('account_id')}:{resource}"


def table(plan: Plan) -> str:
    return arn(plan, "dynamodb", f"table/{plan.one('aws_dynamodb_table')['name']}")


@pytest.mark.requirement("KF-IAM-01")
def test_each_function_has_a_role_of_its_own(every: Plan) -> None:
    trusting_lambda = [
        role
        for role in every.all(ROLE)
        if any(
            ("Service", "lambda.amazonaws.com") in each.principals
            for each in every.statements(role, "assume_role_policy")
        )
    ]
    used = {every.referred(each, "role", ROLE).address for each in functions(every)}

    assert len(used) == len(FUNCTIONS)
    assert used == {role.address for role in trusting_lambda}


@pytest.mark.requirement("KF-IAM-01")
@each_function
def test_nobody_but_lambda_takes_on_the_role(every: Plan, name: str) -> None:
    (trust,) = every.statements(role_of(every, name), "assume_role_policy")

    assert trust.allows
    assert trust.actions == {"sts:AssumeRole"}
    assert trust.principals == {("Service", "lambda.amazonaws.com")}


@pytest.mark.requirement("KF-IAM-01")
@each_function
def test_role_has_no_permissions_but_those_of_its_policy(every: Plan, name: str) -> None:
    role = role_of(every, name)

    assert not {"inline_policy", "managed_policy_arns"} & every.arguments(role)
    assert not OTHER_GRANTS & every.types()
    # One that names its role as text would not be seen by `allowed`.
    assert len(every.all(ROLE_POLICY)) == len(every.all(ROLE))


@pytest.mark.requirement("KF-IAM-01")
@each_function
def test_role_permits_no_service_that_the_function_does_not_use(every: Plan, name: str) -> None:
    uses = {"handleAuth": {"cognito-idp"}, "handleBatches": {"dynamodb", "s3"}}.get(name, {"dynamodb"})

    services = {action.split(":")[0] for statement in allowed(every, name) for action in statement.actions}

    assert services == {"logs"} | uses


@pytest.mark.requirement("KF-IAM-01")
@each_function
def test_function_writes_its_own_logs_only(every: Plan, name: str) -> None:
    streams = arn(every, "logs", f"log-group:/aws/lambda/{function(every, name)['function_name']}:*")

    assert grants(every, name, "logs") == {("logs:CreateLogStream", streams), ("logs:PutLogEvents", streams)}


@pytest.mark.requirement("KF-IAM-02")
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_function_that_writes_has_the_item_actions_on_table_and_indexes(every: Plan, name: str) -> None:
    places = (table(every), f"{table(every)}/index/*")

    assert grants(every, name, "dynamodb") == {(action, place) for action in READ | WRITE for place in places}


@pytest.mark.requirement("KF-IAM-02")
@pytest.mark.parametrize("name", sorted(READERS))
def test_function_that_reads_has_read_actions_only(every: Plan, name: str) -> None:
    places = (table(every), f"{table(every)}/index/*")

    assert grants(every, name, "dynamodb") == {(action, place) for action in READ for place in places}


@pytest.mark.requirement("KF-IAM-02", "KF-REM-01", "KF-REM-02", "KF-REM-04")
def test_reminder_processor_queries_GSI1_and_updates_items(every: Plan) -> None:
    assert grants(every, PROCESSOR, "dynamodb") == {
        ("dynamodb:Query", f"{table(every)}/index/GSI1"),
        ("dynamodb:UpdateItem", table(every)),
    }


@pytest.mark.requirement("KF-IAM-02")
def test_no_other_function_touches_the_table(every: Plan) -> None:
    others = set(FUNCTIONS) - WRITERS - READERS - {PROCESSOR}

    assert others == {"handleAuth"}
    assert not grants(every, "handleAuth", "dynamodb")


@pytest.mark.requirement("KF-IAM-03")
def test_only_batches_read_and_write_photos_of_this_bucket(every: Plan) -> None:
    bucket = f"arn:aws:s3:::{every.one('aws_s3_bucket')['bucket']}"
    granted = {name: grants(every, name, "s3") for name in FUNCTIONS}

    assert granted.pop("handleBatches") == {
        ("s3:GetObject", f"{bucket}/*"),
        ("s3:PutObject", f"{bucket}/*"),
        ("s3:DeleteObject", f"{bucket}/*"),
        ("s3:ListBucket", bucket),
    }
    assert not any(granted.values())


@pytest.mark.requirement("KF-IAM-04")
def test_only_sign_in_administers_users_of_this_pool(every: Plan) -> None:
    pool = f"{every.one('aws_cognito_user_pool').block}.arn"
    granted = {name: grants(every, name, "cognito-idp") for name in FUNCTIONS}

    assert granted.pop("handleAuth") == {
        ("cognito-idp:AdminCreateUser", pool),
        ("cognito-idp:AdminGetUser", pool),
        ("cognito-idp:AdminInitiateAuth", pool),
        ("cognito-idp:AdminRespondToAuthChallenge", pool),
    }
    assert not any(granted.values())


def test_nobody_but_the_api_and_the_schedule_invokes_functions(every: Plan) -> None:
    permissions = every.all("aws_lambda_permission")

    assert sorted(each["principal"] for each in permissions) == (
        ["apigateway.amazonaws.com"] * len(API_FUNCTIONS) + ["events.amazonaws.com"]
    )
    assert all(every.references(each, "source_arn") for each in permissions)
