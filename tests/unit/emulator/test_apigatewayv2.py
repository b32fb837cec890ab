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


def test_domain_name_changes(gateway: Any) -> None:
    gateway.create_domain_name(DomainName="changed.example.com", DomainNameConfigurations=[_configuration()])
    changed = {**_configuration(), "CertificateArn": "arn:aws:acm:us-east-1:555555555555:certificate/other"}

    answer = gateway.update_domain_name(DomainName="changed.example.com", DomainNameConfigurations=[changed])

    read = gateway.get_domain_name(DomainName="changed.example.com")
    for each in (answer, read):
        (configuration,) = each["DomainNameConfigurations"]
        assert configuration["CertificateArn"] == changed["CertificateArn"]
        assert configuration["DomainNameStatus"] == "AVAILABLE"


@pytest.fixture
def api(gateway: Any) -> str:
    return str(gateway.create_api(Name="a", ProtocolType="HTTP")["ApiId"])


def test_authorizers_of_an_api_are_listed(gateway: Any, api: str) -> None:
    jwt = {"AuthorizerType": "JWT", "IdentitySource": ["$request.header.Authorization"]}
    for name in ("one", "two"):
        gateway.create_authorizer(ApiId=api, Name=name, JwtConfiguration={"Audience": ["a"], "Issuer": "i"}, **jwt)

    listed = gateway.get_authorizers(ApiId=api)["Items"]

    assert {each["Name"] for each in listed} == {"one", "two"}
    for each in listed:
        read = gateway.get_authorizer(ApiId=api, AuthorizerId=each["AuthorizerId"])
        assert each.items() <= read.items()
        assert each["JwtConfiguration"] == {"Audience": ["a"], "Issuer": "i"}


THROTTLE = {"ThrottlingBurstLimit": 1000, "ThrottlingRateLimit": 2000.0, "DetailedMetricsEnabled": True}
LOGS = {"DestinationArn": "arn:aws:logs:us-east-1:555555555555:log-group:a", "Format": "$context.requestId"}


def test_stage_changes_only_what_is_asked(gateway: Any, api: str) -> None:
    gateway.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, AccessLogSettings=LOGS)

    answer = gateway.update_stage(ApiId=api, StageName="$default", DefaultRouteSettings=THROTTLE, Description="d")

    read = gateway.get_stage(ApiId=api, StageName="$default")
    for each in (answer, read):
        assert (each["DefaultRouteSettings"], each["Description"]) == (THROTTLE, "d")
        assert (each["AccessLogSettings"], each["AutoDeploy"]) == (LOGS, True)


def test_settings_of_a_route_come_and_go(gateway: Any, api: str) -> None:
    gateway.create_stage(ApiId=api, StageName="s", RouteSettings={"GET /a": THROTTLE}, AccessLogSettings=LOGS)

    both = gateway.update_stage(ApiId=api, StageName="s", RouteSettings={"GET /b": THROTTLE})
    gateway.delete_route_settings(ApiId=api, StageName="s", RouteKey="GET /a")
    gateway.delete_access_log_settings(ApiId=api, StageName="s")

    read = gateway.get_stage(ApiId=api, StageName="s")
    assert set(both["RouteSettings"]) == {"GET /a", "GET /b"}
    assert read["RouteSettings"] == {"GET /b": THROTTLE}
    assert "AccessLogSettings" not in read


def test_mapping_moves_to_another_stage(gateway: Any, api: str) -> None:
    gateway.create_domain_name(DomainName="mapped.example.com", DomainNameConfigurations=[_configuration()])
    for stage in ("blue", "green"):
        gateway.create_stage(ApiId=api, StageName=stage)
    mapping = gateway.create_api_mapping(ApiId=api, DomainName="mapped.example.com", Stage="blue", ApiMappingKey="v1")

    identity = {"ApiMappingId": mapping["ApiMappingId"], "DomainName": "mapped.example.com"}
    gateway.update_api_mapping(ApiId=api, Stage="green", **identity)

    read = gateway.get_api_mapping(**identity)
    assert (read["Stage"], read["ApiMappingKey"]) == ("green", "v1")


def test_tags_of_stage_and_domain_name_change(gateway: Any, api: str) -> None:
    gateway.create_stage(ApiId=api, StageName="$default", Tags={"a": "1", "b": "2"})
    gateway.create_domain_name(DomainName="tagged.example.com", DomainNameConfigurations=[_configuration()])
    root = "arn:aws:apigateway:us-east-1:"
    stage, domain = f"{root}:/apis/{api}/stages/$default", f"{root}:/domainnames/tagged.example.com"

    for arn in (stage, domain, f"{root}:/apis/{api}"):
        gateway.tag_resource(ResourceArn=arn, Tags={"b": "3", "c": "4"})
        gateway.untag_resource(ResourceArn=arn, TagKeys=["a"])

    expected = {"b": "3", "c": "4"}
    assert gateway.get_stage(ApiId=api, StageName="$default")["Tags"] == expected
    assert gateway.get_domain_name(DomainName="tagged.example.com")["Tags"] == expected
    assert gateway.get_api(ApiId=api)["Tags"] == expected


def test_tags_of_nothing_are_refused(gateway: Any) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.tag_resource(ResourceArn="arn:aws:apigateway:us-east-1::/nosuch/x", Tags={"a": "1"})
