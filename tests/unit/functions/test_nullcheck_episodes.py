"""NullCheck's episode functions behind the REST API, against moto's DynamoDB.

Stood in for: Lambda's runtime and its AWS SDK with its presigner (lambda_standin.py, aws_sdk_standin/).
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.unit.functions.lambda_standin import LambdaStandin, Outcome
from tests.unit.functions.nullcheck_account import EPISODE, NOW, ORIGIN, OTHER, NullCheckAccount, answered
from tests.unit.functions.rest_request import rest

ROUTES = {
    "createEpisode": "POST /episodes",
    "listEpisodes": "GET /episodes",
    "getEpisode": "GET /episodes/{id}",
    "updateEpisode": "PATCH /episodes/{id}",
    "createUploadUrl": "POST /episodes/{id}/upload-url",
}
LATER = "2025-06-02T08:00:00.000Z"

Call = Callable[..., Outcome]


@pytest.fixture
def account(dynamodb: Any, aws: Callable[[str], Any], moto: str) -> NullCheckAccount:
    return NullCheckAccount.create(dynamodb, aws, moto)


@pytest.fixture
def call(lambda_standin: LambdaStandin, account: NullCheckAccount) -> Call:
    def call_once(
        function: str, *, episode: str | None = EPISODE, failures: Any = (), env: Any = None, **given: Any
    ) -> Outcome:
        path = {"id": episode} if "{id}" in ROUTES[function] and episode is not None else None
        env = account.env(ENCRYPTION_KEY="a key") | (env or {})
        (outcome,) = lambda_standin.invoke(
            rest(function, ROUTES[function], env=env, path=path, **given), failures=failures
        )
        return outcome

    return call_once


def test_a_new_episode_is_in_the_table_and_in_the_answer(call: Call, account: NullCheckAccount) -> None:
    outcome = call("createEpisode", body={"title": "Pilot"}, now=NOW)

    assert outcome.status == 201
    episode = outcome.body["id"]
    item = account.episode(episode)
    assert item is not None
    assert outcome.body == answered(item)
    assert item == {
        "pk": f"EPISODE#{episode}",
        "sk": "EPISODE",
        "GSI1PK": "EPISODES",
        "GSI1SK": f"{NOW}#{episode}",
        "id": episode,
        "title": "Pilot",
        "description": None,
        "status": "created",
        "failureReason": None,
        "chunkCount": None,
        "createdAt": NOW,
        "updatedAt": NOW,
        "ttl": 1756555200,
    }
    assert call("getEpisode", episode=episode).body == outcome.body


@pytest.mark.parametrize(
    ("function", "body", "problem"),
    [
        ("createEpisode", "{", "the body is not JSON"),
        ("createEpisode", {}, "the body needs title"),
        ("createEpisode", {"title": ""}, "title must have 1 to 200 characters"),
        ("createEpisode", {"title": "x" * 201}, "title must have 1 to 200 characters"),
        ("createEpisode", {"title": "x", "description": 1}, "description must be text"),
        ("createEpisode", {"title": "x", "status": "ready"}, "the body has no field status"),
        ("createEpisode", {"title": "x", "constructor": 1}, "the body has no field constructor"),
        ("updateEpisode", {}, "the body changes nothing"),
        ("updateEpisode", {"status": "ready"}, "the body has no field status"),
        ("updateEpisode", {"title": None}, "title must be text"),
        ("createUploadUrl", {}, "the body needs fileName"),
        ("createUploadUrl", {"fileName": "../a.mp4"}, "fileName must be a file's name of letters, digits, . - and _"),
        ("createUploadUrl", {"fileName": ".."}, "fileName must be a file's name of letters, digits, . - and _"),
        ("createUploadUrl", {"fileName": "a/b.mp4"}, "fileName must be a file's name of letters, digits, . - and _"),
    ],
)
def test_a_body_that_is_not_what_the_route_takes_is_refused_with_what_is_wrong(
    call: Call, account: NullCheckAccount, function: str, body: Any, problem: str
) -> None:
    item = account.put_episode()

    outcome = call(function, body=body)

    assert (outcome.status, outcome.body) == (400, {"error": problem})
    assert account.table.items() == [item]


@pytest.mark.parametrize(
    ("function", "body"),
    [("getEpisode", None), ("updateEpisode", {"title": "x"}), ("createUploadUrl", {"fileName": "a.mp4"})],
)
def test_an_episode_that_is_not_there_is_a_404_and_a_bad_id_a_400(
    call: Call, account: NullCheckAccount, function: str, body: Any
) -> None:
    account.put_episode(OTHER)

    assert call(function, body=body).status == 404
    assert call(function, body=body, episode="EPISODE#1").status == 400
    assert call(function, body=body, episode=None).status == 400
    assert len(account.table.items()) == 1


def test_a_change_is_in_the_table_and_in_the_answer(call: Call, account: NullCheckAccount) -> None:
    item = account.put_episode()

    outcome = call("updateEpisode", body={"title": "Second", "description": "d"}, now=LATER)

    changed = item | {"title": "Second", "description": "d", "updatedAt": LATER}
    assert (outcome.status, outcome.body) == (200, answered(changed))
    assert account.episode() == changed
    assert call("updateEpisode", body={"description": None}).body["description"] is None


def test_an_upload_url_lets_one_file_into_the_episode_s_folder_for_fifteen_minutes(
    call: Call, account: NullCheckAccount
) -> None:
    account.put_episode()

    outcome = call("createUploadUrl", body={"fileName": "pilot-1.mp4"})

    assert outcome.status == 201
    assert outcome.body["key"] == f"uploads/{EPISODE}/pilot-1.mp4"
    assert outcome.body["expiresInSeconds"] == 900
    url = urlsplit(outcome.body["uploadUrl"])
    query = parse_qs(url.query)
    assert (url.hostname, url.path) == (f"{account.bucket}.s3.us-east-1.amazonaws.com", f"/{outcome.body['key']}")
    assert (query["x-id"], query["X-Amz-Expires"]) == (["PutObject"], ["900"])
    assert "x-amz-checksum-crc32" not in query


def test_episodes_are_listed_in_pages_the_newest_first(call: Call, account: NullCheckAccount) -> None:
    ids = [f"00000000-0000-4000-8000-{n:012}" for n in range(5)]
    for n, episode in enumerate(ids):
        account.put_episode(episode, GSI1SK=f"2025-06-0{n + 1}T12:00:00.000Z#{episode}")

    pages = [call("listEpisodes", query={"limit": "2"})]
    while cursor := pages[-1].body["cursor"]:
        pages.append(call("listEpisodes", query={"limit": "2", "cursor": cursor}))

    assert [[e["id"] for e in page.body["episodes"]] for page in pages] == [
        [ids[4], ids[3]],
        [ids[2], ids[1]],
        [ids[0]],
    ]
    assert call("listEpisodes").body["cursor"] is None


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "ten", ""])
def test_a_limit_that_is_none_is_refused(call: Call, limit: str) -> None:
    assert call("listEpisodes", query={"limit": limit}).status == 400


@pytest.fixture
def cursor(call: Call, account: NullCheckAccount) -> str:
    account.put_episode()
    account.put_episode(OTHER)
    return str(call("listEpisodes", query={"limit": "1"}).body["cursor"])


def test_a_cursor_tells_nothing_of_the_table(cursor: str) -> None:
    content = base64.urlsafe_b64decode(cursor + "==")

    for telling in (b"EPISODE", EPISODE.encode(), OTHER.encode(), NOW.encode()):
        assert telling not in content


def test_a_cursor_that_was_tampered_with_is_refused(call: Call, cursor: str) -> None:
    spoiled = [
        *(cursor[:at] + ("A" if cursor[at] != "A" else "B") + cursor[at + 1 :] for at in range(len(cursor))),
        *(cursor[:length] for length in (0, 1, 10, 38, len(cursor) - 1)),
        cursor + "A",
        cursor + "=",
        cursor[:5] + "!" + cursor[5:],
        base64.urlsafe_b64encode(b'{"id": "x", "sortKey": "y"}').decode(),
    ]

    outcomes = [call("listEpisodes", query={"cursor": each}) for each in spoiled]

    assert {(o.status, o.body.get("error")) for o in outcomes} == {(400, "the cursor is not one of this list")}
    assert {tuple(o.operations) for o in outcomes} == {()}


def test_a_cursor_of_another_key_is_refused(call: Call, cursor: str) -> None:
    assert call("listEpisodes", query={"cursor": cursor}).status == 200
    assert call("listEpisodes", query={"cursor": cursor}, env={"ENCRYPTION_KEY": "another"}).status == 400


def test_without_a_key_nothing_is_listed(call: Call) -> None:
    assert call("listEpisodes", env={"ENCRYPTION_KEY": ""}).status == 500


@pytest.mark.requirement("NC-API-05")
@pytest.mark.parametrize("function", ["getEpisode", "listEpisodes", "updateEpisode"])
@pytest.mark.parametrize(
    ("spoiled", "problem"),
    [
        ({"title": 7}, "title must be text"),
        ({"status": "lost"}, "status must be one of created, chunked, ready, failed"),
        ({"createdAt": "yesterday"}, "createdAt must be a time in ISO 8601"),
        ({"chunkCount": "many"}, "chunkCount must be a whole number from 0"),
    ],
)
def test_an_answer_that_is_not_what_the_api_promises_is_an_error_instead(
    call: Call, account: NullCheckAccount, function: str, spoiled: dict[str, Any], problem: str
) -> None:
    account.put_episode(**spoiled)

    outcome = call(function, body={"description": "d"})

    assert outcome.status == 500
    assert outcome.body == {"error": "internal error", "requestId": "request-1"}
    (error,) = (record["error"]["message"] for record in outcome.records if record["level"] == "ERROR")
    assert problem in error


def test_each_function_asks_only_for_what_its_role_allows(call: Call, account: NullCheckAccount) -> None:
    account.put_episode()

    asked = {
        function: call(function, body=body).operations
        for function, body in {
            "createEpisode": {"title": "x"},
            "getEpisode": None,
            "listEpisodes": None,
            "updateEpisode": {"title": "x"},
            "createUploadUrl": {"fileName": "a.mp4"},
        }.items()
    }

    assert asked == {
        "createEpisode": ["PutItem"],
        "getEpisode": ["GetItem"],
        "listEpisodes": ["Query"],
        "updateEpisode": ["UpdateItem"],
        "createUploadUrl": ["GetItem"],
    }


def test_every_answer_lets_the_origin_in(call: Call, account: NullCheckAccount) -> None:
    account.put_episode()
    bodies = {"createEpisode": {"title": "x"}, "updateEpisode": {"title": "x"}, "createUploadUrl": {"fileName": "a"}}
    outcomes = [
        call(function, **given)
        for function in ROUTES
        for given in (
            {"body": bodies.get(function)},
            {"body": "{", "episode": "bad", "query": {"cursor": "bad"}},
            {"body": bodies.get(function), "env": {"TABLE_NAME": ""}},
        )
    ]

    assert {outcome.status // 100 for outcome in outcomes} == {2, 4, 5}
    assert {outcome.result["headers"]["access-control-allow-origin"] for outcome in outcomes} == {ORIGIN}
