"""API Gateway, REST APIs: policies as the service writes them, changes of what moto can only create, and tags."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from moto.apigateway.models import APIGatewayBackend, apigateway_backends

from tooling.emulator.call import Call
from tooling.emulator.patch_operations import patched
from tooling.emulator.registry import AwsError, Backend

backend = Backend("apigateway")

_HOSTED_ZONES = {
    "eu-central-1": "Z1U9ULNL0V5AJ3",
    "eu-west-1": "ZLY8HYME6SFDD",
    "us-east-1": "Z1UJRXOUMOOFQ8",
    "us-west-2": "Z2OJLYMUO9EFXC",
}
"""The public zones of regional API endpoints: https://docs.aws.amazon.com/general/latest/gr/apigateway.html"""


@backend.amends("CreateRestApi")
def complete_rest_api(call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_rest_api with binary_media_types, create."""
    if types := call.params.get("binaryMediaTypes"):
        _rest_api(call, answer["id"]).binaryMediaTypes = answer["binaryMediaTypes"] = types
    escape_policy(call, answer)


@backend.amends("GetRestApi")
def escape_policy(_call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_rest_api with policy, and aws_api_gateway_rest_api_policy, read.

    API Gateway answers the document with its quotes escaped, and the provider takes them off again: without them every
    later plan fails, and so does the destroy.
    """
    if policy := answer.get("policy"):
        answer["policy"] = json.dumps(policy)[1:-1]


@backend.answers("UpdateRestApi")
def update_rest_api(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_rest_api and aws_api_gateway_rest_api_policy, update: moto takes "false" for true."""
    answer = _change(
        call,
        _rest_api(call, call.params["restApiId"]),
        name="name",
        description="description",
        apiKeySource="api_key_source",
        binaryMediaTypes="binaryMediaTypes",
        disableExecuteApiEndpoint="disableExecuteApiEndpoint",
        endpointConfiguration="endpoint_configuration",
        minimumCompressionSize="minimum_compression_size",
        policy="policy",
    )
    escape_policy(call, answer)
    return answer


@backend.answers("UpdateResource")
def update_resource(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_resource, update."""
    resource = _moto(call).get_resource(call.params["restApiId"], call.params["resourceId"])
    return _change(call, resource, pathPart="path_part", parentId="parent_id")


@backend.answers("UpdateMethod")
def update_method(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_method, update."""
    return _change(
        call,
        _method(call),
        apiKeyRequired="api_key_required",
        authorizationScopes="authorization_scopes",
        authorizationType="authorization_type",
        authorizerId="authorizer_id",
        operationName="operation_name",
        requestModels="request_models",
        requestParameters="request_parameters",
        requestValidatorId="request_validator_id",
    )


@backend.answers("UpdateMethodResponse")
def update_method_response(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_method_response, update."""
    return _change(call, _response(call), responseModels="response_models", responseParameters="response_parameters")


@backend.prepares("GetMethodResponse", "DeleteMethodResponse")
def need_response(call: Call) -> None:
    """aws_api_gateway_method_response, read after it is gone: moto breaks on it."""
    _response(call)


@backend.prepares("GetIntegration", "DeleteIntegration", "GetIntegrationResponse", "DeleteIntegrationResponse")
def need_integration(call: Call) -> None:
    """aws_api_gateway_integration and what is below it, read after it is gone: moto breaks on it."""
    _integration(call)


_INTEGRATION_SETTINGS = {
    "cacheKeyParameters": "cache_key_parameters",
    "cacheNamespace": "cache_namespace",
    "connectionType": "connection_type",
    "contentHandling": "content_handling",
    "credentials": "credentials",
    "httpMethod": "http_method",
    "passthroughBehavior": "passthrough_behaviour",
    "requestParameters": "request_parameters",
    "requestTemplates": "request_templates",
    "timeoutInMillis": "timeout_in_millis",
    "tlsConfig": "tls_config",
    "uri": "uri",
}


@backend.amends("PutIntegration")
def keep_cache_keys(call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_integration with cache_key_parameters, create."""
    keys = call.params.get("cacheKeyParameters", [])
    _integration(call).cache_key_parameters = answer["cacheKeyParameters"] = keys


@backend.answers("UpdateIntegration")
def update_integration(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_integration, update."""
    return _change(call, _integration(call), **_INTEGRATION_SETTINGS)


@backend.answers("UpdateIntegrationResponse")
def update_integration_response(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_integration_response, update."""
    return _change(
        call,
        _integration(call).get_integration_response(call.params["statusCode"]),
        contentHandling="content_handling",
        responseParameters="response_parameters",
        responseTemplates="response_templates",
        selectionPattern="selection_pattern",
    )


@backend.answers("UpdateModel")
def update_model(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_model, update."""
    model = _moto(call).get_model(call.params["restApiId"], call.params["modelName"])
    return _change(call, model, description="description", schema="schema")


@backend.amends("CreateAuthorizer")
def keep_validation_expression(call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_authorizer with identity_validation_expression, create."""
    if expression := call.params.get("identityValidationExpression"):
        authorizer = _moto(call).get_authorizer(call.params["restApiId"], answer["id"])
        authorizer.identity_validation_expression = answer["identityValidationExpression"] = expression


@backend.answers("UpdateAuthorizer")
def update_authorizer(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_authorizer, update: moto breaks on user pools that come or go."""
    return _change(
        call,
        _moto(call).get_authorizer(call.params["restApiId"], call.params["authorizerId"]),
        authType="auth_type",
        authorizerCredentials="authorizer_credentials",
        authorizerResultTtlInSeconds="authorizer_result_ttl",
        authorizerUri="authorizer_uri",
        identitySource="identity_source",
        identityValidationExpression="identity_validation_expression",
        name="name",
        providerARNs="provider_arns",
        type="type",
    )


@backend.answers("UpdateDeployment")
def update_deployment(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_deployment, update."""
    deployment = _moto(call).get_deployment(call.params["restApiId"], call.params["deploymentId"])
    return _change(call, deployment, description="description")


@backend.amends("UpdateStage")
def drop_method_settings(call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_method_settings, delete: moto keeps the settings of a method that are to go."""
    stage = _moto(call).get_stage(call.params["restApiId"], call.params["stageName"])
    for operation in call.params.get("patchOperations", []):
        method = operation["path"].strip("/")
        if operation["op"] == "remove" and stage.method_settings.pop(method, None):
            answer.get("methodSettings", {}).pop(method, None)


@backend.amends("CreateDomainName", "GetDomainName")
def name_hosted_zone(call: Call, answer: dict[str, Any]) -> None:
    """aws_api_gateway_domain_name, read: records that point to it need the zone of its region, not CloudFront's."""
    answer["regionalHostedZoneId"] = _HOSTED_ZONES.get(call.region, _HOSTED_ZONES["us-east-1"])


@backend.answers("UpdateDomainName")
def update_domain_name(call: Call) -> Mapping[str, Any]:
    """aws_api_gateway_domain_name, update."""
    answer = _change(
        call,
        _moto(call).get_domain_name(call.params["domainName"]),
        certificateArn="certificate_arn",
        certificateName="certificate_name",
        endpointConfiguration="endpoint_configuration",
        regionalCertificateArn="regional_certificate_arn",
        regionalCertificateName="regional_certificate_name",
        securityPolicy="security_policy",
    )
    name_hosted_zone(call, answer)
    return answer


@backend.answers("TagResource")
def tag_resource(call: Call) -> Mapping[str, Any]:
    """Whatever of API Gateway has tags, change of tags; moto knows only those of stages."""
    tagged = _tagged(call)
    tagged.tags = {**(tagged.tags or {}), **call.params["tags"]}
    return {}


@backend.answers("UntagResource")
def untag_resource(call: Call) -> Mapping[str, Any]:
    """The same, for tags that go."""
    tagged = _tagged(call)
    tagged.tags = {key: value for key, value in (tagged.tags or {}).items() if key not in call.params["tagKeys"]}
    return {}


@backend.answers("GetTags")
def get_tags(call: Call) -> Mapping[str, Any]:
    """Reading the tags back by ARN."""
    return {"tags": _tagged(call).tags or {}}


def _tagged(call: Call) -> Any:
    """What an ARN names: ``…::/restapis/ID``, ``…::/restapis/ID/stages/NAME``, ``…::/domainnames/NAME`` and so on."""
    moto = _moto(call)
    finders: dict[str, Callable[[str], Any]] = {
        "restapis": moto.get_rest_api,
        "domainnames": moto.get_domain_name,
        "usageplans": moto.get_usage_plan,
        "apikeys": moto.get_api_key,
        "vpclinks": moto.get_vpc_link,
    }
    match call.params["resourceArn"].partition("::/")[2].split("/"):
        case ["restapis", api, "stages", stage]:
            return moto.get_stage(api, stage)
        case [kind, name] if kind in finders:
            return finders[kind](name)
    raise AwsError("NotFoundException", f"Invalid resource identifier specified {call.params['resourceArn']}")


def _change(call: Call, resource: Any, **attributes: str) -> dict[str, Any]:
    """Patch one of moto's objects, given its attribute for each member that can change, and answer what it is then."""
    document = call.named(_wire(resource))
    model = call.operation.model
    assert model is not None  # a backend is only asked for operations that have one
    changed = patched(document, model.output_shape, call.params.get("patchOperations", []))
    for member, attribute in attributes.items():
        if changed.get(member) != document.get(member):
            setattr(resource, attribute, changed.get(member))
    return call.named(_wire(resource))


def _wire(resource: Any) -> dict[str, Any]:
    wire: dict[str, Any] = resource.to_dict() if hasattr(resource, "to_dict") else resource.to_json()
    return wire


def _rest_api(call: Call, api_id: str) -> Any:
    return _moto(call).get_rest_api(api_id)


def _method(call: Call) -> Any:
    return _moto(call).get_method(call.params["restApiId"], call.params["resourceId"], call.params["httpMethod"])


def _response(call: Call) -> Any:
    response = _method(call).get_response(call.params["statusCode"])
    if response is None:
        raise AwsError("NotFoundException", "Invalid Response status code specified")
    return response


def _integration(call: Call) -> Any:
    integration = _method(call).method_integration
    if integration is None:
        raise AwsError("NotFoundException", "Invalid Integration identifier specified")
    return integration


def _moto(call: Call) -> APIGatewayBackend:
    return apigateway_backends[call.account][call.region]
