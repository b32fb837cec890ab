"""Stands in for the Expo Push API, on loopback: answers tickets as that service documents them."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Message = dict[str, Any]
Answer = tuple[int, Any]


def delivered(message: Message) -> dict[str, Any]:
    return {"status": "ok", "id": f"ticket-for-{message['to']}"}


def not_registered(message: Message) -> dict[str, Any]:
    text = f'"{message["to"]}" is not a registered push notification recipient'
    return {"status": "error", "message": text, "details": {"error": "DeviceNotRegistered"}}


class ExpoStandin:
    """Set `answer` to decide the status and body of a request; `requests` holds the messages of each."""

    def __init__(self) -> None:
        self.requests: list[list[Message]] = []
        self.answer: Callable[[list[Message]], Answer] = lambda messages: (
            200,
            {"data": [delivered(message) for message in messages]},
        )
        self.delay_seconds = 0.0
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                messages = json.loads(self.rfile.read(int(self.headers["content-length"])))
                standin.requests.append(messages)
                time.sleep(standin.delay_seconds)
                status, body = standin.answer(messages)
                content = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                """Say nothing: test output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/--/api/v2/push/send"

    @property
    def recipients(self) -> list[str]:
        """Tokens that were written to, sorted, repeated if they were."""
        return sorted(message["to"] for messages in self.requests for message in messages)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
