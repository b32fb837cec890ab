"""One request from outside, as a visitor makes it: no credentials of AWS, no redirects followed."""

from __future__ import annotations

import ipaddress
import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPMessage
from time import monotonic
from typing import IO, Any
from urllib.parse import urlsplit

from tooling.errors import Exit, ToolError

_LONGEST_BODY = 1024 * 1024
# User and password of an address, if need be without a form that can be taken apart.
_CREDENTIALS = re.compile(r"//[^/?#]*@")


@dataclass(frozen=True)
class Reply:
    """What came back.

    Attributes:
        status: HTTP status.
        headers: By name in lower case.
        body: No more than its first MiB.
        seconds: From the request to the last byte read.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


class _Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer: following it would ask somebody else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        del req, fp, code, msg, headers, newurl


def request(
    url: str,
    *,
    method: str = "GET",
    body: Mapping[str, Any] | None = None,
    token: str = "",
    headers: Mapping[str, str] | None = None,
    seconds: float = 15.0,
) -> Reply:
    """Ask a server.

    Args:
        url: ``http://`` or ``https://``.
        method: HTTP method.
        body: Sent as JSON.
        token: Sent as a bearer token; it is in no error.
        headers: Further ones.
        seconds: How long to wait for it.

    Raises:
        ToolError: The address is none, or nobody answered. Any status is an answer.
    """
    check_url(url)
    sent = {"accept": "application/json, */*", "user-agent": "groundplan", **(headers or {})}
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        sent["content-type"] = "application/json"
    if token:
        sent["authorization"] = f"Bearer {token}"
    # A proxy of the user's is for the world, not for this machine.
    handlers: list[urllib.request.BaseHandler] = [_Stay()]
    if is_here(url):
        handlers.append(urllib.request.ProxyHandler({}))
    opener = urllib.request.build_opener(*handlers)
    asked = urllib.request.Request(url, data=data, headers=sent, method=method)
    started = monotonic()
    try:
        with _opened(opener, asked, seconds) as answer:
            content = answer.read(_LONGEST_BODY)
            return Reply(answer.status, _lower(answer.headers), content, monotonic() - started)
    except urllib.error.URLError as error:
        raise ToolError(f"no answer: {error.reason}", where=_shown(url)) from error
    except (OSError, HTTPException) as error:
        raise ToolError(f"no answer: {error or type(error).__name__}", where=_shown(url)) from error


def _opened(opener: urllib.request.OpenerDirector, asked: urllib.request.Request, seconds: float) -> Any:
    """The answer, whatever its status."""
    try:
        return opener.open(asked, timeout=seconds)
    except urllib.error.HTTPError as error:
        return error


def check_url(url: str) -> None:
    """Refuse what cannot be asked.

    Raises:
        ToolError: Exit 2: it is none of http or https, carries credentials, or holds what no address holds.
    """
    try:
        parts = urlsplit(url)
        # An address with a port that is none only says so when it is asked for it.
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or "@" in parts.netloc or not url.isascii() or any(char.isspace() for char in url):
        raise ToolError(
            f"'{_shown(url)}' is no address to ask",
            hint="write https://host/path, without credentials, other characters than ASCII as %C3%BC",
            exit_code=Exit.USAGE,
        )


def is_here(url: str) -> bool:
    """Whether an address is of this machine itself."""
    host = urlsplit(url).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(url: str) -> str:
    """Without what may be secret: user, query."""
    return _CREDENTIALS.sub("//", url.partition("?")[0])


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
