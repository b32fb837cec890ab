"""The REST API of nullcheck in a plan: methods by their keys (``GET /episodes``)."""

from __future__ import annotations

from tests.support.plans import Plan, Resource

METHOD = "aws_api_gateway_method"
INTEGRATION = "aws_api_gateway_integration"
METHOD_RESPONSE = "aws_api_gateway_method_response"
ANSWER = "aws_api_gateway_integration_response"
RESOURCE = "aws_api_gateway_resource"

PATHS = ("/episodes", "/episodes/{id}", "/episodes/{id}/upload-url")
# Key of each route, and the function that answers.
ROUTES = {
    "POST /episodes": "createEpisode",
    "GET /episodes": "listEpisodes",
    "GET /episodes/{id}": "getEpisode",
    "PATCH /episodes/{id}": "updateEpisode",
    "POST /episodes/{id}/upload-url": "createUploadUrl",
}


def path(plan: Plan, resource: Resource) -> str:
    """Path of a resource of the API, from its parts."""
    references = plan.references(resource, "parent_id")
    above = [each for each in plan.all(RESOURCE) if each.block in references]
    if not above:
        assert references == {"aws_api_gateway_rest_api.rest", "aws_api_gateway_rest_api.rest.root_resource_id"}
    return f"{path(plan, above[0]) if above else ''}/{resource['path_part']}"


def methods(plan: Plan) -> dict[str, Resource]:
    """Every method by its key."""
    found = plan.all(METHOD)
    keyed = {
        f"{each['http_method']} {path(plan, plan.referred(each, 'resource_id', RESOURCE))}": each for each in found
    }
    assert len(keyed) == len(found)
    return keyed


def belonging(plan: Plan, method: Resource, kind: str) -> list[Resource]:
    """What there is of a type for a method."""
    found = [each for each in plan.all(kind) if method.block in plan.references(each, "http_method")]
    assert all(each["http_method"] == method["http_method"] for each in found)
    assert all(method.block in plan.references(each, "resource_id") for each in found)
    return found


def integration(plan: Plan, method: Resource) -> Resource:
    (found,) = belonging(plan, method, INTEGRATION)
    return found


def model(plan: Plan, name: str) -> Resource:
    return plan.one("aws_api_gateway_model", name=name)
