"""Amazon Route 53."""

from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias

__all__ = [
    "Route53Record",
    "Route53RecordAlias",
]
