"""API Gateway v2: custom domain names that work, and changes of what moto can only create."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from moto.apigatewayv2.models import ApiGatewayV2Backend, apigatewayv2_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("apigatewayv2")

_HOSTED_ZONE = "Z1UJRXOUMOOFQ8"
"""The public zone of regional API endpoints in us-east-1."""


@backend.amends("CreateDomainName", "GetDomainName")
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


@backend.answers("UpdateDomainName")
def update_domain_name(call: Call) -> Mapping[str, Any]:
    """aws_apigatewayv2_domain_name, update."""
    domain = _moto(call).get_domain_name(call.params["DomainName"])
    wire = json.loads(call.body)
    domain.domain_name_configurations = wire.get("domainNameConfigurations", domain.domain_name_configurations)
    domain.mutual_tls_authentication = wire.get("mutualTlsAuthentication", domain.mutual_tls_authentication)
    answer = call.named(domain.to_json())
    complete_domain_name(call, answer)
    return answer


@backend.answers("UpdateApiMapping")
def update_api_mapping(call: Call) -> Mapping[str, Any]:
    """aws_apigatewayv2_api_mapping, update."""
    mapping = _moto(call).get_api_mapping(call.params["ApiMappingId"], call.params["DomainName"])
    mapping.api_id = call.params["ApiId"]
    mapping.stage = call.params.get("Stage", mapping.stage)
    mapping.api_mapping_key = call.params.get("ApiMappingKey", mapping.api_mapping_key)
    return call.named(mapping.to_json())


@backend.answers("GetAuthorizers")
def get_authorizers(call: Call) -> Mapping[str, Any]:
    """Looking for an aws_apigatewayv2_authorizer by its name."""
    authorizers = _moto(call).get_api(call.params["ApiId"]).authorizers
    return call.named({"items": [each.to_json() for each in list(authorizers.values())]})


_STAGE_SETTINGS = {
    "accessLogSettings": "access_log_settings",
    "autoDeploy": "auto_deploy",
    "clientCertificateId": "client_certificate_id",
    "defaultRouteSettings": "default_route_settings",
    "description": "description",
    "stageVariables": "stage_variables",
}


@backend.answers("UpdateStage")
def update_stage(call: Call) -> Mapping[str, Any]:
    """aws_apigatewayv2_stage, update: settings are replaced whole, those of single routes are added."""
    stage = _stage(call)
    wire = json.loads(call.body)
    for key, attribute in _STAGE_SETTINGS.items():
        if key in wire:
            setattr(stage, attribute, wire[key])
    stage.route_settings = {**stage.route_settings, **wire.get("routeSettings", {})}
    return call.named(stage.to_json())


@backend.answers("DeleteRouteSettings")
def delete_route_settings(call: Call) -> Mapping[str, Any]:
    """aws_apigatewayv2_stage, update that drops a route_settings block."""
    _stage(call).route_settings.pop(call.params["RouteKey"], None)
    return {}


@backend.answers("DeleteAccessLogSettings")
def delete_access_log_settings(call: Call) -> Mapping[str, Any]:
    """aws_apigatewayv2_stage, update that drops its access_log_settings."""
    _stage(call).access_log_settings = None
    return {}


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any] | None:
    """aws_apigatewayv2_stage and aws_apigatewayv2_domain_name, change of tags; moto knows APIs and VPC links."""
    tagged = _tagged(call)
    if tagged is None:
        return None
    tagged.tags = {**(tagged.tags or {}), **call.params["Tags"]}
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any] | None:
    """The same, for tags that go."""
    tagged = _tagged(call)
    if tagged is None:
        return None
    tagged.tags = {key: value for key, value in (tagged.tags or {}).items() if key not in call.params["TagKeys"]}
    return {}


def _tagged(call: Call) -> Any:
    """The stage or domain name of an ARN (``…::/apis/ID/stages/NAME``, ``…::/domainnames/NAME``), else None."""
    match call.params["ResourceArn"].partition("::/")[2].split("/"):
        case ["apis", api, "stages", stage]:
            return _moto(call).get_stage(api, stage)
        case ["domainnames", domain]:
            return _moto(call).get_domain_name(domain)
        case ["apis", _] | ["vpclinks", _]:
            return None
    raise AwsError("NotFoundException", f"Invalid resource identifier specified {call.params['ResourceArn']}")


def _stage(call: Call) -> Any:
    return _moto(call).get_stage(call.params["ApiId"], call.params["StageName"])


def _moto(call: Call) -> ApiGatewayV2Backend:
    return apigatewayv2_backends[call.account][call.region]


def _target_id(domain_name: str) -> str:
    """Ten characters that are always the same for one name, as the target of a domain name is."""
    return hashlib.sha256(domain_name.encode()).hexdigest()[:10]
