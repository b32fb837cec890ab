"""Twelve digits for an access key are the account, on every path through moto and through our backends."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from tooling.emulator.identity import user_key
from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]

ONE, OTHER = "111111111111", "222222222222"


def test_account_is_the_access_key_id(client: Client) -> None:
    identity = client("sts", account=OTHER).get_caller_identity()

    assert identity["Account"] == OTHER
    assert f":{OTHER}:" in identity["Arn"]


@pytest.mark.parametrize("key", ["test", "AKIAIOSFODNN7EXAMPLE", "1234", "1234567890123"])
def test_any_other_access_key_id_acts_in_the_default_account(client: Client, key: str) -> None:
    assert client("sts", account=key).get_caller_identity()["Account"] == "123456789012"


def test_a_name_behind_the_account_is_one_of_its_users(client: Client) -> None:
    identity = client("sts", account=f"{OTHER}.alice").get_caller_identity()

    assert (identity["Account"], identity["Arn"]) == (OTHER, f"arn:aws:iam::{OTHER}:user/alice")


def test_a_user_shares_the_resources_of_the_account(client: Client) -> None:
    account = "333333333333"
    client("s3", account=f"{account}.alice").create_bucket(Bucket="made-by-alice")
    client("sqs", account=f"{account}.alice").create_queue(QueueName="made-by-alice")

    buckets = client("s3", account=f"{account}.bob").list_buckets()["Buckets"]
    queues = client("sqs", account=account).list_queues()["QueueUrls"]

    assert [bucket["Name"] for bucket in buckets] == ["made-by-alice"]
    assert [queue.rpartition(f"/{account}/")[2] for queue in queues] == ["made-by-alice"]


@pytest.mark.parametrize("name", ["", "a,b", "a/b", "a b", "a" * 65])
def test_rejects_a_name_that_no_user_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="is no name of a user"):
        user_key(ONE, name)


def test_key_of_an_assumed_role_acts_in_the_account_of_the_role(client: Client, emulator: RunningEmulator) -> None:
    role = client("iam").create_role(RoleName="deploy", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    issued = client("sts").assume_role(RoleArn=role, RoleSessionName="ci")["Credentials"]

    assumed = boto3.client(
        "sts",
        endpoint_url=emulator.endpoint,
        region_name="us-east-1",
        aws_access_key_id=issued["AccessKeyId"],
        aws_secret_access_key=issued["SecretAccessKey"],
        aws_session_token=issued["SessionToken"],
    ).get_caller_identity()

    assert assumed["Account"] == client("sts").get_caller_identity()["Account"] == "555555555555"
    assert assumed["Arn"].endswith("assumed-role/deploy/ci")


def _make_pool(client: Any) -> str:
    return str(client.create_user_pool(PoolName="p")["UserPool"]["Arn"])


# One resource a protocol and a few services; each answers with the ARN or name that holds the account.
_RESOURCES: dict[str, tuple[Callable[[Any], str], Callable[[Any], list[Any]]]] = {
    "iam": (  # query
        lambda c: c.create_role(RoleName="r", AssumeRolePolicyDocument="{}")["Role"]["Arn"],
        lambda c: c.list_roles()["Roles"],
    ),
    "sns": (lambda c: c.create_topic(Name="t")["TopicArn"], lambda c: c.list_topics()["Topics"]),
    "cloudwatch": (
        lambda c: (
            c.put_dashboard(DashboardName="d", DashboardBody='{"widgets":[]}')
            and c.list_dashboards()["DashboardEntries"][0]["DashboardArn"]
        ),
        lambda c: c.list_dashboards()["DashboardEntries"],
    ),
    "dynamodb": (  # json
        lambda c: c.create_table(
            TableName="t",
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
        )["TableDescription"]["TableArn"],
        lambda c: c.list_tables()["TableNames"],
    ),
    "kms": (lambda c: c.create_key()["KeyMetadata"]["Arn"], lambda c: c.list_keys()["Keys"]),
    "sqs": (
        lambda c: c.get_queue_attributes(QueueUrl=c.create_queue(QueueName="q")["QueueUrl"], AttributeNames=["All"])[
            "Attributes"
        ]["QueueArn"],
        lambda c: c.list_queues().get("QueueUrls", []),
    ),
    "events": (
        lambda c: c.put_rule(Name="r", ScheduleExpression="rate(5 minutes)")["RuleArn"],
        lambda c: c.list_rules()["Rules"],
    ),
    "cognito-idp": (_make_pool, lambda c: c.list_user_pools(MaxResults=10)["UserPools"]),
    "backup": (  # rest-json
        lambda c: c.create_backup_vault(BackupVaultName="v")["BackupVaultArn"],
        lambda c: c.list_backup_vaults()["BackupVaultList"],
    ),
    "ec2": (  # ec2
        lambda c: f":{c.create_vpc(CidrBlock='10.0.0.0/16')['Vpc']['OwnerId']}:",
        lambda c: [vpc for vpc in c.describe_vpcs()["Vpcs"] if not vpc["IsDefault"]],
    ),
}


@pytest.mark.parametrize("service", _RESOURCES)
def test_resources_belong_to_one_account(client: Client, service: str) -> None:
    make, listed = _RESOURCES[service]

    made = make(client(service, account=ONE))

    assert f":{ONE}:" in made
    assert len(listed(client(service, account=ONE))) == 1
    assert listed(client(service, account=OTHER)) == []


def test_bucket_of_one_account_is_closed_to_the_other(client: Client) -> None:
    client("s3", account=ONE).create_bucket(Bucket="accounts-closed")
    client("s3", account=ONE).put_object(Bucket="accounts-closed", Key="k", Body=b"secret")

    with pytest.raises(ClientError, match="AccessDenied"):
        client("s3", account=OTHER).get_object(Bucket="accounts-closed", Key="k")
    with pytest.raises(ClientError, match="BucketAlreadyExists"):
        client("s3", account=OTHER).create_bucket(Bucket="accounts-closed")
    assert client("s3", account=OTHER).list_buckets()["Buckets"] == []


def test_what_our_backends_remember_belongs_to_one_account_and_region(client: Client) -> None:
    client("logs", account=ONE).put_query_definition(name="q", queryString="fields @message")

    assert len(client("logs", account=ONE).describe_query_definitions()["queryDefinitions"]) == 1
    assert client("logs", account=OTHER).describe_query_definitions()["queryDefinitions"] == []
    assert client("logs", account=ONE, region="eu-west-1").describe_query_definitions()["queryDefinitions"] == []


def test_presigned_address_acts_in_the_account_of_its_key(client: Client) -> None:
    s3 = client("s3", account=OTHER)
    s3.create_bucket(Bucket="accounts-presigned")
    s3.put_object(Bucket="accounts-presigned", Key="photo", Body=b"jpeg")
    address = s3.generate_presigned_url("get_object", Params={"Bucket": "accounts-presigned", "Key": "photo"})

    with urllib.request.urlopen(address) as answer:
        assert answer.read() == b"jpeg"


@pytest.mark.parametrize("version", ["s3", "s3v4"])
def test_presigned_address_of_a_stranger_is_refused(client: Client, emulator: RunningEmulator, version: str) -> None:
    client("s3", account=OTHER).create_bucket(Bucket="accounts-stranger")
    client("s3", account=OTHER).put_object(Bucket="accounts-stranger", Key="photo", Body=b"jpeg")
    stranger = boto3.client(
        "s3",
        endpoint_url=emulator.endpoint,
        region_name="us-east-1",
        aws_access_key_id=ONE,
        aws_secret_access_key="unchecked",
        config=Config(signature_version=version),
    )
    address = stranger.generate_presigned_url("get_object", Params={"Bucket": "accounts-stranger", "Key": "photo"})

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(address)


def test_anonymous_read_of_a_private_object_is_refused(client: Client, emulator: RunningEmulator) -> None:
    client("s3").create_bucket(Bucket="accounts-anonymous")
    client("s3").put_object(Bucket="accounts-anonymous", Key="photo", Body=b"jpeg")

    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(f"{emulator.endpoint}/accounts-anonymous/photo")


def test_unsigned_cognito_call_finds_the_pool_of_its_client(client: Client) -> None:
    cognito = client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="p")["UserPool"]["Id"]
    app = cognito.create_user_pool_client(UserPoolId=pool, ClientName="c")["UserPoolClient"]["ClientId"]

    cognito.sign_up(ClientId=app, Username="somebody", Password="Passw0rd-long")

    assert [user["Username"] for user in cognito.list_users(UserPoolId=pool)["Users"]] == ["somebody"]
