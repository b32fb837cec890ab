"""What happens between a request and moto, with a moto that answers what the test wants."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tooling.emulator.application import Emulator
from tooling.emulator.missing import MissingOperations
from tooling.emulator.moto_gateway import MotoGateway
from tooling.emulator.reply import Reply

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def _answering(status: str, body: bytes) -> Wsgi:
    def application(_environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "text/plain")])
        return [body]

    return application


def _ask(emulator: Emulator, service: str, method: str, path: str, target: str = "") -> Reply:
    signed = f"AWS4-HMAC-SHA256 Credential=k/20250101/us-east-1/{service}/aws4_request, SignedHeaders=h, Signature=s"
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "RAW_URI": path,
        "QUERY_STRING": "",
        "HTTP_HOST": "127.0.0.1",
        "wsgi.url_scheme": "http",
        **({"HTTP_X_AMZ_TARGET": target, "CONTENT_TYPE": "application/x-amz-json-1.1"} if target else {}),
    }
    return emulator.respond(environ, {"authorization": signed}, {}, b"{}" if target else b"")


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        ("500 Internal Server Error", b"it broke", b"the emulator failed in xray:GetInsight: Crashed: it broke"),
        ("503 Slow Down", b"", b"the emulator failed in xray:GetInsight: Crashed: "),
        ("501 Not Implemented", b"", b"the emulator has no xray:GetInsight"),
        ("404 Not Found", b"", b"the emulator has no xray:GetInsight"),
    ],
)
def test_answer_that_a_client_would_try_again_or_not_understand_becomes_400(
    tmp_path: Path, status: str, body: bytes, expected: bytes
) -> None:
    emulator = Emulator({}, MissingOperations(tmp_path / "missing"), MotoGateway(_answering(status, body)))

    reply = _ask(emulator, "xray", "POST", "/Insight")

    assert reply.status == 400
    assert expected in reply.body


def test_resource_that_is_not_there_stays_404(tmp_path: Path) -> None:
    answering = _answering("404 Not Found", b'{"message": "no such group"}')
    emulator = Emulator({}, MissingOperations(tmp_path / "missing"), MotoGateway(answering))

    assert _ask(emulator, "xray", "POST", "/Insight").status == 404


class _Crowded:
    """A moto that takes a moment, and counts how many requests it has at once."""

    def __init__(self) -> None:
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def __call__(self, _environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)
        time.sleep(0.05)
        with self._lock:
            self._now -= 1
        start_response("200 OK", [])
        return [b""]


@pytest.mark.parametrize(("method", "alone"), [("PUT", True), ("GET", False)])
def test_objects_are_written_one_at_a_time_and_read_together(tmp_path: Path, method: str, alone: bool) -> None:
    moto = _Crowded()
    emulator = Emulator({}, MissingOperations(tmp_path / "missing"), MotoGateway(moto))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: _ask(emulator, "s3", method, "/bucket/key"), range(4)))

    assert (moto.most == 1) is alone


def test_a_secret_is_looked_for_while_none_comes_or_goes(tmp_path: Path) -> None:
    # moto walks over all of them to find one, and fails when another thread makes or deletes one meanwhile.
    moto = _Crowded()
    emulator = Emulator({}, MissingOperations(tmp_path / "missing"), MotoGateway(moto))
    operations = ("CreateSecret", "GetSecretValue", "DeleteSecret", "DescribeSecret", "PutSecretValue")

    with ThreadPoolExecutor(len(operations)) as pool:
        asked = [
            pool.submit(_ask, emulator, "secretsmanager", "POST", "/", f"secretsmanager.{operation}")
            for operation in operations
        ]

    assert [answer.result().status for answer in asked] == [200] * len(operations)
    assert moto.most == 1


def test_reset_ends_an_outage(tmp_path: Path) -> None:
    emulator = Emulator({}, MissingOperations(tmp_path / "missing"), MotoGateway(_answering("200 OK", b"{}")))
    statuses = []

    for path, body in (("outage", b'{"region": "us-east-1"}'), ("reset", b"")):
        emulator.respond({"REQUEST_METHOD": "POST", "PATH_INFO": f"/_groundplan/{path}"}, {}, {}, body)
        statuses.append(_ask(emulator, "xray", "POST", "/Insight").status)

    assert statuses == [503, 200]
