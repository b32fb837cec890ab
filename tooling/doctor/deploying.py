"""Calls that applying a resource begins with, by its type: who may not make them cannot deploy it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# One or two of each, those that make it: they are what a narrow policy lacks first.
ACTIONS: Mapping[str, tuple[str, ...]] = {
    "aws_acm_certificate": ("acm:RequestCertificate",),
    "aws_api_gateway_rest_api": ("apigateway:POST",),
    "aws_apigatewayv2_api": ("apigateway:POST",),
    "aws_appautoscaling_target": ("application-autoscaling:RegisterScalableTarget",),
    "aws_autoscaling_group": ("autoscaling:CreateAutoScalingGroup",),
    "aws_backup_plan": ("backup:CreateBackupPlan",),
    "aws_budgets_budget": ("budgets:ModifyBudget",),
    "aws_cloudformation_stack": ("cloudformation:CreateStack",),
    "aws_cloudfront_distribution": ("cloudfront:CreateDistribution",),
    "aws_cloudtrail": ("cloudtrail:CreateTrail",),
    "aws_cloudwatch_event_rule": ("events:PutRule", "events:PutTargets"),
    "aws_cloudwatch_log_group": ("logs:CreateLogGroup", "logs:PutRetentionPolicy"),
    "aws_cloudwatch_metric_alarm": ("cloudwatch:PutMetricAlarm",),
    "aws_codebuild_project": ("codebuild:CreateProject",),
    "aws_codepipeline": ("codepipeline:CreatePipeline",),
    "aws_cognito_user_pool": ("cognito-idp:CreateUserPool",),
    "aws_config_configuration_recorder": ("config:PutConfigurationRecorder",),
    "aws_db_instance": ("rds:CreateDBInstance",),
    "aws_dynamodb_table": ("dynamodb:CreateTable",),
    "aws_ecr_repository": ("ecr:CreateRepository",),
    "aws_ecs_service": ("ecs:CreateService",),
    "aws_ecs_task_definition": ("ecs:RegisterTaskDefinition", "iam:PassRole"),
    "aws_elasticache_replication_group": ("elasticache:CreateReplicationGroup",),
    "aws_iam_openid_connect_provider": ("iam:CreateOpenIDConnectProvider",),
    "aws_iam_role": ("iam:CreateRole", "iam:PutRolePolicy"),
    "aws_kms_key": ("kms:CreateKey",),
    "aws_lambda_function": ("lambda:CreateFunction", "iam:PassRole"),
    "aws_launch_template": ("ec2:CreateLaunchTemplate",),
    "aws_lb": ("elasticloadbalancing:CreateLoadBalancer",),
    "aws_media_convert_queue": ("mediaconvert:CreateQueue",),
    "aws_nat_gateway": ("ec2:CreateNatGateway", "ec2:AllocateAddress"),
    "aws_route53_record": ("route53:ChangeResourceRecordSets",),
    "aws_route53_zone": ("route53:CreateHostedZone",),
    "aws_s3_bucket": ("s3:CreateBucket", "s3:PutBucketPolicy"),
    "aws_secretsmanager_secret": ("secretsmanager:CreateSecret", "secretsmanager:PutSecretValue"),
    "aws_servicequotas_service_quota": ("servicequotas:RequestServiceQuotaIncrease",),
    "aws_sesv2_email_identity": ("ses:CreateEmailIdentity",),
    "aws_sfn_state_machine": ("states:CreateStateMachine",),
    "aws_sns_topic": ("sns:CreateTopic", "sns:Subscribe"),
    "aws_sqs_queue": ("sqs:CreateQueue",),
    "aws_ssm_parameter": ("ssm:PutParameter",),
    "aws_vpc": ("ec2:CreateVpc", "ec2:CreateSubnet", "ec2:CreateSecurityGroup"),
    "aws_wafv2_web_acl": ("wafv2:CreateWebACL",),
}


def needed(types: Iterable[str]) -> tuple[str, ...]:
    """The calls for these types, each once."""
    return tuple(sorted({action for name in types for action in ACTIONS.get(name, ())}))
