"""startChunking: the request that it makes of MediaConvert, which moto does not have.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/); MediaConvert. That the request is
one which MediaConvert reads is checked against the service's own model, as botocore ships it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import Invocation, LambdaStandin, Outcome
from tests.unit.functions.nullcheck_account import EPISODE

ENV = {
    "BUCKET_NAME": "nullcheck-transcripts",
    "MEDIACONVERT_ROLE_ARN": "arn:aws:iam::111122223333:role/MediaConvertRole-dev",
    "CHUNK_SECONDS": "120",
    "MEDIACONVERT_QUEUE_ARN": "arn:aws:mediaconvert:us-east-1:111122223333:queues/nullcheck",
}

Start = Callable[..., Outcome]


def uploaded(key: str = f"uploads/{EPISODE}/pilot one.mp4", **changes: Any) -> dict[str, Any]:
    detail = {
        "bucket": {"name": ENV["BUCKET_NAME"]},
        "object": {"key": key, "size": 5, "etag": "e1", "version-id": "v1"},
    } | changes
    return {"id": "event-1", "source": "aws.s3", "detail-type": "Object Created", "detail": detail}


@pytest.fixture
def start(lambda_standin: LambdaStandin) -> Start:
    def start_once(event: dict[str, Any] | None = None, **env: str) -> Outcome:
        invocation = Invocation(function="startChunking", event=event or uploaded(), env=ENV | env)
        (outcome,) = lambda_standin.invoke(invocation, answers={"CreateJob": {"Job": {"Id": "job-1"}}})
        return outcome

    return start_once


def job(outcome: Outcome) -> dict[str, Any]:
    (request,) = outcome.requests
    assert request["operation"] == "CreateJob"
    return dict(request["input"])


@pytest.mark.requirement("NC-MC-02")
def test_an_uploaded_video_is_cut_as_the_environment_says_stand_in_for_mediaconvert(start: Start) -> None:
    outcome = start()

    assert outcome.result == {"episodeId": EPISODE, "jobId": "job-1"}
    request = job(outcome)
    assert (request["Role"], request["Queue"]) == (ENV["MEDIACONVERT_ROLE_ARN"], ENV["MEDIACONVERT_QUEUE_ARN"])
    assert request["UserMetadata"] == {"episodeId": EPISODE}
    settings = request["Settings"]
    assert [given["FileInput"] for given in settings["Inputs"]] == [
        f"s3://{ENV['BUCKET_NAME']}/uploads/{EPISODE}/pilot one.mp4"
    ]
    (group,) = settings["OutputGroups"]
    hls = group["OutputGroupSettings"]["HlsGroupSettings"]
    assert (hls["SegmentLength"], hls["SegmentControl"]) == (120, "SEGMENTED_FILES")
    assert (
        job(start(CHUNK_SECONDS="30"))["Settings"]["OutputGroups"][0]["OutputGroupSettings"]["HlsGroupSettings"][
            "SegmentLength"
        ]
        == 30
    )


@pytest.mark.requirement("NC-MC-02")
def test_chunks_are_written_where_no_object_starts_another_job_stand_in_for_mediaconvert(start: Start) -> None:
    (group,) = job(start())["Settings"]["OutputGroups"]

    destination = group["OutputGroupSettings"]["HlsGroupSettings"]["Destination"]

    assert destination == f"s3://{ENV['BUCKET_NAME']}/chunks/{EPISODE}/"


def test_the_request_is_one_that_mediaconvert_reads(start: Start) -> None:
    import boto3
    from botocore.validate import ParamValidator

    model = boto3.client("mediaconvert", region_name="us-east-1").meta.service_model.operation_model("CreateJob")
    request = job(start())

    report = ParamValidator().validate(request, model.input_shape)

    assert not report.has_errors(), report.generate_report()
    assert list(unknown_enums(request, model.input_shape)) == []


def unknown_enums(value: Any, shape: Any) -> list[str]:
    """Values that the service's model does not list: botocore leaves these to the service."""
    if shape.type_name == "structure":
        return [found for name, part in value.items() for found in unknown_enums(part, shape.members[name])]
    if shape.type_name == "list":
        return [found for part in value for found in unknown_enums(part, shape.member)]
    if shape.type_name == "map":
        return [found for part in value.values() for found in unknown_enums(part, shape.value)]
    return [value] if getattr(shape, "enum", None) and value not in shape.enum else []


def test_an_event_that_comes_twice_asks_for_one_job(start: Start) -> None:
    again = uploaded()
    newer = uploaded(object={"key": f"uploads/{EPISODE}/pilot one.mp4", "version-id": "v2"})

    first, second, third = (job(start(event))["ClientRequestToken"] for event in (uploaded(), again, newer))

    assert first == second
    assert first != third


def test_without_a_queue_of_its_own_the_account_s_default_takes_the_job(start: Start) -> None:
    assert "Queue" not in job(start(MEDIACONVERT_QUEUE_ARN=""))


@pytest.mark.parametrize(
    ("event", "env", "error"),
    [
        (uploaded(f"chunks/{EPISODE}/a.ts"), {}, f"the key chunks/{EPISODE}/a.ts is not uploads/<episode>/<file>"),
        (uploaded("uploads/a.mp4"), {}, "the key uploads/a.mp4 is not uploads/<episode>/<file>"),
        (uploaded(f"uploads/{EPISODE}/"), {}, f"the key uploads/{EPISODE}/ is not uploads/<episode>/<file>"),
        (uploaded(bucket={"name": "other"}), {}, "an object of the bucket other, not of nullcheck-transcripts"),
        (uploaded(), {"CHUNK_SECONDS": "0"}, "CHUNK_SECONDS is '0', not a whole number above 0"),
        (uploaded(), {"CHUNK_SECONDS": "2m"}, "CHUNK_SECONDS is '2m', not a whole number above 0"),
        (uploaded(), {"MEDIACONVERT_ROLE_ARN": ""}, "MEDIACONVERT_ROLE_ARN is not set"),
        (uploaded(), {"BUCKET_NAME": ""}, "BUCKET_NAME is not set"),
    ],
)
def test_what_cannot_become_a_job_fails_and_so_reaches_the_dead_letters(
    start: Start, event: dict[str, Any], env: dict[str, str], error: str
) -> None:
    outcome = start(event, **env)

    assert (outcome.error, outcome.requests) == (f"Error: {error}", [])
    assert [record["message"] for record in outcome.records] == ["event failed"]
