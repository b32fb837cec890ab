"""The requests of a smoke test: each reads only, and carries no credentials."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tooling.live import Finding, failed, ok, skipped
from tooling.live.finding import look
from tooling.promises.apis import complaint
from tooling.promises.routes import Route, all_routes
from tooling.smoke.places import health_places, site_addresses
from tooling.web import check_url, request

if TYPE_CHECKING:
    from tooling.live import LiveStack

_WELL = 200


def smoke_requests(live: LiveStack, *, url: str = "") -> tuple[Finding, ...]:
    """Health checks, public routes that answer, others that refuse, sites that show a page.

    Args:
        live: The stack.
        url: Ask there, and not where the stack says that it is. Default: the stack's own addresses; on the emulator,
            which serves no requests, nothing is asked then.

    Raises:
        ToolError: Exit 2: the address is none.
    """
    base = url.rstrip("/")
    if base:
        check_url(base)
    health = [base + place.path if base else place.url for place in health_places(live)]
    sites = [base or address for address in site_addresses(live)]
    routes = [route.at(base) if base else route for route in all_routes(live) if route.method == "GET"]
    if not health and not sites and not routes:
        return (skipped("requests", "nothing here answers any: no load balancer, distribution or API to read from"),)
    if live.session.target.emulated and not base:
        saw = "the emulator serves no requests; --url asks another address"
        return tuple(skipped(name, saw) for name in _names(health, sites, routes))
    return (
        *(look("health", partial(_well, live, "health", address)) for address in dict.fromkeys(health)),
        *(look(_name(route), partial(_as_told, route)) for route in routes),
        *(look("site", partial(_well, live, "site", f"{address}/")) for address in dict.fromkeys(sites)),
    )


def _names(health: list[str], sites: list[str], routes: list[Route]) -> list[str]:
    return [*(["health"] if health else []), *map(_name, routes), *(["site"] if sites else [])]


def _name(route: Route) -> str:
    return f"{'public' if route.public else 'closed'} route {route.method} {route.path}"


def _well(live: LiveStack, name: str, address: str) -> Finding:
    stack = f"--env {live.stack.env} --stack {live.stack.architecture}"
    reply = request(address)
    saw = f"GET {address} answers {reply.status} after {reply.seconds * 1000:.0f} ms"
    if reply.status == _WELL:
        return ok(name, saw)
    if name == "site":
        return failed(name, saw, means="visitors see no page", next=f"is a page there? groundplan deploy-site {stack}")
    step = f"why: groundplan doctor {stack} --check health-check"
    return failed(name, saw, means="the load balancer finds it unhealthy too, or the way to it is wrong", next=step)


def _as_told(route: Route) -> Finding:
    said = complaint(route)
    if not said:
        return ok(_name(route), "answers without a token" if route.public else "refuses without a token")
    means = "callers get errors" if route.public else "anybody on the internet can read what it answers"
    return failed(_name(route), f"{route.url} {said}", means=means, next="look at the function's errors and authorizer")
