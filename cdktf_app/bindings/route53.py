"""Amazon Route 53."""

from cdktf_cdktf_provider_aws.route53_health_check import (
    Route53HealthCheck,
)
from cdktf_cdktf_provider_aws.route53_record import (
    Route53Record,
    Route53RecordAlias,
    Route53RecordFailoverRoutingPolicy,
)
from cdktf_cdktf_provider_aws.route53_zone import (
    Route53Zone,
)

__all__ = [
    "Route53HealthCheck",
    "Route53Record",
    "Route53RecordAlias",
    "Route53RecordFailoverRoutingPolicy",
    "Route53Zone",
]
