"""reminderProcessor when things go wrong, against moto's DynamoDB.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/), Expo (expo_standin.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.functions.expo_standin import ExpoStandin, delivered, not_registered
from tests.unit.functions.kefir_table import KefirTable, device, reminder
from tests.unit.functions.lambda_standin import Invocation, LambdaStandin
from tests.unit.functions.reminder_run import EARLIER, NEXT_RUN, TWO_DAYS_AGO, Run, counts, invocation


@pytest.mark.requirement("KF-REM-05")
def test_one_failing_reminder_does_not_stop_the_others_and_is_logged(
    run: Run, table: KefirTable, expo: ExpoStandin
) -> None:
    table.put(
        first := reminder("first", due=EARLIER),
        broken := reminder("broken", due=EARLIER, PK="NOBODY"),
        unread := reminder("unread", due=EARLIER, user="unread"),
        limited := reminder("limited", due=EARLIER, user="limited"),
        unwritten := reminder("unwritten", due=EARLIER),
        last := reminder("zlast", due=EARLIER, user="last"),
        device("phone"),
        device("limited", user="limited"),
        device("last", user="last"),
    )
    too_many = {"status": "error", "message": "slow down", "details": {"error": "MessageRateExceeded"}}
    expo.answer = lambda messages: (
        200,
        {"data": [too_many if "limited" in m["to"] else delivered(m) for m in messages]},
    )

    outcome = run(
        failures=[
            {"operation": "Query", "mentions": "USER#unread#DEVICES"},
            {
                "operation": "UpdateItem",
                "mentions": '{"S":"REMINDER#unwritten"}},"UpdateExpression":"SET #status',
            },
        ]
    )

    assert outcome.error is None
    assert outcome.result == counts(due=6, sent=2, retried=4)
    assert [table.status(item) for item in (first, last)] == ["sent", "sent"]
    failed = (broken, unread, limited, unwritten)
    assert [table.status(item) for item in failed] == ["pending"] * 4
    errors = {r["reminder"]["sk"]: r["error"]["message"] for r in outcome.records if r["level"] == "ERROR"}
    assert errors == {
        "REMINDER#broken": "its key names no user",
        "REMINDER#unread": "made to fail",
        "REMINDER#limited": "MessageRateExceeded",
        "REMINDER#unwritten": "made to fail",
    }
    assert not any("PushToken[" in line for line in outcome.logs)


@pytest.mark.requirement("KF-REM-05")
@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, {"errors": ["down"]}),
        (200, {"data": []}),
        (200, "no tickets"),
        (429, {}),
        (502, {"data": [{"status": "ok"}]}),
    ],
)
def test_reminders_that_expo_did_not_take_are_sent_by_the_next_run(
    run: Run, table: KefirTable, expo: ExpoStandin, status: int, body: Any
) -> None:
    table.put(item := reminder("milk", due=EARLIER), device("phone"))
    working = expo.answer
    expo.answer = lambda _: (status, body)

    first = run()

    assert (first.error, first.result) == (None, counts(due=1, retried=1))
    assert table.status(item) == "pending"
    expo.answer = working
    assert run(now=NEXT_RUN).result == counts(due=1, sent=1)
    assert table.status(item) == "sent"


@pytest.mark.requirement("KF-REM-05")
def test_a_message_for_which_expo_refuses_the_whole_request_costs_only_itself(
    run: Run, table: KefirTable, expo: ExpoStandin
) -> None:
    items = [reminder(f"{n:02}", due=EARLIER) for n in range(9)]
    bad = reminder("bad", due=EARLIER)
    table.put(*items, bad, device("phone"))
    working = expo.answer
    expo.answer = lambda messages: (
        (400, {"errors": [{"code": "VALIDATION_ERROR"}]})
        if any(m["data"]["reminderId"] == "bad" for m in messages)
        else working(messages)
    )

    outcome = run()

    assert outcome.result == counts(due=10, sent=9, retried=1)
    assert [table.status(item) for item in (*items, bad)] == ["sent"] * 9 + ["pending"]


@pytest.mark.requirement("KF-REM-05")
def test_a_run_that_cannot_query_fails_so_that_the_alarm_rings(
    lambda_standin: LambdaStandin, table: KefirTable
) -> None:
    env = {"TABLE_NAME": "no-such-table", "AWS_ENDPOINT_URL": table.endpoint}

    (outcome,) = lambda_standin.invoke(Invocation(function="reminderProcessor", env=env))

    assert outcome.error is not None
    assert outcome.error.startswith("ResourceNotFoundException")
    assert [(r["level"], r["message"]) for r in outcome.records] == [("ERROR", "run failed")]


def test_runs_that_overlap_send_a_reminder_once(
    lambda_standin: LambdaStandin, table: KefirTable, expo: ExpoStandin
) -> None:
    items = [reminder(f"{n}", due=EARLIER) for n in range(5)]
    table.put(*items, device("phone"))
    expo.delay_seconds = 0.3

    outcomes = lambda_standin.invoke(*[invocation(table, expo)] * 3, together=True)

    assert len(expo.recipients) == 5
    assert sum(outcome.result["sent"] for outcome in outcomes) == 5
    assert sum(outcome.result["taken"] for outcome in outcomes) == sum(o.result["due"] for o in outcomes) - 5


def test_a_claim_holds_for_a_minute_and_then_lets_the_next_run_in(run: Run, table: KefirTable) -> None:
    table.put(
        reminder("held", due=EARLIER, claimedBy="another", claimedUntil="2025-06-01T12:00:30.000Z"),
        device("phone"),
    )

    assert run().result == counts(due=1, taken=1)
    assert run(now=NEXT_RUN).result == counts(due=1, sent=1)


def test_a_device_that_expo_does_not_know_is_taken_off_the_index_and_a_second_one_is_enough(
    run: Run, table: KefirTable, expo: ExpoStandin
) -> None:
    table.put(
        both := reminder("both", due=EARLIER),
        only := reminder("only", due=EARLIER, user="gone"),
        device("phone"),
        old := device("old"),
        gone := device("gone", user="gone"),
    )
    expo.answer = lambda messages: (
        200,
        {"data": [delivered(m) if "phone" in m["to"] else not_registered(m) for m in messages]},
    )

    outcome = run()

    assert outcome.result == counts(due=2, sent=1, undeliverable=1)
    assert (table.status(both), table.status(only)) == ("sent", "undeliverable")
    for retired in (old, gone):
        left = table.get(retired)
        assert left is not None
        assert "GSI1PK" not in left
        assert left["pushStatus"] == "unregistered"


@pytest.mark.parametrize("devices", [[], [device("odd", token="not-a-token")]])
def test_a_reminder_that_no_device_can_take_is_not_tried_again(
    run: Run, table: KefirTable, expo: ExpoStandin, devices: list[dict[str, Any]]
) -> None:
    table.put(item := reminder("milk", due=EARLIER), *devices)

    assert run().result == counts(due=1, undeliverable=1)

    left = table.get(item)
    assert left is not None
    assert (left["status"], left["failureReason"]) == ("undeliverable", "NoDevice")
    assert expo.requests == []
    assert run(now=NEXT_RUN).result == counts()


def test_a_reminder_that_failed_for_a_day_is_given_up(run: Run, table: KefirTable, expo: ExpoStandin) -> None:
    table.put(item := reminder("milk", due=TWO_DAYS_AGO), device("phone"))
    expo.answer = lambda _: (500, {})

    assert run().result == counts(due=1, undeliverable=1)

    left = table.get(item)
    assert left is not None
    assert (left["status"], left["failureReason"]) == ("undeliverable", "TooLate")


def test_a_late_reminder_is_still_sent_if_expo_takes_it(run: Run, table: KefirTable) -> None:
    table.put(reminder("milk", due=TWO_DAYS_AGO), device("phone"))

    assert run().result == counts(due=1, sent=1)


def test_a_run_that_is_short_of_time_leaves_the_rest_untouched(run: Run, table: KefirTable, expo: ExpoStandin) -> None:
    table.put(item := reminder("milk", due=EARLIER), device("phone"))

    assert run(remaining_ms=5_000).result == counts(complete=False)

    assert expo.requests == []
    assert table.get(item) == item
