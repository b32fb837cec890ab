"""A server on loopback that answers as an application would, for tests that ask from outside."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Asked:
    """One request that came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Any


Answer = tuple[int, Any] | Callable[[Asked], tuple[int, Any]]


@dataclass
class WebServer:
    """``answers["GET /health"] = (200, {...})``; ``otherwise`` for all else. ``asked`` holds what came in."""

    answers: dict[str, Answer] = field(default_factory=dict)
    otherwise: Answer = (404, {"error": "not found"})
    asked: list[Asked] = field(default_factory=list)
    pause_seconds: float = 0.0
    # Sent with each answer.
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        served = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                content = self.rfile.read(length)
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.command, self.path, headers, json.loads(content) if content else None)
                served.asked.append(asked)
                time.sleep(served.pause_seconds)
                answer = served.answers.get(f"{self.command} {self.path}", served.otherwise)
                status, body = answer(asked) if callable(answer) else answer
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(data)))
                for name, value in served.headers.items():
                    self.send_header(name, value)
                with suppress(BrokenPipeError):
                    # Whoever asked did not wait for it.
                    self.end_headers()
                    self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """Say nothing: test output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
