"""Amazon SNS."""

from cdktf_cdktf_provider_aws.sns_topic import SnsTopic
from cdktf_cdktf_provider_aws.sns_topic_policy import SnsTopicPolicy
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription

__all__ = [
    "SnsTopic",
    "SnsTopicPolicy",
    "SnsTopicSubscription",
]
