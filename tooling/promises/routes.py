"""The routes of a stack's APIs, by what its state says of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tooling.live import LiveResource, LiveStack

HTTP_API, REST_API = "aws_apigatewayv2_api", "aws_api_gateway_rest_api"
# Stands for an id in a path, as in the documents' own test: nothing has it, so nothing is shown.
_NOBODYS = "test-batch-id"
# A route of every method is asked in the way that only reads.
_METHODS = {"ANY": "GET"}


@dataclass(frozen=True)
class Route:
    """One route.

    Attributes:
        method: As ``GET``.
        path: As ``/public/b/{id}``.
        public: Whether it takes callers without a token.
        base: Where the API is served, without a slash at its end.
    """

    method: str
    path: str
    public: bool
    base: str

    @property
    def url(self) -> str:
        return self.base + re.sub(r"\{[^}]*\}", _NOBODYS, self.path)

    def at(self, base: str) -> Route:
        """The same route served elsewhere."""
        return Route(self.method, self.path, self.public, base.rstrip("/"))


def routes_of(live: LiveStack, api: LiveResource) -> tuple[Route, ...]:
    """The routes of one API (``aws_apigatewayv2_api`` or ``aws_api_gateway_rest_api``), by path and method."""
    found = _http_routes(live, api) if api.type == HTTP_API else _rest_routes(live, api)
    return tuple(sorted(found, key=lambda route: (route.path, route.method)))


def all_routes(live: LiveStack) -> tuple[Route, ...]:
    """Those of every API in the environment's own region: further regions serve the same."""
    apis = [api for api in live.of(HTTP_API, REST_API) if api.region == live.session.config.region]
    return tuple(route for api in apis for route in routes_of(live, api))


def _http_routes(live: LiveStack, api: LiveResource) -> Iterator[Route]:
    base = _base(live, api, [one for one in live.of("aws_apigatewayv2_stage") if one["api_id"] == api.id])
    for route in live.of("aws_apigatewayv2_route"):
        if route["api_id"] != api.id:
            continue
        method, _, path = str(route["route_key"]).partition(" ")
        # The route $default has no path: what it answers is for the application to say.
        if path:
            public = route.attributes.get("authorization_type") in (None, "", "NONE")
            yield Route(_METHODS.get(method, method), path, public, base)


def _rest_routes(live: LiveStack, api: LiveResource) -> Iterator[Route]:
    base = _base(live, api, [one for one in live.of("aws_api_gateway_stage") if one["rest_api_id"] == api.id])
    resources = {one.id: one for one in live.of("aws_api_gateway_resource") if one["rest_api_id"] == api.id}
    for method in live.of("aws_api_gateway_method"):
        resource = resources.get(method["resource_id"])
        at_root = method["resource_id"] == api.attributes.get("root_resource_id")
        kind = str(method["http_method"])
        # A preflight is CORS and no route of the application's.
        if not (resource or at_root) or kind == "OPTIONS":
            continue
        public = method["authorization"] == "NONE" and not method.attributes.get("api_key_required")
        yield Route(_METHODS.get(kind, kind), _path(resources, resource), public, base)


def _path(resources: dict[str, LiveResource], resource: LiveResource | None) -> str:
    """From the root, which is no resource of a state's own, down to this one."""
    if resource is None:
        return "/"
    above = _path(resources, resources.get(resource["parent_id"]))
    return f"{above.rstrip('/')}/{resource['path_part']}"


def _base(live: LiveStack, api: LiveResource, stages: list[LiveResource]) -> str:
    """The stage's own address; the stack's, where that one is closed."""
    closed = api.attributes.get("disable_execute_api_endpoint")
    own = stages[0].attributes.get("invoke_url") if stages and not closed else None
    return str(own or live.outputs.get("api_url") or "").rstrip("/")
