"""Names, certificates and what stands before them."""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.module_stack import Input, ModuleStack, Rule


def optional_domain_name(stack: ModuleStack) -> Input:
    """Domain name that may be empty; goes with :func:`hosted_zone_id` and :func:`certificate_arn`."""
    return stack.variable(
        "domain_name",
        "string",
        default="",
        description="Domain name of the API; empty for the one that AWS makes up.",
        validation=[
            Rule(
                'var.domain_name == "" || can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", var.domain_name))',
                "The domain name must be empty or a name such as api.example.com.",
            ),
            Rule(
                'var.domain_name == "" || var.hosted_zone_id != ""',
                "A domain name needs hosted_zone_id, the Route 53 zone for its records.",
            ),
        ],
    )


def hosted_zone_id(stack: ModuleStack) -> Input:
    return stack.variable("hosted_zone_id", "string", default="", description="Route 53 zone of the domain name.")


def certificate_arn(stack: ModuleStack, *, beside_cloudfront: bool = False, placeholders: Sequence[str] = ()) -> Input:
    """Certificate that there is already.

    Args:
        stack: The module.
        beside_cloudfront: CloudFront takes it too, as it does from us-east-1 only. Default: any region will do.
        placeholders: Ids that the document has for want of real ones, which nobody is to copy. Default: none.
    """
    own = "var.certificate_arn"
    cloudfront = Rule(
        f'{own} == "" || startswith({own}, "arn:aws:acm:us-east-1:")',
        "The certificate must be one of us-east-1: CloudFront takes it from no other region.",
    )
    real = Rule(
        f'!contains({expressions.literal(list(placeholders))}, reverse(split("/", {own}))[0])',
        "The certificate is a placeholder of the document's: give the ARN of a real one, or leave it empty.",
    )
    return stack.variable(
        "certificate_arn",
        "string",
        default="",
        description="Certificate of the domain name, in this region; empty to have one made.",
        validation=[
            Rule(
                f'{own} == "" || can(regex("^arn:aws:acm:", {own}))',
                "The certificate must be empty or the ARN of an ACM certificate.",
            ),
            *([cloudfront] if beside_cloudfront else []),
            *([real] if placeholders else []),
        ],
    )


def domain_name(stack: ModuleStack, *, default: str, description: str) -> Input:
    """Domain name that there has to be."""
    return stack.variable(
        "domain_name",
        "string",
        default=default,
        description=description,
        validation=[
            Rule(
                'can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", var.domain_name))',
                f"The domain name must be a name such as {default}.",
            )
        ],
    )


def zone_to_delegate(stack: ModuleStack) -> Input:
    """Zone of :func:`domain_name`, made if it is not given."""
    return stack.variable(
        "hosted_zone_id",
        "string",
        default="",
        description="Route 53 zone of the domain name; empty to have one made, which must then be delegated to.",
    )


def waf_rate_limit(stack: ModuleStack) -> Input:
    return stack.whole_number(
        "waf_rate_limit",
        default=2000,
        least=10,
        most=2000000000,
        description="Requests that one address may make in 5 minutes.",
    )
