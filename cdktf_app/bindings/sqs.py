"""Amazon SQS."""

from cdktf_cdktf_provider_aws.sqs_queue import (
    SqsQueue,
)
from cdktf_cdktf_provider_aws.sqs_queue_policy import (
    SqsQueuePolicy,
)

__all__ = [
    "SqsQueue",
    "SqsQueuePolicy",
]
