"""NullCheck's event functions, against moto's DynamoDB, S3 and EventBridge.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/).
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import Invocation, LambdaStandin, Outcome
from tests.unit.functions.nullcheck_account import EPISODE, OTHER, NullCheckAccount

LATER = "2025-06-02T08:00:00.000Z"
ENDED = 1748851200000  # 2025-06-02T08:00:00Z
EVENT_FUNCTIONS = ("onMediaConvertJobChange", "onUploadCompleted", "cleanupEpisode")

Send = Callable[..., Outcome]


@pytest.fixture
def account(dynamodb: Any, aws: Callable[[str], Any], moto: str) -> NullCheckAccount:
    return NullCheckAccount.create(dynamodb, aws, moto)


@pytest.fixture
def send(lambda_standin: LambdaStandin, account: NullCheckAccount) -> Send:
    def send_once(function: str, detail: Any = None, *, failures: Any = ()) -> Outcome:
        detail = {"episodeId": EPISODE} if detail is None else detail
        env = account.env(EVENT_SOURCE="nullcheck")
        event = {"id": "event-1", "source": "nullcheck", "detail": detail}
        invocation = Invocation(
            function=function,
            event=event,
            env=env,
            now=None if function == "cleanupEpisode" else LATER,
        )
        (outcome,) = lambda_standin.invoke(invocation, failures=failures)
        return outcome

    return send_once


@pytest.fixture
def published(aws: Callable[[str], Any]) -> Callable[[], list[tuple[str, Any]]]:
    """Events of NullCheck that reached the default bus: a rule hands them to a queue."""
    events, sqs = aws("events"), aws("sqs")
    name = f"published-{uuid.uuid4().hex[:8]}"
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.put_rule(Name=name, EventPattern=json.dumps({"source": ["nullcheck"]}))
    events.put_targets(Rule=name, Targets=[{"Id": "queue", "Arn": arn}])

    def read() -> list[tuple[str, Any]]:
        messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        found = [json.loads(message["Body"]) for message in messages]
        return [(event["detail-type"], event["detail"]) for event in found]

    return read


def ended(status: str, *, episode: str | None = EPISODE, **more: Any) -> dict[str, Any]:
    """The detail of MediaConvert's event, as its user guide shows it."""
    metadata = {"episodeId": episode} if episode else {}
    return {"timestamp": ENDED, "jobId": "job-1", "status": status, "userMetadata": metadata} | more


def test_a_job_that_is_complete_changes_the_episode_and_tells_those_who_wait(
    send: Send, account: NullCheckAccount, published: Callable[[], Any]
) -> None:
    item = account.put_episode(failureReason="1040: an earlier try")

    outcome = send("onMediaConvertJobChange", ended("COMPLETE"))

    assert outcome.result == {"episodeId": EPISODE, "jobId": "job-1", "status": "chunked"}
    assert account.episode() == item | {
        "status": "chunked",
        "failureReason": None,
        "updatedAt": LATER,
        "eventTime": LATER,
    }
    assert published() == [("Video Upload Completed", {"episodeId": EPISODE, "jobId": "job-1"})]


def test_a_job_that_failed_leaves_its_reason_with_the_episode(
    send: Send, account: NullCheckAccount, published: Callable[[], Any]
) -> None:
    account.put_episode()

    send("onMediaConvertJobChange", ended("ERROR", errorCode=1040, errorMessage="bad input " + "x" * 600))

    episode = account.episode()
    assert episode is not None
    assert episode["status"] == "failed"
    assert episode["failureReason"].startswith("1040: bad input x")
    assert len(episode["failureReason"]) == 500
    assert published() == []


def test_an_event_that_comes_late_does_not_undo_a_later_one(
    send: Send, account: NullCheckAccount, published: Callable[[], Any]
) -> None:
    account.put_episode()
    send("onMediaConvertJobChange", ended("COMPLETE"))

    earlier = send("onMediaConvertJobChange", ended("ERROR", timestamp=ENDED - 1, errorCode=1, errorMessage="x"))
    again = send("onMediaConvertJobChange", ended("COMPLETE"))

    assert earlier.result["ignored"] == "the episode is gone, or knows of a later job"
    assert again.result["status"] == "chunked"
    episode = account.episode()
    assert episode is not None
    assert episode["status"] == "chunked"


@pytest.mark.parametrize(
    ("detail", "ignored"),
    [
        (ended("COMPLETE", episode=None), "a job of no episode"),
        (ended("COMPLETE", episode="not an id"), "a job of no episode"),
        (ended("COMPLETE", episode=OTHER), "the episode is gone, or knows of a later job"),
    ],
)
def test_a_job_of_no_episode_changes_nothing(
    send: Send, account: NullCheckAccount, published: Callable[[], Any], detail: Any, ignored: str
) -> None:
    item = account.put_episode()

    outcome = send("onMediaConvertJobChange", detail)

    assert outcome.result["ignored"] == ignored
    assert account.table.items() == [item]
    assert published() == []


def test_a_job_that_has_not_ended_is_an_error(send: Send, account: NullCheckAccount) -> None:
    account.put_episode()

    assert (
        send("onMediaConvertJobChange", ended("PROGRESSING")).error == "Error: a job that is PROGRESSING has not ended"
    )


