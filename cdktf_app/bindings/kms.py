"""AWS Key Management Service."""

from cdktf_cdktf_provider_aws.kms_alias import KmsAlias
from cdktf_cdktf_provider_aws.kms_key import KmsKey

__all__ = [
    "KmsAlias",
    "KmsKey",
]
