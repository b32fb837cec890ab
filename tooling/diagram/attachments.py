"""What a resource hangs on: drawn as a small mark of that one's card.

A type that is in no table here hangs on another resource if its name says so (``aws_thing_policy`` on the
``aws_thing`` that it refers to).
"""

from __future__ import annotations

#: What a resource hangs on, by the argument that names it. ``*`` stands for any argument.
HANGS_ON = {
    "aws_api_gateway_base_path_mapping": ("domain_name",),
    "aws_api_gateway_domain_name": (),
    "aws_api_gateway_account": (),
    "aws_api_gateway_rest_api": (),
    "aws_api_gateway_": ("rest_api_id", "*"),
    "aws_apigatewayv2_api": (),
    "aws_apigatewayv2_domain_name": (),
    "aws_apigatewayv2_vpc_link": (),
    "aws_apigatewayv2_api_mapping": ("domain_name",),
    "aws_apigatewayv2_": ("api_id", "*"),
    "aws_acm_certificate_validation": ("certificate_arn",),
    "aws_appautoscaling_policy": ("resource_id", "depends_on"),
    "aws_appautoscaling_scheduled_action": ("resource_id", "depends_on"),
    "aws_appautoscaling_target": ("resource_id", "depends_on"),
    "aws_autoscaling_attachment": ("autoscaling_group_name",),
    "aws_autoscaling_policy": ("autoscaling_group_name",),
    "aws_autoscaling_schedule": ("autoscaling_group_name",),
    "aws_backup_selection": ("plan_id",),
    "aws_backup_vault_policy": ("backup_vault_name",),
    "aws_ce_anomaly_subscription": ("monitor_arn_list",),
    "aws_cloudwatch_event_target": ("rule",),
    "aws_cloudwatch_event_permission": ("event_bus_name",),
    "aws_cloudwatch_log_metric_filter": ("log_group_name",),
    "aws_cloudwatch_log_subscription_filter": ("log_group_name",),
    "aws_cloudwatch_log_stream": ("log_group_name",),
    "aws_cognito_user_pool_": ("user_pool_id",),
    "aws_cognito_resource_server": ("user_pool_id",),
    "aws_cognito_identity_provider": ("user_pool_id",),
    "aws_config_config_rule": ("*", "depends_on"),
    "aws_config_configuration_recorder_status": ("name", "*"),
    "aws_config_delivery_channel": ("depends_on",),
    "aws_default_security_group": ("vpc_id",),
    "aws_default_route_table": ("*",),
    "aws_default_network_acl": ("*",),
    "aws_dynamodb_table_item": ("table_name",),
    "aws_dynamodb_resource_policy": ("resource_arn",),
    "aws_ecr_lifecycle_policy": ("repository",),
    "aws_ecr_repository_policy": ("repository",),
    "aws_ecs_cluster_capacity_providers": ("cluster_name",),
    "aws_flow_log": ("vpc_id", "subnet_id"),
    "aws_iam_role_policy": ("role",),
    "aws_iam_role_policy_attachment": ("role",),
    "aws_internet_gateway": ("vpc_id",),
    "aws_kms_alias": ("target_key_id",),
    "aws_kms_key_policy": ("key_id",),
    "aws_lambda_alias": ("function_name",),
    "aws_lambda_event_source_mapping": ("function_name",),
    "aws_lambda_function_event_invoke_config": ("function_name",),
    "aws_lambda_function_url": ("function_name",),
    "aws_lambda_permission": ("function_name",),
    "aws_lambda_provisioned_concurrency_config": ("function_name",),
    "aws_lb_listener": ("load_balancer_arn",),
    "aws_lb_listener_certificate": ("listener_arn",),
    "aws_lb_listener_rule": ("listener_arn",),
    "aws_lb_target_group_attachment": ("target_group_arn",),
    "aws_network_acl": ("vpc_id",),
    "aws_network_acl_association": ("subnet_id",),
    "aws_network_acl_rule": ("network_acl_id",),
    "aws_route": ("route_table_id",),
    "aws_route53_record": ("zone_id",),
    "aws_route_table": ("vpc_id",),
    "aws_route_table_association": ("subnet_id", "route_table_id"),
    "aws_s3_bucket_": ("bucket",),
    "aws_s3_object": ("bucket",),
    "aws_secretsmanager_secret_": ("secret_id",),
    "aws_security_group_rule": ("security_group_id",),
    "aws_sesv2_configuration_set_event_destination": ("configuration_set_name",),
    "aws_sns_topic_policy": ("arn",),
    "aws_sns_topic_subscription": ("topic_arn",),
    "aws_sqs_queue_policy": ("queue_url",),
    "aws_sqs_queue_redrive_": ("queue_url",),
    "aws_vpc_dhcp_options_association": ("vpc_id",),
    "aws_vpc_endpoint": (),
    "aws_vpc_security_group_egress_rule": ("security_group_id",),
    "aws_vpc_security_group_ingress_rule": ("security_group_id",),
    "aws_wafv2_web_acl_association": ("web_acl_arn",),
    "aws_wafv2_web_acl_logging_configuration": ("resource_arn",),
}

#: What hangs on the one that uses it: on any, or on one of these types; with several users it is a card of its own.
HANGS_ON_ITS_USER = {
    "aws_cloudfront_cache_policy": "aws_cloudfront_distribution",
    "aws_cloudfront_function": "aws_cloudfront_distribution",
    "aws_cloudfront_origin_access_control": "aws_cloudfront_distribution",
    "aws_cloudfront_origin_request_policy": "aws_cloudfront_distribution",
    "aws_cloudfront_response_headers_policy": "aws_cloudfront_distribution",
    "aws_cloudwatch_log_group": "",
    "aws_db_option_group": "aws_db_instance",
    "aws_db_parameter_group": "aws_db_instance",
    "aws_db_subnet_group": "aws_db_instance",
    "aws_ecs_task_definition": "aws_ecs_service",
    "aws_eip": "aws_nat_gateway",
    "aws_elasticache_parameter_group": "aws_elasticache_replication_group",
    "aws_elasticache_subnet_group": "aws_elasticache_replication_group",
    "aws_iam_instance_profile": "",
    "aws_iam_policy": "",
    "aws_iam_role": "",
    "aws_launch_template": "aws_autoscaling_group",
    "aws_lb_target_group": "aws_lb_listener aws_lb_listener_rule",
    "aws_route53_health_check": "aws_route53_record aws_route53_health_check",
    "aws_security_group": "",
    "aws_wafv2_ip_set": "aws_wafv2_web_acl",
}
#: Of these the first user will do where there are several: they are made for them together.
FIRST_USER_WILL_DO = frozenset(
    {
        "aws_db_option_group",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_lb_target_group",
        "aws_route53_health_check",
    }
)

_SATELLITE_ENDINGS = (
    "_alias",
    "_association",
    "_attachment",
    "_configuration",
    "_permission",
    "_policy",
    "_settings",
    "_status",
    "_validation",
    "_version",
)


def hangs_on(kind: str) -> tuple[str, ...] | None:
    """The arguments that name what a resource of this type hangs on; None where no table says."""
    if kind in HANGS_ON:
        return HANGS_ON[kind]
    beginnings = [name for name in HANGS_ON if name.endswith("_") and kind.startswith(name)]
    return HANGS_ON[max(beginnings, key=len)] if beginnings else None


def sounds_like_a_part_of(kind: str, other: str) -> bool:
    """Whether a type's name alone says that it belongs to another that it refers to."""
    return kind.startswith(f"{other}_") or (kind.endswith(_SATELLITE_ENDINGS) and kind != other)
