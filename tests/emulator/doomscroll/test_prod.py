"""Doomscroll with prod's values, applied through the toolkit: made, read back, planned again, gone."""

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
PASSWORD = "emulator-only-0123456789-password"
SESSION = "emulator-only-0123456789-session"
PAGER = "https://events.pagerduty.example/integration/0123456789"
# Everything in this file reads one apply, so it has to stay on one worker.
pytestmark = pytest.mark.xdist_group("doomscroll-prod-on-the-emulator")


@pytest.fixture(scope="module")
def unarmed(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    """The project of a user who has not exported the secrets yet."""
    return project_of(tmp_path_factory.mktemp("project"), home, env="prod", stack="doomscroll")


@pytest.fixture(scope="module")
def project(unarmed: Project) -> Project:
    secrets = {
        "TF_VAR_db_password": PASSWORD,
        "TF_VAR_session_secret": SESSION,
        "TF_VAR_pagerduty_endpoint": PAGER,
    }
    return Project(unarmed.root, {**unarmed.environ, **secrets})


@pytest.fixture(scope="module")
def account(emulator: RunningEmulator) -> Account:
    return Account(emulator, PROD)


@pytest.fixture(scope="module")
def outputs(project: Project) -> dict[str, Any]:
    """Applied once for the whole file; its outputs."""
    return apply(project, "doomscroll")


@pytest.mark.requirement("FD-RDS-22", "FD-SEC-M3")
def test_without_its_secrets_nothing_is_planned_and_the_user_is_told_where_they_come_from(unarmed: Project) -> None:
    answer = unarmed.run("plan", seconds=120)

    assert answer.code == 2, answer.said
    assert "prod/doomscroll: db_password and session_secret have no value" in answer.err
    assert "export TF_VAR_db_password TF_VAR_session_secret" in answer.err


def test_everything_that_was_made_can_be_found_again(
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    assert not_found_again(project, account) == []


@pytest.mark.requirement("FD-VPC-01", "FD-VPC-02", "FD-VPC-04", "FD-SUB-01", "FD-SUB-02", "FD-SUB-03", "FD-SUB-04")
def test_the_network_has_the_documents_names_and_addresses(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("ec2")
    (vpc,) = client.describe_vpcs(VpcIds=[outputs["vpc_id"]])["Vpcs"]
    subnets = client.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [outputs["vpc_id"]]}])["Subnets"]
    found = {
        tag["Value"]: (subnet["CidrBlock"], subnet["AvailabilityZone"])
        for subnet in subnets
        for tag in subnet["Tags"]
        if tag["Key"] == "Name"
    }

    assert vpc["CidrBlock"] == "10.0.0.0/16"
    assert {"Key": "Name", "Value": "fckdoomscroll-vpc"} in vpc["Tags"]
    assert found == {
        "public-subnet-1a": ("10.0.1.0/24", "us-east-1a"),
        "public-subnet-1b": ("10.0.2.0/24", "us-east-1b"),
        "private-subnet-1a": ("10.0.10.0/24", "us-east-1a"),
        "private-subnet-1b": ("10.0.11.0/24", "us-east-1b"),
    }


@pytest.mark.requirement("FD-ALB-01", "FD-LIS-01", "FD-LIS-02", "FD-TG-01", "FD-TG-05", "FD-TG-07", "FD-STK-01")
def test_the_load_balancer_redirects_and_checks_the_health_of_its_targets(
    outputs: dict[str, Any], account: Account
) -> None:
    client = account.client("elbv2")
    (balancer,) = client.describe_load_balancers(Names=["fckdoomscroll-alb"])["LoadBalancers"]
    listeners = {
        listener["Port"]: listener["DefaultActions"][0]
        for listener in client.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"]
    }
    (group,) = client.describe_target_groups(Names=["ecs-targets"])["TargetGroups"]
    attributes = {
        entry["Key"]: entry["Value"]
        for entry in client.describe_target_group_attributes(TargetGroupArn=group["TargetGroupArn"])["Attributes"]
    }

    assert balancer["DNSName"] == outputs["alb_dns_name"]
    assert (listeners[80]["Type"], listeners[80]["RedirectConfig"]["StatusCode"]) == ("redirect", "HTTP_301")
    assert listeners[443]["TargetGroupArn"] == group["TargetGroupArn"]
    assert (group["Port"], group["HealthCheckPath"], group["HealthCheckPort"]) == (3000, "/api/health", "3000")
    assert (group["HealthCheckIntervalSeconds"], group["HealthCheckTimeoutSeconds"]) == (30, 5)
    assert (group["HealthyThresholdCount"], group["UnhealthyThresholdCount"]) == (2, 3)
    assert attributes["stickiness.enabled"] == "true"
    assert attributes["stickiness.lb_cookie.duration_seconds"] == "86400"


@pytest.mark.requirement("FD-ECS-01", "FD-SVC-01", "FD-SVC-02", "FD-SVC-08", "FD-SVC-10", "FD-SVC-11", "FD-AS-05")
def test_the_service_runs_two_tasks_and_may_grow_to_ten(outputs: dict[str, Any], account: Account) -> None:
    (service,) = account.client("ecs").describe_services(
        cluster="fckdoomscroll-prod", services=["fckdoomscroll-service"]
    )["services"]
    (target,) = account.client("application-autoscaling").describe_scalable_targets(ServiceNamespace="ecs")[
        "ScalableTargets"
    ]
    deployment = service["deploymentConfiguration"]

    assert (outputs["cluster_name"], outputs["service_name"]) == ("fckdoomscroll-prod", "fckdoomscroll-service")
    assert (service["desiredCount"], service["runningCount"], service["launchType"]) == (2, 2, "FARGATE")
    assert (deployment["minimumHealthyPercent"], deployment["maximumPercent"]) == (100, 200)
    assert service["taskDefinition"].rpartition("/")[2].startswith("fckdoomscroll:")
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)


@pytest.mark.requirement("FD-RDS-01", "FD-RDS-02", "FD-RDS-05", "FD-RDS-07", "FD-RDS-12", "FD-RDS-13", "FD-RDS-14")
def test_the_database_is_as_the_document_says(outputs: dict[str, Any], account: Account) -> None:
    (database,) = account.pages("rds", "describe_db_instances", "DBInstances")

    assert database["DBInstanceIdentifier"] == "fckdoomscroll-db"
    assert (database["Engine"], database["EngineVersion"].partition(".")[0]) == ("postgres", "16")
    assert (database["MultiAZ"], database["StorageType"], database["AllocatedStorage"]) == (True, "gp3", 20)
    assert (database["MaxAllocatedStorage"], database["DeletionProtection"]) == (100, True)
    assert database["BackupRetentionPeriod"] == 7
    assert database["PreferredBackupWindow"] == "03:00-04:00"
    assert database["PreferredMaintenanceWindow"] == "sun:04:00-sun:05:00"
    assert "MasterUserSecret" not in database
    assert outputs["db_endpoint"] == f"{database['Endpoint']['Address']}:5432"


@pytest.mark.requirement("FD-SEC-M1", "FD-SEC-M2", "FD-SEC-M3", "FD-RDS-21", "FD-RDS-22")
def test_the_three_secrets_hold_what_the_application_needs(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("secretsmanager")
    secrets = {
        name: json.loads(client.get_secret_value(SecretId=f"fckdoomscroll/{name}")["SecretString"])
        for name in ("database", "cognito", "jwt")
    }
    (database,) = account.pages("rds", "describe_db_instances", "DBInstances")
    app_client = account.client("cognito-idp").describe_user_pool_client(
        UserPoolId=outputs["user_pool_id"], ClientId=outputs["user_pool_client_id"]
    )["UserPoolClient"]

    assert secrets["database"] == {
        "username": "fckadmin",
        "password": PASSWORD,
        "host": database["Endpoint"]["Address"],
        "port": 5432,
        "dbname": "fckdoomscroll",
    }
    assert secrets["cognito"] == {
        "user_pool_id": outputs["user_pool_id"],
        "client_id": outputs["user_pool_client_id"],
        "client_secret": app_client["ClientSecret"],
    }
    assert secrets["jwt"] == {"session_secret": SESSION}
    assert set(outputs["secret_arns"]) == set(secrets)


@pytest.mark.requirement("FD-SES-04", "FD-SES-05", "FD-SES-06", "FD-SES-07", "FD-OV-02")
def test_the_zone_holds_what_mail_and_browsers_look_up(outputs: dict[str, Any], account: Account) -> None:
    client = account.client("route53")
    (zone,) = client.list_hosted_zones()["HostedZones"]
    records = {
        (record["Name"].rstrip("."), record["Type"]): record
        for record in account.pages(
            "route53", "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]
        )
    }
    identity = account.client("sesv2").get_email_identity(EmailIdentity="yourdomain.com")

    def texts(name: str, kind: str) -> list[str]:
        return [entry["Value"].strip('"') for entry in records[name, kind]["ResourceRecords"]]

    assert texts("yourdomain.com", "TXT") == ["v=spf1 include:amazonses.com ~all"]
    assert texts("_dmarc.yourdomain.com", "TXT") == ["v=DMARC1; p=reject; rua=mailto:dmarc@yourdomain.com"]
    tokens = identity["DkimAttributes"]["Tokens"]
    assert sorted(outputs["ses_dkim_tokens"]) == sorted(tokens)
    assert [texts(f"{token}._domainkey.yourdomain.com", "CNAME") for token in tokens] == [
        [f"{token}.dkim.amazonses.com"] for token in tokens
    ]
    assert "yourdomain.com" in account.holdings()["identities"]
    alias = records["yourdomain.com", "A"]["AliasTarget"]["DNSName"].rstrip(".")
    distribution = account.client("cloudfront").get_distribution(Id=outputs["distribution_id"])["Distribution"]
    assert alias == distribution["DomainName"]


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11")
def test_critical_alarms_page_and_warnings_are_mailed(outputs: dict[str, Any], account: Account) -> None:
    alarms = account.pages("cloudwatch", "describe_alarms", "MetricAlarms")
    subscriptions = {
        (subscription["TopicArn"], subscription["Protocol"], subscription["Endpoint"])
        for subscription in account.pages("sns", "list_subscriptions", "Subscriptions")
    }
    told = [tuple(alarm["AlarmActions"]) for alarm in alarms]

    assert subscriptions == {
        (outputs["critical_topic_arn"], "https", PAGER),
        (outputs["critical_topic_arn"], "email", "oncall@example.com"),
        (outputs["warning_topic_arn"], "email", "oncall@example.com"),
    }
    assert told.count((outputs["critical_topic_arn"],)) == 5
    assert told.count((outputs["warning_topic_arn"],)) >= 4


@pytest.mark.requirement("FD-DASH-02", "FD-DASH-04", "FD-DASH-06", "FD-DASH-13")
def test_the_dashboard_shows_the_load_balancer_the_service_and_the_database_that_are_there(
    outputs: dict[str, Any], account: Account
) -> None:
    body = account.client("cloudwatch").get_dashboard(DashboardName=outputs["dashboard_name"])["DashboardBody"]
    (balancer,) = account.client("elbv2").describe_load_balancers()["LoadBalancers"]

    assert outputs["dashboard_name"] == "fckdoomscroll-dashboard"
    assert json.loads(body)["widgets"]
    for named in (
        balancer["LoadBalancerArn"].partition("loadbalancer/")[2],
        "fckdoomscroll-service",
        "fckdoomscroll-db",
    ):
        assert f'"{named}"' in body


def test_the_account_equals_the_state_and_a_new_plan_is_empty(outputs: dict[str, Any], project: Project) -> None:
    assert outputs
    assert verified(project) > 120


@pytest.mark.requirement("FD-DR-06")
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
    outputs: dict[str, Any], project: Project, account: Account
) -> None:
    # GIVEN it is allowed to go
    assert len(account.holdings()) > 35
    change(
        project.root / "envs/prod/doomscroll/terraform.tfvars",
        deletion_protection="false",
        final_snapshot="false",
        force_destroy="true",
    )
    let_go(project, "prod", "doomscroll")
    must(project.run("synth"))
    waivers = project.root / "policies/waivers.yaml"
    waivers.write_text(waivers.read_text().replace("[local/doomscroll]", "[local/doomscroll, prod/doomscroll]"))
    assert apply(project, "doomscroll")["vpc_id"] == outputs["vpc_id"]

    must(project.run("destroy", "--yes", seconds=900))

    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith("groundplan-") for name in account.holdings()["buckets"])
