"""What every architecture asks for: where it is, what it is called, what it may cost."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app.module_stack import Input, ModuleStack, Rule


def environment(stack: ModuleStack) -> Input:
    return stack.variable(
        "environment",
        "string",
        description="Name of the environment, part of every resource's name.",
        validation=[
            Rule(
                'can(regex("^[a-z][a-z0-9-]{1,15}$", var.environment))',
                "The environment must be 2 to 16 lower-case letters, digits and hyphens, a letter first.",
            )
        ],
    )


def account_id(stack: ModuleStack) -> Input:
    return stack.variable(
        "account_id",
        "string",
        description="AWS account that the module is applied in.",
        validation=[Rule('can(regex("^[0-9]{12}$", var.account_id))', "The account id must be 12 digits.")],
    )


def region(stack: ModuleStack, *, beside_cloudfront: bool = False) -> Input:
    """The region of the module.

    Args:
        stack: The module.
        beside_cloudfront: One certificate and one kind of web ACL serve CloudFront and the rest, which is possible only
            where CloudFront takes them from. Default: any region will do.
            https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
    """
    cloudfront = Rule(
        'var.region == "us-east-1"',
        "The region must be us-east-1: CloudFront takes certificates and web ACLs from no other.",
    )
    return stack.variable(
        "region",
        "string",
        default="us-east-1",
        description="AWS region that the module is applied in.",
        validation=[
            Rule(
                'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))',
                "The region must be an AWS region such as us-east-1.",
            ),
            *([cloudfront] if beside_cloudfront else []),
        ],
    )


def tags(stack: ModuleStack) -> Input:
    return stack.variable("tags", "map(string)", default={}, description="Tags of every resource that can carry any.")


def second_region(stack: ModuleStack, name: str, *, alias: str, description: str) -> Input:
    """Region of the provider that the caller gives as ``aws.<alias>``."""
    return stack.variable(
        name,
        "string",
        default="us-west-2",
        description=description,
        validation=[
            Rule(
                f'can(regex("^[a-z]{{2}}(-[a-z]+)+-[0-9]$", var.{name})) && var.{name} != var.region',
                f"The region of aws.{alias} must be an AWS region such as us-west-2, and not the first.",
            )
        ],
    )


def monthly_budget(stack: ModuleStack, *, default: int) -> Input:
    return stack.whole_number(
        "monthly_budget", default=default, least=1, most=1000000, description="Budget in US dollars a month."
    )


def anomaly_monitor_arn(stack: ModuleStack) -> Input:
    return stack.variable(
        "anomaly_monitor_arn",
        "string",
        default="",
        description="The account's cost anomaly monitor, of which AWS allows one; empty to have it made.",
        validation=[
            Rule(
                'var.anomaly_monitor_arn == "" || can(regex("^arn:aws:ce::[0-9]{12}:anomalymonitor/", '
                "var.anomaly_monitor_arn))",
                "The anomaly monitor must be empty or the ARN of one.",
            )
        ],
    )


def anomaly_least_impact(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "anomaly_least_impact",
        default=5,
        least=0,
        most=1000000,
        description="Cost anomalies below so many US dollars are left out of the weekly report.",
    )


def artifacts_bucket(stack: ModuleStack) -> Input:
    return stack.variable(
        "artifacts_bucket",
        "string",
        description="Bucket that the functions' packages are uploaded to before an apply.",
        validation=[Rule('var.artifacts_bucket != ""', "There must be a bucket that holds the functions' packages.")],
    )


def name_suffix(stack: ModuleStack, *, rules: Sequence[Rule] = ()) -> Input:
    """End of every name, so that environments of one account stay apart where a document fixes the name.

    Args:
        stack: The module.
        rules: What else it must be. Default: nothing.
    """
    return stack.variable(
        "name_suffix",
        "string",
        default="",
        description="End of every resource's name, such as -dev; empty for the document's own names.",
        validation=[
            Rule(
                'var.name_suffix == "" || can(regex("^-[a-z][a-z0-9-]{0,15}$", var.name_suffix))',
                "The name suffix must be empty or a hyphen and 1 to 16 lower-case letters, digits and hyphens.",
            ),
            *rules,
        ],
    )
