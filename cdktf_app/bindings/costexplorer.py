"""AWS Cost Explorer."""

from cdktf_cdktf_provider_aws.ce_anomaly_monitor import (
    CeAnomalyMonitor,
)
from cdktf_cdktf_provider_aws.ce_anomaly_subscription import (
    CeAnomalySubscription,
    CeAnomalySubscriptionSubscriber,
    CeAnomalySubscriptionThresholdExpression,
    CeAnomalySubscriptionThresholdExpressionDimension,
)
from cdktf_cdktf_provider_aws.ce_cost_allocation_tag import (
    CeCostAllocationTag,
)

__all__ = [
    "CeAnomalyMonitor",
    "CeAnomalySubscription",
    "CeAnomalySubscriptionSubscriber",
    "CeAnomalySubscriptionThresholdExpression",
    "CeAnomalySubscriptionThresholdExpressionDimension",
    "CeCostAllocationTag",
]
