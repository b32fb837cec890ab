"""What the SDKs need of HTTP/1.1: connections that stay open, announced bodies, answers without body."""

from __future__ import annotations

import http.client
import json
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tooling.emulator.process import RunningEmulator

_SIGNED = "AWS4-HMAC-SHA256 Credential=333333333333/20250101/us-east-1/s3/aws4_request, SignedHeaders=h, Signature=s"


@pytest.fixture
def connection(emulator: RunningEmulator) -> http.client.HTTPConnection:
    opened = http.client.HTTPConnection(urlsplit(emulator.endpoint).netloc, timeout=10)
    opened.connect()
    return opened


def _exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    sent = {"Authorization": _SIGNED, **{key.replace("_", "-"): value for key, value in headers.items()}}
    connection.request(method, path, body=body, headers=sent, encode_chunked=True)
    answer = connection.getresponse()
    return answer, answer.read()


def test_connection_stays_open_over_answers_of_every_kind(connection: http.client.HTTPConnection) -> None:
    first = connection.sock

    for method, path, status in [
        ("PUT", "/http-open", 200),
        ("PUT", "/http-open/key", 200),
        ("HEAD", "/http-open/key", 200),
        ("HEAD", "/http-open/absent", 404),
        ("DELETE", "/http-open/key", 204),
        ("GET", "/http-open/key", 404),
        ("PUT", "/http-open?metrics&id=i", 400),
        ("GET", "/", 200),
    ]:
        answer, _ = _exchange(connection, method, path)
        assert (method, path, answer.status) == (method, path, status)

    assert first is not None
    assert connection.sock is first


def test_head_tells_the_length_and_sends_no_body(connection: http.client.HTTPConnection) -> None:
    _exchange(connection, "PUT", "/http-head")
    _exchange(connection, "PUT", "/http-head/key", b"12345")

    answer, body = _exchange(connection, "HEAD", "/http-head/key")

    assert answer.headers.get_all("Content-Length") == ["5"]
    assert body == b""


@pytest.mark.parametrize(("method", "lengths"), [("GET", ["5"]), ("DELETE", None)])
def test_length_is_told_once_or_not_at_all(
    connection: http.client.HTTPConnection, method: str, lengths: list[str] | None
) -> None:
    _exchange(connection, "PUT", "/http-length")
    _exchange(connection, "PUT", "/http-length/key", b"12345")

    answer, _ = _exchange(connection, method, "/http-length/key")

    assert answer.headers.get_all("Content-Length") == lengths


def test_chunked_body_arrives_whole(connection: http.client.HTTPConnection) -> None:
    _exchange(connection, "PUT", "/http-chunked")

    _exchange(connection, "PUT", "/http-chunked/key", iter([b"one ", b"two"]), Transfer_Encoding="chunked")

    assert _exchange(connection, "GET", "/http-chunked/key")[1] == b"one two"


def test_body_announced_with_expect_is_asked_for_once(
    emulator: RunningEmulator, connection: http.client.HTTPConnection
) -> None:
    _exchange(connection, "PUT", "/http-expect")
    host, port = urlsplit(emulator.endpoint).netloc.split(":")
    head = (
        f"PUT /http-expect/key HTTP/1.1\r\nHost: {host}\r\nAuthorization: {_SIGNED}\r\n"
        "Expect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(head.encode())
        before = raw.recv(65536)
        raw.sendall(b" ")
        after = b"".join(iter(lambda: raw.recv(65536), b""))

    assert before == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert after.startswith(b"HTTP/1.1 200")


def test_health_names_the_process(connection: http.client.HTTPConnection, emulator: RunningEmulator) -> None:
    connection.request("GET", "/_groundplan/health")

    health = json.loads(connection.getresponse().read())

    assert (health["pid"], health["endpoint"]) == (emulator.pid, emulator.endpoint)
    assert len(health["token"]) == 32
    assert health["version"].startswith("moto 5.")


@pytest.mark.parametrize(
    ("announcement", "sent"),
    [
        ("Content-Length: 10", b"12345"),
        ("Content-Length: 10", b""),
        ("Content-Length: 10\r\nExpect: 100-continue", b""),
        ("Transfer-Encoding: chunked", b"5\r\n12345\r\n"),
    ],
    ids=["half", "nothing", "waiting to be asked", "without the last chunk"],
)
def test_what_a_client_died_sending_changes_nothing(
    connection: http.client.HTTPConnection, emulator: RunningEmulator, announcement: str, sent: bytes
) -> None:
    # GIVEN an object
    _exchange(connection, "PUT", "/http-died")
    _exchange(connection, "PUT", "/http-died/key", b"as it was")
    place = urlsplit(emulator.endpoint)

    # WHEN a client dies while it writes another over it
    with socket.create_connection((place.hostname, place.port), timeout=10) as dying:
        head = f"PUT /http-died/key HTTP/1.1\r\nHost: {place.netloc}\r\nAuthorization: {_SIGNED}\r\n{announcement}"
        dying.sendall(head.encode() + b"\r\n\r\n" + sent)
        dying.shutdown(socket.SHUT_WR)
        while dying.recv(1024):
            pass

    # THEN the object is as it was
    _, body = _exchange(connection, "GET", "/http-died/key")
    assert body == b"as it was"
