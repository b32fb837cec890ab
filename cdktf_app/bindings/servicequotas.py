"""AWS Service Quotas."""

from cdktf_cdktf_provider_aws.servicequotas_service_quota import (
    ServicequotasServiceQuota,
)

__all__ = [
    "ServicequotasServiceQuota",
]
