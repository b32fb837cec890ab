"""Amazon CloudWatch."""

from cdktf_cdktf_provider_aws.cloudwatch_dashboard import (
    CloudwatchDashboard,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_group import (
    CloudwatchLogGroup,
)
from cdktf_cdktf_provider_aws.cloudwatch_log_metric_filter import (
    CloudwatchLogMetricFilter,
    CloudwatchLogMetricFilterMetricTransformation,
)
from cdktf_cdktf_provider_aws.cloudwatch_metric_alarm import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from cdktf_cdktf_provider_aws.cloudwatch_query_definition import (
    CloudwatchQueryDefinition,
)

__all__ = [
    "CloudwatchDashboard",
    "CloudwatchLogGroup",
    "CloudwatchLogMetricFilter",
    "CloudwatchLogMetricFilterMetricTransformation",
    "CloudwatchMetricAlarm",
    "CloudwatchMetricAlarmMetricQuery",
    "CloudwatchMetricAlarmMetricQueryMetric",
    "CloudwatchQueryDefinition",
]
