"""MediaConvert: queues and jobs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tooling.emulator.process import RunningEmulator

Client = Callable[..., Any]

ROLE = "arn:aws:iam::555555555555:role/convert"
SETTINGS = {
    "Inputs": [{"FileInput": "s3://bucket/uploads/a.mp4", "InputClippings": [{"StartTimecode": "00:00:00:00"}]}],
    "TimecodeConfig": {"Source": "ZEROBASED"},
}


@pytest.fixture
def convert(client: Client) -> Any:
    return client("mediaconvert")


def test_queue_is_kept_changed_and_deleted(convert: Any) -> None:
    made = convert.create_queue(Name="chunks", Description="old")["Queue"]

    convert.update_queue(Name="chunks", Description="new", Status="PAUSED")
    changed = convert.get_queue(Name="chunks")["Queue"]
    convert.delete_queue(Name="chunks")

    assert made["Arn"] == "arn:aws:mediaconvert:us-east-1:555555555555:queues/chunks"
    assert (made["Status"], made["PricingPlan"], made["Type"]) == ("ACTIVE", "ON_DEMAND", "CUSTOM")
    assert (changed["Description"], changed["Status"]) == ("new", "PAUSED")
    with pytest.raises(convert.exceptions.NotFoundException):
        convert.get_queue(Name="chunks")


def test_name_is_given_to_one_queue(convert: Any) -> None:
    convert.create_queue(Name="once")

    with pytest.raises(convert.exceptions.ConflictException):
        convert.create_queue(Name="once")


def test_account_has_a_queue_that_stays(convert: Any) -> None:
    with pytest.raises(convert.exceptions.BadRequestException):
        convert.delete_queue(Name="Default")

    assert "Default" in [queue["Name"] for queue in convert.list_queues()["Queues"]]


def test_queues_of_two_regions_are_apart(client: Client, convert: Any) -> None:
    convert.create_queue(Name="east")

    with pytest.raises(convert.exceptions.NotFoundException):
        client("mediaconvert", region="us-west-2").get_queue(Name="east")


def test_tags_change_and_go_with_their_queue(convert: Any) -> None:
    arn = convert.create_queue(Name="tagged", Tags={"a": "1", "b": "2"})["Queue"]["Arn"]

    convert.tag_resource(Arn=arn, Tags={"b": "3"})
    convert.untag_resource(Arn=arn, TagKeys=["a"])
    changed = convert.list_tags_for_resource(Arn=arn)["ResourceTags"]
    convert.delete_queue(Name="tagged")
    with pytest.raises(convert.exceptions.NotFoundException):
        convert.list_tags_for_resource(Arn=arn)
    convert.create_queue(Name="tagged")

    assert changed == {"Arn": arn, "Tags": {"b": "3"}}
    assert convert.list_tags_for_resource(Arn=arn)["ResourceTags"]["Tags"] == {}


def test_job_is_kept_as_it_was_submitted(convert: Any) -> None:
    queue = convert.create_queue(Name="jobs")["Queue"]["Arn"]
    metadata = {"episode": "1"}

    made = convert.create_job(Role=ROLE, Queue=queue, Settings=SETTINGS, UserMetadata=metadata)["Job"]
    other = convert.create_job(Role=ROLE, Settings=SETTINGS)["Job"]

    read = convert.get_job(Id=made["Id"])["Job"]
    assert (read["Status"], read["Queue"], read["UserMetadata"]) == ("SUBMITTED", queue, metadata)
    assert read["Settings"] == SETTINGS
    assert [job["Id"] for job in convert.list_jobs(Queue="jobs")["Jobs"]] == [made["Id"]]
    assert {made["Id"], other["Id"]} <= {job["Id"] for job in convert.list_jobs(Status="SUBMITTED")["Jobs"]}


def test_job_of_no_queue_and_job_that_is_not_there_are_refused(convert: Any) -> None:
    with pytest.raises(convert.exceptions.NotFoundException):
        convert.create_job(Role=ROLE, Queue="nosuch", Settings=SETTINGS)
    with pytest.raises(convert.exceptions.NotFoundException):
        convert.get_job(Id="nosuch")


def test_endpoint_of_the_account_is_the_emulator(convert: Any, emulator: RunningEmulator) -> None:
    assert convert.describe_endpoints()["Endpoints"] == [{"Url": emulator.endpoint}]
