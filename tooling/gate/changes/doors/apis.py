"""APIs, function URLs and distributions: what AWS puts on the internet by itself."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.changes.doors.networks import INTERNET
from tooling.gate.changes.links import linked, part, short
from tooling.gate.changes.model import Door
from tooling.gate.planned import Planned, PlanView


def doors(view: PlanView) -> Iterator[Door]:
    """One door for each route that asks nobody who they are, and one for all others of the API together."""
    for api in view.of_type("aws_api_gateway_rest_api"):
        kinds = part(api, "endpoint_configuration", 0, "types").value or []
        if "PRIVATE" not in kinds:
            yield from _rest(api, view)
    for api in view.of_type("aws_apigatewayv2_api"):
        yield from _http(api, view)
    for url in view.of_type("aws_lambda_function_url"):
        kind = part(url, "authorization_type")
        functions = linked(part(url, "function_name"), ("aws_lambda_function",), view).items
        yield Door(
            address=url.address,
            what="the URL of a function",
            reached_from=INTERNET,
            authenticated=None if kind.awaited else kind.value == "AWS_IAM",
            undecided=kind.awaited,
            leads_to=tuple(map(short, functions)),
        )
    for distribution in view.of_type("aws_cloudfront_distribution"):
        if distribution.values.get("enabled") is not False:
            yield _distribution(distribution)


def _rest(api: Planned, view: PlanView) -> Iterator[Door]:
    asking: list[str] = []
    mocks = _Mocks(view)
    for method in view.of_type("aws_api_gateway_method"):
        if api not in linked(part(method, "rest_api_id"), ("aws_api_gateway_rest_api",), view).items:
            continue
        said = f"{method.values.get('http_method')} {_path(method, view)}"
        kind = part(method, "authorization")
        if kind.awaited or (kind.value or "NONE") == "NONE":
            if kind.awaited or method not in mocks:
                key = ", with an API key" if method.values.get("api_key_required") is True else ""
                yield _open_route(method, f"{said} of {short(api)}{key}", undecided=kind.awaited)
        else:
            asking.append(said)
    yield from _asking_routes(api, asking)
    yield from _described_elsewhere(api)


def _http(api: Planned, view: PlanView) -> Iterator[Door]:
    asking: list[str] = []
    for route in view.of_type("aws_apigatewayv2_route"):
        if api not in linked(part(route, "api_id"), ("aws_apigatewayv2_api",), view).items:
            continue
        said = str(route.values.get("route_key"))
        kind = part(route, "authorization_type")
        if kind.awaited or (kind.value or "NONE") == "NONE":
            yield _open_route(route, f"{said} of {short(api)}", undecided=kind.awaited)
        else:
            asking.append(said)
    yield from _asking_routes(api, asking)
    yield from _described_elsewhere(api)


def _open_route(route: Planned, what: str, *, undecided: bool) -> Door:
    return Door(
        address=route.address,
        what=what,
        reached_from=INTERNET,
        authenticated=None if undecided else False,
        undecided=undecided,
    )


def _asking_routes(api: Planned, routes: list[str]) -> Iterator[Door]:
    if routes:
        yield Door(
            address=api.address,
            what="the routes of an API that ask for a token or a signature",
            reached_from=INTERNET,
            authenticated=True,
            leads_to=tuple(sorted(routes)),
        )


def _described_elsewhere(api: Planned) -> Iterator[Door]:
    """Routes in an OpenAPI document are not read here."""
    body = part(api, "body")
    if body.value or body.awaited:
        what = "the routes of an OpenAPI document"
        yield Door(address=api.address, what=what, reached_from=INTERNET, undecided=True)


class _Mocks:
    """The methods that API Gateway answers itself (a preflight), so that nothing is behind them."""

    def __init__(self, view: PlanView) -> None:
        self._view = view
        self._by_id: set[tuple[str, object]] = set()
        self._by_address: set[str] = set()
        self._by_resource: set[tuple[tuple[str, ...], object]] = set()
        for integration in view.of_type("aws_api_gateway_integration"):
            if integration.values.get("type") == "MOCK":
                self._add(integration)

    def _add(self, integration: Planned) -> None:
        verb, place = integration.values.get("http_method"), part(integration, "resource_id")
        if isinstance(place.value, str):
            self._by_id.add((place.value, verb))
            return
        self._by_address |= {method.address for method in linked(place, ("aws_api_gateway_method",), self._view).items}
        self._by_resource.add((self._resource(integration), verb))

    def __contains__(self, method: Planned) -> bool:
        verb, place = method.values.get("http_method"), part(method, "resource_id").value
        if isinstance(place, str):
            return (place, verb) in self._by_id
        resource = self._resource(method)
        return method.address in self._by_address or (bool(resource) and (resource, verb) in self._by_resource)

    def _resource(self, item: Planned) -> tuple[str, ...]:
        kinds = ("aws_api_gateway_resource", "aws_api_gateway_rest_api")
        return tuple(each.address for each in linked(part(item, "resource_id"), kinds, self._view).items)


def _path(method: Planned, view: PlanView) -> str:
    """``/podcasts/add``, put together from the parts: the whole is known only after the apply."""
    steps: list[str] = []
    place = linked(part(method, "resource_id"), ("aws_api_gateway_resource",), view).one
    while place is not None and len(steps) < 20:
        steps.append(str(place.values.get("path_part")))
        place = linked(part(place, "parent_id"), ("aws_api_gateway_resource",), view).one
    return "/" + "/".join(reversed(steps))


def _distribution(item: Planned) -> Door:
    origins = tuple(str(origin.at("origin_id").value) for origin in part(item, "origin").blocks())
    return Door(
        address=item.address,
        what="a CloudFront distribution",
        reached_from=INTERNET,
        undecided=part(item, "enabled").awaited and item.values.get("enabled") is None,
        leads_to=tuple(sorted(origins)),
    )
