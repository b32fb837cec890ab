"""recommendationHandler behind the REST API, against moto's DynamoDB and SSM.

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/); Personalize, which moto does
not answer for (the tests say what it recommends).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import LambdaStandin, Outcome
from tests.unit.functions.rest_request import rest
from tests.unit.functions.single_table import SingleTable

CAMPAIGN = "arn:aws:personalize:us-east-1:123456789012:campaign/RewindCampaign"
HERE, ONE, TWO, GONE = (letter * 32 for letter in "0abc")

Ask = Callable[..., Outcome]


@pytest.fixture
def table(dynamodb: Any) -> SingleTable:
    table = SingleTable.create(dynamodb, keys=("PK", "SK"))
    table.put(
        feed(HERE, subscribers=9),
        feed(ONE, subscribers=3, latestEpisodeAt="2025-05-01T00:00:00.000Z", title="One"),
        feed(TWO, subscribers=3, latestEpisodeAt="2025-06-01T00:00:00.000Z"),
        feed("d" * 32, subscribers=5),
        {"PK": "USER#bob", "SK": f"PODCAST#{'e' * 32}", "feedUrl": "https://feeds.example.com/bob"},
    )
    return table


def feed(podcast: str, **changes: Any) -> dict[str, Any]:
    return {"PK": "FEEDS", "SK": f"FEED#{podcast}", "feedUrl": f"https://feeds.example.com/{podcast[0]}"} | changes


@pytest.fixture
def parameter(aws: Callable[[str], Any]) -> Callable[[str], str]:
    def put(value: str) -> str:
        name = f"/rewind/{uuid.uuid4().hex}"
        aws("ssm").put_parameter(Name=name, Value=value, Type="String")
        return name

    return put


@pytest.fixture
def ask(lambda_standin: LambdaStandin, table: SingleTable) -> Ask:
    def ask_once(
        *, item: str | None = HERE, campaign_parameter: str | None = None, failures: Any = (), **given: Any
    ) -> Outcome:
        env = {"DYNAMODB_TABLE_NAME": table.name, "AWS_ENDPOINT_URL": table.endpoint, "ALLOWED_ORIGIN": "*"}
        if campaign_parameter:
            env["CAMPAIGN_PARAMETER"] = campaign_parameter
        query = {"itemId": item} if item else None
        request = rest("recommendationHandler", "GET /recommendations", env=env, query=query, user="ann")
        (outcome,) = lambda_standin.invoke(request, failures=failures, **given)
        return outcome

    return ask_once


def items(outcome: Outcome) -> list[str]:
    return [item["podcastId"] for item in outcome.body["items"]]


POPULAR = ["d" * 32, TWO, ONE]


def test_personalize_recommends_where_there_is_a_campaign_stand_in_for_personalize(
    ask: Ask, parameter: Callable[[str], str]
) -> None:
    answer = {"itemList": [{"itemId": ONE}, {"itemId": GONE}, {"itemId": "not an id"}, {"itemId": TWO}]}

    outcome = ask(campaign_parameter=parameter(CAMPAIGN), answers={"GetRecommendations": answer})

    assert outcome.status == 200
    assert outcome.body == {
        "itemId": HERE,
        "source": "personalize",
        "items": [
            {"podcastId": ONE, "feedUrl": "https://feeds.example.com/a", "title": "One"},
            {"podcastId": TWO, "feedUrl": "https://feeds.example.com/b", "title": None},
        ],
    }
    (request,) = (r["input"] for r in outcome.requests if r["operation"] == "GetRecommendations")
    assert request == {"campaignArn": CAMPAIGN, "itemId": HERE, "userId": "ann", "numResults": 10}


def test_without_a_campaign_the_most_popular_podcasts_are_recommended(
    ask: Ask, parameter: Callable[[str], str]
) -> None:
    outcome = ask(campaign_parameter=parameter("none"))

    assert (outcome.status, outcome.body["source"], items(outcome)) == (200, "fallback", POPULAR)
    assert outcome.operations == ["GetParameter", "Query"]


def test_in_a_region_without_a_parameter_nothing_but_the_table_is_asked(ask: Ask) -> None:
    outcome = ask()

    assert (outcome.body["source"], items(outcome), outcome.operations) == ("fallback", POPULAR, ["Query"])


@pytest.mark.parametrize(
    ("failing", "answers"),
    [
        ("GetParameter", {}),
        ("GetRecommendations", {}),
        (None, {"GetRecommendations": {"itemList": []}}),
        (None, {"GetRecommendations": {"itemList": [{"itemId": GONE}]}}),
    ],
)
def test_whatever_personalize_cannot_tell_the_table_can(
    ask: Ask, parameter: Callable[[str], str], failing: str | None, answers: dict[str, Any]
) -> None:
    failures = [{"operation": failing, "mentions": ""}] if failing else []

    outcome = ask(campaign_parameter=parameter(CAMPAIGN), failures=failures, answers=answers)

    assert (outcome.status, outcome.body["source"], items(outcome)) == (200, "fallback", POPULAR)
    assert [record["level"] for record in outcome.records] == (["WARN", "INFO"] if failing else ["INFO"])


def test_a_parameter_that_is_not_there_is_no_campaign(ask: Ask) -> None:
    outcome = ask(campaign_parameter="/rewind/nowhere")

    assert (outcome.status, outcome.body["source"]) == (200, "fallback")


def test_without_a_podcast_to_compare_with_the_popular_ones_are_recommended(
    ask: Ask, parameter: Callable[[str], str]
) -> None:
    outcome = ask(item=None, campaign_parameter=parameter(CAMPAIGN))

    assert (outcome.body["source"], items(outcome)) == ("fallback", [HERE, *POPULAR])
    assert outcome.operations == ["Query"]


def test_what_is_no_podcast_s_id_is_refused(ask: Ask) -> None:
    assert (ask(item="x").status, ask(item="x").body) == (400, {"error": "itemId must be a podcast's id"})


def test_a_table_that_does_not_answer_is_an_error(ask: Ask) -> None:
    assert ask(failures=[{"operation": "Query", "mentions": "FEEDS"}]).status == 500


def test_the_campaign_is_looked_up_every_five_minutes_stand_in_for_personalize(
    lambda_standin: LambdaStandin,
) -> None:
    seen = lambda_standin.evaluate("""
        const { createCampaign } = await import(packaged("recommendationHandler/campaign.mjs"));
        let time = 0;
        let value = "none";
        let lookups = 0;
        const ssm = { send: async () => { lookups += 1; return { Parameter: { Value: value } }; } };
        const personalize = { send: async ({ input }) => ({ itemList: [{ itemId: input.campaignArn }] }) };
        const campaign = createCampaign({ parameter: "p", now: () => new Date(time), ssm, personalize });
        const look = async (at, next) => {
          time = at;
          const found = await campaign.similar("item", "user", console);
          console.log(JSON.stringify([lookups, found]));
          value = next;
        };
        await look(0, "first");
        await look(299_999, "first");
        await look(300_000, "second");
        await look(599_999, "second");
        await look(600_000, "third");
    """)

    assert seen == [[1, []], [1, []], [2, ["first"]], [2, ["first"]], [3, ["second"]]]


def test_personalize_is_not_waited_for_stand_in_for_personalize(lambda_standin: LambdaStandin) -> None:
    (found, waited) = lambda_standin.evaluate("""
        const { createCampaign } = await import(packaged("recommendationHandler/campaign.mjs"));
        const never = { send: (_, { abortSignal }) => new Promise((_, reject) => {
          const alive = setTimeout(() => {}, 60_000);
          abortSignal.addEventListener("abort", () => { clearTimeout(alive); reject(abortSignal.reason); });
        }) };
        const ssm = { send: async () => ({ Parameter: { Value: "arn" } }) };
        const campaign = createCampaign({ parameter: "p", now: () => new Date(), ssm, personalize: never });
        const started = performance.now();
        console.log(JSON.stringify(await campaign.similar("item", "user", { warn() {} })));
        console.log(Math.round(performance.now() - started));
    """)

    assert found == []
    assert waited < 3_000
