"""AWS X-Ray."""

from cdktf_cdktf_provider_aws.xray_group import (
    XrayGroup,
    XrayGroupInsightsConfiguration,
)
from cdktf_cdktf_provider_aws.xray_sampling_rule import (
    XraySamplingRule,
)

__all__ = [
    "XrayGroup",
    "XrayGroupInsightsConfiguration",
    "XraySamplingRule",
]
