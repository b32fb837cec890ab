"""A journal says what was done for certain, what AWS refused and what nobody knows, however it was cut short."""

from __future__ import annotations

import json

import pytest

from tests.unit.journal.journals import HEADER, error, hook, journal
from tooling.errors import ToolError
from tooling.journal import read_journal
from tooling.journal.reading import compact
from tooling.process import ProcessId

BUCKET, QUEUE, POOL = "m.aws_s3_bucket.a", "m.aws_sqs_queue.b", "m.aws_cognito_user_pool.c"


def test_the_header_comes_back_as_it_was_written() -> None:
    assert read_journal(journal(), "j").header == HEADER


def test_what_ended_is_done_with_its_id_and_what_only_began_is_in_doubt() -> None:
    data = journal(
        hook("apply_start", BUCKET, at="2026-11-21T10:00:01Z"),
        hook("apply_start", POOL, at="2026-11-21T10:00:02Z"),
        hook("apply_complete", BUCKET, at="2026-11-21T10:00:03Z", id_key="id", id_value="photos", elapsed_seconds=2),
    )

    read = read_journal(data, "j")

    done = read.done("create")
    assert list(done) == [BUCKET]
    assert (done[BUCKET].id, done[BUCKET].seconds) == ("photos", 2)
    assert (done[BUCKET].began, done[BUCKET].ended) == ("2026-11-21T10:00:01Z", "2026-11-21T10:00:03Z")
    assert list(read.doubts) == [POOL]
    assert read.doubts[POOL].began == "2026-11-21T10:00:02Z"


def test_a_creation_that_aws_refused_made_nothing() -> None:
    data = journal(
        hook("apply_start", BUCKET),
        hook("apply_errored", BUCKET),
        error(BUCKET, "operation error S3: CreateBucket, https response error StatusCode: 409, BucketAlreadyExists"),
        {"groundplan": "ended", "error": "terraform apply failed", "ended": "2026-11-21T10:05:00+00:00"},
    )

    read = read_journal(data, "j")

    assert [step.result for step in read.steps] == ["refused"]
    assert not read.doubts


@pytest.mark.parametrize(
    "detail",
    [
        "https response error StatusCode: 503, ServiceUnavailable",
        "https response error StatusCode: 429, TooManyRequests",
        "https response error StatusCode: 408, RequestTimeout",
        "Plugin did not respond: rpc error: code = Unavailable",
        "read: connection reset by peer",
        # The answer of the first try was lost.
        "operation error IAM: CreateRole, https response error StatusCode: 409, EntityAlreadyExists",
        "operation error S3: CreateBucket, https response error StatusCode: 409, BucketAlreadyOwnedByYou",
    ],
)
def test_any_other_failure_may_have_made_something(detail: str) -> None:
    data = journal(hook("apply_start", POOL), hook("apply_errored", POOL), error(POOL, detail))

    assert list(read_journal(data, "j").doubts) == [POOL]


def test_updates_and_deletions_are_never_in_doubt_for_a_refresh_tells_them() -> None:
    data = journal(hook("apply_start", BUCKET, "update"), hook("apply_start", QUEUE, "delete"))

    assert not read_journal(data, "j").doubts


def test_a_last_line_that_was_cut_short_is_passed_over() -> None:
    whole = journal(hook("apply_start", BUCKET), hook("apply_complete", BUCKET, id_value="photos"))

    read = read_journal(whole[:-20], "j")

    assert [(step.address, step.result) for step in read.steps] == [(BUCKET, "unfinished")]


def test_it_says_who_terraform_was_and_how_groundplan_saw_it_end() -> None:
    data = journal(
        {"groundplan": "terraform", "pid": 12, "birth": "77", "host": "build-7"},
        {"type": "change_summary", "changes": {"add": 1, "change": 0, "remove": 0, "operation": "apply"}},
        {"groundplan": "ended", "error": "", "ended": "2026-11-21T10:05:00+00:00"},
    )

    read = read_journal(data, "j")

    assert read.terraform == ProcessId("build-7", 12, "77")
    assert read.whole
    assert read.ending is not None
    assert read.ending.error == ""


def test_a_run_without_a_summary_is_not_whole() -> None:
    planned = {"type": "change_summary", "changes": {"add": 1, "change": 0, "remove": 0, "operation": "plan"}}

    assert not read_journal(journal(planned), "j").whole


def test_a_state_that_terraform_could_only_print_is_found_between_the_events() -> None:
    state = {"version": 4, "lineage": "l", "serial": 3, "resources": []}
    data = journal(hook("apply_start", BUCKET)) + json.dumps(state, indent=2).encode() + b"\n{broken\n"

    assert read_journal(data, "j").dumped_state == state


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\xff",
        b"[]\n",
        b"{}\n",
        b'{"groundplan": "run", "format": 2}\n',
        journal().replace(b'"serial": 7', b'"serial": {}'),
    ],
)
def test_what_has_no_header_is_no_journal(data: bytes) -> None:
    with pytest.raises(ToolError, match="is no journal of a run") as caught:
        read_journal(data, "run-x.jsonl")

    assert caught.value.exit_code == 2
    assert caught.value.where == "run-x.jsonl"


def test_the_copy_for_the_bucket_says_the_same_and_holds_nothing_else() -> None:
    # GIVEN events with what nobody else should read
    secret = "hunter2-hunter2"
    events = [
        {**hook("apply_start", BUCKET, at="2026-11-21T10:00:01Z"), "@message": secret},
        hook("apply_complete", BUCKET, at="2026-11-21T10:00:02Z", id_key="id", id_value="photos", elapsed_seconds=1),
        hook("apply_start", QUEUE),
        hook("apply_errored", QUEUE),
        error(QUEUE, f"StatusCode: 400, InvalidPassword: {secret}"),
        {"type": "outputs", "outputs": {"password": {"value": secret}}},
        {"type": "planned_change", "change": {"resource": {"addr": BUCKET}, "reason": secret}},
    ]

    copied = [short for event in events if (short := compact(event)) is not None]

    assert len(copied) == 5
    assert secret not in json.dumps(copied)
    assert read_journal(journal(*copied), "j").steps == read_journal(journal(*events), "j").steps
