"""Promises of APIs: they answer without a token where they are public, and refuse everywhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.promises.conftest import Shop, http_api
from tests.unit.promises.web_server import WebServer
from tooling.promises.routes import all_routes
from tooling.target import Target

PUBLIC, CLOSED = "GET /public/b/test-batch-id", "GET /batches"


@pytest.fixture
def aws(target: Target) -> Target:
    """An account that is none of the emulator's, so that its APIs are asked."""
    return Target("aws", None, target.environ, target.region, target.account_id)


@pytest.mark.requirement("KF-TEST-03")
@pytest.mark.parametrize(
    ("answers", "public", "closed"),
    [
        ({PUBLIC: (200, {"batch": 1}), CLOSED: (401, {})}, "ok", "ok"),
        ({PUBLIC: (404, {"error": "none"}), CLOSED: (403, {})}, "ok", "ok"),
        ({PUBLIC: (401, {}), CLOSED: (401, {})}, "failed", "ok"),
        ({PUBLIC: (500, {}), CLOSED: (200, [])}, "failed", "failed"),
        ({PUBLIC: (200, b"<html>"), CLOSED: (404, {})}, "failed", "failed"),
    ],
)
def test_an_api_answers_where_it_is_public_and_refuses_where_it_is_not(
    shop: Shop, server: WebServer, aws: Target, answers: dict[str, Any], public: str, closed: str
) -> None:
    server.answers = answers

    found = {each: shop.asked(each, http_api(server.url), target=aws) for each in ("api-answers", "api-refuses")}

    assert (found["api-answers"].status, found["api-refuses"].status) == (public, closed)
    # Only reading, and without anything that says who asks.
    assert {each.method for each in server.asked} == {"GET"}
    assert all("authorization" not in each.headers for each in server.asked)


def test_an_api_that_nobody_serves_is_an_answer_and_no_crash(shop: Shop, server: WebServer, aws: Target) -> None:
    state = http_api(server.url)
    server.close()

    found = shop.asked("api-answers", state, target=aws)

    assert found.status == "failed"
    assert "no answer" in found.saw


def test_the_emulator_serves_no_requests_so_none_is_made(shop: Shop, server: WebServer) -> None:
    assert shop.asked("api-refuses", http_api(server.url)).status == "skipped"
    assert server.asked == []


def test_the_paths_of_a_rest_api_are_put_together_from_its_resources(shop: Shop) -> None:
    live = shop.live(
        {
            "aws_api_gateway_rest_api.rest": {"id": "r1", "root_resource_id": "root"},
            "aws_api_gateway_stage.prod": {"rest_api_id": "r1", "invoke_url": "https://r1.example.com/prod"},
            "aws_api_gateway_resource.a": {
                "id": "1",
                "rest_api_id": "r1",
                "parent_id": "root",
                "path_part": "episodes",
            },
            "aws_api_gateway_resource.b": {"id": "2", "rest_api_id": "r1", "parent_id": "1", "path_part": "{id}"},
            "aws_api_gateway_method.get": {"resource_id": "2", "http_method": "GET", "authorization": "NONE"},
            "aws_api_gateway_method.put": {"resource_id": "1", "http_method": "PUT", "authorization": "CUSTOM"},
            "aws_api_gateway_method.root": {"resource_id": "root", "http_method": "ANY", "authorization": "NONE"},
            "aws_api_gateway_method.keyed": {
                "resource_id": "1",
                "http_method": "GET",
                "authorization": "NONE",
                "api_key_required": True,
            },
            "aws_api_gateway_method.cors": {"resource_id": "1", "http_method": "OPTIONS", "authorization": "NONE"},
        }
    )

    assert [(one.method, one.url, one.public) for one in all_routes(live)] == [
        ("GET", "https://r1.example.com/prod/", True),
        ("GET", "https://r1.example.com/prod/episodes", False),
        ("PUT", "https://r1.example.com/prod/episodes", False),
        ("GET", "https://r1.example.com/prod/episodes/test-batch-id", True),
    ]


def test_an_api_without_an_address_says_so(shop: Shop, aws: Target) -> None:
    state = http_api("")
    del state["aws_apigatewayv2_stage.http"]

    found = shop.asked("api-refuses", state, target=aws)

    assert (found.status, "is served at no address that the state knows" in found.saw) == ("failed", True)
