"""API Gateway v2: what a custom domain name looks like once it works."""

from __future__ import annotations

import hashlib
from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("apigatewayv2")

_HOSTED_ZONE = "Z1UJRXOUMOOFQ8"
"""The public zone of regional API endpoints in us-east-1."""


@backend.amends("CreateDomainName", "GetDomainName", "UpdateDomainName")
def complete_domain_name(call: Call, answer: dict[str, Any]) -> None:
    """aws_apigatewayv2_domain_name: the provider waits for AVAILABLE, and exports what the name points to."""
    for configuration in answer.get("DomainNameConfigurations", []):
        configuration.setdefault("SecurityPolicy", "TLS_1_2")
        configuration.update(
            DomainNameStatus="AVAILABLE",
            ApiGatewayDomainName=f"d-{_target_id(answer['DomainName'])}.execute-api.{call.region}.amazonaws.com",
            HostedZoneId=_HOSTED_ZONE,
        )
    # moto answers {} for "no mutual TLS", which the provider takes for a block without a trust store.
    if not answer.get("MutualTlsAuthentication"):
        answer.pop("MutualTlsAuthentication", None)


def _target_id(domain_name: str) -> str:
    """Ten characters that are always the same for one name, as the target of a domain name is."""
    return hashlib.sha256(domain_name.encode()).hexdigest()[:10]
