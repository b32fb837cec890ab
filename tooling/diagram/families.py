"""What is known of resource types: the part they belong to, and what they are called.

A type that is in no table here is drawn all the same: its part comes from the beginning of its name.
"""

from __future__ import annotations

#: Part of an architecture by the beginning of a type; the longest that fits counts.
_PARTS = {
    "edge": "aws_route53_ aws_cloudfront_ aws_acm_ aws_wafv2_ aws_waf_ aws_shield_ aws_globalaccelerator_",
    "api": "aws_api_gateway_ aws_apigatewayv2_ aws_appsync_ aws_lb aws_alb aws_elb",
    "events": "aws_cloudwatch_event_ aws_scheduler_ aws_pipes_ aws_schemas_",
    "compute": "aws_lambda_ aws_ecs_ aws_eks_ aws_autoscaling_ aws_appautoscaling_ aws_launch_ aws_instance aws_batch_ "
    "aws_sfn_ aws_media_convert_ aws_cloudformation_ aws_sagemaker_ aws_bedrock aws_placement_group",
    "network": "aws_vpc aws_subnet aws_route aws_nat_ aws_eip aws_internet_ aws_egress_ aws_network_ "
    "aws_security_group aws_default_ aws_flow_log aws_main_ aws_ec2_",
    "data": "aws_s3_ aws_dynamodb_ aws_db_ aws_rds_ aws_elasticache_ aws_efs_ aws_ebs_ aws_opensearch_ aws_kinesis_ "
    "aws_backup_ aws_glue_ aws_athena_ aws_memorydb_ aws_docdb_ aws_neptune_ aws_redshift",
    "messaging": "aws_sns_ aws_sqs_ aws_ses_ aws_sesv2_ aws_mq_ aws_pinpoint aws_msk_ aws_servicequotas_",
    "identity": "aws_cognito_ aws_iam_ aws_identitystore_ aws_ssoadmin_",
    "security": "aws_kms_ aws_secretsmanager_ aws_ssm_ aws_cloudtrail aws_config_ aws_guardduty_ aws_securityhub_ "
    "aws_inspector aws_macie aws_accessanalyzer_",
    "observability": "aws_cloudwatch_ aws_xray_ aws_synthetics_",
    "cost": "aws_budgets_ aws_ce_ aws_cur_",
    "delivery": "aws_ecr_ aws_ecrpublic_ aws_codepipeline aws_codebuild_ aws_codecommit_ aws_codedeploy_ aws_codestar",
}
_PART_OF = {beginning: part for part, beginnings in _PARTS.items() for beginning in beginnings.split()}

PART_TITLES = {
    "edge": "Edge and DNS",
    "api": "API",
    "events": "Events and schedules",
    "compute": "Compute",
    "network": "Network",
    "data": "Data",
    "messaging": "Messaging",
    "identity": "Identity",
    "security": "Security",
    "delivery": "Delivery",
    "observability": "Observability",
    "cost": "Cost",
    "other": "Other",
}

#: Many small things, drawn as marks of one card where they hang on nothing.
GATHERED = {
    "aws_cloudwatch_composite_alarm": "Alarms",
    "aws_cloudwatch_log_group": "Log groups",
    "aws_cloudwatch_log_resource_policy": "Log groups",
    "aws_cloudwatch_metric_alarm": "Alarms",
    "aws_cloudwatch_query_definition": "Saved queries",
    "aws_iam_policy": "Policies",
    "aws_iam_role_policy_attachment": "Policies",
    "aws_route53_record": "DNS records",
    "aws_security_group": "Security groups",
    "aws_ses_template": "E-mail settings",
    "aws_servicequotas_service_quota": "E-mail settings",
    "aws_sesv2_account_suppression_attributes": "E-mail settings",
    "aws_sesv2_email_identity": "E-mail identities",
    "aws_ssm_parameter": "Parameters",
    "aws_vpc_security_group_egress_rule": "Security groups",
    "aws_vpc_security_group_ingress_rule": "Security groups",
    "aws_vpc_endpoint": "Endpoints",
    "aws_xray_group": "Tracing",
    "aws_xray_sampling_rule": "Tracing",
    "aws_budgets_budget": "Budgets",
}

