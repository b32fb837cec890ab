"""The HTTP handlers, unpacked from their packages and called as API Gateway calls them (payload format 2.0).

Stood in for: Lambda's runtime and its AWS SDK (lambda_standin.py, aws_sdk_standin/).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from cdktf_app import packages
from tests.unit.functions.lambda_standin import Invocation, LambdaStandin

LEDGER = Path(__file__).parents[3] / "specs" / "requirements.yaml"
HTTP_FUNCTIONS = tuple(name for name in packages.build("kefir") if name.startswith("handle"))
ENV = {"BUCKET_NAME": "kefir-app-dev-photos-111111111111", "PRESIGN_TTL_SECONDS": "300"}


def routes_of_the_ledger() -> list[tuple[str, str]]:
    """(function, route key) of each endpoint that the ledger lists."""
    rows = yaml.load(LEDGER.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found = []
    for row in rows:
        if not row["id"].startswith("KF-EP-"):
            continue
        keys = re.search(r"route_key in \[(.*?)\]", row["check"])
        function = re.search(r"references (\w+);", row["check"])
        assert keys, row["id"]
        assert function, row["id"]
        found += [(function[1], key.strip()) for key in keys[1].split(",")]
    return found


def request(function: str, route: str | None, *, env: Mapping[str, str] = ENV, **event: Any) -> Invocation:
    signed_in = {"authorizer": {"jwt": {"claims": {"sub": "user-1"}}}}
    given = {"routeKey": route, "pathParameters": {"id": "batch-1"}, "requestContext": signed_in} | event
    return Invocation(function=function, event=given if route else {}, env=env)


@pytest.mark.requirement("KF-FN-06")
def test_every_endpoint_of_the_document_has_a_placeholder_that_answers_json(
    lambda_standin: LambdaStandin,
) -> None:
    routes = routes_of_the_ledger()
    assert {function for function, _ in routes} == set(HTTP_FUNCTIONS)

    outcomes = lambda_standin.invoke(*(request(function, route) for function, route in routes))

    for (function, route), outcome in zip(routes, outcomes, strict=True):
        assert outcome.result["statusCode"] == 200, route
        assert outcome.result["headers"]["content-type"].startswith("application/json")
        assert (outcome.body["function"], outcome.body["route"]) == (function, route)


@pytest.mark.requirement("KF-FN-06")
def test_a_function_invoked_by_hand_answers_200_with_its_name(lambda_standin: LambdaStandin) -> None:
    outcomes = lambda_standin.invoke(*(request(function, None, env={}) for function in HTTP_FUNCTIONS))

    assert [outcome.result["statusCode"] for outcome in outcomes] == [200] * len(HTTP_FUNCTIONS)
    assert [outcome.body["function"] for outcome in outcomes] == list(HTTP_FUNCTIONS)


@pytest.mark.parametrize("route", ["GET /nowhere", "$default", "constructor", "__proto__"])
def test_an_unknown_route_is_a_404_in_json(lambda_standin: LambdaStandin, route: str) -> None:
    (outcome,) = lambda_standin.invoke(request("handleAuth", route))

    assert outcome.result["statusCode"] == 404
    assert outcome.body["error"] == "no such route"


def test_an_error_answers_with_nothing_but_the_request_s_id_under_which_the_log_explains_it(
    lambda_standin: LambdaStandin,
) -> None:
    (outcome,) = lambda_standin.invoke(request("handleBatches", "GET /batches/{id}", env={}))

    assert outcome.result["statusCode"] == 500
    assert outcome.body == {"error": "internal error", "requestId": "request-1"}
    (failure,) = (record for record in outcome.records if record["level"] == "ERROR")
    assert failure["requestId"] == "request-1"
    assert failure["error"]["message"] == "BUCKET_NAME is not set"


@pytest.mark.requirement("KF-S3-08")
@pytest.mark.parametrize("ttl", ["300", "60"])
def test_photo_urls_expire_after_presign_ttl_seconds(lambda_standin: LambdaStandin, ttl: str) -> None:
    env = ENV | {"PRESIGN_TTL_SECONDS": ttl}

    read, write = lambda_standin.invoke(
        request("handleBatches", "GET /batches/{id}", env=env),
        request("handleBatches", "PATCH /batches/{id}", env=env),
    )

    for url, operation in (
        (read.body["photo"]["downloadUrl"], "GetObject"),
        (write.body["photo"]["uploadUrl"], "PutObject"),
    ):
        parts = urlsplit(url)
        assert parts.hostname == f"{ENV['BUCKET_NAME']}.s3.us-east-1.amazonaws.com"
        assert parts.path == "/users/user-1/batches/batch-1/photo"
        query = parse_qs(parts.query)
        assert (query["X-Amz-Expires"], query["x-id"]) == ([ttl], [operation])
        assert "x-amz-checksum-crc32" not in query


@pytest.mark.requirement("KF-S3-08")
@pytest.mark.parametrize("ttl", [None, "", "0", "-1", "5m", "300.5"])
def test_without_a_proper_lifetime_nothing_is_signed(lambda_standin: LambdaStandin, ttl: str | None) -> None:
    env = {"BUCKET_NAME": "photos"} | ({} if ttl is None else {"PRESIGN_TTL_SECONDS": ttl})

    (outcome,) = lambda_standin.invoke(request("handleBatches", "GET /batches/{id}", env=env))

    assert outcome.result["statusCode"] == 500
    assert "X-Amz" not in outcome.result["body"]


@pytest.mark.parametrize("batch", ["../user-2/batches/1", "", "a/b", "x" * 65, "ä"])
def test_a_batch_id_that_could_leave_the_user_s_folder_is_refused(lambda_standin: LambdaStandin, batch: str) -> None:
    (outcome,) = lambda_standin.invoke(request("handleBatches", "GET /batches/{id}", pathParameters={"id": batch}))

    assert outcome.result["statusCode"] == 400


def test_without_a_verified_user_no_url_is_given(lambda_standin: LambdaStandin) -> None:
    (outcome,) = lambda_standin.invoke(request("handleBatches", "GET /batches/{id}", requestContext={}))

    assert outcome.result["statusCode"] == 401


@pytest.mark.requirement("KF-SEC-01")
def test_no_handler_logs_what_a_request_carries(lambda_standin: LambdaStandin) -> None:
    secrets = {"email": "ann@example.com", "code": "482913", "token": "s3cr3t-token"}
    event: dict[str, Any] = {
        "headers": {"authorization": "Bearer s3cr3t-token", "cookie": "sid=s3cr3t-token"},
        "body": json.dumps(secrets),
        "queryStringParameters": secrets,
    }
    routes = [*routes_of_the_ledger(), ("handleAuth", "GET /nowhere")]

    outcomes = lambda_standin.invoke(*(request(function, route, **event) for function, route in routes))

    logged = "\n".join(line for outcome in outcomes for line in outcome.logs)
    assert logged.count("request answered") == len(routes)
    for secret in secrets.values():
        assert secret not in logged
    assert "X-Amz-Signature" not in logged
