"""Amazon EventBridge."""

from cdktf_cdktf_provider_aws.cloudwatch_event_archive import (
    CloudwatchEventArchive,
)
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import (
    CloudwatchEventRule,
)
from cdktf_cdktf_provider_aws.cloudwatch_event_target import (
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
    CloudwatchEventTargetRetryPolicy,
)

__all__ = [
    "CloudwatchEventArchive",
    "CloudwatchEventRule",
    "CloudwatchEventTarget",
    "CloudwatchEventTargetDeadLetterConfig",
    "CloudwatchEventTargetRetryPolicy",
]
