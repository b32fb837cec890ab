"""What is asked past AWS's APIs: names, ports, web addresses. The emulator has nothing behind its addresses."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tooling.doctor.examination import NothingThere
from tooling.errors import ToolError
from tooling.target import is_loopback

if TYPE_CHECKING:
    from tooling.target import Target

_SECONDS = 5.0


@dataclass(frozen=True)
class Answer:
    """What a web address answered.

    Attributes:
        status: HTTP status.
        seconds: From the start of the connection to the last byte.
    """

    status: int
    seconds: float


class Outside(Protocol):
    """The way out."""

    def resolve(self, host: str) -> tuple[str, ...]:
        """Addresses of a name.

        Raises:
            ToolError: It has none.
        """

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection that the caller closes.

        Raises:
            ToolError: Nobody takes it.
        """

    def get(self, url: str, *, trusting: bool = False) -> Answer:
        """One GET, redirects not followed; ``trusting``: whatever name the certificate has.

        Raises:
            ToolError: No answer.
        """


@dataclass(frozen=True)
class Internet:
    """The real one.

    Attributes:
        instead: Address and port to go to in place of a host's own, as a tunnel has it.
    """

    instead: Mapping[str, tuple[str, int]] = field(default_factory=dict)

    def resolve(self, host: str) -> tuple[str, ...]:
        if host in self.instead:
            return (self.instead[host][0],)
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise ToolError(f"{host} has no address: {error.strerror or error}") from error
        except UnicodeError as error:
            raise ToolError(f"{host} is no name that can be asked for: {error}") from error
        return tuple(sorted({str(one[4][0]) for one in found}))

    def connect(self, host: str, port: int) -> socket.socket:
        address = self.instead.get(host, (host, port))
        try:
            return socket.create_connection(address, timeout=_SECONDS)
        except OSError as error:
            why = "no answer" if isinstance(error, TimeoutError) else error.strerror or str(error)
            raise ToolError(f"{host}:{port} takes no connection from here: {why}") from error
        except UnicodeError as error:
            raise ToolError(f"{host} is no name that can be asked for: {error}") from error

    def get(self, url: str, *, trusting: bool = False) -> Answer:
        parts = urlsplit(url)
        host = parts.hostname or ""
        began = perf_counter()
        connection = http.client.HTTPConnection(host, timeout=_SECONDS)
        connection.sock = self.connect(host, parts.port or (443 if parts.scheme == "https" else 80))
        try:
            if parts.scheme == "https":
                connection.sock = _tls(trusting).wrap_socket(connection.sock, server_hostname=host)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers={"Host": parts.netloc, "User-Agent": "groundplan"})
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise ToolError(f"{url} does not answer: {error or type(error).__name__}") from error
        finally:
            connection.close()
        return Answer(answer.status, perf_counter() - began)


class Nowhere:
    """The emulator's: only this machine itself is asked."""

    def resolve(self, host: str) -> tuple[str, ...]:
        raise NothingThere(f"the emulator has nothing behind {host}")

    def connect(self, host: str, port: int) -> socket.socket:
        raise NothingThere(f"the emulator has nothing behind {host}:{port}")

    def get(self, url: str, *, trusting: bool = False) -> Answer:
        parts = urlsplit(url)
        if not is_loopback(f"{parts.scheme}://{parts.netloc}"):
            raise NothingThere(f"the emulator has nothing behind {url}", hint="--url says where the application is")
        return Internet().get(url, trusting=trusting)


def outside_of(target: Target) -> Outside:
    return Nowhere() if target.emulated else Internet()


def _tls(trusting: bool) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if trusting:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context
