"""What a request on its way to the emulator asks for, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

BOTO3, BACKEND, PROVIDER, OTHER = "boto3", "backend", "provider", "other"


@dataclass(frozen=True)
class Asked:
    """One call.

    Attributes:
        service, operation: As boto3 names them; ``?`` where nothing tells.
        protocol: How its errors are written (`tooling.emulator.operations.Operation`).
        region: It is signed for.
        bucket, key: Of an S3 call, else empty.
        method: HTTP method.
        caller: ``boto3``, ``backend``, ``provider`` or ``other``.
    """

    service: str
    operation: str
    protocol: str
    region: str
    bucket: str
    key: str
    method: str
    caller: str

    @property
    def identity(self) -> str:
        """What makes two calls alike for the dice."""
        return f"{self.region}/{self.service}/{self.operation}/{self.bucket}/{self.key}"

    def __str__(self) -> str:
        place = f" {self.bucket}/{self.key}".rstrip("/") if self.bucket else ""
        return f"{self.caller} {self.service}:{self.operation}{place}"


def what_is_asked(method: str, target: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """Read a request. What is not signed for a service of AWS comes back with ``?`` and is never disturbed.

    Args:
        method: HTTP method.
        target: Path and query as sent.
        headers: By lower-case name.
        body: The whole body.
    """
    from moto.core.request import Request

    from tooling.emulator.identity import identify
    from tooling.emulator.operations import resolve

    parts = urlsplit(f"http://emulator{target}")
    identity = identify(headers, dict(parse_qsl(parts.query, keep_blank_values=True)))
    caller = _caller(headers.get("user-agent", ""))
    if identity is None or parts.path.startswith("/_groundplan/"):
        return Asked("?", f"{method} {parts.path}", "", "", "", "", method, caller)
    request = Request.from_primitives(method, f"http://emulator{target}", dict(headers), body)
    operation = resolve(identity.service, request)
    bucket, _, key = unquote(parts.path).lstrip("/").partition("/") if operation.service == "s3" else ("", "", "")
    return Asked(operation.service, operation.name, operation.protocol, identity.region, bucket, key, method, caller)


def _caller(agent: str) -> str:
    if "boto" in agent.lower():
        return BOTO3
    if "terraform-provider-aws" in agent:
        return PROVIDER
    return BACKEND if "Terraform" in agent else OTHER
