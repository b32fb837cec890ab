"""Least privilege: exactly which actions on which resources each role has."""

from __future__ import annotations

import pytest

from tests.support.grants import ROLE, Grant, assert_nothing_else_grants, attached, of, roles, trust
from tests.support.plans import Plan
from tests.support.serving import SERVICE, TASK

PULL = ("BatchCheckLayerAvailability", "BatchGetImage", "GetDownloadUrlForLayer")


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{plan.input('account_id')}:{resource}"


def secret(plan: Plan, name: str) -> str:
    return arn(plan, "secretsmanager", f"secret:fckdoomscroll{suffix(plan)}/{name}")


def log(plan: Plan) -> str:
    return arn(plan, "logs", f"log-group:/ecs/fckdoomscroll{suffix(plan)}:*")


def of_tasks(plan: Plan, *identities: str) -> set[Grant]:
    """The document's three permissions, and the bucket of uploads, which it leaves out."""
    uploads = f"arn:aws:s3:::fckdoomscroll-uploads-{plan.input('account_id')}{suffix(plan)}/*"
    return (
        of("secretsmanager", ["GetSecretValue"], secret(plan, "*"))
        | of("ses", ["SendEmail", "SendRawEmail"], *identities)
        | of("logs", ["CreateLogStream", "PutLogEvents"], log(plan))
        | of("s3", ["DeleteObject", "GetObject", "PutObject"], uploads)
    )


def of_starting_tasks(plan: Plan) -> set[Grant]:
    three = [f"{secret(plan, name)}-??????" for name in ("cognito", "database", "jwt")]
    return (
        of("ecr", ["GetAuthorizationToken"], "*")
        | of("ecr", PULL, arn(plan, "ecr", "repository/fckdoomscroll/app"))
        | of("logs", ["CreateLogStream", "PutLogEvents"], log(plan))
        | of("secretsmanager", ["GetSecretValue"], *three)
    )


def of_flow_logs(plan: Plan) -> set[Grant]:
    streams = arn(plan, "logs", f"log-group:/aws/vpc/fckdoomscroll-flow-logs{suffix(plan)}:*")
    return of("logs", ["CreateLogStream", "DescribeLogStreams", "PutLogEvents"], streams) | of(
        "logs", ["DescribeLogGroups"], arn(plan, "logs", "log-group:*")
    )


def of_backups(plan: Plan) -> set[Grant]:
    database = arn(plan, "rds", f"db:fckdoomscroll-db{suffix(plan)}")
    snapshots = arn(plan, "rds", "snapshot:awsbackup:*")
    vault = arn(plan, "backup", f"backup-vault:fckdoomscroll-backup{suffix(plan)}")
    read = ("DescribeDBInstances", "DescribeDBSnapshots", "ListTagsForResource")
    through = ("StringEquals", "kms:ViaService", "backup.us-east-1.amazonaws.com")
    return (
        of("rds", ("AddTagsToResource", "CreateDBSnapshot", *read), database, snapshots)
        | of("rds", ["DeleteDBSnapshot"], snapshots)
        | of("backup", ["CopyIntoBackupVault", "DescribeBackupVault"], vault)
        | of(
            "kms",
            ("CreateGrant", "Decrypt", "DescribeKey", "GenerateDataKey"),
            "(known after apply)",
            conditions=[through],
        )
    )


def of_restore_tests(plan: Plan) -> set[Grant]:
    tested = arn(plan, "rds", "db:awsbackup-restore-test-*")
    snapshots = arn(plan, "rds", "snapshot:awsbackup:*")
    needed = [
        snapshots,
        tested,
        arn(plan, "rds", "og:default:*"),
        arn(plan, "rds", "pg:default.*"),
        arn(plan, "rds", f"subgrp:fckdoomscroll-db-subnets{suffix(plan)}"),
    ]
    return (
        of("rds", ["RestoreDBInstanceFromDBSnapshot"], *needed)
        | of("rds", ["AddTagsToResource", "DeleteDBInstance", "ListTagsForResource"], tested)
        | of(
            "rds",
            ["DescribeDBInstances", "DescribeDBSnapshots"],
            arn(plan, "rds", f"db:fckdoomscroll-db{suffix(plan)}"),
            tested,
            snapshots,
        )
    )


def expected(plan: Plan, *identities: str) -> dict[str, set[Grant]]:
    """Every role of a plan, by its name, and all that it may."""
    found = {
        "task-role": of_tasks(plan, *identities),
        "execution-role": of_starting_tasks(plan),
        "flow-logs": of_flow_logs(plan),
    }
    if plan.all("aws_backup_plan"):
        found["backup"] = of_backups(plan)
    if plan.all("aws_backup_restore_testing_plan"):
        found["restore-test"] = of_restore_tests(plan)
    return {f"fckdoomscroll-{name}{suffix(plan)}": may for name, may in found.items()}


def assert_roles(plan: Plan, *identities: str) -> None:
    found = roles(plan)
    assert found.keys() == expected(plan, *identities).keys()
    for name, may in expected(plan, *identities).items():
        assert found[name] == may, name


@pytest.mark.requirement("FD-IAM-02", "FD-IAM-03", "FD-IAM-04", "FD-IAM-05")
def test_roles_may_what_they_need_and_nothing_else(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert_roles(plan, "*")


@pytest.mark.requirement("FD-IAM-03", "FD-IAM-05")
def test_mail_may_be_narrowed_to_identities_and_what_is_optional_has_roles_of_its_own(chosen: Plan) -> None:
    assert_roles(chosen, "arn:aws:ses:us-east-1:111122223333:identity/calm.example")
    assert {"fckdoomscroll-backup-test", "fckdoomscroll-restore-test-test"} <= roles(chosen).keys()


@pytest.mark.requirement("FD-IAM-05")
def test_roles_have_no_permissions_but_those_of_their_policies(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert_nothing_else_grants(plan)
        assert attached(plan) == {}


@pytest.mark.requirement("FD-IAM-01", "FD-IAM-05")
def test_container_and_fargate_have_different_roles(dev: Plan, prod: Plan, chosen: Plan) -> None:
    for plan, end in ((dev, "-dev"), (prod, ""), (chosen, "-test")):
        task = plan.one(TASK)

        assert plan.referred(plan.one(SERVICE), "task_definition", TASK) == task
        assert plan.referred(task, "task_role_arn", ROLE)["name"] == f"fckdoomscroll-task-role{end}"
        assert plan.referred(task, "execution_role_arn", ROLE)["name"] == f"fckdoomscroll-execution-role{end}"


@pytest.mark.requirement("FD-IAM-01")
def test_only_the_service_takes_on_a_role(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        account = ("StringEquals", "aws:SourceAccount", plan.input("account_id"))
        services = {
            "task-role": ("ecs-tasks", {account, ("ArnLike", "aws:SourceArn", arn(plan, "ecs", "*"))}),
            "execution-role": ("ecs-tasks", set()),
            "flow-logs": (
                "vpc-flow-logs",
                {account, ("ArnLike", "aws:SourceArn", arn(plan, "ec2", "vpc-flow-log/*"))},
            ),
            "backup": ("backup", set()),
            "restore-test": ("backup", set()),
        }
        for role in plan.all(ROLE):
            name = role["name"].removeprefix("fckdoomscroll-").removesuffix(suffix(plan))
            service, conditions = services[name]
            assert trust(plan, role) == (f"{service}.amazonaws.com", frozenset(conditions)), name
