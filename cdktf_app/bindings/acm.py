"""AWS Certificate Manager."""

from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation

__all__ = [
    "AcmCertificate",
    "AcmCertificateValidation",
]
