"""Serves feeds on loopback, in the place of the hosts that podcasts come from."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HOST = "https://feeds.example.com"


@dataclass(frozen=True)
class Feed:
    """What the server answers for a path.

    Attributes:
        pause_seconds: Between the pieces of the body.
    """

    body: Iterator[bytes] | bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    pause_seconds: float = 0.0


class FeedServer:
    """Set `feeds` by path; `requests` holds path and headers of each request."""

    def __init__(self) -> None:
        self.feeds: dict[str, Feed] = {}
        self.requests: list[tuple[str, dict[str, str]]] = []
        served = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                served.requests.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
                feed = served.feeds.get(self.path, Feed(status=404))
                self.send_response(feed.status)
                for name, value in feed.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    for piece in [feed.body] if isinstance(feed.body, bytes) else feed.body:
                        self.wfile.write(piece)
                        self.wfile.flush()
                        time.sleep(feed.pause_seconds)
                except OSError:
                    """The client has seen enough."""

            def log_message(self, *_: object) -> None:
                """Say nothing: test output is for failures."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def hosts(self) -> dict[str, str]:
        return {HOST: f"http://127.0.0.1:{self._server.server_port}"}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def rss(title: str, *episodes: tuple[str, str]) -> bytes:
    """A feed with episodes of these titles and dates."""
    items = "".join(
        f"<item><title>{name}</title><pubDate>{date}</pubDate>"
        f'<enclosure url="https://cdn.example.com/{name}.mp3" type="audio/mpeg"/></item>'
        for name, date in episodes
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'.encode()
