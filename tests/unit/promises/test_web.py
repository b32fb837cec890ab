"""One request from outside: no redirects, no credentials, and whatever comes back is an answer or one sentence."""

from __future__ import annotations

import socket
import threading

import pytest

from tests.unit.promises.web_server import WebServer
from tooling.errors import ToolError
from tooling.web import is_here, request


def test_a_redirect_is_an_answer_and_nobody_else_is_asked(server: WebServer) -> None:
    server.answers["GET /old"], server.headers = (302, {}), {"location": f"{server.url}/new"}

    reply = request(f"{server.url}/old", token="not-for-others")

    assert (reply.status, reply.headers["location"]) == (302, f"{server.url}/new")
    assert [each.path for each in server.asked] == ["/old"]


def test_this_machine_is_asked_without_the_users_proxy(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    server.answers["GET /"] = (200, {})

    assert request(f"{server.url}/").status == 200
    assert is_here("http://127.0.0.2/")
    assert not is_here("http://10.0.0.1/")


@pytest.mark.parametrize("status", ["200 OK", "500 Internal Server Error"])
def test_an_answer_that_breaks_off_is_one_sentence(status: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n50\r\nshort".encode())

        threading.Thread(target=answer, daemon=True).start()

        with pytest.raises(ToolError, match="no answer"):
            request(f"http://127.0.0.1:{listening.getsockname()[1]}/")


def test_what_may_be_secret_in_an_address_is_in_no_error(server: WebServer) -> None:
    server.close()

    with pytest.raises(ToolError) as caught:
        request(f"{server.url}/path?key=not-shown-anywhere")

    assert caught.value.where == f"{server.url}/path"
