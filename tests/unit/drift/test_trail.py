"""Who did it: what CloudTrail says, and what it cannot say."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError, EndpointConnectionError

from tooling.drift.model import REALITY, DriftedResource
from tooling.drift.trail import Trail
from tooling.target import Target

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SINCE = "2026-02-28T12:00:00+00:00"


class Client:
    """CloudTrail that knows some events; or refuses."""

    def __init__(self, events: dict[str, list[dict[str, Any]]], refusal: Exception | None = None) -> None:
        self.events, self.refusal = events, refusal
        self.asked: list[dict[str, Any]] = []

    def lookup_events(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        if self.refusal is not None:
            raise self.refusal
        return {"Events": self.events.get(asked["LookupAttributes"][0]["AttributeValue"], [])}


def event(identifier: str, name: str = "DeleteBucket", *, read: str = "false", **detail: Any) -> dict[str, Any]:
    identity = {"userIdentity": {"arn": "arn:aws:iam::1:user/alice"}, **detail}
    return {
        "EventId": identifier,
        "EventName": name,
        "ReadOnly": read,
        "Username": "alice",
        "EventTime": NOW - timedelta(minutes=int(identifier)),
        "EventSource": "s3.amazonaws.com",
        "CloudTrailEvent": json.dumps(identity),
    }


def resource(*names: str, region: str = "", address: str = "aws_s3_bucket.b") -> DriftedResource:
    return DriftedResource(address, "aws_s3_bucket", "update", False, (REALITY,), names=names, region=region)


def trail(client: Client) -> Trail:
    target = Target("emulator", "http://127.0.0.1:1", {}, "eu-west-1", "1")
    return Trail(target, lambda: NOW, _clients={"eu-west-1": client, "us-east-1": client})


def test_whoever_wrote_is_named_newest_first_and_once() -> None:
    client = Client({"arn:b": [event("9"), event("3", "PutBucketTagging")], "b": [event("9")]})

    deeds, notes = trail(client).of([resource("arn:b", "b")], SINCE)

    assert [(deed.event, deed.user) for deed in deeds["aws_s3_bucket.b"]] == [
        ("PutBucketTagging", "arn:aws:iam::1:user/alice"),
        ("DeleteBucket", "arn:aws:iam::1:user/alice"),
    ]
    assert notes == []
    assert {asked["StartTime"] for asked in client.asked} == {datetime.fromisoformat(SINCE)}


def test_who_only_read_or_was_refused_did_nothing() -> None:
    client = Client({"b": [event("1", "GetBucketTagging", read="true"), event("2", errorCode="AccessDenied")]})

    deeds, notes = trail(client).of([resource("b")], SINCE)

    assert deeds == {"aws_s3_bucket.b": ()}
    assert "CloudTrail names nobody for aws_s3_bucket.b since 2026-02-28 12:00 UTC" in notes[0]
    assert "15 minutes late" in notes[0]


def test_a_missing_permission_is_told_once_and_fails_nothing() -> None:
    refusal = ClientError({"Error": {"Code": "AccessDeniedException", "Message": "no"}}, "LookupEvents")
    client = Client({}, refusal)

    deeds, notes = trail(client).of([resource("a"), resource("b", address="aws_s3_bucket.c")], SINCE)

    assert not any(deeds.values())
    assert len(client.asked) == 1
    assert notes == [
        "who did it is not known: CloudTrail refused to say (AccessDeniedException) (it needs cloudtrail:LookupEvents)"
    ]


def test_no_answer_is_told_and_fails_nothing() -> None:
    client = Client({}, EndpointConnectionError(endpoint_url="https://cloudtrail"))

    _, notes = trail(client).of([resource("a")], SINCE)

    assert notes[0].startswith("who did it is not known: no answer from CloudTrail")


def test_what_is_older_than_cloudtrail_keeps_is_said() -> None:
    client = Client({"b": [event("1")]})

    _, notes = trail(client).of([resource("b")], "2025-01-01T00:00:00+00:00")

    assert client.asked[0]["StartTime"] == NOW - timedelta(days=90)
    assert notes == ["CloudTrail keeps 90 days: what was done before is not known"]


def test_a_large_drift_does_not_ask_for_ever() -> None:
    client = Client({"b": [event("1")]})
    many = [resource("b", address=f"aws_s3_bucket.b[{number}]") for number in range(40)]

    deeds, notes = trail(client).of(many, SINCE)

    assert len(client.asked) == len(deeds) == 25
    assert "CloudTrail was asked about 25 of 40 resources" in notes


def test_nothing_is_asked_where_nothing_moved() -> None:
    client = Client({})

    assert trail(client).of([], SINCE) == ({}, [])
    assert client.asked == []
