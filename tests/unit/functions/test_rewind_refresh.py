"""The daily job of podcastHandler, against moto's DynamoDB and feeds from a server of the test.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/), names and certificates of the
feeds' hosts (invoke.mjs sends requests to them to loopback).
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.unit.functions.feed_server import HOST, Feed, FeedServer, rss
from tests.unit.functions.lambda_standin import Invocation, LambdaStandin, Outcome
from tests.unit.functions.single_table import SingleTable

NOW = "2025-06-01T00:00:00.000Z"
DATE = "Sat, 31 May 2025 08:30:00 GMT"

Run = Callable[..., Outcome]


@pytest.fixture
def table(dynamodb: Any) -> SingleTable:
    return SingleTable.create(dynamodb, keys=("PK", "SK"))


@pytest.fixture
def feeds() -> Iterator[FeedServer]:
    server = FeedServer()
    yield server
    server.close()


@pytest.fixture
def run(lambda_standin: LambdaStandin, table: SingleTable, feeds: FeedServer) -> Run:
    def run_once(*, job: str = "rss-update", remaining_ms: int = 10_000, failures: Any = ()) -> Outcome:
        invocation = Invocation(
            function="podcastHandler",
            event={"job": job},
            env={"DYNAMODB_TABLE_NAME": table.name, "AWS_ENDPOINT_URL": table.endpoint},
            now=NOW,
            remaining_ms=remaining_ms,
            hosts=feeds.hosts,
        )
        (outcome,) = lambda_standin.invoke(invocation, failures=failures)
        return outcome

    return run_once


def feed(name: str, **changes: Any) -> dict[str, Any]:
    item = {"PK": "FEEDS", "SK": f"FEED#{name}", "feedUrl": f"{HOST}/{name}", "subscribers": 1}
    return item | changes


def result(**counts: int) -> dict[str, Any]:
    none = {"feeds": 0, "refreshed": 0, "unchanged": 0, "failed": 0, "left": 0}
    return {"statusCode": 200, "job": "rss-update"} | none | counts


@pytest.mark.requirement("RW-EB-03")
def test_the_daily_job_answers_with_its_name_and_status_200(run: Run) -> None:
    assert run().result == result()


@pytest.mark.requirement("RW-EB-03")
def test_the_daily_job_writes_down_what_is_new_in_each_feed(run: Run, table: SingleTable, feeds: FeedServer) -> None:
    table.put(feed("a"), feed("b"))
    feeds.feeds["/a"] = Feed(rss("History", ("old", "Fri, 30 May 2025 08:30:00 GMT"), ("new", DATE)))
    feeds.feeds["/b"] = Feed(rss("Science"), headers={"etag": '"b1"', "last-modified": DATE})

    outcome = run()

    assert outcome.result == result(feeds=2, refreshed=2)
    found = table.get("FEEDS", "FEED#a")
    assert found is not None
    assert (found["title"], found["refreshedAt"], found["subscribers"]) == ("History", NOW, 1)
    assert found["latestEpisodeAt"] == "2025-05-31T08:30:00.000Z"
    newest, older = json.loads(found["latestEpisodes"])
    assert newest == {
        "title": "new",
        "publishedAt": "2025-05-31T08:30:00.000Z",
        "audioUrl": "https://cdn.example.com/new.mp3",
    }
    assert older["title"] == "old"
    other = table.get("FEEDS", "FEED#b")
    assert other is not None
    assert (other["etag"], other["lastModified"]) == ('"b1"', DATE)


@pytest.mark.requirement("RW-COST-03")
def test_the_daily_job_queries_the_feeds_and_updates_them(run: Run, table: SingleTable, feeds: FeedServer) -> None:
    table.put(feed("a"))
    feeds.feeds["/a"] = Feed(rss("History"))

    assert run().operations == ["Query", "UpdateItem"]


def test_a_feed_that_has_not_changed_is_only_marked_as_seen(run: Run, table: SingleTable, feeds: FeedServer) -> None:
    table.put(item := feed("a", etag='"a1"', lastModified=DATE, title="History", refreshedAt="2025-05-31"))
    feeds.feeds["/a"] = Feed(status=304)

    outcome = run()

    assert outcome.result == result(feeds=1, unchanged=1)
    ((_, headers),) = feeds.requests
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"a1"', DATE)
    assert table.get("FEEDS", "FEED#a") == item | {"refreshedAt": NOW}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Feed(status=500), "the feed answered HTTP 500"),
        (Feed(b"<html>"), "not a feed"),
        (Feed(itertools.repeat(b"<rss>" * 20_000, 200)), "the feed is longer than 2097152 bytes"),
        (Feed(itertools.repeat(b" ", 20), pause_seconds=0.25), "The operation was aborted due to timeout"),
        (
            Feed(status=302, headers={"location": "http://feeds.example.com/ok"}),
            "the feed's address is not a public https address",
        ),
        (
            Feed(status=301, headers={"location": "https://169.254.169.254/latest"}),
            "the feed's address is not a public https address",
        ),
        (Feed(status=301, headers={"location": "/bad"}), "more than 3 redirects"),
        (Feed(status=301), "more than 3 redirects"),
        (
            Feed(status=301, headers={"location": "https://unknown.example.com/"}),
            "no such host: https://unknown.example.com",
        ),
    ],
)
def test_a_feed_that_cannot_be_read_costs_only_itself(
    run: Run, table: SingleTable, feeds: FeedServer, bad: Feed, reason: str
) -> None:
    table.put(item := feed("bad"), feed("ok"))
    feeds.feeds = {"/bad": bad, "/ok": Feed(rss("History"))}

    outcome = run()

    assert outcome.result == result(feeds=2, refreshed=1, failed=1)
    (warning,) = (record for record in outcome.records if record["level"] == "WARN")
    assert (warning["podcastId"], warning["error"]["message"]) == ("bad", reason)
    assert table.get("FEEDS", "FEED#bad") == item


def test_a_redirect_to_another_public_address_is_followed(run: Run, table: SingleTable, feeds: FeedServer) -> None:
    table.put(feed("moved"))
    feeds.feeds = {
        "/moved": Feed(status=301, headers={"location": "/new?x=1"}),
        "/new?x=1": Feed(rss("History")),
    }

    assert run().result == result(feeds=1, refreshed=1)


def test_feeds_that_are_looked_at_by_nobody_for_the_longest_time_come_first_when_time_is_short(
    run: Run, table: SingleTable, feeds: FeedServer
) -> None:
    table.put(*(feed(f"seen{n}", refreshedAt="2025-05-31T00:00:00.000Z") for n in range(9)), feed("znew"))
    slow = {path: Feed(rss("x"), pause_seconds=0.3) for path in [f"/seen{n}" for n in range(9)]}
    feeds.feeds = slow | {"/znew": Feed(rss("y"))}

    run()

    # Eight are asked at a time, and only then the others.
    assert "/znew" in [path for path, _ in feeds.requests[:8]]


def test_a_run_that_is_short_of_time_leaves_the_rest_to_the_next_one(
    run: Run, table: SingleTable, feeds: FeedServer
) -> None:
    table.put(feed("a"), feed("b"))

    assert run(remaining_ms=3_999).result == result(feeds=2, left=2)
    assert feeds.requests == []


def test_a_run_that_cannot_query_fails_so_that_the_alarm_rings(run: Run) -> None:
    outcome = run(failures=[{"operation": "Query", "mentions": ""}])

    assert outcome.error == "InternalServerError: made to fail"
    assert [(record["level"], record["message"]) for record in outcome.records] == [("ERROR", "job failed")]


def test_an_unknown_job_fails(run: Run) -> None:
    assert run(job="rss-updat").error == "Error: no such job: rss-updat"


def test_no_request_can_be_a_job(lambda_standin: LambdaStandin) -> None:
    event = {"httpMethod": "POST", "resource": "/podcasts/add", "body": '{"job": "rss-update"}'}

    (outcome,) = lambda_standin.invoke(Invocation(function="podcastHandler", event=event))

    assert outcome.status == 401


@pytest.mark.parametrize(
    ("xml", "title", "episodes"),
    [
        ("<rss><channel><title><![CDATA[ A & B ]]></title></channel></rss>", "A & B", []),
        ("<rss><title>a &amp;amp; &#8364;&#x1F600; &#1114112;</title></rss>", "a &amp; €😀 &#1114112;", []),
        (
            '<feed xmlns="x"><title type="text">Atom</title><entry><title>one</title>'
            "<updated>2025-05-31T08:30:00Z</updated></entry></feed>",
            "Atom",
            [{"title": "one", "publishedAt": "2025-05-31T08:30:00.000Z"}],
        ),
        ("<rss><titles>no</titles><title>yes</title><item><title>e</title><pubDate>?</pubDate>", "yes", []),
        (
            '<rss><item><title>e</title><enclosure url="http://plain.example.com/a.mp3"/></item></rss>',
            None,
            [{"title": "e"}],
        ),
    ],
)
def test_feeds_are_read_as_they_are_written(
    lambda_standin: LambdaStandin, xml: str, title: str | None, episodes: list[Any]
) -> None:
    (found,) = lambda_standin.evaluate(f"""
        const {{ parseFeed }} = await import(packaged("podcastHandler/rss.mjs"));
        console.log(JSON.stringify(parseFeed({json.dumps(xml)})));
    """)

    assert (found.get("title"), found["episodes"]) == (title, episodes)


def test_a_hostile_feed_takes_no_longer_than_its_length(lambda_standin: LambdaStandin) -> None:
    (milliseconds,) = lambda_standin.evaluate("""
        const { parseFeed } = await import(packaged("podcastHandler/rss.mjs"));
        const size = 2_000_000;
        const hostile = [
          "<item>", "<title>", "<titl", "<![CDATA[", "]]>  ", "&#", "&amp", "<enclosure url='", " url='",
        ].map((piece) => piece.repeat(size / piece.length));
        const started = performance.now();
        for (const text of hostile) {
          parseFeed(`<rss>${text}`);
          parseFeed(`<rss><item><title>${text}</title><enclosure ${text}/></item></rss>`);
        }
        console.log(Math.round(performance.now() - started));
    """)

    assert milliseconds < 5_000
