"""Requests as a REST API of API Gateway hands them to a function (payload format 1.0)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.unit.functions.lambda_standin import Invocation


def rest(
    function: str,
    route: str,
    *,
    env: Mapping[str, str],
    body: Any = None,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    user: str | None = None,
    **given: Any,
) -> Invocation:
    """An invocation of `function` through `route` (``GET /episodes/{id}``); text as `body` is sent as it is."""
    method, resource = route.split(" ")
    context = {"authorizer": {"claims": {"sub": user}}} if user else {}
    event = {
        "httpMethod": method,
        "resource": resource,
        "path": resource.format(**path) if path else resource,
        "pathParameters": path,
        "queryStringParameters": query,
        "requestContext": context,
        "isBase64Encoded": False,
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
    }
    return Invocation(function=function, event=event, env=env, **given)