def test_an_episode_is_ready_when_its_chunks_are_counted(send: Send, account: NullCheckAccount) -> None:
    item = account.put_episode(status="chunked")
    for key in ("a_chunk_00001.ts", "a_chunk_00002.ts", "a_chunk_00003.ts", "a_chunk.m3u8"):
        account.put_object(f"chunks/{EPISODE}/{key}", b"12345")
    account.put_object(f"chunks/{OTHER}/a.ts")

    outcome = send("onUploadCompleted")

    assert outcome.result == {"episodeId": EPISODE, "chunks": {"count": 3, "bytes": 15}}
    assert account.episode() == item | {"status": "ready", "chunkCount": 3, "updatedAt": LATER}


def test_an_episode_without_chunks_is_not_ready(send: Send, account: NullCheckAccount) -> None:
    item = account.put_episode()
    account.put_object(f"chunks/{EPISODE}/a.m3u8")

    assert send("onUploadCompleted").result["ignored"] == "there are no chunks"
    assert account.episode() == item


def test_chunks_of_an_episode_that_is_gone_do_not_bring_it_back(send: Send, account: NullCheckAccount) -> None:
    account.put_object(f"chunks/{EPISODE}/a.ts")

    assert send("onUploadCompleted").result["ignored"] == "the episode is gone"
    assert account.table.items() == []


def test_a_cleaned_up_episode_leaves_the_table_and_its_objects_to_the_bucket_s_lifecycle(
    send: Send, account: NullCheckAccount, published: Callable[[], Any]
) -> None:
    account.put_episode()
    other = account.put_episode(OTHER)
    keys = [
        f"uploads/{EPISODE}/a.mp4",
        f"chunks/{EPISODE}/a.ts",
        f"transcripts/{EPISODE}/a.txt",
        f"chunks/{OTHER}/a.ts",
    ]
    for key in keys:
        account.put_object(key)

    outcome = send("cleanupEpisode")

    assert outcome.result == {"episodeId": EPISODE, "removed": True, "objectsLeft": 3}
    assert account.table.items() == [other]
    listed = account.s3.list_objects_v2(Bucket=account.bucket)["Contents"]
    assert sorted(entry["Key"] for entry in listed) == sorted(keys)
    assert published() == [("Episode Cleaned Up", {"episodeId": EPISODE, "objectsLeft": 3})]


def test_a_clean_up_that_died_half_way_is_finished_by_the_next_try(
    send: Send, account: NullCheckAccount, published: Callable[[], Any]
) -> None:
    account.put_episode()
    first = send("cleanupEpisode", failures=[{"operation": "PutEvents", "mentions": "Cleaned"}])

    second = send("cleanupEpisode")

    assert first.error == "InternalServerError: made to fail"
    assert second.result == {"episodeId": EPISODE, "removed": False, "objectsLeft": 0}
    assert published() == [("Episode Cleaned Up", {"episodeId": EPISODE, "objectsLeft": 0})]


def test_an_event_that_the_bus_took_and_dropped_is_an_error_stand_in_for_eventbridge(
    lambda_standin: LambdaStandin,
) -> None:
    (message,) = lambda_standin.evaluate("""
        const { publish } = await import(packaged("cleanupEpisode/nullcheck/shared/event-bus.mjs"));
        const bus = { send: async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException" }] }) };
        const failed = await publish("nullcheck", "Episode Cleaned Up", {}, bus).catch(({ message }) => message);
        console.log(JSON.stringify(failed ?? null));
    """)

    assert message == "Episode Cleaned Up was not published: ThrottlingException"


def test_each_function_asks_only_for_what_its_role_allows(send: Send, account: NullCheckAccount) -> None:
    account.put_episode()
    account.put_object(f"chunks/{EPISODE}/a.ts")

    asked = {
        "onMediaConvertJobChange": set(send("onMediaConvertJobChange", ended("COMPLETE")).operations),
        "onUploadCompleted": set(send("onUploadCompleted").operations),
        "cleanupEpisode": set(send("cleanupEpisode").operations),
    }

    assert asked == {
        "onMediaConvertJobChange": {"UpdateItem", "PutEvents"},
        "onUploadCompleted": {"ListObjectsV2", "UpdateItem"},
        "cleanupEpisode": {"ListObjectsV2", "DeleteItem", "PutEvents"},
    }


@pytest.mark.parametrize("function", ["onUploadCompleted", "cleanupEpisode"])
@pytest.mark.parametrize("episode", [None, "", "../x", 7])
def test_an_event_without_a_proper_id_reaches_the_dead_letters(send: Send, function: str, episode: Any) -> None:
    outcome = send(function, {"episodeId": episode})

    assert outcome.error is not None
    assert "not an episode's id" in outcome.error
    assert outcome.requests == []


@pytest.mark.parametrize("function", [*EVENT_FUNCTIONS, "startChunking", "analyzeTranscript"])
def test_a_function_invoked_by_hand_answers_with_its_name(lambda_standin: LambdaStandin, function: str) -> None:
    (outcome,) = lambda_standin.invoke(Invocation(function=function))

    assert outcome.result == {"function": function, "event": None}
