"""AWS Key Management Service."""

from cdktf_cdktf_provider_aws.kms_alias import (
    KmsAlias,
)
from cdktf_cdktf_provider_aws.kms_key import (
    KmsKey,
)
from cdktf_cdktf_provider_aws.kms_replica_key import (
    KmsReplicaKey,
)

__all__ = [
    "KmsAlias",
    "KmsKey",
    "KmsReplicaKey",
]
