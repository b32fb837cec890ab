"""Nullcheck with prod's values, applied through the toolkit as a user would: made, read back, planned again, gone."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, change, let_go, must, not_found_again, project_of, verified
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

PROD = "444455556666"
BUCKETS_OF_THE_TOOLKIT = ("groundplan-artifacts-", "groundplan-state-")
# What the user exports; it stands in no file (NC-DEP-01).
SECRET = "emulator-only-0123456789"
FUNCTIONS = {
    "analyzeTranscript",
    "cleanupEpisode",
    "createEpisode",
    "createUploadUrl",
    "getEpisode",
    "listEpisodes",
    "onMediaConvertJobChange",
    "onUploadCompleted",
    "startChunking",
    "updateEpisode",
}
# Everything in this file reads one apply, so it has to stay on one worker.
pytestmark = pytest.mark.xdist_group("nullcheck-prod-on-the-emulator")


@pytest.fixture(scope="module")
def unarmed(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    """The project of a user who has not exported the secret yet."""
    return project_of(tmp_path_factory.mktemp("project"), home, env="prod", stack="nullcheck")


@pytest.fixture(scope="module")
def project(unarmed: Project) -> Project:
    return Project(unarmed.root, {**unarmed.environ, "TF_VAR_encryption_key": SECRET})


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD)


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """Applied once for the whole file; its outputs."""
    return apply(project, "nullcheck")


@pytest.fixture(scope="module")
def rules(outputs: dict[str, Any], account: Account) -> dict[str, str]:
    """Pattern of each rule of ours, by its name; EventBridge has one of its own for the archive."""
    assert outputs
    listed = account.pages("events", "list_rules", "Rules")
    return {rule["Name"]: rule["EventPattern"] for rule in listed if rule["Name"].startswith("nullcheck-")}


@pytest.mark.requirement("NC-DEP-01")
def test_without_its_secret_nothing_is_planned_and_the_user_is_told_where_it_comes_from(unarmed: Project) -> None:
    answer = unarmed.run("plan", seconds=120)

    assert answer.code == 2, answer.said
    assert "prod/nullcheck: encryption_key has no value" in answer.err
    assert "export TF_VAR_encryption_key" in answer.err


def test_everything_that_was_made_can_be_found_again(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert not_found_again(project, account) == []


@pytest.mark.requirement("NC-DDB-01", "NC-DDB-03", "NC-DDB-04", "NC-DDB-05", "NC-DR-04")
def test_the_table_is_there_with_its_keys_backups_and_protection(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("dynamodb")

    table = client.describe_table(TableName="NullCheckTable")["Table"]
    backups = client.describe_continuous_backups(TableName="NullCheckTable")["ContinuousBackupsDescription"]
    ttl = client.describe_time_to_live(TableName="NullCheckTable")["TimeToLiveDescription"]

    assert outputs["table_name"] == "NullCheckTable"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    (index,) = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "GSI1"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["GSI1PK", "GSI1SK"]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is True
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "ttl")


@pytest.mark.requirement("NC-S3-01", "NC-S3-02", "NC-S3-03", "NC-S3-04", "NC-S3-05", "NC-SEC-03")
def test_the_bucket_is_private_encrypted_versioned_cleaned_up_and_heard(
    outputs: dict[str, Any], account: Account
) -> None:
    client, bucket = account.client("s3"), outputs["bucket_name"]

    blocked = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    encryption = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    (lifecycle,) = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    (cors,) = client.get_bucket_cors(Bucket=bucket)["CORSRules"]
    tags = {tag["Key"]: tag["Value"] for tag in client.get_bucket_tagging(Bucket=bucket)["TagSet"]}

    assert bucket.startswith("nullcheck-media-")
    assert list(blocked.values()) == [True] * 4
    assert encryption[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert lifecycle["Expiration"]["Days"] == lifecycle["NoncurrentVersionExpiration"]["NoncurrentDays"] == 7
    assert cors["AllowedOrigins"] == ["https://nullcheck.example.com"]
    assert sorted(cors["AllowedMethods"]) == ["GET", "HEAD", "PUT"]
    assert "EventBridgeConfiguration" in client.get_bucket_notification_configuration(Bucket=bucket)
    assert (tags["logical-name"], tags["Project"]) == ("TranscriptBucket", "nullcheck")


@pytest.mark.requirement("NC-SEC-02", "NC-SEC-05")
def test_the_buckets_policy_asks_for_tls_and_nothing_else(outputs: dict[str, Any], account: Account) -> None:
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=outputs["bucket_name"])["Policy"])

    (statement,) = policy["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@pytest.mark.requirement("NC-FN-01", "NC-FN-02", "NC-FN-03", "NC-FN-04", "NC-FN-05", "NC-FN-06", "NC-FN-07")
def test_every_function_runs_as_the_document_says_in_a_role_of_its_own(
    outputs: dict[str, Any], account: Account
) -> None:
    functions = account.pages("lambda", "list_functions", "Functions")

    assert {function["FunctionName"] for function in functions} == FUNCTIONS == set(outputs["function_names"].values())
    assert len({function["Role"] for function in functions}) == len(FUNCTIONS)
    for function in functions:
        assert (function["Runtime"], function["Architectures"]) == ("nodejs22.x", ["arm64"])
        assert (function["MemorySize"], function["Timeout"]) == (1024, 25)
        assert function["TracingConfig"]["Mode"] == "Active"
        assert function["DeadLetterConfig"]["TargetArn"] == f"arn:aws:sqs:us-east-1:{PROD}:nullcheck-dead-letters"
        variables = function["Environment"]["Variables"]
        assert variables["AWS_NODEJS_CONNECTION_REUSE_ENABLED"] == "1"
        assert variables["ORIGIN"] == "https://nullcheck.example.com"


@pytest.mark.requirement(
    "NC-ENV-01", "NC-ENV-02", "NC-ENV-03", "NC-ENV-04", "NC-ENV-05", "NC-ENV-06", "NC-ENV-07", "NC-MC-03"
)
def test_functions_are_told_of_what_was_made(outputs: dict[str, Any], account: Account) -> None:
    told = {
        function["FunctionName"]: function["Environment"]["Variables"]
        for function in account.pages("lambda", "list_functions", "Functions")
    }
    shared = {"AWS_NODEJS_CONNECTION_REUSE_ENABLED": "1", "ORIGIN": "https://nullcheck.example.com"}
    bucket = {"BUCKET_NAME": outputs["bucket_name"]}

    assert told["analyzeTranscript"] == {
        **shared,
        **bucket,
        "MEMORY_ID": outputs["memory_id"],
        "MODEL_ID": "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    }
    assert told["startChunking"] == {
        **shared,
        **bucket,
        "CHUNK_SECONDS": "120",
        "MEDIACONVERT_QUEUE_ARN": f"arn:aws:mediaconvert:us-east-1:{PROD}:queues/nullcheck-chunking",
        "MEDIACONVERT_ROLE_ARN": outputs["mediaconvert_role_arn"],
    }
    assert told["listEpisodes"] == {**shared, "TABLE_NAME": "NullCheckTable", "ENCRYPTION_KEY": SECRET}
    assert told["cleanupEpisode"] == {
        **shared,
        **bucket,
        "TABLE_NAME": "NullCheckTable",
        "EVENT_SOURCE": "nullcheck",
    }
    assert [name for name, variables in told.items() if "ENCRYPTION_KEY" in variables] == ["listEpisodes"]


@pytest.mark.requirement("NC-BR-01")
def test_the_memory_is_made_by_a_stack(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("cloudformation")

    (stack,) = client.describe_stacks(StackName="nullcheck-memory")["Stacks"]
    resources = client.describe_stack_resources(StackName="nullcheck-memory")["StackResources"]

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert stack["Outputs"][0]["OutputValue"] == outputs["memory_id"]
    assert [each["ResourceType"] for each in resources] == ["AWS::BedrockAgentCore::Memory"]
    assert outputs["memory_id"].startswith("clipAgentMemory-")


@pytest.mark.requirement("NC-MC-01", "NC-MC-02")
def test_jobs_have_a_queue_and_a_role(outputs: dict[str, Any], account: Account) -> None:
    queue = account.client("mediaconvert").get_queue(Name="nullcheck-chunking")["Queue"]
    role = account.client("iam").get_role(RoleName="MediaConvertRole")["Role"]

    assert (queue["Status"], queue["PricingPlan"]) == ("ACTIVE", "ON_DEMAND")
    assert role["Arn"] == outputs["mediaconvert_role_arn"]
    assert [each["Principal"] for each in role["AssumeRolePolicyDocument"]["Statement"]] == [
        {"Service": "mediaconvert.amazonaws.com"}
    ]


@pytest.mark.requirement("NC-API-01", "NC-API-02", "NC-API-06", "NC-API-07", "NC-API-08", "NC-SEC-02")
def test_the_api_is_deployed_to_its_stage_and_logs(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("apigateway")
    (api,) = account.pages("apigateway", "get_rest_apis", "items")
    (stage,) = client.get_stages(restApiId=api["id"])["item"]
    settings = stage["methodSettings"]["*/*"]

    assert outputs["api_url"] == f"https://{api['id']}.execute-api.us-east-1.amazonaws.com/api"
    assert (stage["stageName"], stage["tracingEnabled"]) == ("api", True)
    assert stage["deploymentId"] in {each["id"] for each in client.get_deployments(restApiId=api["id"])["items"]}
    assert (settings["metricsEnabled"], settings["loggingLevel"]) == (True, "ERROR")
    assert settings["dataTraceEnabled"] is True


@pytest.mark.requirement("NC-API-03", "NC-API-04", "NC-API-09", "NC-SEC-04")
def test_routes_reach_their_functions(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("apigateway")
    (api,) = account.pages("apigateway", "get_rest_apis", "items")
    reached: dict[str, str] = {}
    for resource in client.get_resources(restApiId=api["id"], limit=500)["items"]:
        for method in resource.get("resourceMethods", {}):
            found = client.get_method(restApiId=api["id"], resourceId=resource["id"], httpMethod=method)
            integration = client.get_integration(restApiId=api["id"], resourceId=resource["id"], httpMethod=method)
            assert found["authorizationType"] == "NONE"
            assert found["requestValidatorId"]
            function = integration.get("uri", "").rpartition(":function:")[2].removesuffix("/invocations")
            reached[f"{method} {resource['path']}"] = function if integration["type"] == "AWS_PROXY" else "MOCK"

    assert outputs
    assert reached == {
        "POST /episodes": "createEpisode",
        "GET /episodes": "listEpisodes",
        "GET /episodes/{id}": "getEpisode",
        "PATCH /episodes/{id}": "updateEpisode",
        "POST /episodes/{id}/upload-url": "createUploadUrl",
        "OPTIONS /episodes": "MOCK",
        "OPTIONS /episodes/{id}": "MOCK",
        "OPTIONS /episodes/{id}/upload-url": "MOCK",
    }


def created(bucket: str, key: str) -> dict[str, Any]:
    return {"bucket": {"name": bucket}, "object": {"key": key, "size": 1, "etag": "e"}}


@pytest.mark.requirement("NC-EB-02", "NC-EB-03", "NC-EB-04", "NC-EB-05", "NC-EB-06")
@pytest.mark.parametrize(
    ("source", "kind", "detail", "heard_by"),
    [
        ("aws.s3", "Object Created", "uploads/e/video.mp4", {"nullcheck-video-uploaded"}),
        ("aws.s3", "Object Created", "transcripts/e/text.json", {"nullcheck-transcript-uploaded"}),
        ("aws.s3", "Object Created", "chunks/e/video_chunk_00001.ts", set()),
        ("aws.s3", "Object Deleted", "uploads/e/video.mp4", set()),
        ("aws.mediaconvert", "MediaConvert Job State Change", {"status": "COMPLETE"}, {"nullcheck-job-ended"}),
        ("aws.mediaconvert", "MediaConvert Job State Change", {"status": "ERROR"}, {"nullcheck-job-ended"}),
        ("aws.mediaconvert", "MediaConvert Job State Change", {"status": "PROGRESSING"}, set()),
        ("nullcheck", "Video Upload Completed", {"episodeId": "e"}, {"nullcheck-upload-completed"}),
        ("nullcheck", "Episode Cleanup Requested", {"episodeId": "e"}, {"nullcheck-cleanup-requested"}),
        ("nullcheck", "Episode Cleaned Up", {"episodeId": "e"}, set()),
        ("somebody.else", "Video Upload Completed", {"episodeId": "e"}, set()),
    ],
)
def test_each_event_is_heard_by_its_rule_alone(
    outputs: dict[str, Any],
    rules: dict[str, str],
    account: Account,
    source: str,
    kind: str,
    detail: Any,
    heard_by: set[str],
) -> None:
    client = account.client("events")
    event: dict[str, Any] = {
        "id": "1",
        "account": PROD,
        "source": source,
        "detail-type": kind,
        "time": "2026-11-21T12:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": created(outputs["bucket_name"], detail) if isinstance(detail, str) else detail,
    }

    assert len(rules) == 5
    assert {
        name
        for name, pattern in rules.items()
        if client.test_event_pattern(EventPattern=pattern, Event=json.dumps(event))["Result"]
    } == heard_by


@pytest.mark.requirement("NC-EB-02")
def test_objects_of_another_bucket_are_nobodys_business(rules: dict[str, str], account: Account) -> None:
    detail = created("somebody-elses", "uploads/e/video.mp4")
    event = json.dumps({"source": "aws.s3", "detail-type": "Object Created", "detail": detail})

    client = account.client("events")
    assert not [
        name
        for name, pattern in rules.items()
        if client.test_event_pattern(EventPattern=pattern, Event=event)["Result"]
    ]


@pytest.mark.requirement("NC-EB-01", "NC-EB-04", "NC-MON-05")
def test_an_event_of_our_own_goes_over_the_default_bus_and_into_the_archive(
    outputs: dict[str, Any], account: Account
) -> None:
    client = account.client("events")
    # GIVEN a queue that hears what the rule hears
    queue = account.client("sqs").create_queue(QueueName="listener")["QueueUrl"]
    arn = f"arn:aws:sqs:us-east-1:{PROD}:listener"
    client.put_targets(Rule="nullcheck-upload-completed", Targets=[{"Id": "listener", "Arn": arn}])
    before = client.describe_archive(ArchiveName="nullcheck-events")["EventCount"]

    # WHEN a function publishes
    entry = {"Source": "nullcheck", "DetailType": "Video Upload Completed", "Detail": '{"episodeId": "e"}'}
    answer = client.put_events(Entries=[entry])

    # THEN the event comes through, and is kept
    try:
        (message,) = account.client("sqs").receive_message(QueueUrl=queue)["Messages"]
        assert json.loads(message["Body"])["detail"] == {"episodeId": "e"}
        assert answer["FailedEntryCount"] == 0
        archive = client.describe_archive(ArchiveName="nullcheck-events")
        assert archive["EventCount"] == before + 1
        assert (archive["ArchiveArn"], archive["RetentionDays"]) == (outputs["event_archive_arn"], 30)
    finally:
        client.remove_targets(Rule="nullcheck-upload-completed", Ids=["listener"])
        account.client("sqs").delete_queue(QueueUrl=queue)


@pytest.mark.requirement("NC-MON-05")
def test_archived_events_can_be_replayed_from_the_command_line(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    # GIVEN an archived event, a few seconds ago
    entry = {"Source": "nullcheck", "DetailType": "Video Upload Completed", "Detail": '{"episodeId": "again"}'}
    account.client("events").put_events(Entries=[entry])
    time.sleep(1)

    listed = must(project.run("events", "list"))
    replayed = must(project.run("events", "replay", "--from", "1h ago", "--to", "now", "--yes"))

    assert outputs
    assert "nullcheck-events" in listed.out
    assert len(account.client("events").list_replays()["Replays"]) == 1, replayed.said


@pytest.mark.requirement("NC-MON-04")
def test_what_fails_waits_in_one_queue(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("sqs")
    attributes = client.get_queue_attributes(QueueUrl=outputs["dead_letter_queue_url"], AttributeNames=["All"])
    targets = [
        target
        for rule in account.pages("events", "list_rules", "Rules")
        if rule["Name"].startswith("nullcheck-")
        for target in account.client("events").list_targets_by_rule(Rule=rule["Name"])["Targets"]
    ]

    assert attributes["Attributes"]["MessageRetentionPeriod"] == "1209600"
    assert attributes["Attributes"]["SqsManagedSseEnabled"] == "true"
    assert {target["DeadLetterConfig"]["Arn"] for target in targets} == {attributes["Attributes"]["QueueArn"]}
    assert len(targets) == 5


@pytest.mark.requirement("NC-MON-03")
def test_every_alarm_tells_the_one_topic(outputs: dict[str, Any], account: Account) -> None:
    alarms = account.pages("cloudwatch", "describe_alarms", "MetricAlarms")

    assert outputs
    assert {alarm["MetricName"] for alarm in alarms} == {
        "Errors",
        "Throttles",
        "5XXError",
        "ApproximateNumberOfMessagesVisible",
    }
    assert {tuple(alarm["AlarmActions"]) for alarm in alarms} == {(f"arn:aws:sns:us-east-1:{PROD}:nullcheck-alerts",)}


@pytest.mark.requirement("NC-MON-02")
def test_logs_are_kept_30_days_under_a_key_of_our_own(outputs: dict[str, Any], account: Account) -> None:
    groups = account.pages("logs", "describe_log_groups", "logGroups")

    assert outputs
    assert {f"/aws/lambda/{name}" for name in FUNCTIONS} < {group["logGroupName"] for group in groups}
    assert {group["retentionInDays"] for group in groups} == {30}
    assert len({group["kmsKeyId"] for group in groups}) == 1


@pytest.mark.requirement("NC-DEP-03", "NC-OV-01")
def test_the_outputs_of_an_applied_stack_are_printed(outputs: dict[str, Any], project: Project) -> None:
    printed = must(project.run("output")).out

    assert set(outputs) == {
        "api_url",
        "bucket_name",
        "dashboard_name",
        "dead_letter_queue_url",
        "event_archive_arn",
        "function_names",
        "mediaconvert_role_arn",
        "memory_id",
        "table_name",
    }
    assert outputs["dashboard_name"] == "nullcheck-overview"
    assert f"api_url = {outputs['api_url']}" in printed


@pytest.mark.requirement("NC-DEP-01")
def test_the_encryption_key_is_in_nothing_that_can_be_read(outputs: dict[str, Any], project: Project) -> None:
    """Neither in what commands say nor in what they leave: changesets, reports, logs, plans as JSON."""
    said = [project.run(*command, seconds=300) for command in (("plan",), ("gate", "--json"), ("output", "--json"))]
    work = project.root / ".groundplan"
    left = [
        file
        for file in work.rglob("*")
        if file.is_file() and "emulator" not in file.relative_to(work).parts and SECRET.encode() in file.read_bytes()
    ]

    assert outputs
    assert not [answer for answer in said if SECRET in answer.said]
    assert not left
    assert list((work / "changesets/prod").rglob("plan.json"))


@pytest.mark.requirement("NC-OV-01")
def test_prods_plan_passes_the_gate_with_checkovs_checks_and_our_own(outputs: dict[str, Any], project: Project) -> None:
    must(project.run("plan", seconds=300))
    result = json.loads(must(project.run("gate", "--json")).out)["prod/nullcheck"]

    assert outputs
    assert result["passed"] is True
    assert result["checks_evaluated"] > 1000


@pytest.mark.requirement("NC-DEP-06")
def test_every_function_is_tagged_with_the_project_and_its_group(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("lambda")
    tags = client.list_tags(Resource=f"arn:aws:lambda:us-east-1:{PROD}:function:analyzeTranscript")["Tags"]

    assert outputs
    assert tags == {
        "Architecture": "nullcheck",
        "Environment": "prod",
        "ManagedBy": "groundplan",
        "Project": "nullcheck",
        "function-group": "agent",
    }


@pytest.mark.requirement("NC-OV-01")
def test_the_account_equals_the_state_and_a_new_plan_is_empty(outputs: dict[str, Any], project: Project) -> None:
    assert outputs
    assert verified(project) > 150


@pytest.mark.requirement("NC-DDB-06")
def test_what_holds_data_cannot_be_destroyed_by_accident(outputs: dict[str, Any], project: Project) -> None:
    answer = project.run("destroy", "--yes", seconds=300)

    assert outputs
    assert answer.code == 4, answer.said
    assert "holds data and may not be destroyed" in answer.err
    assert "retain_data = false" in answer.err


def test_after_two_reviewed_steps_destroy_leaves_nothing_behind(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    # GIVEN everything is there
    assert len(account.holdings()) > 12

    # WHEN protection is lifted in the files, applied, and the stack destroyed
    let_go(project, "prod", "nullcheck")
    change(project.root / "envs/prod/nullcheck/terraform.tfvars", deletion_protection="false", force_destroy="true")
    must(project.run("synth"))
    must(project.run("plan", seconds=300))
    must(project.run("apply", "--yes", seconds=300))
    must(project.run("destroy", "--yes", seconds=300))

    # THEN only the toolkit's own buckets are left
    assert outputs
    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith(BUCKETS_OF_THE_TOOLKIT) for name in account.holdings()["buckets"])
