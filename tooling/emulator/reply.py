"""What goes back to the client, and how each protocol writes an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape


@dataclass(frozen=True)
class Reply:
    """A whole HTTP answer. ``headers`` may lack Content-Length: the server counts."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def text(status: int, message: str) -> Reply:
    """An answer to somebody who does not speak for AWS."""
    return Reply(status, {"Content-Type": "text/plain; charset=utf-8"}, f"{message}\n".encode())


def as_json(value: Mapping[str, object]) -> Reply:
    """An answer of the emulator's own, to the toolkit."""
    return Reply(200, {"Content-Type": "application/json"}, json.dumps(value).encode())


def refusal(service: str, protocol: str, code: str, message: str, *, status: int = 400) -> Reply:
    """An error in the words of ``protocol``; unless told otherwise, with a status that no SDK tries again.

    400 and not 404: the provider reads 404 as "gone" and would take the resource out of the state.
    """
    if protocol in ("json", "rest-json"):
        # Clients differ in where they look for code and message; AWS's own answers differ as much.
        body = json.dumps({"__type": code, "code": code, "message": message, "Message": message})
        headers = {"Content-Type": "application/x-amz-json-1.1", "x-amzn-ErrorType": code}
        return Reply(status, headers, body.encode())
    error = f"<Code>{escape(code)}</Code><Message>{escape(message)}</Message>"
    if protocol == "ec2":
        xml = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>emulator</RequestID></Response>"
    elif service == "s3":
        xml = f"<Error>{error}<RequestId>emulator</RequestId></Error>"
    else:
        xml = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>emulator</RequestId></ErrorResponse>"
    return Reply(status, {"Content-Type": "text/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{xml}'.encode())
