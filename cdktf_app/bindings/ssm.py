"""AWS Systems Manager."""

from cdktf_cdktf_provider_aws.ssm_parameter import (
    SsmParameter,
)

__all__ = [
    "SsmParameter",
]