_KINDS = {
    "aws_acm_certificate": "Certificate",
    "aws_api_gateway_domain_name": "API domain",
    "aws_api_gateway_rest_api": "REST API",
    "aws_apigatewayv2_api": "API Gateway API",
    "aws_autoscaling_group": "Auto Scaling group",
    "aws_cloudformation_stack": "CloudFormation stack",
    "aws_cloudfront_distribution": "CloudFront",
    "aws_cloudwatch_dashboard": "Dashboard",
    "aws_cloudwatch_event_archive": "Event archive",
    "aws_cloudwatch_event_bus": "Event bus",
    "aws_cloudwatch_event_rule": "EventBridge rule",
    "aws_cognito_user_pool": "Cognito user pool",
    "aws_db_instance": "RDS database",
    "aws_dynamodb_table": "DynamoDB table",
    "aws_dynamodb_table_replica": "DynamoDB replica",
    "aws_ecr_repository": "Image repository",
    "aws_ecs_cluster": "ECS cluster",
    "aws_ecs_service": "ECS service",
    "aws_elasticache_replication_group": "Redis",
    "aws_iam_role": "IAM role",
    "aws_eip": "Elastic IP",
    "aws_kms_key": "KMS key",
    "aws_kms_replica_key": "KMS replica key",
    "aws_lambda_function": "Lambda function",
    "aws_lb": "Load balancer",
    "aws_media_convert_queue": "MediaConvert queue",
    "aws_nat_gateway": "NAT gateway",
    "aws_route53_zone": "DNS zone",
    "aws_s3_bucket": "S3 bucket",
    "aws_secretsmanager_secret": "Secret",
    "aws_sesv2_configuration_set": "SES configuration set",
    "aws_sesv2_email_identity": "SES identity",
    "aws_sfn_state_machine": "State machine",
    "aws_sns_topic": "SNS topic",
    "aws_sqs_queue": "SQS queue",
    "aws_ssm_parameter": "Parameter",
    "aws_vpc": "VPC",
    "aws_vpc_endpoint": "VPC endpoint",
    "aws_wafv2_web_acl": "Web ACL",
}
_MARKS = {
    "aws_acm_certificate_validation": "validation",
    "aws_apigatewayv2_integration": "integrations",
    "aws_apigatewayv2_route": "routes",
    "aws_cloudfront_origin_access_control": "origin access",
    "aws_cloudfront_response_headers_policy": "headers",
    "aws_cloudwatch_event_target": "targets",
    "aws_cloudwatch_log_group": "logs",
    "aws_cloudwatch_metric_alarm": "alarms",
    "aws_cognito_user_pool_client": "client",
    "aws_db_parameter_group": "parameters",
    "aws_db_subnet_group": "subnet group",
    "aws_default_security_group": "default group",
    "aws_ecs_task_definition": "task",
    "aws_iam_instance_profile": "profile",
    "aws_iam_policy": "policy",
    "aws_iam_role": "role",
    "aws_iam_role_policy": "policy",
    "aws_iam_role_policy_attachment": "attached policy",
    "aws_internet_gateway": "internet gateway",
    "aws_kms_alias": "alias",
    "aws_lambda_alias": "alias",
    "aws_lambda_event_source_mapping": "event source",
    "aws_lambda_provisioned_concurrency_config": "provisioned",
    "aws_lb_listener": "listeners",
    "aws_lb_listener_rule": "rules",
    "aws_lb_target_group": "targets",
    "aws_network_acl": "network ACLs",
    "aws_network_acl_rule": "ACL rules",
    "aws_route53_record": "records",
    "aws_route_table": "route tables",
    "aws_route": "routes",
    "aws_s3_bucket_server_side_encryption_configuration": "encryption",
    "aws_s3_bucket_lifecycle_configuration": "lifecycle",
    "aws_s3_bucket_public_access_block": "public access",
    "aws_s3_bucket_cors_configuration": "CORS",
    "aws_s3_bucket_ownership_controls": "ownership",
    "aws_secretsmanager_secret_version": "version",
    "aws_security_group": "security group",
    "aws_vpc_security_group_egress_rule": "rules out",
    "aws_vpc_security_group_ingress_rule": "rules in",
    "aws_wafv2_web_acl_association": "association",
    "aws_wafv2_web_acl_logging_configuration": "logging",
}
_SERVICES = (
    *("api_gateway", "apigatewayv2", "appautoscaling", "autoscaling", "budgets", "ce", "cloudwatch", "cognito"),
    *("config", "ecr", "iam", "lambda", "route53", "s3_bucket", "servicequotas", "ses", "sesv2", "xray"),
)
_GLOBAL = ("aws_cloudfront_", "aws_route53_", "aws_budgets_", "aws_ce_", "aws_iam_", "aws_globalaccelerator_")


def part_of(kind: str) -> str:
    """The part of an architecture that a resource type belongs to; ``other`` for one that nobody knows."""
    for end in range(len(kind), 0, -1):
        if kind[:end] in _PART_OF:
            return _PART_OF[kind[:end]]
    return "other"


def is_global(kind: str) -> bool:
    """Whether resources of a type are in no region."""
    return kind.startswith(_GLOBAL)


def kind_of(kind: str) -> str:
    """What a resource of a type is called."""
    return _KINDS.get(kind) or _short(kind).capitalize()


def mark_of(kind: str, host: str) -> str:
    """What a resource of a type is called as a mark of another type's card."""
    if kind in _MARKS:
        return _MARKS[kind]
    return _short(kind.removeprefix(f"{host}_"))


def _short(kind: str) -> str:
    """The words of a type without its service, where that says nothing more."""
    name = kind.removeprefix("aws_")
    for service in _SERVICES:
        name = name.removeprefix(f"{service}_")
    return name.replace("_", " ")
