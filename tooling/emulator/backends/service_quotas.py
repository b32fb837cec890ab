"""Service Quotas: those of SES, and what doctor looks at of others, which moto does not know.

What is asked for is granted at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from moto.servicequotas.models import servicequotas_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("service-quotas")

SES_DAILY_EMAILS = "L-804C8AE8"
SES_EMAILS_A_SECOND = "L-CDEF9B6B"


@dataclass(frozen=True)
class Listed:
    """One quota.

    Attributes:
        value: In a new account.
        adjustable: Whether more can be asked for.
    """

    name: str
    value: float
    adjustable: bool = True


# By service and code; others are moto's. https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html
# and https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_LISTED: Mapping[str, Mapping[str, Listed]] = {
    "ses": {SES_DAILY_EMAILS: Listed("Sending quota", 200.0), SES_EMAILS_A_SECOND: Listed("Sending rate", 1.0)},
    "apigateway": {"L-AA0FF27B": Listed("Regional APIs", 600.0, adjustable=False)},
    "cognito-idp": {"L-66E6DF30": Listed("User pools per account", 1000.0)},
    "dynamodb": {"L-F98FE922": Listed("Maximum number of tables", 2500.0)},
    "ec2": {"L-0263D0A3": Listed("EC2-VPC Elastic IPs", 5.0)},
    "elasticloadbalancing": {"L-53DA6B97": Listed("Application Load Balancers per Region", 50.0)},
    "lambda": {"L-B99A9384": Listed("Concurrent executions", 1000.0)},
    "rds": {"L-7B6409FD": Listed("DB instances", 40.0)},
    "s3": {"L-DC2B2D3D": Listed("General purpose buckets", 10000.0)},
}


@backend.answers("ListServiceQuotas")
def list_quotas(call: Call) -> Mapping[str, Any]:
    """groundplan doctor; moto lists the defaults of VPCs only."""
    service = call.params["ServiceCode"]
    if service not in _LISTED:
        return {"Quotas": servicequotas_backends[call.account][call.region].list_aws_default_service_quotas(service)}
    return {"Quotas": [_told(call, service, code, applied_value(call, code, service)) for code in _LISTED[service]]}


@backend.answers("ListAWSDefaultServiceQuotas")
def list_default_quotas(call: Call) -> Mapping[str, Any] | None:
    """The same."""
    service = call.params["ServiceCode"]
    if service not in _LISTED:
        return None
    return {"Quotas": [_told(call, service, code, one.value) for code, one in _LISTED[service].items()]}


@backend.answers("GetAWSDefaultServiceQuota")
def get_default_quota(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, create and read: moto has the defaults, but not one by one."""
    service, quota = call.params["ServiceCode"], call.params["QuotaCode"]
    if service in _LISTED:
        return {"Quota": _told(call, service, quota, _listed(service, quota).value)}
    return {"Quota": servicequotas_backends[call.account][call.region].get_service_quota(service, quota)}


@backend.answers("GetServiceQuota")
def get_quota(call: Call) -> Mapping[str, Any] | None:
    """aws_servicequotas_service_quota, create and read."""
    service, quota = call.params["ServiceCode"], call.params["QuotaCode"]
    if service in _LISTED:
        return {"Quota": _told(call, service, quota, applied_value(call, quota, service))}
    return None


@backend.answers("RequestServiceQuotaIncrease")
def request_increase(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, create and update: AWS decides within days, the emulator says yes at once."""
    service, quota, wanted = call.params["ServiceCode"], call.params["QuotaCode"], call.params["DesiredValue"]
    if not _listed(service, quota).adjustable:
        raise AwsError("IllegalArgumentException", f"The quota {quota} of {service} cannot be raised.")
    if wanted <= applied_value(call, quota, service):
        raise AwsError("IllegalArgumentException", "The requested value must be greater than the quota's present one.")
    now = datetime.now(UTC)
    request = {
        **_described(call, service, quota),
        "Id": uuid.uuid4().hex,
        "DesiredValue": wanted,
        "Status": "APPROVED",
        "Created": now,
        "LastUpdated": now,
    }
    call.store("quota-requests")[request["Id"]] = request
    call.store("applied-quotas")[quota] = wanted
    return {"RequestedQuota": request}


@backend.answers("GetRequestedServiceQuotaChange")
def get_request(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, read, once it has asked for more."""
    request = call.store("quota-requests").get(call.params["RequestId"])
    if request is None:
        raise AwsError("NoSuchResourceException", f"There is no request {call.params['RequestId']}.")
    return {"RequestedQuota": request}


def applied_value(call: Call, quota: str, service: str = "ses") -> float:
    """What a quota is now, in the call's account and region."""
    return float(call.store("applied-quotas").get(quota, _listed(service, quota).value))


def _listed(service: str, quota: str) -> Listed:
    found = _LISTED.get(service, {}).get(quota)
    if found is None:
        raise AwsError("NoSuchResourceException", f"The emulator knows no quota {quota} of {service}.")
    return found


def _told(call: Call, service: str, quota: str, value: float) -> dict[str, Any]:
    return {**_described(call, service, quota), "Value": value}


def _described(call: Call, service: str, quota: str) -> dict[str, Any]:
    """What is told of a quota whatever is asked."""
    found = _listed(service, quota)
    return {
        "ServiceCode": service,
        "ServiceName": "Amazon Simple Email Service (Amazon SES)" if service == "ses" else service,
        "QuotaArn": call.arn(f"{service}/{quota}"),
        "QuotaCode": quota,
        "QuotaName": found.name,
        "Unit": "None",
        "Adjustable": found.adjustable,
        "GlobalQuota": False,
    }
