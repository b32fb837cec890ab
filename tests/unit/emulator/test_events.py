"""EventBridge: events whose rules have targets that nothing runs here."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

Client = Callable[..., Any]

FUNCTION = "arn:aws:lambda:us-east-1:555555555555:function:f"
MACHINE = "arn:aws:states:us-east-1:555555555555:stateMachine:m"


@pytest.fixture
def events(client: Client) -> Any:
    return client("events")


@pytest.fixture
def queue(client: Client, request: pytest.FixtureRequest) -> Callable[[], list[dict[str, Any]]]:
    """What has come to the queue of this test's name since it was last asked."""
    sqs = client("sqs")
    url = sqs.create_queue(QueueName=request.node.name[:80])["QueueUrl"]

    def received() -> list[dict[str, Any]]:
        messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for message in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return [json.loads(message["Body"]) for message in messages]

    return received


def _queue_arn(request: pytest.FixtureRequest) -> str:
    return f"arn:aws:sqs:us-east-1:555555555555:{request.node.name[:80]}"


def _rule(events: Any, name: str, *targets: str, **settings: Any) -> None:
    events.put_rule(Name=name, **settings)
    events.put_targets(Rule=name, Targets=[{"Id": str(index), "Arn": arn} for index, arn in enumerate(targets)])


def _put(events: Any, source: str) -> None:
    entry = {"Source": source, "DetailType": "t", "Detail": json.dumps({"id": 1})}
    assert events.put_events(Entries=[entry])["FailedEntryCount"] == 0


def test_event_passes_targets_that_run_and_reaches_the_rest(
    events: Any, queue: Callable[[], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    pattern = json.dumps({"source": ["passes"]})
    _rule(events, "passes", FUNCTION, MACHINE, _queue_arn(request), EventPattern=pattern)

    _put(events, "passes")

    assert [event["detail"] for event in queue()] == [{"id": 1}]
    targets = events.list_targets_by_rule(Rule="passes")["Targets"]
    assert {target["Arn"] for target in targets} == {FUNCTION, MACHINE, _queue_arn(request)}


def test_schedule_and_disabled_rule_take_no_event(
    events: Any, queue: Callable[[], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    pattern = json.dumps({"source": ["unheard"]})
    _rule(events, "weekly", _queue_arn(request), ScheduleExpression="rate(7 days)")
    _rule(events, "off", _queue_arn(request), EventPattern=pattern, State="DISABLED")

    _put(events, "unheard")
    silent = queue()
    events.enable_rule(Name="off")
    _put(events, "unheard")

    assert silent == []
    assert len(queue()) == 1
    events.remove_targets(Rule="weekly", Ids=["0"])


def test_archived_event_is_counted_and_replayed(
    events: Any, queue: Callable[[], list[dict[str, Any]]], request: pytest.FixtureRequest
) -> None:
    pattern = json.dumps({"source": ["archived"]})
    bus = "arn:aws:events:us-east-1:555555555555:event-bus/default"
    archive = events.create_archive(ArchiveName="kept", EventSourceArn=bus, EventPattern=pattern)["ArchiveArn"]
    _rule(events, "archived", FUNCTION, _queue_arn(request), EventPattern=pattern)
    _put(events, "archived")
    _put(events, "not archived")
    first = queue()
    _rule(events, "archived", FUNCTION, _queue_arn(request), EventPattern=pattern)

    now = datetime.now(UTC)
    events.start_replay(
        ReplayName="again",
        EventSourceArn=archive,
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now + timedelta(hours=1),
        Destination={"Arn": bus},
    )

    assert events.describe_archive(ArchiveName="kept")["EventCount"] == 1
    assert events.describe_replay(ReplayName="again")["State"] == "COMPLETED"
    assert [replay["ReplayName"] for replay in events.list_replays(NamePrefix="again")["Replays"]] == ["again"]
    assert [event["detail"] for event in (*first, *queue())] == [{"id": 1}, {"id": 1}]


@pytest.mark.parametrize(("kind", "taken"), [("Object Created", True), ("Object Deleted", False)])
def test_a_pattern_can_be_tried_on_an_event(events: Any, kind: str, taken: bool) -> None:
    pattern = {"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": {"key": [{"prefix": "a/"}]}}
    event = {"source": "aws.s3", "detail-type": kind, "detail": {"key": "a/b"}}

    answer = events.test_event_pattern(EventPattern=json.dumps(pattern), Event=json.dumps(event))

    assert answer["Result"] is taken
