"""Terraform's machine-readable output, one JSON object a line.

https://developer.hashicorp.com/terraform/internals/machine-readable-ui
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """One line.

    Attributes:
        kind: Terraform's ``type``; ``raw`` for a line that is not JSON.
        message: The line in words.
        body: The whole object.
    """

    kind: str
    message: str
    body: Mapping[str, Any]

    @property
    def address(self) -> str | None:
        """The resource that the event is about."""
        for key in ("hook", "change"):
            resource = self.body.get(key, {}).get("resource")
            if isinstance(resource, dict):
                return str(resource.get("addr"))
        return None

    @property
    def action(self) -> str:
        """``create``, ``update``, ``delete``, ``replace`` ..., or an empty string."""
        for key in ("hook", "change"):
            if isinstance(self.body.get(key), dict):
                return str(self.body[key].get("action", ""))
        return ""


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning of Terraform or the provider."""

    severity: str
    summary: str
    detail: str = ""
    address: str | None = None
    file: str | None = None
    line: int | None = None
    values: tuple[str, ...] = ()


def parse_event(line: str) -> Event:
    """Never raises: what is not a JSON object becomes a ``raw`` event."""
    try:
        body = json.loads(line)
    except ValueError:
        return Event("raw", line.rstrip("\n"), {})
    if not isinstance(body, dict):
        return Event("raw", line.rstrip("\n"), {})
    return Event(str(body.get("type", "raw")), str(body.get("@message", "")), body)


def parse_diagnostic(event: Event) -> Diagnostic | None:
    """The diagnostic that an event carries, if it carries one."""
    found = event.body.get("diagnostic")
    if not isinstance(found, dict):
        return None
    place = found.get("range") or {}
    snippet = found.get("snippet") or {}
    values = snippet.get("values") or []
    return Diagnostic(
        severity=str(found.get("severity", "error")),
        summary=str(found.get("summary", "")),
        detail=str(found.get("detail", "")),
        address=found.get("address"),
        file=place.get("filename"),
        line=(place.get("start") or {}).get("line"),
        values=tuple(f"{value.get('traversal')} {value.get('statement')}" for value in values),
    )
