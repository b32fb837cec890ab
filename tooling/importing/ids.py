"""What ``terraform import`` wants of a type, where that is not the ``id`` attribute.

From the section "Import" of each type's page, https://registry.terraform.io/providers/hashicorp/aws/5.100.0/docs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PATTERNS: Mapping[str, str] = {
    "aws_api_gateway_account": "api-gateway-account",
    "aws_api_gateway_authorizer": "{rest_api_id}/{id}",
    "aws_api_gateway_deployment": "{rest_api_id}/{id}",
    "aws_api_gateway_gateway_response": "{rest_api_id}/{response_type}",
    "aws_api_gateway_integration": "{rest_api_id}/{resource_id}/{http_method}",
    "aws_api_gateway_integration_response": "{rest_api_id}/{resource_id}/{http_method}/{status_code}",
    "aws_api_gateway_method": "{rest_api_id}/{resource_id}/{http_method}",
    "aws_api_gateway_method_response": "{rest_api_id}/{resource_id}/{http_method}/{status_code}",
    "aws_api_gateway_method_settings": "{rest_api_id}/{stage_name}/{method_path}",
    "aws_api_gateway_model": "{rest_api_id}/{name}",
    "aws_api_gateway_request_validator": "{rest_api_id}/{id}",
    "aws_api_gateway_resource": "{rest_api_id}/{id}",
    "aws_api_gateway_stage": "{rest_api_id}/{stage_name}",
    "aws_api_gateway_usage_plan_key": "{usage_plan_id}/{key_id}",
    "aws_apigatewayv2_api_mapping": "{id}/{domain_name}",
    "aws_apigatewayv2_authorizer": "{api_id}/{id}",
    "aws_apigatewayv2_integration": "{api_id}/{id}",
    "aws_apigatewayv2_route": "{api_id}/{id}",
    "aws_apigatewayv2_stage": "{api_id}/{name}",
    "aws_appautoscaling_policy": "{service_namespace}/{resource_id}/{scalable_dimension}/{name}",
    "aws_appautoscaling_target": "{service_namespace}/{resource_id}/{scalable_dimension}",
    "aws_autoscaling_policy": "{autoscaling_group_name}/{name}",
    "aws_backup_restore_testing_plan": "{name}",
    "aws_backup_restore_testing_selection": "{name}:{restore_testing_plan_name}",
    "aws_backup_selection": "{plan_id}|{id}",
    "aws_cloudformation_stack": "{name}",
    "aws_cloudwatch_event_target": "{event_bus_name}/{rule}/{target_id}",
    "aws_cloudwatch_log_metric_filter": "{log_group_name}:{name}",
    "aws_cloudwatch_query_definition": "arn:aws:logs:{region}:{account_id}:query-definition:{id}",
    "aws_cognito_user_pool_client": "{user_pool_id}/{id}",
    "aws_ecs_cluster": "{name}",
    "aws_ecs_task_definition": "{arn}",
    "aws_iam_role_policy_attachment": "{role}/{policy_arn}",
    "aws_lambda_alias": "{function_name}/{name}",
    "aws_lambda_permission": "{function_name}/{statement_id}",
    "aws_network_acl_rule": "{network_acl_id}:{rule_number}:{protocol}:{egress}",
    "aws_route_table_association": "{subnet_id}/{route_table_id}",
    "aws_wafv2_web_acl": "{id}/{name}/{scope}",
}
_SERVICE, _ROUTE, _PERMISSION = "aws_ecs_service", "aws_route", "aws_lambda_permission"
_DESTINATIONS = ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")
# The provider has no import for these. To make one that is there moves nothing: a wait, and a tie of two others.
_NEVER = frozenset({"aws_acm_certificate_validation", "aws_autoscaling_attachment"})
_PLAIN = "{id}"
_FIELD = re.compile(r"\{(\w+)\}")


def is_attribute(kind: str) -> bool:
    """Whether the id for an import is the ``id`` attribute, so that the provider can read the object by it."""
    return kind not in _PATTERNS and kind not in {_SERVICE, _ROUTE} and can_be_imported(kind)


def can_be_imported(kind: str) -> bool:
    """Whether the provider has an import for the type at all."""
    return kind not in _NEVER


def import_id(kind: str, attributes: Mapping[str, Any]) -> str:
    """The id for an import block, from what the provider read of the object; empty where an attribute lacks.

    Args:
        kind: Its type.
        attributes: What was read, and ``account_id`` and ``region`` of where it is.
    """
    pattern = _PATTERNS.get(kind, _PLAIN)
    if kind == _SERVICE:
        # The attribute holds the cluster's ARN, the import wants its name.
        attributes = {**attributes, "cluster": str(attributes.get("cluster") or "").rpartition("/")[2]}
        pattern = "{cluster}/{name}"
    elif kind == _ROUTE:
        attributes = {**attributes, "to": next((attributes[one] for one in _DESTINATIONS if attributes.get(one)), "")}
        pattern = "{route_table_id}_{to}"
    elif kind == _PERMISSION and attributes.get("qualifier"):
        pattern = "{function_name}:{qualifier}/{statement_id}"
    names = _FIELD.findall(pattern)
    if any(attributes.get(name) in (None, "") for name in names):
        return ""
    return _FIELD.sub(lambda match: _text(attributes[match[1]]), pattern)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
