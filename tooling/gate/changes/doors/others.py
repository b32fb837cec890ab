"""What nobody here knows the doors of: types that are not told apart, and templates of other tools."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from tooling.gate.addresses import glob_matches
from tooling.gate.changes.links import part
from tooling.gate.changes.model import Door
from tooling.gate.planned import PlanView

#: Types, as globs, that are judged by another module of this package, or open nothing to the outside by themselves.
#: A policy of theirs is read all the same. Whatever is not among them may open something: it is a door that is
#: undecided, until its type is put here or gets a module of its own.
KNOWN = (
    "aws_acm_*",
    "aws_alb*",
    "aws_api_gateway_*",
    "aws_apigatewayv2_*",
    "aws_appautoscaling_*",
    "aws_autoscaling_*",
    "aws_backup_*",
    "aws_budgets_*",
    "aws_ce_*",
    "aws_cloudformation_stack",
    "aws_cloudfront_*",
    "aws_cloudtrail*",
    "aws_cloudwatch_*",
    "aws_codebuild_project",
    "aws_codecommit_*",
    "aws_codepipeline",
    "aws_codestarconnections_connection",
    "aws_cognito_*",
    "aws_config_*",
    "aws_customer_gateway",
    "aws_db_*",
    "aws_default_network_acl",
    "aws_default_route_table",
    "aws_default_security_group",
    "aws_dynamodb_*",
    "aws_ebs_*",
    "aws_ec2_managed_prefix_list*",
    "aws_ecr_*",
    "aws_ecs_*",
    "aws_efs_*",
    "aws_eip*",
    "aws_elb",
    "aws_flow_log",
    "aws_iam_*",
    "aws_instance",
    "aws_internet_gateway",
    "aws_egress_only_internet_gateway",
    "aws_kinesis_*",
    "aws_kms_*",
    "aws_lambda_*",
    "aws_launch_configuration",
    "aws_launch_template",
    "aws_lb*",
    "aws_media_convert_*",
    "aws_nat_gateway",
    "aws_network_acl*",
    "aws_network_interface*",
    "aws_rds_*",
    "aws_resourcegroups_*",
    "aws_route",
    "aws_route53_*",
    "aws_route_table*",
    "aws_main_route_table_association",
    "aws_s3_bucket*",
    "aws_s3_object",
    "aws_scheduler_*",
    "aws_secretsmanager_*",
    "aws_security_group*",
    "aws_servicequotas_*",
    "aws_ses_*",
    "aws_sesv2_*",
    "aws_sfn_*",
    "aws_sns_*",
    "aws_sqs_*",
    "aws_ssm_parameter",
    "aws_subnet",
    "aws_vpc",
    "aws_vpc_dhcp_options*",
    "aws_vpc_endpoint*",
    "aws_vpc_security_group_*",
    "aws_wafv2_*",
    "aws_xray_*",
    # Terraform's own, which makes nothing.
    "terraform_data",
)

_SOMEWHERE = "wherever that is reached from"

#: Beginnings of CloudFormation types that open nothing.
_QUIET_TEMPLATES = ("AWS::BedrockAgentCore::Memory", "AWS::IAM::ManagedPolicy", "AWS::Personalize::")


def doors(view: PlanView) -> Iterator[Door]:
    """Doors that may be there: of types that are not known here, and in CloudFormation templates."""
    for item in view.resources.values():
        if item.is_data:
            continue
        if item.type == "aws_cloudformation_stack":
            unknown = _unknown_in(part(item, "template_body").value)
            if unknown:
                what = f"whatever {', '.join(unknown)} of its template opens"
                yield Door(address=item.address, what=what, reached_from=_SOMEWHERE, undecided=True)
        elif not is_known(item.type):
            what = f"whatever a resource of the type {item.type} opens: it is not among those that are told apart"
            yield Door(address=item.address, what=what, reached_from=_SOMEWHERE, undecided=True)


@cache
def is_known(kind: str) -> bool:
    """Whether somebody has said what resources of a type open."""
    return any(glob_matches(glob, kind) for glob in KNOWN)


def _unknown_in(template: Any) -> tuple[str, ...]:
    """Types of a template that may open something."""
    try:
        resources = json.loads(template)["Resources"] if isinstance(template, str) else None
    except (ValueError, KeyError, TypeError):
        resources = None
    if not isinstance(resources, dict):
        return ("what nobody can read",)
    types = {str(each.get("Type")) if isinstance(each, dict) else "?" for each in resources.values()}
    return tuple(sorted(kind for kind in types if not kind.startswith(_QUIET_TEMPLATES)))
