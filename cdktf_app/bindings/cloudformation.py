"""AWS CloudFormation."""

from cdktf_cdktf_provider_aws.cloudformation_stack import (
    CloudformationStack,
)

__all__ = [
    "CloudformationStack",
]
