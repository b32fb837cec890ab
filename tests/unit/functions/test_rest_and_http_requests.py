"""What all functions share: requests of REST APIs and of HTTP APIs, through one handler."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.functions.lambda_standin import LambdaStandin

REST = {"httpMethod": "GET", "resource": "/things/{id}", "path": "/things/1", "requestContext": {}}
HTTP = {"version": "2.0", "routeKey": "GET /things/{id}", "rawPath": "/things/1", "requestContext": {}}


def answer(
    standin: LambdaStandin, event: dict[str, Any], *, action: str = "() => ({ made: 1 })", origin: str = ""
) -> Any:
    """What the shared handler answers to an event, where the route's action and the origin are these."""
    *_, result = standin.evaluate(f"""
        const {{ createHandler, Created, RequestError, jsonBody }} = await import(
          packaged("handleAuth/shared/http.mjs"));
        const handler = createHandler({{
          functionName: "test",
          routes: {{ "GET /things/{{id}}": {action} }},
          {f'origin: () => "{origin}",' if origin else ""}
        }});
        console.log(JSON.stringify(await handler({json.dumps(event)}, {{ awsRequestId: "request-1" }})));
    """)
    return result


@pytest.mark.parametrize("event", [REST, HTTP])
def test_a_route_is_found_in_both_kinds_of_request(lambda_standin: LambdaStandin, event: dict[str, Any]) -> None:
    result = answer(lambda_standin, event)

    assert (result["statusCode"], json.loads(result["body"])) == (200, {"made": 1})


def test_what_was_made_is_a_201(lambda_standin: LambdaStandin) -> None:
    result = answer(lambda_standin, REST, action="() => new Created({ made: 1 })")

    assert (result["statusCode"], json.loads(result["body"])) == (201, {"made": 1})


@pytest.mark.parametrize(
    ("event", "action", "status"),
    [
        (REST, "() => ({})", 200),
        (REST, "() => { throw new RequestError(400, 'no') }", 400),
        (REST, "() => { throw new Error('secret') }", 500),
        (REST | {"resource": "/nowhere"}, "() => ({})", 404),
    ],
)
@pytest.mark.parametrize(("origin", "vary"), [("*", None), ("https://app.example.com", "origin")])
def test_the_origin_is_in_every_answer_and_in_errors_too(
    lambda_standin: LambdaStandin, event: dict[str, Any], action: str, status: int, origin: str, vary: str | None
) -> None:
    result = answer(lambda_standin, event, action=action, origin=origin)

    assert result["statusCode"] == status
    assert result["headers"]["access-control-allow-origin"] == origin
    assert result["headers"].get("vary") == vary
    assert "secret" not in result["body"]


def test_a_function_of_an_http_api_leaves_the_origin_to_it(lambda_standin: LambdaStandin) -> None:
    assert set(answer(lambda_standin, HTTP)["headers"]) == {"content-type", "cache-control"}


@pytest.mark.parametrize(
    ("event", "body"),
    [
        (REST | {"body": '{"a": "ä"}'}, {"a": "ä"}),
        (REST | {"body": "eyJhIjogIsOkIn0=", "isBase64Encoded": True}, {"a": "ä"}),
    ],
)
def test_a_body_is_read_in_both_its_forms(lambda_standin: LambdaStandin, event: dict[str, Any], body: Any) -> None:
    result = answer(lambda_standin, event, action="(event) => jsonBody(event)")

    assert json.loads(result["body"]) == body
