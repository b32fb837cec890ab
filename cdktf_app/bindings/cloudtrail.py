"""AWS CloudTrail."""

from cdktf_cdktf_provider_aws.cloudtrail import (
    Cloudtrail,
)

__all__ = [
    "Cloudtrail",
]
