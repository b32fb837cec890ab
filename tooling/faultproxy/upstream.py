"""The way on to the emulator: one connection that stays open, for each connection of a client."""

from __future__ import annotations

import contextlib
import http.client
from collections.abc import Sequence
from time import monotonic
from urllib.parse import urlsplit

from tooling.emulator.reply import Reply

# Of one connection only, not of the message (RFC 9110, 7.6.1); bodies are passed on whole, with their length.
_HOP_BY_HOP = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# The emulator takes longer for its first call of a service than for all others.
_SECONDS = 300.0
# Less than the emulator keeps an idle connection, so that none is used that it is about to close.
_IDLE_SECONDS = 60.0


class Upstream:
    """Passes requests on.

    Args:
        endpoint: Address of the emulator.
    """

    def __init__(self, endpoint: str) -> None:
        self._authority = urlsplit(endpoint).netloc
        self._connection: http.client.HTTPConnection | None = None
        self._used = 0.0

    def ask(self, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> Reply:
        """The emulator's answer to a request, whose Host becomes the emulator's own: it writes addresses from it.

        Raises:
            OSError, http.client.HTTPException: It does not answer.
        """
        connection = self._open()
        try:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", self._authority)
            for name, value in headers:
                if name.lower() not in _HOP_BY_HOP | {"host", "expect", "content-length"}:
                    connection.putheader(name, value)
            if body or method in ("POST", "PUT", "PATCH"):
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        self._used = monotonic()
        kept = {name: value for name, value in answer.getheaders() if name.lower() not in _HOP_BY_HOP}
        return Reply(answer.status, kept, content)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(OSError):
                self._connection.close()
            self._connection = None

    def _open(self) -> http.client.HTTPConnection:
        if self._connection is not None and monotonic() - self._used > _IDLE_SECONDS:
            self.close()
        if self._connection is None:
            self._connection = http.client.HTTPConnection(self._authority, timeout=_SECONDS)
        return self._connection
