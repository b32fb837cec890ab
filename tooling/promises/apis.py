"""APIs: answer without a token where they are public, and refuse without one everywhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, left_out
from tooling.promises.routes import HTTP_API, REST_API, Route, routes_of
from tooling.web import request

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack

_REFUSED = (401, 403)
# What was asked for is there, is not there, or is asked for in the wrong way: each is the application's own answer.
_ANSWERED = (*range(200, 300), 400, 404)


def answers(live: LiveStack, api: LiveResource) -> Answer:
    return _of_routes(live, api, public=True)


def refuses(live: LiveStack, api: LiveResource) -> Answer:
    return _of_routes(live, api, public=False)


def complaint(route: Route) -> str:
    """What is wrong with the answer of one route that is asked without a token; empty when all is well.

    A public one answers JSON (200 or 404, say), any other refuses with 401 or 403.

    Raises:
        ToolError: Nobody answered.
    """
    if not route.base:
        return "is served at no address that the state knows: no stage has one, and there is no output api_url"
    reply = request(route.url, method=route.method)
    if not route.public:
        return "" if reply.status in _REFUSED else f"answers {reply.status} without a token"
    if reply.status in _REFUSED:
        return f"refuses with {reply.status} what it should answer"
    if reply.status not in _ANSWERED:
        return f"answers {reply.status}"
    return "" if reply.json is not None else f"answers {reply.status} with something that is no JSON"


def _of_routes(live: LiveStack, api: LiveResource, *, public: bool) -> Answer:
    # Reading is all that a check of somebody's data may do.
    routes = [one for one in routes_of(live, api) if one.public is public and one.method == "GET"]
    if live.session.target.emulated:
        return left_out("the emulator serves no requests")
    if not routes:
        return left_out("it has no such route to read from")
    bad = [f"{one.method} {one.path} {said}" for one in routes if (said := complaint(one))]
    if bad:
        means = "callers get errors" if public else "anybody on the internet can read what it answers"
        return broken("; ".join(bad), means=means, next="look at the function's errors, and the route's authorizer")
    return kept(", ".join(f"{one.method} {one.path}" for one in routes))


PROMISES = (
    Promise("api-answers", "APIs answer without a token where they are public", (HTTP_API, REST_API), answers),
    Promise("api-refuses", "APIs refuse without a token where they are not", (HTTP_API, REST_API), refuses),
)
