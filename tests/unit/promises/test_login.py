"""`groundplan smoke --auth`: the login with a code by e-mail, walked on a server of loopback."""

from __future__ import annotations

import base64
import io
from typing import Any

import pytest

from tests.unit.promises.conftest import Shop, http_api
from tests.unit.promises.test_smoke import BALANCER, CLOSED, PUBLIC, smoke
from tests.unit.promises.web_server import Asked, WebServer
from tooling.errors import ToolError
from tooling.smoke import login_findings, tokens_in, walk_login

TOKEN = ".".join([base64.urlsafe_b64encode(b'{"alg": "RS256"}').decode().rstrip("="), "e30", "c2lnbmF0dXJl"])
# Only the other one opens a route.
ID_TOKEN = f"{TOKEN}-of-the-person"


def signed_in(server: WebServer) -> None:
    def login(asked: Asked) -> tuple[int, Any]:
        return 200, {"session": f"session of {asked.body['email']}"}

    def verify(asked: Asked) -> tuple[int, Any]:
        good = asked.body == {
            "email": "test@example.com",
            "code": "482913",
            "session": "session of test@example.com",
        }
        return (200, {"tokens": {"accessToken": TOKEN, "idToken": ID_TOKEN}}) if good else (401, {})

    def batches(asked: Asked) -> tuple[int, Any]:
        return (200, []) if asked.headers.get("authorization") == f"Bearer {TOKEN}" else (401, {})

    server.answers = {
        PUBLIC: (404, {}),
        CLOSED: batches,
        "POST /auth/login": login,
        "POST /auth/verify": verify,
    }


@pytest.mark.requirement("KF-TEST-04", "KF-NX-03")
def test_a_login_is_walked_to_the_token_that_opens_a_closed_route(
    shop: Shop, server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.holds(http_api(server.url))
    signed_in(server)
    monkeypatch.setattr("sys.stdin", io.StringIO("482913\n"))

    answer = smoke(shop, "--auth", "--email", "test@example.com", "--url", server.url)

    assert answer.code == 0, answer.said
    assert "✓ receive tokens: accessToken, idToken" in answer.out
    assert "✓ closed route GET /batches: answers 200 with a token" in answer.out
    assert TOKEN not in answer.said
    assert "482913" not in answer.said


@pytest.mark.requirement("KF-TEST-04")
def test_a_wrong_code_ends_the_login(shop: Shop, server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.holds(http_api(server.url))
    signed_in(server)
    monkeypatch.setattr("sys.stdin", io.StringIO("000000\n"))

    answer = smoke(shop, "--auth", "--email", "test@example.com", "--url", server.url)

    assert answer.code == 1
    assert "✗ give the code: POST /auth/verify answers 401" in answer.out


class Cognito:
    """A user pool that sends a code and takes it."""

    def initiate_auth(self, **given: Any) -> dict[str, Any]:
        assert given["AuthParameters"]["PREFERRED_CHALLENGE"] == "EMAIL_OTP"
        return {"ChallengeName": "EMAIL_OTP", "Session": "s"}

    def respond_to_auth_challenge(self, **given: Any) -> dict[str, Any]:
        assert given["ChallengeResponses"] == {"USERNAME": "test@example.com", "EMAIL_OTP_CODE": "482913"}
        return {"AuthenticationResult": {"AccessToken": TOKEN, "ExpiresIn": 3600}}


@pytest.mark.requirement("KF-TEST-04")
def test_where_placeholders_answer_the_user_pool_itself_signs_in(shop: Shop, server: WebServer) -> None:
    signed_in(server)
    server.answers["POST /auth/login"] = (200, {"function": "handleAuth", "placeholder": True})
    pool_client = {"id": "c1", "explicit_auth_flows": ["ALLOW_USER_AUTH"], "generate_secret": False}
    live = shop.live({**http_api(server.url), "aws_cognito_user_pool_client.app": pool_client})
    live._clients[("cognito-idp", "us-east-1")] = Cognito()

    found = list(walk_login(live, "test@example.com", lambda: "482913", url=server.url))

    assert [(one.name, one.status) for one in found] == [
        ("ask for a code", "warned"),
        ("receive tokens", "ok"),
        ("closed route GET /batches", "ok"),
    ]


def test_a_stack_that_signs_nobody_in_says_so(shop: Shop, server: WebServer) -> None:
    with pytest.raises(ToolError, match="signs nobody in by a code"):
        list(walk_login(shop.live(BALANCER), "test@example.com", str, url=server.url))


def test_tokens_are_told_by_their_form() -> None:
    assert tokens_in({"a": {"b": TOKEN}, "version": "1.2.3", "c": "x.y", "d": f"{TOKEN}\n"}) == {"b": TOKEN}


def test_what_was_found_before_a_login_failed_is_told_too(shop: Shop, server: WebServer) -> None:
    state = http_api(server.url)
    for number in (3, 4):
        del state[f"aws_apigatewayv2_route.r{number}"]
    shop.holds(state)
    signed_in(server)

    answer = smoke(shop, "--auth", "--email", "test@example.com", "--url", server.url)

    assert answer.code == 1
    assert "✓ closed route GET /batches" in answer.out
    assert "✗ login: local/shop: signs nobody in by a code" in answer.out


def test_rejects_to_send_a_code_in_the_clear(shop: Shop) -> None:
    with pytest.raises(ToolError, match="unencrypted") as caught:
        login_findings(shop.live(BALANCER), "test@example.com", str, url="http://shop.example.com")

    assert caught.value.exit_code == 2
