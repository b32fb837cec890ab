"""Amazon Elastic Container Registry."""

from cdktf_cdktf_provider_aws.ecr_lifecycle_policy import (
    EcrLifecyclePolicy,
)
from cdktf_cdktf_provider_aws.ecr_repository import (
    EcrRepository,
    EcrRepositoryEncryptionConfiguration,
    EcrRepositoryImageScanningConfiguration,
)

__all__ = [
    "EcrLifecyclePolicy",
    "EcrRepository",
    "EcrRepositoryEncryptionConfiguration",
    "EcrRepositoryImageScanningConfiguration",
]
