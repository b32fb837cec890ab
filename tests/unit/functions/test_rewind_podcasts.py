"""podcastHandler and shareHandler behind the REST API, against moto's DynamoDB.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import LambdaStandin, Outcome
from tests.unit.functions.rest_request import rest
from tests.unit.functions.single_table import SingleTable

NOW = "2025-06-01T12:00:00.000Z"
FEED = "https://feeds.example.com/history.xml"
ORIGIN = "https://rewindpodcast.com"

Call = Callable[..., Outcome]


def podcast_id(feed_url: str) -> str:
    return hashlib.sha256(feed_url.encode()).hexdigest()[:32]


@pytest.fixture
def table(dynamodb: Any) -> SingleTable:
    return SingleTable.create(dynamodb, keys=("PK", "SK"))


@pytest.fixture
def call(lambda_standin: LambdaStandin, table: SingleTable) -> Call:
    def call_once(function: str, route: str, *, failures: Any = (), **given: Any) -> Outcome:
        env = {
            "DYNAMODB_TABLE_NAME": table.name,
            "AWS_ENDPOINT_URL": table.endpoint,
            "ALLOWED_ORIGIN": ORIGIN,
        }
        request = rest(function, route, **{"env": env, "now": NOW, "user": "ann"} | given)
        (outcome,) = lambda_standin.invoke(request, failures=failures)
        return outcome

    return call_once


@pytest.fixture
def add(call: Call) -> Call:
    def add_once(feed_url: Any = FEED, **given: Any) -> Outcome:
        body = {"feedUrl": feed_url}
        return call("podcastHandler", "POST /podcasts/add", **{"body": body} | given)

    return add_once


@pytest.fixture
def mine(call: Call) -> Call:
    return lambda **given: call("podcastHandler", "GET /podcasts", **given)


@pytest.fixture
def share(call: Call) -> Call:
    return lambda podcast, **given: call(
        "shareHandler", "POST /share/generate", **{"body": {"podcastId": podcast}} | given
    )


def test_an_added_podcast_is_among_the_user_s_and_among_nobody_else_s(add: Call, mine: Call) -> None:
    added = add(body={"feedUrl": FEED, "title": "History"})

    podcast = {"podcastId": podcast_id(FEED), "feedUrl": FEED, "title": "History", "addedAt": NOW}
    assert (added.status, added.body) == (201, podcast)
    assert mine().body == {"podcasts": [podcast | {"latestEpisodes": []}], "next": None}
    assert mine(user="bob").body == {"podcasts": [], "next": None}


def test_a_podcast_that_the_user_has_stays_as_it_is(add: Call, table: SingleTable) -> None:
    first = add(body={"feedUrl": FEED, "title": "History"})

    again = add(body={"feedUrl": f"{FEED}#part", "title": "Another"}, now="2025-07-01T00:00:00.000Z")

    assert (again.status, again.body) == (200, first.body)
    feed = table.get("FEEDS", f"FEED#{podcast_id(FEED)}")
    assert feed is not None
    assert (feed["feedUrl"], feed["subscribers"]) == (FEED, 1)


def test_a_feed_counts_the_users_who_have_it(add: Call, table: SingleTable) -> None:
    add()
    add(user="bob")

    feed = table.get("FEEDS", f"FEED#{podcast_id(FEED)}")

    assert feed is not None
    assert feed["subscribers"] == 2


def test_a_podcast_whose_feed_was_not_written_is_mended_by_the_next_request(add: Call, table: SingleTable) -> None:
    failed = add(failures=[{"operation": "UpdateItem", "mentions": "FEEDS"}])

    assert failed.status == 500
    assert add().status == 200
    assert table.get("FEEDS", f"FEED#{podcast_id(FEED)}") is not None


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("{", "the body is not JSON"),
        (None, "the body is not JSON"),
        ("[]", "the body is not a JSON object"),
        ({}, "the body needs feedUrl"),
        ({"feedUrl": 1}, "feedUrl must be text"),
        ({"feedUrl": FEED, "title": ""}, "title must have 1 to 200 characters"),
        ({"feedUrl": FEED, "owner": "bob"}, "the body has no field owner"),
        ({"feedUrl": FEED, "__proto__": {}}, "the body has no field __proto__"),
        ("x" * 70_000, "the body is longer than 65536 characters"),
    ],
)
def test_a_body_that_is_not_a_podcast_is_refused_with_what_is_wrong(
    add: Call, table: SingleTable, body: Any, problem: str
) -> None:
    outcome = add(body=body)

    assert outcome.status in (400, 413)
    assert outcome.body == {"error": problem}
    assert table.items() == []


@pytest.mark.parametrize(
    "address",
    [
        "http://feeds.example.com/a.xml",
        "https://169.254.169.254/latest/meta-data",
        "https://2852039166/",
        "https://[::1]/feed",
        "https://localhost/feed",
        "https://vault.internal/feed",
        "https://feeds.example.com:8443/a.xml",
        "https://ann:secret@feeds.example.com/a.xml",
        "file:///etc/passwd",
        "no address",
    ],
)
def test_an_address_that_the_function_must_not_ask_is_no_feed(add: Call, table: SingleTable, address: str) -> None:
    outcome = add(address)

    assert (outcome.status, outcome.body) == (400, {"error": "feedUrl must be the public https address of a feed"})
    assert table.items() == []


def test_podcasts_come_in_pages(add: Call, mine: Call) -> None:
    addresses = [f"https://feeds.example.com/{n}.xml" for n in range(27)]
    for address in addresses:
        add(address)

    first = mine().body
    second = mine(query={"after": first["next"]}).body

    assert (len(first["podcasts"]), len(second["podcasts"]), second["next"]) == (25, 2, None)
    assert {p["feedUrl"] for p in first["podcasts"] + second["podcasts"]} == set(addresses)


def test_a_page_after_what_is_no_podcast_is_refused(mine: Call) -> None:
    outcome = mine(query={"after": "../FEEDS"})

    assert (outcome.status, outcome.body) == (400, {"error": "after must be a podcast's id"})


def test_a_share_link_leads_to_the_podcast_for_thirty_days(add: Call, share: Call, table: SingleTable) -> None:
    add(body={"feedUrl": FEED, "title": "History"})

    outcome = share(podcast_id(FEED))

    assert outcome.status == 201
    token = outcome.body["token"]
    assert outcome.body == {
        "token": token,
        "podcastId": podcast_id(FEED),
        "path": f"/share/{token}",
        "expiresAt": "2025-07-01T12:00:00.000Z",
    }
    assert len(token) == 22
    assert table.get(f"SHARE#{token}", "SHARE") == {
        "PK": f"SHARE#{token}",
        "SK": "SHARE",
        "podcastId": podcast_id(FEED),
        "feedUrl": FEED,
        "title": "History",
        "userId": "ann",
        "createdAt": NOW,
        "TTL": 1751371200,
    }


def test_each_share_link_is_another(add: Call, share: Call) -> None:
    add()

    assert share(podcast_id(FEED)).body["token"] != share(podcast_id(FEED)).body["token"]


def test_a_podcast_of_another_user_cannot_be_shared(add: Call, share: Call) -> None:
    add(user="bob")

    outcome = share(podcast_id(FEED))

    assert (outcome.status, outcome.body) == (404, {"error": "this podcast is not among yours"})


@pytest.mark.requirement("RW-COST-03")
def test_handlers_get_and_query_items_and_never_scan(add: Call, mine: Call, share: Call) -> None:
    assert add().operations == ["PutItem", "UpdateItem"]
    assert add().operations == ["PutItem", "UpdateItem", "GetItem"]
    assert mine().operations == ["Query", "GetItem"]
    assert share(podcast_id(FEED)).operations == ["GetItem", "PutItem"]


def test_every_answer_lets_the_site_s_origin_in(add: Call, mine: Call, share: Call) -> None:
    answers = [
        add(),
        mine(),
        add(body="{"),
        mine(user=None),
        share("0" * 32),
        mine(failures=[{"operation": "Query", "mentions": ""}]),
    ]

    assert [answer.status for answer in answers] == [201, 200, 400, 401, 404, 500]
    for answer in answers:
        assert answer.result["headers"]["access-control-allow-origin"] == ORIGIN
        assert answer.result["headers"]["vary"] == "origin"
