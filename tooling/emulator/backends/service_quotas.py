"""Service Quotas: those of SES, and what doctor looks at of others, which moto does not know.

What is asked for is granted at once.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.servicequotas.models import servicequotas_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("service-quotas")

SES_DAILY_EMAILS = "L-804C8AE8"
SES_EMAILS_A_SECOND = "L-CDEF9B6B"

# Name, and value in a new account. https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_SES: Mapping[str, tuple[str, float]] = {
    SES_DAILY_EMAILS: ("Sending quota", 200.0),
    SES_EMAILS_A_SECOND: ("Sending rate", 1.0),
}

# Of other services, what a new account has: code, name, value. https://docs.aws.amazon.com/general/latest/gr/
_LISTED: Mapping[str, tuple[tuple[str, str, float], ...]] = {
    "ses": tuple((code, name, value) for code, (name, value) in _SES.items()),
    "cognito-idp": (("L-66E6DF30", "User pools per account", 1000.0),),
    "dynamodb": (("L-F98FE922", "Maximum number of tables", 2500.0),),
    "ec2": (("L-0263D0A3", "EC2-VPC Elastic IPs", 5.0),),
    "elasticloadbalancing": (("L-53DA6B97", "Application Load Balancers per Region", 50.0),),
    "lambda": (("L-B99A9384", "Concurrent executions", 1000.0),),
    "rds": (("L-7B6409FD", "DB instances", 40.0),),
    "s3": (("L-DC2B2D3D", "General purpose buckets", 10000.0),),
}


@backend.answers("ListServiceQuotas")
def list_quotas(call: Call) -> Mapping[str, Any]:
    """groundplan doctor; moto lists the defaults of VPCs only."""
    service = call.params["ServiceCode"]
    if service not in _LISTED:
        return {"Quotas": servicequotas_backends[call.account][call.region].list_aws_default_service_quotas(service)}
    applied = call.store("applied-quotas")
    return {
        "Quotas": [
            {
                "ServiceCode": service,
                "QuotaArn": call.arn(f"{service}/{code}"),
                "QuotaCode": code,
                "QuotaName": name,
                "Value": float(applied.get(code, value)),
                "Adjustable": True,
                "GlobalQuota": False,
            }
            for code, name, value in _LISTED[service]
        ]
    }


@backend.answers("GetAWSDefaultServiceQuota")
def get_default_quota(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, create and read: moto has the defaults, but not one by one."""
    if call.params["ServiceCode"] == "ses":
        return {"Quota": {**_described(call), "Value": _default(call.params["QuotaCode"])}}
    moto = servicequotas_backends[call.account][call.region]
    return {"Quota": moto.get_service_quota(call.params["ServiceCode"], call.params["QuotaCode"])}


@backend.answers("GetServiceQuota")
def get_quota(call: Call) -> Mapping[str, Any] | None:
    """aws_servicequotas_service_quota, create and read."""
    if call.params["ServiceCode"] == "ses":
        return {"Quota": {**_described(call), "Value": applied_value(call, call.params["QuotaCode"])}}
    return None


@backend.answers("RequestServiceQuotaIncrease")
def request_increase(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, create and update: AWS decides within days, the emulator says yes at once."""
    described, wanted = _described(call), call.params["DesiredValue"]
    if wanted <= applied_value(call, call.params["QuotaCode"]):
        raise AwsError("IllegalArgumentException", "The requested value must be greater than the quota's present one.")
    now = datetime.now(UTC)
    request = {
        **described,
        "Id": uuid.uuid4().hex,
        "DesiredValue": wanted,
        "Status": "APPROVED",
        "Created": now,
        "LastUpdated": now,
    }
    call.store("quota-requests")[request["Id"]] = request
    call.store("applied-quotas")[call.params["QuotaCode"]] = wanted
    return {"RequestedQuota": request}


@backend.answers("GetRequestedServiceQuotaChange")
def get_request(call: Call) -> Mapping[str, Any]:
    """aws_servicequotas_service_quota, read, once it has asked for more."""
    request = call.store("quota-requests").get(call.params["RequestId"])
    if request is None:
        raise AwsError("NoSuchResourceException", f"There is no request {call.params['RequestId']}.")
    return {"RequestedQuota": request}


def applied_value(call: Call, quota: str) -> float:
    """What a quota of SES is now, in the call's account and region."""
    return float(call.store("applied-quotas").get(quota, _default(quota)))


def _default(quota: str) -> float:
    return _SES[quota][1]


def _described(call: Call) -> dict[str, Any]:
    """What is told of a quota of SES whatever is asked."""
    service, quota = call.params["ServiceCode"], call.params["QuotaCode"]
    if service != "ses" or quota not in _SES:
        raise AwsError("NoSuchResourceException", f"The emulator knows no quota {quota} of {service}.")
    return {
        "ServiceCode": "ses",
        "ServiceName": "Amazon Simple Email Service (Amazon SES)",
        "QuotaArn": call.arn(f"ses/{quota}"),
        "QuotaCode": quota,
        "QuotaName": _SES[quota][0],
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }
