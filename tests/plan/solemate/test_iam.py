"""Least privilege: exactly which actions on which resources each role has."""

from __future__ import annotations

import pytest

from tests.support.grants import ROLE, Grant, assert_nothing_else_grants, attached, of, roles, trust
from tests.support.plans import Plan
from tests.support.serving import TASK

PULL = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")
OS_METRICS = "log-group:RDSOSMetrics"
# AWS's own list of what Config reads; it follows the services that Config learns about.
READ_ALL = "arn:aws:iam::aws:policy/service-role/AWS_ConfigRole"


def name(plan: Plan, what: str) -> str:
    return f"solemate-{plan.input('environment')}-{what}"


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{plan.input('account_id')}:{resource}"


def streams(plan: Plan, group: str) -> str:
    return arn(plan, "logs", f"log-group:{group}:*")


def assets(plan: Plan, end: str = "") -> str:
    return f"arn:aws:s3:::solemate-assets-{plan.input('environment')}-{plan.input('account_id')}{end}"


def of_reading_the_secret(plan: Plan) -> set[Grant]:
    secret = arn(plan, "secretsmanager", f"secret:solemate-{plan.input('environment')}/database-??????")
    return of("secretsmanager", ["GetSecretValue"], secret)


def of_pulling(plan: Plan) -> set[Grant]:
    repository = arn(plan, "ecr", f"repository/{name(plan, 'app')}")
    return of("ecr", ["GetAuthorizationToken"], "*") | of("ecr", PULL, repository)


def of_tracing() -> set[Grant]:
    return of("xray", ["PutTelemetryRecords", "PutTraceSegments"], "*")


def of_tasks(plan: Plan) -> set[Grant]:
    return of_tracing()


def of_starting_tasks(plan: Plan) -> set[Grant]:
    return (
        of_pulling(plan)
        | of("logs", ["CreateLogStream", "PutLogEvents"], streams(plan, f"/ecs/{name(plan, 'app')}"))
        | of_reading_the_secret(plan)
    )


def of_instances(plan: Plan) -> set[Grant]:
    """What tasks and who starts them may, for an instance is both."""
    return (
        of_tasks(plan)
        | of_pulling(plan)
        | of("logs", ["CreateLogStream", "PutLogEvents"], streams(plan, f"/aws/ec2/{name(plan, 'backend')}"))
        | of_reading_the_secret(plan)
    )


def of_flow_logs(plan: Plan) -> set[Grant]:
    group = streams(plan, f"/aws/vpc/{name(plan, 'flow-logs')}")
    return of("logs", ["CreateLogStream", "DescribeLogStreams", "PutLogEvents"], group) | of(
        "logs", ["DescribeLogGroups"], arn(plan, "logs", "log-group:*")
    )


def of_enhanced_monitoring(plan: Plan) -> set[Grant]:
    # https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
    return of("logs", ["CreateLogGroup", "PutRetentionPolicy"], arn(plan, "logs", OS_METRICS)) | of(
        "logs",
        ["CreateLogStream", "DescribeLogStreams", "GetLogEvents", "PutLogEvents"],
        arn(plan, "logs", f"{OS_METRICS}:log-stream:*"),
    )


def of_the_trail(plan: Plan) -> set[Grant]:
    return of("logs", ["CreateLogStream", "PutLogEvents"], streams(plan, f"/aws/cloudtrail/{name(plan, 'trail')}"))


def of_config(plan: Plan) -> set[Grant]:
    bucket = f"arn:aws:s3:::{name(plan, 'config')}-{plan.input('account_id')}"
    owned = ("StringLike", "s3:x-amz-acl", "bucket-owner-full-control")
    return of("s3", ["GetBucketAcl"], bucket) | of(
        "s3", ["PutObject"], f"{bucket}/AWSLogs/{plan.input('account_id')}/*", conditions=[owned]
    )


def of_copying(plan: Plan) -> set[Grant]:
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    read = ("GetObjectVersionAcl", "GetObjectVersionForReplication", "GetObjectVersionTagging")
    write = ("ReplicateDelete", "ReplicateObject", "ReplicateTags")
    return (
        of("s3", ["GetReplicationConfiguration", "ListBucket"], assets(plan))
        | of("s3", read, f"{assets(plan)}/*")
        | of("s3", write, f"{assets(plan, '-us-west-2')}/*")
    )


def of_backups(plan: Plan) -> set[Grant]:
    database, snapshots = arn(plan, "rds", f"db:{name(plan, 'db')}"), arn(plan, "rds", "snapshot:awsbackup:*")
    described = ("DescribeDBInstances", "DescribeDBSnapshots", "ListTagsForResource")
    of_bucket = (
        "GetBucketAcl",
        "GetBucketLocation",
        "GetBucketNotification",
        "GetBucketTagging",
        "GetBucketVersioning",
        "GetInventoryConfiguration",
        "ListBucket",
        "ListBucketVersions",
        "PutBucketNotification",
        "PutInventoryConfiguration",
    )
    of_object = (
        "GetObject",
        "GetObjectAcl",
        "GetObjectTagging",
        "GetObjectVersion",
        "GetObjectVersionAcl",
        "GetObjectVersionTagging",
    )
    of_rule = (
        "DeleteRule",
        "DescribeRule",
        "DisableRule",
        "EnableRule",
        "ListTargetsByRule",
        "PutRule",
        "PutTargets",
        "RemoveTargets",
    )
    through = ("StringEquals", "kms:ViaService", "backup.us-east-1.amazonaws.com")
    return (
        of("rds", ("AddTagsToResource", "CreateDBSnapshot", *described), database, snapshots)
        | of("rds", ["DeleteDBSnapshot"], snapshots)
        | of("s3", of_bucket, assets(plan))
        | of("s3", of_object, f"{assets(plan)}/*")
        | of("events", of_rule, arn(plan, "events", "rule/AwsBackupManagedRule*"))
        | of("events", ["ListRules"], "*")
        | of("cloudwatch", ["GetMetricData"], "*")
        | of(
            "backup",
            ["CopyIntoBackupVault", "DescribeBackupVault"],
            arn(plan, "backup", f"backup-vault:{name(plan, 'backup')}"),
        )
        | of(
            "kms",
            ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"),
            "(known after apply)",
            conditions=[through],
        )
    )


def expected(plan: Plan) -> dict[str, set[Grant]]:
    """Every role of a plan, by its name, and all that it may."""
    found = {"db-monitoring": of_enhanced_monitoring(plan), "flow-logs": of_flow_logs(plan)}
    if plan.all("aws_ecs_service"):
        found |= {"task-role": of_tasks(plan), "execution-role": of_starting_tasks(plan)}
    if plan.all("aws_autoscaling_group"):
        found["backend-role"] = of_instances(plan)
    if plan.all("aws_s3_bucket_replication_configuration"):
        found["assets-copies"] = of_copying(plan)
    if plan.all("aws_cloudtrail"):
        found |= {"trail": of_the_trail(plan), "config": of_config(plan)}
    if plan.all("aws_backup_plan"):
        found["backup"] = of_backups(plan)
    return {name(plan, each): may for each, may in found.items()}


@pytest.mark.requirement("SM-FR5-01", "SM-FR6-05")
def test_roles_may_what_they_need_and_nothing_else(every: Plan, chosen: Plan, one_backend: Plan) -> None:
    for plan in (every, chosen, one_backend):
        found = roles(plan)

        assert found.keys() == expected(plan).keys()
        for each, may in expected(plan).items():
            assert found[each] == may, each


@pytest.mark.requirement("SM-FR5-01")
def test_each_has_a_role_of_its_own(prod: Plan, staging: Plan) -> None:
    own = {"backend-role", "db-monitoring", "execution-role", "flow-logs", "task-role"}
    of_production = {"assets-copies", "backup", "config", "trail"}

    assert roles(staging).keys() == {f"solemate-staging-{each}" for each in own}
    assert roles(prod).keys() == {f"solemate-production-{each}" for each in own | of_production}


@pytest.mark.requirement("SM-FR5-01")
def test_roles_have_no_permissions_but_those_of_their_policies(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        recorded = {name(plan, "config"): {READ_ALL}} if plan.all("aws_cloudtrail") else {}

        assert_nothing_else_grants(plan)
        assert attached(plan) == recorded


@pytest.mark.requirement("SM-FR5-01")
def test_only_the_service_takes_on_a_role(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        account = ("StringEquals", "aws:SourceAccount", plan.input("account_id"))
        database, like = arn(plan, "rds", f"db:{name(plan, 'db')}"), ("ArnLike", "aws:SourceArn")
        services = {
            "task-role": ("ecs-tasks", {account, (*like, arn(plan, "ecs", "*"))}),
            "execution-role": ("ecs-tasks", set()),
            "backend-role": ("ec2", set()),
            "flow-logs": ("vpc-flow-logs", {account, (*like, arn(plan, "ec2", "vpc-flow-log/*"))}),
            "db-monitoring": ("monitoring.rds", {account, (*like, database), (*like, f"{database}-replica-*")}),
            "assets-copies": ("s3", {account}),
            "trail": ("cloudtrail", set()),
            "config": ("config", {account}),
            "backup": ("backup", set()),
        }
        for role in plan.all(ROLE):
            service, conditions = services[role["name"].removeprefix(name(plan, ""))]
            assert trust(plan, role) == (f"{service}.amazonaws.com", frozenset(conditions)), role["name"]


@pytest.mark.requirement("SM-FR5-01")
def test_container_and_fargate_have_different_roles(every: Plan) -> None:
    task = every.one(TASK)

    assert every.referred(task, "task_role_arn", ROLE)["name"] == name(every, "task-role")
    assert every.referred(task, "execution_role_arn", ROLE)["name"] == name(every, "execution-role")
    profile = every.one("aws_iam_instance_profile")
    assert every.referred(profile, "role", ROLE)["name"] == name(every, "backend-role")
