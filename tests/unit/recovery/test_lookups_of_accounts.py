"""What a cut creation of roles, keys, secrets, backups and tasks left is found by its name or what is said of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.applied import ACCOUNT
from tooling.recovery.lookup import Found

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
TAGS = [{"Key": "run", "Value": "1"}]
# As the provider puts it behind a name_prefix.
END = "20261122000525081500000001"


def test_roles_with_a_random_end_are_found_by_their_beginning(client: Client, look: Look) -> None:
    # GIVEN two roles of one prefix, and one whose name only begins alike
    iam = client("iam")
    before = datetime.now(UTC) - timedelta(seconds=2)
    for name, tags in ((f"worker-{END}", TAGS), (f"worker-{END[:-1]}2", []), (f"worker-nightly-{END}", TAGS)):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=TRUST, Tags=tags)

    # WHEN the prefix is looked for
    found = {one.id: one for one in look("aws_iam_role", name_prefix="worker-", path="/")}

    # THEN those two are told, with the tags and the time that tell them apart
    assert {key: one.tags for key, one in found.items()} == {f"worker-{END}": {"run": "1"}, f"worker-{END[:-1]}2": {}}
    assert all(one.created is not None and one.created >= before for one in found.values())


def test_a_policy_is_attached_to_a_role_or_not(client: Client, look: Look) -> None:
    iam, policy = client("iam"), "arn:aws:iam::aws:policy/ReadOnlyAccess"
    iam.create_role(RoleName="attached", AssumeRolePolicyDocument=TRUST)
    assert look("aws_iam_role_policy_attachment", role="attached", policy_arn=policy) == []

    iam.attach_role_policy(RoleName="attached", PolicyArn=policy)

    (found,) = look("aws_iam_role_policy_attachment", role="attached", policy_arn=policy)
    assert found.within
    assert found.id.startswith("attached-")
    assert len(found.id) == len("attached-") + len(END)
    assert look("aws_iam_role_policy_attachment", role="nobody", policy_arn=policy) == []


def test_an_identity_provider_is_found_by_its_address(client: Client, look: Look) -> None:
    url = "https://token.example.com"
    assert look("aws_iam_openid_connect_provider", url=url) == []

    made = client("iam").create_open_id_connect_provider(Url=url, ThumbprintList=["a" * 40], Tags=TAGS)

    (found,) = look("aws_iam_openid_connect_provider", url=url)
    assert (found.id, found.tags) == (made["OpenIDConnectProviderArn"], {"run": "1"})


def test_a_key_is_found_by_what_is_said_of_it_and_its_tags(client: Client, look: Look) -> None:
    # GIVEN keys that differ in one thing each
    kms = client("kms")

    def make(description: str, run: str) -> str:
        tags = [{"TagKey": "run", "TagValue": run}]
        return str(kms.create_key(Description=description, Tags=tags)["KeyMetadata"]["KeyId"])

    wanted, going = make("of the stack", "1"), make("of the stack", "1")
    make("of the stack", "2"), make("of another", "1")
    kms.schedule_key_deletion(KeyId=going, PendingWindowInDays=7)

    # THEN the one that fits and stays is found
    found = look("aws_kms_key", description="of the stack", multi_region=False, tags_all={"run": "1"})
    assert [(one.id, one.tags) for one in found] == [(wanted, {"run": "1"})]


def test_an_alias_of_another_key_is_not_the_planned_one(client: Client, look: Look) -> None:
    kms = client("kms")
    first, second = (kms.create_key()["KeyMetadata"]["KeyId"] for _ in range(2))
    kms.create_alias(AliasName="alias/taken", TargetKeyId=first)

    assert [one.id for one in look("aws_kms_alias", name="alias/taken", target_key_id=first)] == ["alias/taken"]
    assert look("aws_kms_alias", name="alias/taken", target_key_id=second) == []


def test_a_secret_that_is_going_is_not_found(client: Client, look: Look) -> None:
    # GIVEN two secrets of one prefix
    secrets = client("secretsmanager")
    arns = [secrets.create_secret(Name=f"db-{end}", Tags=TAGS)["ARN"] for end in (END, f"{END[:-1]}2")]
    assert {one.id for one in look("aws_secretsmanager_secret", name_prefix="db-")} == set(arns)
    assert [one.id for one in look("aws_secretsmanager_secret", name=f"db-{END}")] == arns[:1]

    # WHEN one is scheduled for deletion
    secrets.delete_secret(SecretId=arns[0], RecoveryWindowInDays=7)

    # THEN the other is left
    assert [one.id for one in look("aws_secretsmanager_secret", name_prefix="db-")] == arns[1:]
    assert look("aws_secretsmanager_secret", name=f"db-{END}") == []


def test_the_current_version_of_a_secret_is_found(client: Client, look: Look) -> None:
    secrets = client("secretsmanager")
    arn = secrets.create_secret(Name="versions", SecretString="first")["ARN"]
    second = secrets.put_secret_value(SecretId=arn, SecretString="second")["VersionId"]

    (found,) = look("aws_secretsmanager_secret_version", secret_id=arn)

    assert (found.id, found.attributes) == (f"{arn}|{second}", {"version_id": second})


def test_a_parameter_that_was_changed_tells_no_time_of_its_creation(client: Client, look: Look) -> None:
    ssm = client("ssm")
    ssm.put_parameter(Name="/p", Value="1", Type="String", Tags=TAGS)
    (found,) = look("aws_ssm_parameter", name="/p")
    assert (found.id, found.tags, found.created is None) == ("/p", {"run": "1"}, False)

    ssm.put_parameter(Name="/p", Value="2", Type="String", Overwrite=True)

    (found,) = look("aws_ssm_parameter", name="/p")
    assert found.created is None


def test_a_subscription_that_waits_for_its_confirmation_has_no_id_to_be_found_by(client: Client, look: Look) -> None:
    # GIVEN a topic with a subscription
    topic = client("sns").create_topic(Name="told", Tags=TAGS)["TopicArn"]
    made = client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"arn:aws:sqs:us-east-1:{ACCOUNT}:q")

    def found(endpoint: str) -> list[str]:
        asked = {"topic_arn": topic, "protocol": "sqs", "endpoint": endpoint}
        return [one.id for one in look("aws_sns_topic_subscription", **asked)]

    # THEN it is found by whom it tells
    assert found(f"arn:aws:sqs:us-east-1:{ACCOUNT}:q") == [made["SubscriptionArn"]]
    assert found(f"arn:aws:sqs:us-east-1:{ACCOUNT}:other") == []
    assert look("aws_sns_topic", name="told") == [Found(topic, {"run": "1"})]


def test_backups_are_found_by_their_names(client: Client, look: Look) -> None:
    backup = client("backup")
    backup.create_backup_vault(BackupVaultName="vault", BackupVaultTags={"run": "1"})
    plan = backup.create_backup_plan(
        BackupPlan={
            "BackupPlanName": "plan",
            "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "vault", "ScheduleExpression": "rate(1 day)"}],
        },
        BackupPlanTags={"run": "2"},
    )["BackupPlanId"]

    (vault,) = look("aws_backup_vault", name="vault")
    (found,) = look("aws_backup_plan", name="plan")

    assert (vault.id, vault.tags) == ("vault", {"run": "1"})
    assert (found.id, found.tags) == (plan, {"run": "2"})
    assert look("aws_backup_vault", name="another") == []


def test_a_recorder_that_works_for_somebody_else_is_not_the_planned_one(client: Client, look: Look) -> None:
    # GIVEN the one recorder of an account
    role = f"arn:aws:iam::{ACCOUNT}:role/recorder"
    client("config").put_configuration_recorder(ConfigurationRecorder={"name": "default", "roleARN": role})

    # THEN its role tells whose it is
    kind = "aws_config_configuration_recorder"
    assert look(kind, name="default", role_arn=role) == [Found("default", within=True)]
    assert look(kind, name="default", role_arn=f"{role}-of-another") == []
    assert look(kind, name="nowhere", role_arn=role) == []


def test_of_a_family_the_newest_revision_that_runs_what_was_planned_is_found(client: Client, look: Look) -> None:
    # GIVEN three revisions of a family, and one of a family whose name begins alike
    ecs = client("ecs")

    def register(family: str, image: str) -> str:
        containers = [{"name": "app", "image": image, "memory": 64, "environment": [{"name": "A", "value": "1"}]}]
        answer = ecs.register_task_definition(family=family, containerDefinitions=containers)
        return str(answer["taskDefinition"]["taskDefinitionArn"])

    arns = [register("family", image) for image in ("app:1", "app:2", "app:1")]
    register("family-more", "app:3")

    def found(image: str) -> list[str]:
        planned = json.dumps([{"name": "app", "image": image, "environment": [{"value": "1", "name": "A"}]}])
        candidates = look("aws_ecs_task_definition", family="family", container_definitions=planned)
        assert all(one.id == "family" for one in candidates)
        return [one.attributes["arn"] for one in candidates]

    # THEN the image tells which
    assert found("app:1") == arns[2:]
    assert found("app:2") == arns[1:2]
    assert found("app:3") == []
