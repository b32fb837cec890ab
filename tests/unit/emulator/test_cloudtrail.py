"""CloudTrail: trails that are made once, and deleted by name or ARN; and who wrote what."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]


@pytest.fixture
def trails(client: Client) -> Any:
    return client("cloudtrail")


@pytest.fixture
def bucket(client: Client) -> str:
    client("s3").create_bucket(Bucket="trails-of-the-tests")
    return "trails-of-the-tests"


def _names(trails: Any) -> list[str]:
    return [each["Name"] for each in trails.list_trails()["Trails"]]


@pytest.mark.parametrize("named_by", ["Name", "TrailARN"])
def test_deleted_trail_leaves_nothing(trails: Any, bucket: str, named_by: str) -> None:
    made = trails.create_trail(Name=f"by{named_by}", S3BucketName=bucket, TagsList=[{"Key": "old", "Value": "1"}])

    trails.delete_trail(Name=made[named_by])

    assert made["Name"] not in _names(trails)
    trails.create_trail(Name=made["Name"], S3BucketName=bucket, TagsList=[{"Key": "new", "Value": "2"}])
    (tags,) = trails.list_tags(ResourceIdList=[made["TrailARN"]])["ResourceTagList"]
    assert tags["TagsList"] == [{"Key": "new", "Value": "2"}]


def test_trail_is_made_once(trails: Any, bucket: str) -> None:
    trails.create_trail(Name="once", S3BucketName=bucket)

    with pytest.raises(trails.exceptions.TrailAlreadyExistsException):
        trails.create_trail(Name="once", S3BucketName=bucket)


def test_trail_that_is_not_there_is_not_deleted(trails: Any) -> None:
    with pytest.raises(trails.exceptions.TrailNotFoundException):
        trails.delete_trail(Name="nosuch")


def _as_user(emulator: RunningEmulator, service: str, user: str) -> Any:
    return boto3.client(
        service,
        endpoint_url=emulator.endpoint,
        region_name="us-east-1",
        aws_access_key_id=f"555555555555.{user}",
        aws_secret_access_key="unchecked",
    )


def _written(trails: Any, name: str, **more: Any) -> list[tuple[str, str]]:
    wanted = [{"AttributeKey": "ResourceName", "AttributeValue": name}]
    found = trails.lookup_events(LookupAttributes=wanted, **more)["Events"]
    return [(each["EventName"], each["Username"]) for each in found]


def test_whoever_wrote_is_known_by_name_newest_first(emulator: RunningEmulator, trails: Any) -> None:
    _as_user(emulator, "s3", "bob").create_bucket(Bucket="written-by-two")
    tags = {"TagSet": [{"Key": "by", "Value": "alice"}]}
    _as_user(emulator, "s3", "alice").put_bucket_tagging(Bucket="written-by-two", Tagging=tags)

    assert _written(trails, "written-by-two") == [("PutBucketTagging", "alice"), ("CreateBucket", "bob")]
    wanted = [{"AttributeKey": "ResourceName", "AttributeValue": "written-by-two"}]
    event = trails.lookup_events(LookupAttributes=wanted)["Events"][0]
    identity = json.loads(event["CloudTrailEvent"])["userIdentity"]
    assert (event["EventSource"], event["ReadOnly"]) == ("s3.amazonaws.com", "false")
    assert identity["arn"] == "arn:aws:iam::555555555555:user/alice"


def test_every_protocol_is_heard_and_answers_name_what_was_made(emulator: RunningEmulator, trails: Any) -> None:
    topic = _as_user(emulator, "sns", "alice").create_topic(Name="heard")["TopicArn"]
    group = _as_user(emulator, "ec2", "alice").create_security_group(GroupName="heard", Description="x")["GroupId"]
    _as_user(emulator, "logs", "alice").create_log_group(logGroupName="/heard")
    _as_user(emulator, "lambda", "alice").tag_resource(Resource=_function(emulator), Tags={"a": "b"})

    for name, event in ((topic, "CreateTopic"), (group, "CreateSecurityGroup"), ("/heard", "CreateLogGroup")):
        assert _written(trails, name) == [(event, "alice")]
    assert _written(trails, "arn:aws:lambda:us-east-1:555555555555:function:heard")[0] == ("TagResource", "alice")


def _function(emulator: RunningEmulator) -> str:
    role = _as_user(emulator, "iam", "bob").create_role(RoleName="heard", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = {"S3Bucket": "heard-code", "S3Key": "a.zip"}
    s3 = _as_user(emulator, "s3", "bob")
    s3.create_bucket(Bucket="heard-code")
    s3.put_object(Bucket="heard-code", Key="a.zip", Body=b"PK\x05\x06" + bytes(18))
    made = _as_user(emulator, "lambda", "bob").create_function(
        FunctionName="heard", Runtime="python3.12", Role=role, Handler="a.b", Code=code
    )
    return str(made["FunctionArn"])


def test_reads_calls_on_data_and_refused_calls_are_not_told(emulator: RunningEmulator, trails: Any) -> None:
    s3 = _as_user(emulator, "s3", "alice")
    s3.create_bucket(Bucket="only-made")
    s3.put_object(Bucket="only-made", Key="a", Body=b"")
    s3.get_bucket_location(Bucket="only-made")
    with pytest.raises(s3.exceptions.ClientError):
        s3.delete_bucket(Bucket="only-made")

    assert _written(trails, "only-made") == [("CreateBucket", "alice")]


def test_events_can_be_asked_for_by_time_and_page_by_page(emulator: RunningEmulator, trails: Any) -> None:
    sns = _as_user(emulator, "sns", "alice")
    topic = sns.create_topic(Name="paged")["TopicArn"]
    for number in range(3):
        sns.tag_resource(ResourceArn=topic, Tags=[{"Key": "n", "Value": str(number)}])
    wanted = [{"AttributeKey": "ResourceName", "AttributeValue": topic}]

    pages = trails.get_paginator("lookup_events").paginate(LookupAttributes=wanted, PaginationConfig={"PageSize": 3})

    assert [len(page["Events"]) for page in pages] == [3, 1]
    assert _written(trails, topic, StartTime=datetime.now(UTC) + timedelta(hours=1)) == []
    assert _written(trails, topic, EndTime=datetime.now(UTC) - timedelta(hours=1)) == []
