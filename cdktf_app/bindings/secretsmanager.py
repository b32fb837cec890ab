"""AWS Secrets Manager."""

from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from cdktf_cdktf_provider_aws.secretsmanager_secret_version import SecretsmanagerSecretVersion

__all__ = [
    "SecretsmanagerSecret",
    "SecretsmanagerSecretVersion",
]
