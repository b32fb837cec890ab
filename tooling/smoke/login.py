"""The login with a code by e-mail, walked as the app walks it: ask for a code, give it, use the token."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError
from tooling.live import Finding, failed, ok, skipped, warned
from tooling.promises.routes import Route, all_routes
from tooling.web import Reply, is_here, request

if TYPE_CHECKING:
    from tooling.live import LiveStack

_LOGIN, _VERIFY = "/login", "/verify"
_REFUSED = (401, 403)
# https://www.rfc-editor.org/rfc/rfc7515#section-3.1: three parts of base64url.
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


def login_findings(live: LiveStack, email: str, ask_code: Callable[[], str], *, url: str = "") -> tuple[Finding, ...]:
    """What :func:`walk_login` found, until it could not go on, which is an answer too.

    Raises:
        ToolError: Exit 2: what was given is not enough, or would send the code in the clear.
    """
    if url.lower().startswith("http:") and not is_here(url):
        raise ToolError(
            "a code would travel to --url unencrypted", hint="give it an https:// address", exit_code=Exit.USAGE
        )
    found: list[Finding] = []
    try:
        for finding in walk_login(live, email, ask_code, url=url):
            found.append(finding)
    except ToolError as error:
        if error.exit_code == Exit.USAGE:
            raise
        found.append(failed("login", str(error), means="nobody can sign in", next=error.hint or ""))
    return tuple(found)


def walk_login(live: LiveStack, email: str, ask_code: Callable[[], str], *, url: str = "") -> Iterator[Finding]:
    """Each step as it is done. Codes and tokens are in no finding.

    The stack's own routes are asked (public ``POST``s whose paths end in ``/login`` and ``/verify``); where there are
    none, or placeholders answer, its user pool itself.

    Args:
        live: The stack.
        email: Address of a user; the code goes there.
        ask_code: Gives the code that the mail holds.
        url: Ask there, and not where the stack says that its API is.

    Raises:
        ToolError: The stack signs nobody in, a code cannot be asked for, or nobody answers.
    """
    routes = [route.at(url) if url else route for route in all_routes(live)]
    login, verify = _posts(routes, _LOGIN), _posts(routes, _VERIFY)
    if live.session.target.emulated and not url:
        yield skipped("login", "the emulator serves no requests and sends no mail; --url asks another address")
        return
    tokens: dict[str, str] = {}
    if login is not None and verify is not None:
        first = request(login.url, method="POST", body={"email": email})
        if not _is_placeholder(first):
            yield _step("ask for a code", login, first)
            if first.status >= 300:
                return
            answered = first.json if isinstance(first.json, dict) else {}
            given = {"email": email, "code": ask_code()}
            if answered.get("session"):
                given["session"] = answered["session"]
            second = request(verify.url, method="POST", body=given)
            tokens = tokens_in(second.json)
            yield _step("give the code", verify, second)
            if second.status >= 300:
                return
        else:
            yield warned(
                "ask for a code",
                f"POST {login.path} is answered by a placeholder",
                means="the app cannot sign anybody in yet",
                next="write the function, or name its package in function_packages",
            )
    if not tokens:
        tokens = _by_user_pool(live, email, ask_code)
    if not tokens:
        yield failed("receive tokens", "the answer holds no token", means="the app cannot call anything")
        return
    yield ok("receive tokens", ", ".join(sorted(tokens)))
    closed = next((route for route in routes if route.method == "GET" and not route.public), None)
    if closed is not None:
        yield _with_token(closed, tokens)


def tokens_in(answer: Any) -> dict[str, str]:
    """The tokens of an answer by their names, wherever in it they are: JWTs, told by their form."""
    found: dict[str, str] = {}
    if isinstance(answer, Mapping):
        for name, value in answer.items():
            if isinstance(value, str) and _is_jwt(value):
                found[str(name)] = value
            else:
                found |= tokens_in(value)
    return found


def _is_jwt(text: str) -> bool:
    if not _JWT.fullmatch(text):
        return False
    first = text.partition(".")[0]
    try:
        head = json.loads(base64.urlsafe_b64decode(first + "=" * (-len(first) % 4)))
    except (binascii.Error, ValueError):
        return False
    return isinstance(head, dict) and "alg" in head


def _posts(routes: list[Route], ending: str) -> Route | None:
    found = (route for route in routes if route.method == "POST" and route.public and route.path.endswith(ending))
    return next(found, None)


def _is_placeholder(reply: Reply) -> bool:
    return isinstance(reply.json, dict) and bool(reply.json.get("placeholder"))


def _step(name: str, route: Route, reply: Reply) -> Finding:
    saw = f"POST {route.path} answers {reply.status}"
    if reply.status < 300:
        return ok(name, saw)
    return failed(name, saw, means="nobody can sign in", next="look at the function's logs")


def _with_token(route: Route, tokens: Mapping[str, str]) -> Finding:
    name = f"closed route GET {route.path}"
    access = next((token for key, token in sorted(tokens.items()) if "access" in key.lower()), None)
    reply = request(route.url, token=access or next(iter(tokens.values())))
    saw = f"answers {reply.status} with a token"
    if reply.status in _REFUSED:
        return failed(
            name, saw, means="signed-in users are turned away", next="compare the authorizer's issuer, audience"
        )
    return failed(name, saw) if reply.status >= 500 else ok(name, saw)


def _by_user_pool(live: LiveStack, email: str, ask_code: Callable[[], str]) -> dict[str, str]:
    """Cognito's own EMAIL_OTP: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flows.html"""
    clients = [
        one
        for one in live.of("aws_cognito_user_pool_client")
        if "ALLOW_USER_AUTH" in (one.attributes.get("explicit_auth_flows") or [])
        and not one.attributes.get("generate_secret")
    ]
    if not clients:
        raise ToolError(
            "signs nobody in by a code: no public login route, and no user pool client that allows it",
            where=live.stack.name,
        )
    cognito = live.client("cognito-idp", clients[0].region)
    with live.asking("login"):
        begun = cognito.initiate_auth(
            ClientId=clients[0].id,
            AuthFlow="USER_AUTH",
            AuthParameters={"USERNAME": email, "PREFERRED_CHALLENGE": "EMAIL_OTP"},
        )
    if begun.get("ChallengeName") != "EMAIL_OTP":
        raise ToolError(
            f"the user pool asks for {begun.get('ChallengeName')}, not for a code by e-mail",
            where=live.stack.name,
            hint="is this a user whose address is confirmed?",
        )
    with live.asking("login"):
        ended = cognito.respond_to_auth_challenge(
            ClientId=clients[0].id,
            ChallengeName="EMAIL_OTP",
            ChallengeResponses={"USERNAME": email, "EMAIL_OTP_CODE": ask_code()},
            Session=begun["Session"],
        )
    return tokens_in(ended.get("AuthenticationResult", {}))
