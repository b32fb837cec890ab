"""The endpoints: route, authorization, and the function that answers."""

from __future__ import annotations

import pytest

from tests.plan.kefir.functions import function
from tests.support.plans import Plan

ROUTE = "aws_apigatewayv2_route"
AUTHORIZER = "aws_apigatewayv2_authorizer"

LOGIN = {"POST /auth/login"}
VERIFY = {"POST /auth/verify"}
BATCHES = {"POST /batches", "GET /batches", "GET /batches/{id}", "PATCH /batches/{id}", "DELETE /batches/{id}"}
EVENTS = {"GET /batches/{id}/events", "POST /batches/{id}/events", "DELETE /batches/{id}/events/{eventId}"}
REMINDERS = {"GET /reminders/suggestions", "POST /reminders", "GET /reminders", "DELETE /reminders/{id}"}
DEVICES = {"POST /devices", "DELETE /devices/{id}"}
EXPORT = {"GET /export"}
PUBLIC = {"GET /public/b/{id}"}


@pytest.mark.parametrize(
    ("keys", "authorization", "answered_by"),
    [
        pytest.param(LOGIN, "NONE", "handleAuth", marks=pytest.mark.requirement("KF-EP-01")),
        pytest.param(VERIFY, "NONE", "handleAuth", marks=pytest.mark.requirement("KF-EP-02")),
        pytest.param(BATCHES, "JWT", "handleBatches", marks=pytest.mark.requirement("KF-EP-03")),
        pytest.param(EVENTS, "JWT", "handleEvents", marks=pytest.mark.requirement("KF-EP-04")),
        pytest.param(REMINDERS, "JWT", "handleReminders", marks=pytest.mark.requirement("KF-EP-05")),
        pytest.param(DEVICES, "JWT", "handleDevices", marks=pytest.mark.requirement("KF-EP-06")),
        pytest.param(EXPORT, "JWT", "handleExport", marks=pytest.mark.requirement("KF-EP-07")),
        pytest.param(PUBLIC, "NONE", "handlePublic", marks=pytest.mark.requirement("KF-EP-08")),
    ],
    ids=["login", "verify", "batches", "events", "reminders", "devices", "export", "public"],
)
def test_endpoint(every: Plan, keys: set[str], authorization: str, answered_by: str) -> None:
    for key in keys:
        route = every.one(ROUTE, route_key=key)
        integration = every.referred(route, "target", "aws_apigatewayv2_integration")
        answering = every.referred(integration, "integration_uri", "aws_lambda_function")

        assert route["authorization_type"] == authorization
        if authorization == "JWT":
            assert every.referred(route, "authorizer_id", AUTHORIZER)
        assert answering == function(every, answered_by)
        assert integration["payload_format_version"] == "2.0"
        assert integration["integration_type"] == "AWS_PROXY"
    answering = function(every, answered_by)
    api = every.one("aws_apigatewayv2_api")
    (permission,) = [
        each
        for each in every.all("aws_lambda_permission", principal="apigateway.amazonaws.com")
        if answering.block in every.references(each, "function_name")
    ]
    assert permission["action"] == "lambda:InvokeFunction"
    assert every.references(permission, "source_arn") == {api.block, f"{api.block}.execution_arn"}


def test_there_is_no_other_endpoint(every: Plan) -> None:
    expected = LOGIN | VERIFY | BATCHES | EVENTS | REMINDERS | DEVICES | EXPORT | PUBLIC

    assert sorted(route["route_key"] for route in every.all(ROUTE)) == sorted(expected)
