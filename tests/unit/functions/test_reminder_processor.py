"""reminderProcessor against moto's DynamoDB: real queries, conditions and updates, read back with boto3.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/), Expo (expo_standin.py).
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.functions.expo_standin import ExpoStandin, Message, delivered, not_registered
from tests.unit.functions.kefir_table import KefirTable, device, reminder
from tests.unit.functions.lambda_standin import Invocation, LambdaStandin
from tests.unit.functions.reminder_run import EARLIER, LATER, NEXT_RUN, NOW, Run, counts


@pytest.mark.requirement("KF-REM-01")
def test_reminders_whose_time_has_come_are_sent_and_no_others(run: Run, table: KefirTable, expo: ExpoStandin) -> None:
    table.put(
        reminder("past", due=EARLIER),
        reminder("exact", due=NOW),
        later := reminder("later", due=LATER),
        done := reminder("done", due=EARLIER, status="sent", GSI1PK=None, GSI1SK=None),
        device("phone"),
    )

    outcome = run()

    assert outcome.result == counts(due=2, sent=2)
    assert [m["data"]["reminderId"] for m in expo.requests[0]] == ["past", "exact"]
    assert table.get(later) == later
    assert table.get(done) == done


@pytest.mark.requirement("KF-REM-01", "KF-REM-02", "KF-REM-03")
def test_every_page_of_the_index_is_read_and_expo_gets_at_most_100_messages_a_request(
    run: Run, table: KefirTable, expo: ExpoStandin
) -> None:
    table.put(device("phone"), device("tablet"), *(reminder(f"{n:03}", due=EARLIER) for n in range(105)))

    outcome = run()

    assert outcome.result == counts(due=105, sent=105)
    assert sum(len(messages) for messages in expo.requests) == 2 * 105
    assert max(len(messages) for messages in expo.requests) == 100
    due_pages = [r for r in outcome.requests if r["operation"] == "Query" and ":pending" in str(r)]
    assert len(due_pages) == 2


@pytest.mark.requirement("KF-REM-02")
def test_all_that_a_run_asks_of_aws_is_queries_of_gsi1_and_updates_of_the_table(
    run: Run, table: KefirTable, expo: ExpoStandin
) -> None:
    table.put(reminder("one", due=EARLIER), reminder("gone", due=EARLIER, user="gone"))
    table.put(device("phone"), device("gone", user="gone"))
    expo.answer = lambda messages: (
        200,
        {"data": [not_registered(m) if "gone" in m["to"] else delivered(m) for m in messages]},
    )

    outcome = run()

    asked = {(r["operation"], r["input"]["TableName"], r["input"].get("IndexName")) for r in outcome.requests}
    assert asked == {("Query", table.name, "GSI1"), ("UpdateItem", table.name, None)}


@pytest.mark.requirement("KF-REM-03")
def test_each_device_of_the_user_gets_the_reminder_s_message(run: Run, table: KefirTable, expo: ExpoStandin) -> None:
    table.put(reminder("milk", due=EARLIER), device("phone"), device("tablet"), device("other", user="else"))

    run()

    assert expo.recipients == ["ExponentPushToken[phone]", "ExponentPushToken[tablet]"]
    assert expo.requests[0][0] == {
        "to": "ExponentPushToken[phone]",
        "title": "Strain your kefir",
        "body": "Batch of milk is ready.",
        "data": {"reminderId": "milk", "batchId": "batch-milk"},
    }


@pytest.mark.requirement("KF-REM-03")
def test_messages_go_to_the_expo_push_api_over_https_unless_told_otherwise(
    lambda_standin: LambdaStandin,
) -> None:
    printed = lambda_standin.evaluate("""
        const { createExpoPush } = await import(packaged("reminderProcessor/expo-push.mjs"));
        const fetch = async (url, { method, headers, body }) => {
          console.log(JSON.stringify({ url, method, type: headers["content-type"], body: JSON.parse(body) }));
          return new Response(JSON.stringify({ data: [{ status: "ok", id: "1" }] }));
        };
        const deliveries = await createExpoPush({ fetch }).send([{ to: "token" }], () => Infinity);
        console.log(JSON.stringify(deliveries));
    """)

    assert printed == [
        {
            "url": "https://exp.host/--/api/v2/push/send",
            "method": "POST",
            "type": "application/json",
            "body": [{"to": "token"}],
        },
        [{"status": "delivered"}],
    ]


def test_a_push_url_that_is_not_https_is_refused(lambda_standin: LambdaStandin) -> None:
    env = {"TABLE_NAME": "any", "EXPO_PUSH_URL": "http://push.example.com/send"}

    (outcome,) = lambda_standin.invoke(Invocation(function="reminderProcessor", env=env, now=NOW))

    assert outcome.error == "Error: EXPO_PUSH_URL must be https, not http://push.example.com"


@pytest.mark.requirement("KF-REM-04")
def test_a_delivered_reminder_is_marked_sent_and_leaves_the_index(run: Run, table: KefirTable) -> None:
    table.put(item := reminder("milk", due=EARLIER), device("phone"))

    run()

    kept = {key: value for key, value in item.items() if not key.startswith("GSI1")}
    assert table.get(item) == kept | {"status": "sent", "finishedAt": NOW}
    assert run(now=NEXT_RUN).result == counts()


@pytest.mark.requirement("KF-REM-04")
def test_the_status_changes_only_after_expo_took_the_message(run: Run, table: KefirTable, expo: ExpoStandin) -> None:
    table.put(item := reminder("milk", due=EARLIER), device("phone"))
    seen = []

    def answer(messages: list[Message]) -> tuple[int, Any]:
        seen.append(table.status(item))
        return 200, {"data": [delivered(m) for m in messages]}

    expo.answer = answer

    run()

    assert [*seen, table.status(item)] == ["pending", "sent"]


@pytest.mark.requirement("KF-REM-04")
@pytest.mark.parametrize("change", ["deleted", "moved"])
def test_a_reminder_that_its_owner_changes_while_it_is_sent_stays_as_they_left_it(
    run: Run, table: KefirTable, expo: ExpoStandin, change: str
) -> None:
    table.put(item := reminder("milk", due=EARLIER), device("phone"))
    key = {"PK": item["PK"], "SK": item["SK"]}

    def answer(messages: list[Message]) -> tuple[int, Any]:
        if change == "deleted":
            table.resource.delete_item(Key=key)
        else:
            table.resource.update_item(
                Key=key, UpdateExpression="SET GSI1SK = :t", ExpressionAttributeValues={":t": LATER}
            )
        return 200, {"data": [delivered(m) for m in messages]}

    expo.answer = answer

    assert run().result == counts(due=1, taken=1)

    left = table.get(item)
    if change == "deleted":
        assert left is None
    else:
        assert left is not None
        assert (left["status"], left["GSI1PK"], left["GSI1SK"]) == ("pending", "REMINDER#PENDING", LATER)
