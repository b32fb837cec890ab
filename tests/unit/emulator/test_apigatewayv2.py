"""API Gateway v2: custom domain names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture
def gateway(client: Client) -> Any:
    return client("apigatewayv2")


def _configuration() -> dict[str, str]:
    return {"CertificateArn": "arn:aws:acm:us-east-1:555555555555:certificate/c", "EndpointType": "REGIONAL"}


def test_domain_name_is_available_and_points_somewhere(gateway: Any) -> None:
    gateway.create_domain_name(DomainName="api.example.com", DomainNameConfigurations=[_configuration()])

    read = gateway.get_domain_name(DomainName="api.example.com")

    (configuration,) = read["DomainNameConfigurations"]
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    assert configuration["ApiGatewayDomainName"].endswith(".execute-api.us-east-1.amazonaws.com")
    assert configuration["HostedZoneId"].startswith("Z")
    assert configuration["SecurityPolicy"] == "TLS_1_2"
    assert configuration["CertificateArn"] == _configuration()["CertificateArn"]
    assert "MutualTlsAuthentication" not in read


def test_two_domain_names_point_to_two_targets(gateway: Any) -> None:
    made = [
        gateway.create_domain_name(DomainName=name, DomainNameConfigurations=[_configuration()])
        for name in ("one.example.com", "two.example.com")
    ]

    targets = {answer["DomainNameConfigurations"][0]["ApiGatewayDomainName"] for answer in made}
    assert len(targets) == 2
