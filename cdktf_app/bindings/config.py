"""AWS Config."""

from cdktf_cdktf_provider_aws.config_config_rule import (
    ConfigConfigRule,
    ConfigConfigRuleSource,
)
from cdktf_cdktf_provider_aws.config_configuration_recorder import (
    ConfigConfigurationRecorder,
    ConfigConfigurationRecorderRecordingGroup,
)
from cdktf_cdktf_provider_aws.config_configuration_recorder_status import (
    ConfigConfigurationRecorderStatus,
)
from cdktf_cdktf_provider_aws.config_delivery_channel import (
    ConfigDeliveryChannel,
)

__all__ = [
    "ConfigConfigRule",
    "ConfigConfigRuleSource",
    "ConfigConfigurationRecorder",
    "ConfigConfigurationRecorderRecordingGroup",
    "ConfigConfigurationRecorderStatus",
    "ConfigDeliveryChannel",
]
