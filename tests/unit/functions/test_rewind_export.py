"""recommendationHandler as the consumer of the table's stream, against moto's S3.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import Invocation, LambdaStandin, Outcome

HEADER = "USER_ID,ITEM_ID,TIMESTAMP,EVENT_TYPE"
PODCAST = "a" * 32

Export = Callable[..., Outcome]


@pytest.fixture
def bucket(aws: Callable[[str], Any]) -> str:
    name = f"export-{uuid.uuid4().hex[:8]}"
    aws("s3").create_bucket(Bucket=name)
    return name


@pytest.fixture
def export(lambda_standin: LambdaStandin, moto: str, bucket: str) -> Export:
    def export_once(*records: dict[str, Any], failures: Any = ()) -> Outcome:
        env = {"EXPORT_BUCKET": bucket, "AWS_ENDPOINT_URL": moto}
        invocation = Invocation(function="recommendationHandler", event={"Records": list(records)}, env=env)
        (outcome,) = lambda_standin.invoke(invocation, failures=failures)
        return outcome

    return export_once


@pytest.fixture
def exported(aws: Callable[[str], Any], bucket: str) -> Callable[[], dict[str, str]]:
    def read() -> dict[str, str]:
        s3 = aws("s3")
        keys = [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket).get("Contents", [])]
        return {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}

    return read


def record(event_id: str, *, pk: str = "USER#ann", sk: str = f"PODCAST#{PODCAST}", **changes: Any) -> dict[str, Any]:
    image = {"userId": {"S": "ann"}, "podcastId": {"S": PODCAST}} | changes.pop("image", {})
    return {
        "eventID": event_id,
        "eventName": "INSERT",
        "eventSource": "aws:dynamodb",
        "dynamodb": {
            "Keys": {"PK": {"S": pk}, "SK": {"S": sk}},
            "NewImage": image,
            "ApproximateCreationDateTime": 1748779200.0,
        },
    } | changes


def test_a_batch_becomes_one_csv_object_that_personalize_can_import(
    export: Export, exported: Callable[[], dict[str, str]]
) -> None:
    share = record("e2", pk="SHARE#token", sk="SHARE", image={"userId": {"S": "bob"}})

    outcome = export(record("e1"), share)

    assert outcome.result == {"batchItemFailures": []}
    assert exported() == {
        "interactions/e1.csv": f"{HEADER}\nann,{PODCAST},1748779200,add\nbob,{PODCAST},1748779200,share\n"
    }


def test_a_batch_that_comes_again_overwrites_what_it_wrote(
    export: Export, exported: Callable[[], dict[str, str]]
) -> None:
    records = [record(f"e{n}", image={"userId": {"S": f"user{n}"}}) for n in range(4)]
    export(*records)

    export(*records[:2])
    export(*records[2:])

    lines = [line for text in exported().values() for line in text.splitlines() if line != HEADER]
    assert sorted(lines) == [f"user{n},{PODCAST},1748779200,add" for n in range(4)]


@pytest.mark.parametrize(
    "uninteresting",
    [
        record("e1", eventName="MODIFY"),
        record("e1", eventName="REMOVE"),
        record("e1", pk="FEEDS", sk="FEED#a"),
        record("e1", sk="SETTINGS"),
    ],
)
def test_what_no_user_did_is_not_exported(
    export: Export, exported: Callable[[], dict[str, str]], uninteresting: dict[str, Any]
) -> None:
    outcome = export(uninteresting)

    assert outcome.result == {"batchItemFailures": []}
    assert exported() == {}
    assert [line["level"] for line in outcome.records] == ["INFO"]


@pytest.mark.parametrize(
    ("malformed", "reason"),
    [
        (record("e1", image={"userId": {"S": 'ann",evil'}}), "it names no user"),
        (record("e1", image={"userId": {}}), "it names no user"),
        (record("e1", image={"podcastId": {"S": "=cmd()"}}), "it names no podcast"),
        (record("../e1"), "it has no id"),
        (record("e1") | {"eventID": None}, "it has no id"),
        (record("e1", dynamodb=record("e1")["dynamodb"] | {"ApproximateCreationDateTime": None}), "it has no time"),
        (record("e1", dynamodb={"Keys": {}}), "Cannot read properties of undefined (reading 'S')"),
        ({"eventID": "e1", "eventName": "INSERT"}, "Cannot read properties of undefined (reading 'Keys')"),
    ],
)
def test_a_malformed_record_is_dropped_with_a_line_in_the_log_and_the_others_are_written(
    export: Export, exported: Callable[[], dict[str, str]], malformed: dict[str, Any], reason: str
) -> None:
    outcome = export(malformed, record("e2"))

    assert outcome.result == {"batchItemFailures": []}
    assert exported() == {"interactions/e2.csv": f"{HEADER}\nann,{PODCAST},1748779200,add\n"}
    (dropped,) = (line for line in outcome.records if line["level"] == "ERROR")
    assert (dropped["message"], dropped["error"]["message"]) == ("record dropped", reason)


def test_a_batch_that_cannot_be_written_fails_and_so_comes_again(export: Export) -> None:
    outcome = export(record("e1"), failures=[{"operation": "PutObject", "mentions": "interactions/e1.csv"}])

    assert outcome.error == "InternalServerError: made to fail"
