"""A REST API and the functions behind its routes, read so that two regions can be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from tooling.errors import ToolError

_EXECUTE_API = re.compile(r"https://([a-z0-9]+)\.execute-api\.")
_FUNCTION = re.compile(
    r"functions/(?P<arn>arn:[\w-]+:lambda:(?P<region>[\w-]+):\d{12}:function:(?P<name>[\w-]+)(:(?P<qualifier>[\w$-]+))?)"
    r"/invocations"
)


class Call(NamedTuple):
    """The function that a route calls.

    Attributes:
        qualifier: Alias or version; empty for the newest code.
    """

    name: str
    region: str
    qualifier: str


@dataclass(frozen=True)
class Function:
    """What a function is.

    Attributes:
        code: Digest of its package.
        environment: Values of its environment variables.
    """

    code: str
    environment: frozenset[str]


@dataclass(frozen=True)
class Api:
    """A REST API.

    Attributes:
        stages: Names of its stages; each has a deployment.
        routes: What ``POST /share/generate`` calls; None where no function is behind a route (CORS).
        functions: Those that are there, of those that are called.
    """

    stages: frozenset[str]
    routes: Mapping[str, Call | None]
    functions: Mapping[Call, Function]


def find_api_id(client: Any, url: str, domain: str) -> str:
    """The id of the API at an address: in the address itself, or by its custom domain.

    Raises:
        ToolError: No API is mapped to the domain.
    """
    if found := _EXECUTE_API.match(url):
        return found[1]
    return mapped_api(client, domain)


def mapped_api(client: Any, domain: str) -> str:
    """The id of the API behind a custom domain, in the region of ``client``.

    Raises:
        ToolError: There is none.
    """
    mappings = client.get_base_path_mappings(domainName=domain).get("items", []) if domain else []
    if not mappings:
        raise ToolError(f"no API is mapped to the domain {domain or '(none)'}")
    # The one of the domain's root, which is written (none), comes before any path.
    return str(min(mappings, key=lambda mapping: str(mapping["basePath"]))["restApiId"])


def read_api(client: Any, functions: Any, api_id: str) -> Api:
    """Read routes, stages and functions.

    Args:
        client: Of API Gateway, in the API's region.
        functions: Of Lambda, there as well.
        api_id: Which API.
    """
    stages = client.get_stages(restApiId=api_id)["item"]
    pages = client.get_paginator("get_resources").paginate(restApiId=api_id, embed=["methods"])
    routes = {
        f"{method} {resource['path']}": _call(body.get("methodIntegration", {}).get("uri", ""))
        for page in pages
        for resource in page["items"]
        for method, body in resource.get("resourceMethods", {}).items()
    }
    found = {call: _function(functions, call) for call in set(routes.values()) if call}
    return Api(
        stages=frozenset(stage["stageName"] for stage in stages),
        routes=routes,
        functions={call: function for call, function in found.items() if function},
    )


def require_same_routes(first: Api, second: Api) -> str:
    """The second API has every route of the first and no other, and is deployed.

    Raises:
        ToolError: It is not so.
    """
    missing = sorted(first.routes.keys() - second.routes.keys())
    surplus = sorted(second.routes.keys() - first.routes.keys())
    if missing or surplus:
        raise ToolError(
            "; ".join(
                f"{what}: {', '.join(routes)}"
                for what, routes in (("missing", missing), ("not in the first", surplus))
                if routes
            )
        )
    if not first.routes:
        raise ToolError("the first API has no route")
    undeployed = sorted(first.stages - second.stages) or ([] if second.stages else ["any stage"])
    if undeployed:
        raise ToolError(f"nothing is deployed to {', '.join(undeployed)}")
    return f"{len(second.routes)} routes, deployed to {', '.join(sorted(second.stages))}"


def require_same_functions(first: Api, second: Api, region: str, table: str) -> str:
    """Behind each route of the second API is the same code, in its own region, over its own table.

    Raises:
        ToolError: It is not so.
    """
    wrong = []
    names = set()
    for route, call in sorted(first.routes.items()):
        if call is None or route not in second.routes:
            continue
        other = second.routes[route]
        function = second.functions.get(other) if other else None
        if other is None or function is None:
            wrong.append(f"{route} calls {f'{other.name}, which is not there' if other else 'no function'}")
            continue
        names.add(other.name)
        if other.region != region:
            wrong.append(f"{route} calls {other.name} in {other.region}")
        if call not in first.functions or function.code != first.functions[call].code:
            wrong.append(f"{route}: {other.name} has other code than {call.name} of the first region")
        if table not in function.environment:
            wrong.append(f"{route}: {other.name} does not know the table {table}")
    if wrong:
        raise ToolError("; ".join(wrong))
    if not names:
        raise ToolError("no function is behind any route")
    return f"{', '.join(sorted(names))}: same code, table {table}"


def _call(uri: str) -> Call | None:
    found = _FUNCTION.search(uri)
    return Call(found["name"], found["region"], found["qualifier"] or "") if found else None


def _function(client: Any, call: Call) -> Function | None:
    where = {"FunctionName": call.name, **({"Qualifier": call.qualifier} if call.qualifier else {})}
    try:
        answer = client.get_function_configuration(**where)
    except client.exceptions.ResourceNotFoundException:
        return None
    return Function(answer["CodeSha256"], frozenset(answer.get("Environment", {}).get("Variables", {}).values()))
