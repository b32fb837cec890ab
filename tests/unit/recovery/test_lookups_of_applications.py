"""What a cut creation left of functions, users, mail, workflows and pipelines is found."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from tooling.recovery.lookup import Found, Wanted, lookup_of

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
ROLE = "arn:aws:iam::123456789012:role/found"


@pytest.fixture(scope="session")
def role(client: Client) -> str:
    trusted = {
        "Statement": [
            {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": f"{service}.amazonaws.com"}}
            for service in ("codebuild", "codepipeline", "lambda", "states")
        ]
    }
    client("iam").create_role(RoleName="found", AssumeRolePolicyDocument=json.dumps(trusted))
    return ROLE


def make_function(client: Client, name: str, role: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("index.py", "def handler(event, context): ...")
    client("lambda").create_function(
        FunctionName=name,
        Role=role,
        Runtime="python3.12",
        Handler="index.handler",
        Code={"ZipFile": packed.getvalue()},
        Tags={"a": "b"},
    )


def test_a_function_is_found_with_tags_and_last_change(client: Client, role: str, look: Look) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    make_function(client, "function", role)

    (found,) = look("aws_lambda_function", function_name="function")

    assert (found.id, found.tags) == ("function", {"a": "b"})
    assert found.created is not None
    assert found.created >= before
    assert look("aws_lambda_function", function_name="none") == []


def test_the_time_of_a_function_is_read_as_lambda_writes_it() -> None:
    # GIVEN the way in which Lambda itself writes it
    client = boto3.client(
        "lambda", region_name="us-east-1", aws_access_key_id="123456789012", aws_secret_access_key="unchecked"
    )
    configuration = {"FunctionName": "f", "LastModified": "2026-11-22T00:05:32.070+0000"}
    with Stubber(client) as stub:
        stub.add_response("get_function", {"Configuration": configuration}, {"FunctionName": "f"})

        (found,) = ask(client, "aws_lambda_function", {"function_name": "f"})

    assert found.created == datetime(2026, 11, 22, 0, 5, 32, 70000, UTC)


def test_the_parts_of_a_function_are_found(client: Client, role: str, look: Look) -> None:
    # GIVEN a function with an alias and two queues that it is fed from
    make_function(client, "parts", role)
    alias = client("lambda").create_alias(FunctionName="parts", Name="live", FunctionVersion="$LATEST")["AliasArn"]
    queues = []
    for name in ("one", "two"):
        client("sqs").create_queue(QueueName=name)
        queues.append(f"arn:aws:sqs:us-east-1:123456789012:{name}")
    fed = {
        queue: client("lambda").create_event_source_mapping(
            FunctionName="parts", EventSourceArn=queue, Tags={"queue": queue}
        )["UUID"]
        for queue in queues
    }

    # THEN each is found by what it joins
    assert look("aws_lambda_alias", function_name="parts", name="live") == [Found(alias, within=True)]
    assert look("aws_lambda_alias", function_name="parts", name="none") == []
    (mapping,) = look("aws_lambda_event_source_mapping", function_name="parts", event_source_arn=queues[1])
    assert (mapping.id, mapping.within) == (fed[queues[1]], True)
    assert mapping.created is not None


def test_a_user_pool_of_a_name_that_is_taken_twice_is_told_twice(client: Client, look: Look) -> None:
    cognito = client("cognito-idp")
    pools = {
        run: cognito.create_user_pool(PoolName="users", UserPoolTags={"run": run})["UserPool"]["Id"]
        for run in ("1", "2")
    }
    apps = {
        name: cognito.create_user_pool_client(UserPoolId=pools["2"], ClientName=name)["UserPoolClient"]["ClientId"]
        for name in ("app", "app-2")
    }

    found = look("aws_cognito_user_pool", name="users")

    assert {one.id: one.tags for one in found} == {pools["1"]: {"run": "1"}, pools["2"]: {"run": "2"}}
    assert all(one.created is not None for one in found)
    planned = {"user_pool_id": pools["2"], "name": "app"}
    assert look("aws_cognito_user_pool_client", **planned) == [Found(apps["app"], within=True)]
    assert look("aws_cognito_user_pool_client", **(planned | {"user_pool_id": pools["1"]})) == []


def test_mail_is_found_with_its_tags(client: Client, look: Look) -> None:
    mail, tags = client("sesv2"), [{"Key": "a", "Value": "b"}]
    mail.create_configuration_set(ConfigurationSetName="set", Tags=tags)
    mail.create_email_identity(EmailIdentity="mail.example.com", Tags=tags)
    client("ses").create_template(Template={"TemplateName": "welcome", "SubjectPart": "s", "TextPart": "t"})

    assert look("aws_sesv2_configuration_set", configuration_set_name="set") == [Found("set", tags={"a": "b"})]
    identity = Found("mail.example.com", tags={"a": "b"})
    assert look("aws_sesv2_email_identity", email_identity="mail.example.com") == [identity]
    (template,) = look("aws_ses_template", name="welcome")
    assert template.id == "welcome"
    assert template.created is not None
    assert look("aws_sesv2_configuration_set", configuration_set_name="none") == []
    assert look("aws_sesv2_email_identity", email_identity="none.example.com") == []
    assert look("aws_ses_template", name="none") == []
    assert [one.id for one in look("aws_sesv2_account_suppression_attributes")] == ["123456789012"]


def test_a_state_machine_is_found_with_tags_and_time(client: Client, role: str, look: Look) -> None:
    definition = json.dumps({"StartAt": "End", "States": {"End": {"Type": "Succeed"}}})
    arn = client("stepfunctions").create_state_machine(
        name="machine", definition=definition, roleArn=role, tags=[{"key": "a", "value": "b"}]
    )["stateMachineArn"]

    (found,) = look("aws_sfn_state_machine", name="machine")

    assert (found.id, found.tags) == (arn, {"a": "b"})
    assert found.created is not None
    assert look("aws_sfn_state_machine", name="none") == []


def test_a_stack_is_found_by_its_name(client: Client, look: Look) -> None:
    body = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}
    arn = client("cloudformation").create_stack(
        StackName="stack", TemplateBody=json.dumps(body), Tags=[{"Key": "a", "Value": "b"}]
    )["StackId"]

    (found,) = look("aws_cloudformation_stack", name="stack")

    assert (found.id, found.tags) == (arn, {"a": "b"})
    assert found.created is not None
    assert look("aws_cloudformation_stack", name="none") == []


def test_a_queue_of_media_jobs_is_found(client: Client, look: Look) -> None:
    client("mediaconvert").create_queue(Name="queue", Tags={"a": "b"})

    (found,) = look("aws_media_convert_queue", name="queue")

    assert (found.id, found.tags) == ("queue", {"a": "b"})
    assert found.created is not None
    assert look("aws_media_convert_queue", name="none") == []


def test_a_resource_group_is_found_with_its_tags(client: Client, look: Look) -> None:
    filters = {"ResourceTypeFilters": ["AWS::AllSupported"], "TagFilters": [{"Key": "a", "Values": ["b"]}]}
    query = {"Type": "TAG_FILTERS_1_0", "Query": json.dumps(filters)}
    client("resource-groups").create_group(Name="group", ResourceQuery=query, Tags={"a": "b"})

    assert look("aws_resourcegroups_group", name="group") == [Found("group", tags={"a": "b"})]
    assert look("aws_resourcegroups_group", name="none") == []


def test_builds_and_pipelines_are_found_with_tags_and_time(client: Client, role: str, look: Look) -> None:
    tags = [{"key": "a", "value": "b"}]
    client("s3").create_bucket(Bucket="pipeline-artifacts")
    project = client("codebuild").create_project(
        name="project",
        source={"type": "S3", "location": "pipeline-artifacts/source.zip"},
        artifacts={"type": "NO_ARTIFACTS"},
        environment={
            "type": "LINUX_CONTAINER",
            "image": "aws/codebuild/standard:7.0",
            "computeType": "BUILD_GENERAL1_SMALL",
        },
        serviceRole=role,
        tags=tags,
    )["project"]["arn"]
    action = {"name": "a", "configuration": {}, "outputArtifacts": [{"name": "o"}]}
    source = {"category": "Source", "owner": "AWS", "provider": "S3", "version": "1"}
    build = {"category": "Build", "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    pipeline = {
        "name": "pipeline",
        "roleArn": role,
        "artifactStore": {"type": "S3", "location": "pipeline-artifacts"},
        "stages": [
            {"name": "Source", "actions": [{**action, "actionTypeId": source}]},
            {"name": "Build", "actions": [{**action, "name": "b", "actionTypeId": build}]},
        ],
        "version": 1,
    }
    client("codepipeline").create_pipeline(pipeline=pipeline, tags=tags)

    (built,) = look("aws_codebuild_project", name="project")
    assert (built.id, built.tags) == (project, {"a": "b"})
    assert built.created is not None
    (found,) = look("aws_codepipeline", name="pipeline")
    assert (found.id, found.tags) == ("pipeline", {"a": "b"})
    assert found.created is not None
    assert look("aws_codebuild_project", name="none") == []
    assert look("aws_codepipeline", name="none") == []


def test_connections_of_a_name_are_found_on_every_page() -> None:
    # GIVEN an account whose connections take two pages
    client = boto3.client(
        "codestar-connections",
        region_name="us-east-1",
        aws_access_key_id="123456789012",
        aws_secret_access_key="unchecked",
    )
    root = "arn:aws:codestar-connections:us-east-1:123456789012:connection"
    other = {"ConnectionName": "other", "ConnectionArn": f"{root}/1", "ProviderType": "GitHub"}
    ours = {"ConnectionName": "ours", "ConnectionArn": f"{root}/2", "ProviderType": "GitHub"}
    with Stubber(client) as stub:
        stub.add_response("list_connections", {"Connections": [other], "NextToken": "more"}, {})
        stub.add_response("list_connections", {"Connections": [ours]}, {"NextToken": "more"})
        tags = {"Tags": [{"Key": "a", "Value": "b"}]}
        stub.add_response("list_tags_for_resource", tags, {"ResourceArn": f"{root}/2"})

        found = ask(client, "aws_codestarconnections_connection", {"name": "ours", "provider_type": "GitHub"})

    assert found == [Found(f"{root}/2", tags={"a": "b"})]


def ask(client: Any, kind: str, planned: Mapping[str, Any]) -> list[Found]:
    """Ask a client of the test's own."""
    lookup = lookup_of(kind)
    assert lookup is not None
    wanted = Wanted(f"{kind}.it", kind, planned, "us-east-1", "123456789012", lambda *_service: client)
    return list(lookup(wanted))
