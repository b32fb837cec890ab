"""The proxy itself: a thread for each connection, faults as a plan has them."""

from __future__ import annotations

import contextlib
import http.client
import select
import socket
import struct
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import TYPE_CHECKING, Self

from tooling.emulator.reply import Reply
from tooling.faultproxy.asked import what_is_asked
from tooling.faultproxy.history import Entry, History
from tooling.faultproxy.refusals import REFUSALS, fault_reply
from tooling.faultproxy.rules import Dice, FaultPlan, Kind, Rule
from tooling.faultproxy.upstream import Upstream
from tooling.target import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

LOOPBACK = "127.0.0.1"
_POLL_SECONDS = 0.1
_RESET = struct.pack("ii", 1, 0)
_FIRST_WORDS = len("HTTP/1.1 ")


class FaultProxy:
    """Between clients and an emulator, as long as the context lasts.

    Args:
        upstream: Address of the emulator, on loopback.
        plan: What goes wrong. Default: nothing.

    Attributes:
        endpoint: Address of the proxy, for EMULATOR_ENDPOINT.

    Raises:
        ValueError: The address is not on loopback.
    """

    def __init__(self, upstream: str, plan: FaultPlan | None = None) -> None:
        if not is_loopback(upstream):
            raise ValueError(f"faults are for emulators on loopback, not for {upstream}")
        self.history = History()
        self._server = _Server(upstream, Dice(plan or FaultPlan()), self.history)
        self.endpoint = f"http://{LOOPBACK}:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.ending.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def become(self, plan: FaultPlan) -> None:
        """From now on another plan; what was counted stays."""
        self._server.dice = Dice(plan)

    @property
    def counts(self) -> Mapping[Kind, int]:
        """Faults by kind."""
        return self.history.counts

    @property
    def log(self) -> tuple[Entry, ...]:
        """Every call and what became of it."""
        return self.history.entries


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # An apply opens more connections at once than the five that would wait here.
    request_queue_size = 128

    def __init__(self, upstream: str, dice: Dice, history: History) -> None:
        super().__init__((LOOPBACK, 0), _Handler)
        self.upstream = upstream
        self.dice = dice
        self.history = history
        self.ending = threading.Event()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up is nothing to talk about; whatever else went wrong, its connection is closed."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 300

    server: _Server

    def setup(self) -> None:
        super().setup()
        self._upstream = Upstream(self.server.upstream)

    def finish(self) -> None:
        self._upstream.close()
        with contextlib.suppress(OSError, ValueError):
            super().finish()

    def handle_expect_100(self) -> bool:
        going_on = super().handle_expect_100()
        self.wfile.flush()
        return going_on

    def log_message(self, format: str, *args: object) -> None:
        """The history has it."""

    def _pass(self) -> None:
        body = self._read_body()
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = what_is_asked(self.command, self.path, headers, body)
        number, at = self.server.history.arrived()
        rule = None if asked.service == "?" else self.server.dice.throw(asked)
        carried_out, reply = False, Reply(0, {}, b"")
        with contextlib.suppress(OSError, http.client.HTTPException):
            if rule is not None and rule.kind == Kind.DELAY:
                self._wait(rule.lasts)
            if rule is None or rule.carries_out:
                reply = self._upstream.ask(self.command, self.path, self.headers.items(), body)
                carried_out = True
        fault = None if rule is None else Kind(rule.kind)
        if fault in REFUSALS:
            reply = fault_reply(fault, asked)
        status = 0 if fault in (Kind.RESET, Kind.HANG, Kind.TRUNCATE) else reply.status
        # Known before it is answered: whoever has the answer finds it in the history.
        self.server.history.add(Entry(number, at, asked, fault, carried_out, status))
        try:
            self._answer(rule, reply)
        except OSError:
            self._reset()

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _pass

    def _answer(self, rule: Rule | None, reply: Reply) -> None:
        kind = None if rule is None else rule.kind
        if rule is not None and kind == Kind.HANG:
            self._wait(rule.lasts)
        # Without an answer of the emulator, its clients see what they would see without the proxy.
        if kind in (Kind.RESET, Kind.HANG) or not reply.status:
            self._reset()
            return
        parts = self._written(reply)
        if kind == Kind.TRUNCATE:
            parts, self.close_connection = _cut(parts), True
        self.wfile.write(b"".join(parts))
        self.wfile.flush()

    def _read_body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", "").lower():
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        chunks = []
        while size := int(self.rfile.readline().partition(b";")[0], 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        while self.rfile.readline().strip():
            continue
        return b"".join(chunks)

    def _written(self, reply: Reply) -> tuple[bytes, bytes]:
        """Head and body as they go over the wire."""
        empty = self.command == "HEAD" or reply.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        lines = [f"HTTP/1.1 {reply.status} {http.client.responses.get(reply.status, '')}"]
        for name, value in reply.headers.items():
            # A HEAD answer tells the length of the body that it would have.
            if name.lower() != "content-length" or self.command == "HEAD":
                lines.append(f"{name}: {value}")
        if not empty:
            lines.append(f"Content-Length: {len(reply.body)}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head, b"" if empty else reply.body

    def _reset(self) -> None:
        """Close with RST instead of FIN: nothing that waits to be sent is sent."""
        self.close_connection = True
        with contextlib.suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()

    def _wait(self, seconds: float) -> None:
        """Until the time is over, the client hangs up, or the proxy ends."""
        ends = monotonic() + seconds
        while (left := ends - monotonic()) > 0 and not self.server.ending.is_set():
            readable, _, _ = select.select([self.connection], [], [], min(left, _POLL_SECONDS))
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return


def _cut(parts: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """Half of the body; without one, the first words of the head: clients take a longer part of it for the whole."""
    head, body = parts
    return (head, body[: len(body) // 2]) if body else (head[:_FIRST_WORDS], b"")
