"""CloudTrail: trails that are made once, and deleted by name or ARN."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
