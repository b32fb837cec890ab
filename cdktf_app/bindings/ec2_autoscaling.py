"""Amazon EC2 Auto Scaling, and the launch templates of its instances."""

from cdktf_cdktf_provider_aws.autoscaling_attachment import (
    AutoscalingAttachment,
)
from cdktf_cdktf_provider_aws.autoscaling_group import (
    AutoscalingGroup,
    AutoscalingGroupInstanceRefresh,
    AutoscalingGroupInstanceRefreshPreferences,
    AutoscalingGroupLaunchTemplate,
)
from cdktf_cdktf_provider_aws.autoscaling_policy import (
    AutoscalingPolicy,
    AutoscalingPolicyStepAdjustment,
    AutoscalingPolicyTargetTrackingConfiguration,
    AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification,
)
from cdktf_cdktf_provider_aws.launch_template import (
    LaunchTemplate,
    LaunchTemplateBlockDeviceMappings,
    LaunchTemplateBlockDeviceMappingsEbs,
    LaunchTemplateIamInstanceProfile,
    LaunchTemplateMetadataOptions,
    LaunchTemplateMonitoring,
    LaunchTemplateNetworkInterfaces,
    LaunchTemplateTagSpecifications,
)

__all__ = [
    "AutoscalingAttachment",
    "AutoscalingGroup",
    "AutoscalingGroupInstanceRefresh",
    "AutoscalingGroupInstanceRefreshPreferences",
    "AutoscalingGroupLaunchTemplate",
    "AutoscalingPolicy",
    "AutoscalingPolicyStepAdjustment",
    "AutoscalingPolicyTargetTrackingConfiguration",
    "AutoscalingPolicyTargetTrackingConfigurationPredefinedMetricSpecification",
    "LaunchTemplate",
    "LaunchTemplateBlockDeviceMappings",
    "LaunchTemplateBlockDeviceMappingsEbs",
    "LaunchTemplateIamInstanceProfile",
    "LaunchTemplateMetadataOptions",
    "LaunchTemplateMonitoring",
    "LaunchTemplateNetworkInterfaces",
    "LaunchTemplateTagSpecifications",
]
