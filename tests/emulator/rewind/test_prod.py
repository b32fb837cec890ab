"""Rewind with prod's values, in two regions, applied through the toolkit: made, read back, drilled, destroyed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, change, let_go, must, not_found_again, project_of, verified
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

PROD = "444455556666"
BUCKETS_OF_THE_TOOLKIT = [
    f"groundplan-artifacts-{PROD}-us-east-1",
    f"groundplan-artifacts-{PROD}-us-west-2",
    f"groundplan-state-{PROD}-us-east-1",
]
FUNCTIONS = {"podcastHandler", "recommendationHandler", "shareHandler"}
# Everything in this file reads one apply, so it has to stay on one worker.
pytestmark = pytest.mark.xdist_group("rewind-prod-on-the-emulator")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    return project_of(tmp_path_factory.mktemp("project"), home, env="prod", stack="rewind")


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD)


@pytest.fixture(scope="module")
def second_region(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD, "us-west-2")


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """Applied once for the whole file; its outputs."""
    return apply(project, "rewind")


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """What a build of the site leaves."""
    (tmp_path / "assets").mkdir()
    for name, text in {
        "index.html": "<!doctype html>",
        "assets/index-Dk3x9Qa1.js": "start()",
        "manifest.webmanifest": "{}",
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_everything_that_was_made_can_be_found_again(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert not_found_again(project, account) == []


def test_the_site_is_in_a_private_versioned_bucket_encrypted_by_s3(outputs: dict[str, Any], account: Account) -> None:
    client, bucket = account.client("s3"), outputs["bucket_name"]

    blocked = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    rules = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    website = client.get_bucket_website(Bucket=bucket)
    policy = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])

    assert bucket == f"rewind-frontend-bucket-{PROD}"
    assert list(blocked.values()) == [True] * 4
    assert rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert (website["IndexDocument"], website["ErrorDocument"]) == ({"Suffix": "index.html"}, {"Key": "index.html"})
    (reading,) = (each for each in policy["Statement"] if each["Effect"] == "Allow")
    assert (reading["Principal"], reading["Action"]) == ({"Service": "cloudfront.amazonaws.com"}, "s3:GetObject")
    arn = f"arn:aws:cloudfront::{PROD}:distribution/{outputs['distribution_id']}"
    assert reading["Condition"] == {"StringEquals": {"AWS:SourceArn": arn}}


def test_cloudfront_serves_the_app_at_the_documents_domain_from_either_region(
    outputs: dict[str, Any], account: Account
) -> None:
    answer = account.client("cloudfront").get_distribution(Id=outputs["distribution_id"])
    config = answer["Distribution"]["DistributionConfig"]

    assert config["Aliases"]["Items"] == ["rewindpodcast.com"]
    assert config["DefaultRootObject"] == "index.html"
    assert {
        (each["ErrorCode"], each["ResponseCode"], each["ResponsePagePath"])
        for each in config["CustomErrorResponses"]["Items"]
    } == {(403, "200", "/index.html"), (404, "200", "/index.html")}
    (group,) = config["OriginGroups"]["Items"]
    assert config["DefaultCacheBehavior"]["TargetOriginId"] == group["Id"]
    domains = {origin["Id"]: origin["DomainName"] for origin in config["Origins"]["Items"]}
    members = [domains[member["OriginId"]] for member in group["Members"]["Items"]]
    assert [name.split(".")[0] for name in members] == [
        outputs["bucket_name"],
        outputs["failover"]["bucket_name"],
    ]
    assert set(group["FailoverCriteria"]["StatusCodes"]["Items"]) == {500, 502, 503, 504}
    assert all(origin["OriginAccessControlId"] for origin in config["Origins"]["Items"])


@pytest.mark.requirement("RW-S3-06", "RW-CF-05")
def test_a_deploy_leaves_the_bucket_equal_to_the_build_and_the_cache_empty(
    outputs: dict[str, Any], project: Project, account: Account, dist: Path
) -> None:
    s3, bucket = account.client("s3"), outputs["bucket_name"]
    cloudfront, distribution = account.client("cloudfront"), outputs["distribution_id"]

    def there() -> dict[str, tuple[str, str]]:
        heads = {entry["Key"]: s3.head_object(Bucket=bucket, Key=entry["Key"]) for entry in listed()}
        return {key: (head["ContentType"].split(";")[0], head["CacheControl"]) for key, head in heads.items()}

    def listed() -> list[Any]:
        return list(s3.list_objects_v2(Bucket=bucket).get("Contents", []))

    def invalidations() -> int:
        return int(cloudfront.list_invalidations(DistributionId=distribution)["InvalidationList"]["Quantity"])

    # GIVEN a first build that is deployed
    before = invalidations()
    must(project.run("deploy-site", "--dist", str(dist), "--yes"))
    assert there() == {
        "index.html": ("text/html", "no-cache"),
        "manifest.webmanifest": ("application/manifest+json", "no-cache"),
        "assets/index-Dk3x9Qa1.js": ("text/javascript", "public, max-age=31536000, immutable"),
    }
    assert invalidations() == before + 1
    # WHEN the next build has other files
    (dist / "assets/index-Dk3x9Qa1.js").rename(dist / "assets/index-Ap7c2Lm4.js")
    (dist / "manifest.webmanifest").unlink()
    must(project.run("deploy-site", "--dist", str(dist), "--yes"))

    # THEN the bucket is equal to it again
    assert set(there()) == {"index.html", "assets/index-Ap7c2Lm4.js"}
    assert invalidations() == before + 2


def test_the_table_streams_and_has_a_replica_under_its_own_regions_key(
    outputs: dict[str, Any], account: Account, second_region: Account
) -> None:
    table = account.client("dynamodb").describe_table(TableName=outputs["table_name"])["Table"]
    replica = second_region.client("dynamodb").describe_table(TableName=outputs["table_name"])["Table"]

    assert outputs["table_name"] == "RewindDataTable"
    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("PK", "HASH"), ("SK", "RANGE")]
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert table["StreamSpecification"] == {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
    assert table["DeletionProtectionEnabled"] is True
    key, copy = table["SSEDescription"]["KMSMasterKeyArn"], replica["SSEDescription"]["KMSMasterKeyArn"]
    assert (key.split(":")[3], copy.split(":")[3]) == ("us-east-1", "us-west-2")
    assert key.rpartition("/")[2] == copy.rpartition("/")[2]
    (listed,) = table["Replicas"]
    assert (listed["RegionName"], listed["KMSMasterKeyId"]) == ("us-west-2", copy)


@pytest.mark.parametrize("where", ["us-east-1", "us-west-2"])
def test_both_apis_ask_for_a_token_limit_the_rate_and_stand_behind_a_web_acl(
    where: str, outputs: dict[str, Any], emulator: RunningEmulator
) -> None:
    client = Account(emulator, PROD, where).client("apigateway")
    (api,) = client.get_rest_apis()["items"]
    methods = [
        client.get_method(restApiId=api["id"], resourceId=resource["id"], httpMethod=method)
        for resource in client.get_resources(restApiId=api["id"])["items"]
        for method in resource.get("resourceMethods", {})
    ]
    stage = client.get_stage(restApiId=api["id"], stageName="prod")

    assert outputs["failover"]["api_id"] == api["id"] or where == "us-east-1"
    assert {(each["httpMethod"] == "OPTIONS", each["authorizationType"]) for each in methods} == {
        (True, "NONE"),
        (False, "COGNITO_USER_POOLS"),
    }
    (authorizer,) = client.get_authorizers(restApiId=api["id"])["items"]
    assert authorizer["providerARNs"] == [f"arn:aws:cognito-idp:us-east-1:{PROD}:userpool/{outputs['user_pool_id']}"]
    assert client.get_account()["cloudwatchRoleArn"].startswith(f"arn:aws:iam::{PROD}:role/rewind-api-logs")
    settings = stage["methodSettings"]["*/*"]
    assert (settings["throttlingRateLimit"], settings["throttlingBurstLimit"]) == (100.0, 100)
    assert settings["metricsEnabled"] is True
    arn = f"arn:aws:apigateway:{where}::/restapis/{api['id']}/stages/prod"
    acl = Account(emulator, PROD, where).client("wafv2").get_web_acl_for_resource(ResourceArn=arn)["WebACL"]
    assert any("RateBasedStatement" in rule["Statement"] for rule in acl["Rules"])


def test_the_functions_have_the_documents_sizes_and_a_warm_instance_each(
    outputs: dict[str, Any], account: Account
) -> None:
    client = account.client("lambda")
    functions = account.pages("lambda", "list_functions", "Functions")

    assert {each["FunctionName"] for each in functions} == FUNCTIONS == set(outputs["function_names"])
    for each in functions:
        assert (each["Runtime"], each["MemorySize"], each["Timeout"]) == ("nodejs22.x", 256, 10)
        variables = each["Environment"]["Variables"]
        assert variables["DYNAMODB_TABLE_NAME"] == "RewindDataTable"
        assert variables["PERSONALIZE_CAMPAIGN_ARN"] == outputs["campaign_arn"]
        warm = client.get_provisioned_concurrency_config(FunctionName=each["FunctionName"], Qualifier="live")
        assert warm["RequestedProvisionedConcurrentExecutions"] == 1
    (mapping,) = account.pages("lambda", "list_event_source_mappings", "EventSourceMappings")
    assert mapping["EventSourceArn"] == outputs["stream_arn"]
    assert mapping["FunctionArn"].endswith(":recommendationHandler")


@pytest.mark.requirement("RW-EB-03")
def test_the_daily_rule_names_the_job_to_the_podcast_handler(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("events")
    targets = {
        rule["ScheduleExpression"]: client.list_targets_by_rule(Rule=rule["Name"])["Targets"]
        for rule in account.pages("events", "list_rules", "Rules")
    }

    assert set(targets) == {"cron(0 0 * * ? *)", "rate(7 days)"}
    (daily,) = targets["cron(0 0 * * ? *)"]
    assert daily["Arn"].endswith(":function:podcastHandler")
    assert json.loads(daily["Input"]) == {"job": "rss-update"}
    (weekly,) = targets["rate(7 days)"]
    assert weekly["Arn"] == outputs["retraining_arn"]


@pytest.mark.requirement("RW-PZ-01")
def test_personalize_gets_its_dataset_group_by_cloudformation(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("cloudformation")
    (stack,) = client.describe_stacks()["Stacks"]
    resources = client.describe_stack_resources(StackName=stack["StackName"])["StackResources"]

    assert stack["StackStatus"] == "CREATE_COMPLETE"
    assert outputs["personalize_dataset_group_arn"].endswith(":dataset-group/RewindDatasetGroup")
    assert {each["ResourceType"] for each in resources} == {
        "AWS::Personalize::DatasetGroup",
        "AWS::Personalize::Schema",
        "AWS::Personalize::Dataset",
        "AWS::Personalize::Solution",
    }


def test_the_training_is_a_state_machine_that_starts_with_no_campaign(
    outputs: dict[str, Any], account: Account
) -> None:
    machine = account.client("stepfunctions").describe_state_machine(stateMachineArn=outputs["retraining_arn"])
    variables = account.client("lambda").get_function_configuration(FunctionName="recommendationHandler")[
        "Environment"
    ]["Variables"]
    published = account.client("ssm").get_parameter(Name=variables["CAMPAIGN_PARAMETER"])["Parameter"]

    definition = json.loads(machine["definition"])
    assert definition["States"]["Begin"]["Parameters"]["live"] is True
    assert definition["States"]["PublishCampaign"]["Parameters"]["Name"] == variables["CAMPAIGN_PARAMETER"]
    assert definition["States"]["PublishCampaign"]["Parameters"]["Value"] == outputs["campaign_arn"]
    assert published["Value"] == "none"


def test_the_apis_name_leads_to_the_healthy_region(outputs: dict[str, Any], account: Account) -> None:
    failover = outputs["failover"]
    records = account.pages(
        "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=failover["zone_id"]
    )
    by_role = {each["Failover"]: each for each in records if "Failover" in each}

    assert outputs["api_url"] == "https://api.rewindpodcast.com"
    assert {each["Name"] for each in by_role.values()} == {"api.rewindpodcast.com."}
    assert by_role["PRIMARY"]["HealthCheckId"] == failover["health_check_id"]
    assert ".us-east-1." in by_role["PRIMARY"]["AliasTarget"]["DNSName"]
    assert ".us-west-2." in by_role["SECONDARY"]["AliasTarget"]["DNSName"]
    checks = {
        each["Id"]: each["HealthCheckConfig"] for each in account.pages("route53", "list_health_checks", "HealthChecks")
    }
    children = checks[failover["health_check_id"]]["ChildHealthChecks"]
    assert {checks[child]["Type"] for child in children} == {"TCP", "CLOUDWATCH_METRIC"}


def test_fifty_dollars_are_watched_and_told_of_by_sns(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("budgets")
    budgets = {each["BudgetName"]: each for each in client.describe_budgets(AccountId=PROD)["Budgets"]}
    asked = client.describe_notifications_for_budget(AccountId=PROD, BudgetName="rewind-monthly")["Notifications"]

    assert {float(each["BudgetLimit"]["Amount"]) for each in budgets.values()} == {50.0}
    assert {(each["NotificationType"], each["Threshold"]) for each in asked} == {
        ("ACTUAL", 80.0),
        ("ACTUAL", 100.0),
        ("FORECASTED", 100.0),
    }
    for each in asked:
        told = client.describe_subscribers_for_notification(
            AccountId=PROD, BudgetName="rewind-monthly", Notification=each
        )["Subscribers"]
        assert told == [{"SubscriptionType": "SNS", "Address": outputs["alerts_topic_arn"]}]


@pytest.mark.requirement("RW-CP-03", "RW-CP-04", "RW-CP-05")
def test_with_the_first_region_gone_the_second_serves_the_same(
    outputs: dict[str, Any], project: Project, account: Account, dist: Path
) -> None:
    must(project.run("deploy-site", "--dist", str(dist), "--yes"))
    account.client("dynamodb").put_item(
        TableName=outputs["table_name"], Item={"PK": {"S": "USER#1"}, "SK": {"S": "PODCAST#1"}}
    )

    drilled = must(project.run("drill", "failover", "--json"))

    report = json.loads(drilled.out)
    text = json.dumps(report)
    assert "4 objects (the probe is one), all equal" in text
    assert "2 items (the probe is one), all equal" in text
    assert "sign-in (Cognito)" in text
    assert "recommendations (Personalize)" in text
    # The first region is back.
    assert account.client("s3").head_object(Bucket=outputs["bucket_name"], Key="index.html")


def test_the_account_equals_the_state_and_a_new_plan_is_empty(outputs: dict[str, Any], project: Project) -> None:
    assert outputs
    assert verified(project) > 200


def test_what_holds_data_cannot_be_destroyed_by_accident(outputs: dict[str, Any], project: Project) -> None:
    answer = project.run("destroy", "--yes", seconds=300)

    assert outputs
    assert answer.code == 4, answer.said
    assert "holds data and may not be destroyed" in answer.err


def test_one_variable_takes_the_second_region_away_and_destroy_leaves_nothing_behind(
    outputs: dict[str, Any], project: Project, account: Account, second_region: Account
) -> None:
    # GIVEN both regions are full
    assert len(account.holdings()) > 12
    assert len(second_region.holdings()) > 12
    # WHEN the second is switched off
    values = project.root / "envs/prod/rewind/terraform.tfvars"
    change(values, enable_failover="false", deletion_protection="false", force_destroy="true")
    let_go(project, "prod", "rewind")
    must(project.run("synth"))
    assert project.run("plan", seconds=300).code == 4, "one region in prod needs a reviewer's waiver"
    waivers = project.root / "policies/waivers.yaml"
    waived = waivers.read_text().replace("[dev/rewind]", "[dev/rewind, prod/rewind]")
    waivers.write_text(waived.replace("[local/rewind, prod/rewind]", "[local/rewind]"))
    now = apply(project, "rewind")

    # THEN nothing is left of it, and the first serves as before
    assert now["failover"] == {}
    assert now["bucket_name"] == outputs["bucket_name"]
    # CloudFront, IAM, Route 53, budgets and cost anomalies are of no region: both see them.
    of_no_region = {"anomaly monitors", "budgets", "distributions", "health checks", "origin access controls", "roles"}
    in_both = {*of_no_region, "buckets", "zones"}
    assert {kind for kind in second_region.holdings() if kind not in in_both} == set()
    assert "us-west-2" not in " ".join(account.holdings()["roles"])
    # AND a destroy leaves the toolkit's own buckets only
    must(project.run("destroy", "--yes", seconds=600))
    assert account.holdings() == {"buckets": BUCKETS_OF_THE_TOOLKIT}
    assert second_region.holdings() == {"buckets": BUCKETS_OF_THE_TOOLKIT}
