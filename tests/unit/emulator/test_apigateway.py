"""API Gateway, REST APIs: what moto cannot change, and what it loses."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Resource": "execute-api:/*"}]})


@pytest.fixture
def gateway(client: Client) -> Any:
    return client("apigateway")


@pytest.fixture
def api(gateway: Any) -> dict[str, Any]:
    made: dict[str, Any] = gateway.create_rest_api(name="a", endpointConfiguration={"types": ["REGIONAL"]})
    return made


@pytest.fixture
def method(gateway: Any, api: dict[str, Any]) -> dict[str, str]:
    """POST /episodes, in the words of every call that names it."""
    resource = gateway.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart="episodes")
    named = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "POST"}
    gateway.put_method(**named, authorizationType="NONE", requestParameters={"method.request.header.A": False})
    return named


def _replace(path: str, value: str) -> dict[str, str]:
    return {"op": "replace", "path": path, "value": value}


def test_policy_is_answered_escaped_by_every_call(gateway: Any) -> None:
    made = gateway.create_rest_api(name="p", policy=POLICY)

    read = gateway.get_rest_api(restApiId=made["id"])
    other = POLICY.replace("Allow", "Deny")
    changed = gateway.update_rest_api(restApiId=made["id"], patchOperations=[_replace("/policy", other)])

    for answer, document in ((made, POLICY), (read, POLICY), (changed, other)):
        assert answer["policy"].startswith('{\\"Version\\"')
        assert json.loads(f'"{answer["policy"]}"') == document


def test_api_without_a_policy_answers_none(gateway: Any, api: dict[str, Any]) -> None:
    assert "policy" not in gateway.get_rest_api(restApiId=api["id"])


def test_default_endpoint_is_switched_off_and_on(gateway: Any, api: dict[str, Any]) -> None:
    states = []

    for value in ("true", "false"):
        gateway.update_rest_api(restApiId=api["id"], patchOperations=[_replace("/disableExecuteApiEndpoint", value)])
        states.append(gateway.get_rest_api(restApiId=api["id"])["disableExecuteApiEndpoint"])

    assert states == [True, False]


def test_media_types_of_an_api_are_kept_and_changed(gateway: Any) -> None:
    made = gateway.create_rest_api(name="m", binaryMediaTypes=["image/png"], minimumCompressionSize=100)

    gateway.update_rest_api(
        restApiId=made["id"],
        patchOperations=[
            {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
            {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
            _replace("/minimumCompressionSize", "200"),
        ],
    )

    read = gateway.get_rest_api(restApiId=made["id"])
    assert made["binaryMediaTypes"] == ["image/png"]
    assert (read["binaryMediaTypes"], read["minimumCompressionSize"]) == (["image/gif"], 200)


def test_path_that_no_api_has_is_refused(gateway: Any, api: dict[str, Any]) -> None:
    with pytest.raises(gateway.exceptions.BadRequestException, match="Invalid patch path /nosuch"):
        gateway.update_rest_api(restApiId=api["id"], patchOperations=[_replace("/nosuch", "x")])


def test_resource_gets_another_path(gateway: Any, api: dict[str, Any], method: dict[str, str]) -> None:
    identity = {"restApiId": api["id"], "resourceId": method["resourceId"]}

    gateway.update_resource(**identity, patchOperations=[_replace("/pathPart", "shows")])

    assert gateway.get_resource(**identity)["path"] == "/shows"


def test_method_changes_only_what_is_asked(gateway: Any, method: dict[str, str]) -> None:
    gateway.update_method(
        **method,
        patchOperations=[
            _replace("/authorizationType", "COGNITO_USER_POOLS"),
            _replace("/authorizerId", "auth"),
            _replace("/apiKeyRequired", "true"),
            {"op": "add", "path": "/authorizationScopes", "value": "api/write"},
            {"op": "add", "path": "/requestModels/application~1json", "value": "Episode"},
            {"op": "add", "path": "/requestParameters/method.request.querystring.q", "value": "true"},
        ],
    )

    read = gateway.get_method(**method)
    assert (read["authorizationType"], read["authorizerId"], read["apiKeyRequired"]) == (
        "COGNITO_USER_POOLS",
        "auth",
        True,
    )
    assert read["authorizationScopes"] == ["api/write"]
    assert read["requestModels"] == {"application/json": "Episode"}
    assert read["requestParameters"] == {
        "method.request.header.A": False,
        "method.request.querystring.q": True,
    }


def test_integration_keeps_cache_keys_and_changes(gateway: Any, method: dict[str, str]) -> None:
    keys = ["method.request.path.id"]
    gateway.put_integration(
        **method, type="MOCK", cacheKeyParameters=keys, requestTemplates={"application/json": "{}", "text/plain": "t"}
    )
    made = gateway.get_integration(**method)

    gateway.update_integration(
        **method,
        patchOperations=[
            _replace("/timeoutInMillis", "20000"),
            _replace("/requestTemplates/application~1json", '{"statusCode": 204}'),
            {"op": "remove", "path": "/requestTemplates/text~1plain"},
            {"op": "remove", "path": "/cacheKeyParameters/method.request.path.id"},
        ],
    )

    read = gateway.get_integration(**method)
    assert made["cacheKeyParameters"] == keys
    assert read["timeoutInMillis"] == 20000
    assert read["requestTemplates"] == {"application/json": '{"statusCode": 204}'}
    assert read["cacheKeyParameters"] == []


def test_responses_change(gateway: Any, method: dict[str, str]) -> None:
    header = "method.response.header.Vary"
    gateway.put_method_response(**method, statusCode="200", responseModels={"application/json": "Empty"})
    gateway.put_integration(**method, type="MOCK")
    gateway.put_integration_response(**method, statusCode="200", responseParameters={header: "'a'"})

    gateway.update_method_response(
        **method,
        statusCode="200",
        patchOperations=[
            _replace("/responseModels/application~1json", "Error"),
            {"op": "add", "path": f"/responseParameters/{header}", "value": "true"},
        ],
    )
    gateway.update_integration_response(
        **method, statusCode="200", patchOperations=[_replace(f"/responseParameters/{header}", "'b'")]
    )

    read = gateway.get_method_response(**method, statusCode="200")
    assert (read["responseModels"], read["responseParameters"]) == ({"application/json": "Error"}, {header: True})
    assert gateway.get_integration_response(**method, statusCode="200")["responseParameters"] == {header: "'b'"}


def test_change_of_an_integration_or_response_that_is_not_there_is_refused(
    gateway: Any, method: dict[str, str]
) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.update_integration(**method, patchOperations=[_replace("/uri", "x")])
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.update_method_response(**method, statusCode="404", patchOperations=[])


def test_model_changes(gateway: Any, api: dict[str, Any]) -> None:
    gateway.create_model(restApiId=api["id"], name="M", contentType="application/json", schema="{}", description="d")

    gateway.update_model(restApiId=api["id"], modelName="M", patchOperations=[_replace("/schema", '{"a": 1}')])

    read = gateway.get_model(restApiId=api["id"], modelName="M")
    assert (read["schema"], read["description"]) == ('{"a": 1}', "d")


def test_authorizer_keeps_its_expression_and_changes_its_pools(gateway: Any, api: dict[str, Any]) -> None:
    pools = ["arn:aws:cognito-idp:us-east-1:555555555555:userpool/one"]
    made = gateway.create_authorizer(
        restApiId=api["id"],
        name="n",
        type="TOKEN",
        providerARNs=pools,
        identitySource="method.request.header.Authorization",
        identityValidationExpression="^Bearer .+$",
    )
    other = pools[0].replace("one", "two")

    gateway.update_authorizer(
        restApiId=api["id"],
        authorizerId=made["id"],
        patchOperations=[
            {"op": "add", "path": "/providerARNs", "value": other},
            {"op": "remove", "path": "/providerARNs", "value": pools[0]},
            _replace("/authorizerResultTtlInSeconds", "60"),
        ],
    )

    read = gateway.get_authorizer(restApiId=api["id"], authorizerId=made["id"])
    assert read["identityValidationExpression"] == made["identityValidationExpression"] == "^Bearer .+$"
    assert (read["providerARNs"], read["authorizerResultTtlInSeconds"]) == ([other], 60)


@pytest.fixture
def stage(gateway: Any, api: dict[str, Any], method: dict[str, str]) -> dict[str, str]:
    gateway.put_integration(**method, type="MOCK")
    deployment = gateway.create_deployment(restApiId=api["id"])["id"]
    gateway.create_stage(restApiId=api["id"], stageName="prod", deploymentId=deployment, tags={"a": "1", "b": "2"})
    return {"restApiId": api["id"], "stageName": "prod"}


def test_deployment_changes_its_description(gateway: Any, api: dict[str, Any], stage: dict[str, str]) -> None:
    identity = {"restApiId": api["id"], "deploymentId": gateway.get_stage(**stage)["deploymentId"]}

    gateway.update_deployment(**identity, patchOperations=[_replace("/description", "second")])

    assert gateway.get_deployment(**identity)["description"] == "second"


def test_settings_of_methods_come_and_go(gateway: Any, stage: dict[str, str]) -> None:
    for method in ("*/*", "~1episodes/POST"):
        gateway.update_stage(**stage, patchOperations=[_replace(f"/{method}/throttling/burstLimit", "5")])
    both = gateway.get_stage(**stage)["methodSettings"]

    gateway.update_stage(**stage, patchOperations=[{"op": "remove", "path": "/*/*"}])

    assert set(both) == {"*/*", "~1episodes/POST"}
    assert set(gateway.get_stage(**stage)["methodSettings"]) == {"~1episodes/POST"}


@pytest.mark.parametrize(("region", "zone"), [("us-east-1", "Z1UJRXOUMOOFQ8"), ("us-west-2", "Z2OJLYMUO9EFXC")])
def test_domain_name_points_into_its_region_and_changes(client: Client, region: str, zone: str) -> None:
    gateway = client("apigateway", region=region)
    gateway.create_domain_name(
        domainName="api.example.com",
        regionalCertificateArn="arn:one",
        endpointConfiguration={"types": ["REGIONAL"]},
        securityPolicy="TLS_1_2",
    )

    gateway.update_domain_name(
        domainName="api.example.com", patchOperations=[_replace("/regionalCertificateArn", "arn:two")]
    )

    read = gateway.get_domain_name(domainName="api.example.com")
    assert read["regionalDomainName"].endswith(f".execute-api.{region}.amazonaws.com")
    assert read["regionalHostedZoneId"] == zone
    assert (read["regionalCertificateArn"], read["securityPolicy"]) == ("arn:two", "TLS_1_2")


def test_tags_change_whatever_they_are_on(gateway: Any, stage: dict[str, str]) -> None:
    api = gateway.create_rest_api(name="tagged", tags={"a": "1", "b": "2"})["id"]
    plan = gateway.create_usage_plan(name="tagged", tags={"a": "1", "b": "2"})["id"]
    gateway.create_domain_name(domainName="tagged.example.com", tags={"a": "1", "b": "2"})
    kinds = (
        f"restapis/{api}",
        f"usageplans/{plan}",
        "domainnames/tagged.example.com",
        f"restapis/{stage['restApiId']}/stages/prod",
    )

    for kind in kinds:
        arn = f"arn:aws:apigateway:us-east-1::/{kind}"
        gateway.tag_resource(resourceArn=arn, tags={"b": "3", "c": "4"})
        gateway.untag_resource(resourceArn=arn, tagKeys=["a"])

        assert gateway.get_tags(resourceArn=arn)["tags"] == {"b": "3", "c": "4"}
    assert gateway.get_rest_api(restApiId=api)["tags"] == {"b": "3", "c": "4"}


def test_tags_of_nothing_are_refused(gateway: Any) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        gateway.tag_resource(resourceArn="arn:aws:apigateway:us-east-1::/nosuch/x", tags={"a": "1"})


@pytest.mark.parametrize("operation", ["get_method_response", "delete_method_response"])
def test_a_response_that_is_not_there_is_not_found(gateway: Any, method: dict[str, str], operation: str) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        getattr(gateway, operation)(**method, statusCode="200")


@pytest.mark.parametrize("operation", ["get_integration", "delete_integration"])
def test_an_integration_that_is_not_there_is_not_found(gateway: Any, method: dict[str, str], operation: str) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        getattr(gateway, operation)(**method)


@pytest.mark.parametrize("operation", ["get_integration_response", "delete_integration_response"])
def test_nor_is_what_would_be_below_it(gateway: Any, method: dict[str, str], operation: str) -> None:
    with pytest.raises(gateway.exceptions.NotFoundException):
        getattr(gateway, operation)(**method, statusCode="200")
