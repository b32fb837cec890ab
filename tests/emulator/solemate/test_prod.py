"""Solemate with production's values, applied through the toolkit: made, read back, planned again, gone."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, change, let_go, must, not_found_again, project_of, verified
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

PROD = "444455556666"
# What the user exports; it stands in no file (SM-FR5-02).
PASSWORD = "emulator-only-0123456789-password"
# Everything in this file reads one apply, so it has to stay on one worker.
pytestmark = pytest.mark.xdist_group("solemate-prod-on-the-emulator")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    copied = project_of(tmp_path_factory.mktemp("project"), home, env="prod", stack="solemate")
    return Project(copied.root, {**copied.environ, "TF_VAR_master_password": PASSWORD})


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD)


@pytest.fixture(scope="module")
def second_region(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD, "us-west-2")


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """Applied once for the whole file; its outputs."""
    return apply(project, "solemate")


def test_everything_that_was_made_can_be_found_again(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert not_found_again(project, account) == []


@pytest.mark.requirement("SM-ENV-09", "SM-ENV-10", "SM-NET-01", "SM-NET-02", "SM-NET-03", "SM-NET-04", "SM-NET-06")
def test_the_network_has_two_zones_with_a_public_and_a_private_subnet_each(
    outputs: dict[str, Any], account: Account
) -> None:
    client = account.client("ec2")
    (vpc,) = client.describe_vpcs(VpcIds=[outputs["vpc_id"]])["Vpcs"]
    subnets = client.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [outputs["vpc_id"]]}])["Subnets"]
    (gateway,) = client.describe_nat_gateways()["NatGateways"]

    assert vpc["CidrBlock"] == "10.1.0.0/16"
    assert sorted((subnet["CidrBlock"], subnet["AvailabilityZone"]) for subnet in subnets) == [
        ("10.1.0.0/24", "us-east-1a"),
        ("10.1.1.0/24", "us-east-1b"),
        ("10.1.2.0/24", "us-east-1a"),
        ("10.1.3.0/24", "us-east-1b"),
    ]
    assert not any(subnet["MapPublicIpOnLaunch"] for subnet in subnets)
    assert gateway["SubnetId"] in outputs["public_subnet_ids"]


@pytest.mark.requirement("SM-FR1-04", "SM-FR1-05", "SM-ECS-02")
def test_the_load_balancer_sends_the_api_to_instances_and_all_else_to_containers(
    outputs: dict[str, Any], account: Account
) -> None:
    client = account.client("elbv2")
    (balancer,) = client.describe_load_balancers()["LoadBalancers"]
    listeners = {
        listener["Port"]: listener
        for listener in client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    }
    groups = {group["TargetGroupArn"]: group for group in client.describe_target_groups()["TargetGroups"]}
    rules = client.describe_rules(ListenerArn=listeners[443]["ListenerArn"])["Rules"]
    (rule,) = [rule for rule in rules if not rule["IsDefault"]]

    assert balancer["DNSName"] == outputs["alb_dns_name"]
    assert listeners[80]["DefaultActions"][0]["RedirectConfig"]["StatusCode"] == "HTTP_301"
    assert listeners[443]["SslPolicy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert groups[listeners[443]["DefaultActions"][0]["TargetGroupArn"]]["TargetType"] == "ip"
    assert groups[rule["Actions"][0]["TargetGroupArn"]]["TargetType"] == "instance"
    assert rule["Conditions"][0]["PathPatternConfig"]["Values"] == ["/api/*"]


def healthy(account: Account, kind: str) -> int:
    """Targets of a kind that the load balancer finds healthy."""
    client = account.client("elbv2")
    (group,) = [each for each in client.describe_target_groups()["TargetGroups"] if each["TargetType"] == kind]
    targets = client.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    return sum(each["TargetHealth"]["State"] == "healthy" for each in targets)


@pytest.mark.requirement("SM-AC-02", "SM-AC-06", "SM-AC-07")
def test_the_load_balancer_finds_every_task_and_instance_healthy(outputs: dict[str, Any], account: Account) -> None:
    (cluster,) = account.client("ecs").describe_clusters(clusters=[outputs["cluster_name"]])["clusters"]

    assert cluster["status"] == "ACTIVE"
    assert healthy(account, "ip") == 3
    assert healthy(account, "instance") == 2


@pytest.mark.requirement("SM-AC-04")
def test_the_assets_are_closed_encrypted_and_versioned(outputs: dict[str, Any], account: Account) -> None:
    client, bucket = account.client("s3"), outputs["assets_bucket"]

    blocked = client.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    (rule,) = client.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    (lifecycle,) = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]

    assert bucket == f"solemate-assets-production-{PROD}"
    assert list(blocked.values()) == [True] * 4
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert client.get_bucket_versioning(Bucket=bucket)["Status"] == "Enabled"
    assert (lifecycle["ID"], lifecycle["NoncurrentVersionExpiration"]["NoncurrentDays"]) == ("DeleteOldVersions", 30)


@pytest.mark.requirement("SM-AC-08")
def test_security_groups_and_network_acls_are_there(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("ec2")
    of_vpc = [{"Name": "vpc-id", "Values": [outputs["vpc_id"]]}]
    groups = {each["GroupName"]: each for each in client.describe_security_groups(Filters=of_vpc)["SecurityGroups"]}
    acls = client.describe_network_acls(Filters=of_vpc)["NetworkAcls"]
    opened = {
        name: sorted(
            (rule["FromPort"], bool(rule["IpRanges"])) for rule in group["IpPermissions"] if rule["IpProtocol"] == "tcp"
        )
        for name, group in groups.items()
    }

    assert opened["solemate-production-web"] == [(80, True), (443, True)]
    assert opened["solemate-production-app"] == [(3000, False)]
    assert opened["solemate-production-database"] == [(5432, False)]
    assert opened["default"] == []
    assert groups["solemate-production-database"]["IpPermissionsEgress"] == []
    associated = [each["SubnetId"] for acl in acls if not acl["IsDefault"] for each in acl["Associations"]]
    assert sorted(associated) == sorted([*outputs["public_subnet_ids"], *outputs["private_subnet_ids"]])


@pytest.mark.requirement("SM-AC-10")
def test_tasks_and_instances_scale_by_policies(outputs: dict[str, Any], account: Account) -> None:
    of_tasks = account.client("application-autoscaling").describe_scaling_policies(ServiceNamespace="ecs")
    of_instances = account.client("autoscaling").describe_policies(AutoScalingGroupName=outputs["asg_name"])

    assert [each["PolicyType"] for each in of_tasks["ScalingPolicies"]] == ["TargetTrackingScaling"]
    assert sorted(each["PolicyType"] for each in of_instances["ScalingPolicies"]) == [
        "StepScaling",
        "TargetTrackingScaling",
    ]


@pytest.mark.requirement("SM-FR1-01", "SM-FR1-02", "SM-FR1-03", "SM-ENV-12")
def test_containers_and_instances_run_in_the_numbers_of_production(outputs: dict[str, Any], account: Account) -> None:
    (service,) = account.client("ecs").describe_services(
        cluster=outputs["cluster_name"], services=[outputs["service_name"]]
    )["services"]
    (group,) = account.pages("autoscaling", "describe_auto_scaling_groups", "AutoScalingGroups")

    assert (service["desiredCount"], service["runningCount"], service["launchType"]) == (3, 3, "FARGATE")
    assert group["AutoScalingGroupName"] == outputs["asg_name"]
    assert (group["MinSize"], group["DesiredCapacity"], group["MaxSize"]) == (2, 2, 6)
    assert set(group["VPCZoneIdentifier"].split(",")) == set(outputs["private_subnet_ids"])
    assert len([instance for instance in group["Instances"] if instance["LifecycleState"] == "InService"]) == 2


@pytest.mark.requirement(
    "SM-FR2-01", "SM-FR2-02", "SM-FR2-03", "SM-FR2-08", "SM-FR5-02", "SM-ENV-11", "SM-RDS-05", "SM-AC-03"
)
def test_the_database_has_a_standby_a_replica_and_a_secret_that_says_how_to_connect(
    outputs: dict[str, Any], account: Account
) -> None:
    databases = {
        database["DBInstanceIdentifier"]: database
        for database in account.pages("rds", "describe_db_instances", "DBInstances")
    }
    (primary,) = [
        database for database in databases.values() if "ReadReplicaSourceDBInstanceIdentifier" not in database
    ]
    (replica,) = [database for database in databases.values() if database is not primary]

    assert (primary["DBInstanceClass"], primary["MultiAZ"], primary["StorageEncrypted"]) == ("db.t3.small", True, True)
    assert primary["EngineVersion"].startswith("15.")
    assert {each["DBInstanceStatus"] for each in databases.values()} == {"available"}
    assert {each["PubliclyAccessible"] for each in databases.values()} == {False}
    assert (primary["BackupRetentionPeriod"], primary["DeletionProtection"]) == (7, True)
    secret = account.client("secretsmanager").get_secret_value(SecretId="solemate-production/database")
    assert json.loads(secret["SecretString"]) == {
        "username": "solemate",
        "password": PASSWORD,
        "host": primary["Endpoint"]["Address"],
        "port": 5432,
        "dbname": "solemate",
    }
    assert replica["ReadReplicaSourceDBInstanceIdentifier"] == primary["DBInstanceIdentifier"]
    assert replica["DbiResourceId"] != primary["DbiResourceId"]
    assert outputs["db_endpoint"] == f"{primary['Endpoint']['Address']}:5432"
    assert outputs["db_replica_endpoints"] == [f"{replica['Endpoint']['Address']}:5432"]


@pytest.mark.requirement("SM-FR3-08")
def test_what_is_put_into_the_assets_is_in_the_second_region_too(
    outputs: dict[str, Any], account: Account, second_region: Account
) -> None:
    account.client("s3").put_object(Bucket=outputs["assets_bucket"], Key="shoe.jpg", Body=b"shoe")
    (copy,) = [name for name in second_region.holdings()["buckets"] if name.endswith("us-west-2") and "assets" in name]

    assert second_region.client("s3").get_object(Bucket=copy, Key="shoe.jpg")["Body"].read() == b"shoe"


@pytest.mark.requirement("SM-CF-02", "SM-ENV-13", "SM-FR5-04", "SM-AC-05")
def test_the_distribution_answers_to_the_documents_names_behind_a_web_acl(
    outputs: dict[str, Any], account: Account
) -> None:
    config = account.client("cloudfront").get_distribution_config(Id=outputs["distribution_id"])["DistributionConfig"]
    records = account.pages(
        "route53",
        "list_resource_record_sets",
        "ResourceRecordSets",
        HostedZoneId=account.client("route53").list_hosted_zones()["HostedZones"][0]["Id"],
    )

    deployed = account.client("cloudfront").get_distribution(Id=outputs["distribution_id"])["Distribution"]
    assert deployed["Status"] == "Deployed"
    assert sorted(config["Aliases"]["Items"]) == ["solemate.com", "www.solemate.com"]
    assert ":global/webacl/" in config["WebACLId"]
    assert {
        record["Name"].rstrip(".")
        for record in records
        if record.get("AliasTarget", {}).get("DNSName", "").rstrip(".") == outputs["distribution_domain"]
    } == {"solemate.com", "www.solemate.com"}


@pytest.mark.requirement("SM-FR5-05", "SM-FR5-06")
def test_the_account_is_recorded(outputs: dict[str, Any], account: Account) -> None:
    (trail,) = account.client("cloudtrail").describe_trails()["trailList"]
    (recorder,) = account.client("config").describe_configuration_recorder_status()["ConfigurationRecordersStatus"]

    assert outputs
    assert (trail["IsMultiRegionTrail"], trail["LogFileValidationEnabled"]) == (True, True)
    assert trail["KmsKeyId"]
    assert account.client("cloudtrail").get_trail_status(Name=trail["TrailARN"])["IsLogging"]
    assert recorder["recording"]
    assert len(account.holdings()["configuration rules"]) == 3


@pytest.mark.requirement("SM-FR6-01", "SM-FR6-03", "SM-AC-09")
def test_every_alarm_tells_somebody_and_the_dashboard_shows_what_is_there(
    outputs: dict[str, Any], account: Account
) -> None:
    alarms = account.pages("cloudwatch", "describe_alarms", "MetricAlarms")
    body = account.client("cloudwatch").get_dashboard(DashboardName=outputs["dashboard_name"])["DashboardBody"]
    (balancer,) = account.client("elbv2").describe_load_balancers()["LoadBalancers"]

    assert len(alarms) >= 8
    assert all(alarm["AlarmActions"] and alarm["ActionsEnabled"] for alarm in alarms)
    assert outputs["dashboard_name"] == "solemate-production"
    assert json.loads(body)["widgets"]
    assert balancer["LoadBalancerArn"].partition("loadbalancer/")[2] in body
    assert outputs["distribution_id"] in body


@pytest.mark.requirement("SM-AC-01")
def test_the_account_equals_the_state_and_a_new_plan_is_empty(outputs: dict[str, Any], project: Project) -> None:
    assert outputs
    assert verified(project) > 170


@pytest.mark.requirement("SM-UI-01")
def test_code_state_and_account_say_the_same(outputs: dict[str, Any], project: Project) -> None:
    report = json.loads(must(project.run("drift", "--json", seconds=300)).out)

    (stack,) = report["stacks"]
    assert stack["resources"] == []
    assert report["failed"] == []


def test_what_holds_data_cannot_be_destroyed_by_accident(outputs: dict[str, Any], project: Project) -> None:
    answer = project.run("destroy", "--yes", seconds=300)

    assert outputs
    assert answer.code == 4, answer.said
    assert "holds data and may not be destroyed" in answer.err


def test_released_on_purpose_it_goes_without_a_trace(
    outputs: dict[str, Any], project: Project, account: Account, second_region: Account
) -> None:
    # GIVEN it is allowed to go
    assert len(account.holdings()) > 40
    change(
        project.root / "envs/prod/solemate/terraform.tfvars",
        deletion_protection="false",
        final_snapshot="false",
        force_destroy="true",
    )
    let_go(project, "prod", "solemate")
    must(project.run("synth"))
    # What staging is excused for without protection; copies of the assets prod still has.
    waivers = project.root / "policies/waivers.yaml"
    text = waivers.read_text()
    for check in ("CKV_AWS_150", "CKV_AWS_293"):
        text, count = re.subn(
            rf"(- check: {check}\n(?:  .*\n)*?  stacks: \[staging/solemate, local/solemate)\]",
            r"\1, prod/solemate]",
            text,
        )
        assert count == 1, check
    waivers.write_text(text)
    assert apply(project, "solemate")["vpc_id"] == outputs["vpc_id"]

    must(project.run("destroy", "--yes", seconds=900))

    for region in (account, second_region):
        assert set(region.holdings()) == {"buckets"}
        assert all(name.startswith("groundplan-") for name in region.holdings()["buckets"])
