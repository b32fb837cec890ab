"""Is the account near a limit: quotas of what the stack is made of, and how much of each is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

_NEARLY = 0.8
# With less, a handful of visitors at once is turned away; Lambda keeps 100 of them unreserved.
_FEW_RUNS = 100


@dataclass(frozen=True)
class Quota:
    """A limit of an account in a region.

    Attributes:
        what: In words.
        service, code: As Service Quotas names it; a code may be empty, then ``named`` finds it.
        named: How its name there begins.
        types: Types of resources that use it up.
        used: Counts what is there; None where AWS counts runs, not things.
    """

    what: str
    service: str
    code: str
    named: str
    types: tuple[str, ...]
    used: Callable[[Any], int] | None
    client: str = ""


def _paged(operation: str, key: str, **parameters: Any) -> Callable[[Any], int]:
    def count(client: Any) -> int:
        return sum(len(page[key]) for page in client.get_paginator(operation).paginate(**parameters))

    return count


def _addresses(client: Any) -> int:
    return len(client.describe_addresses()["Addresses"])


def _balancers(client: Any) -> int:
    pages = client.get_paginator("describe_load_balancers").paginate()
    return sum(one["Type"] == "application" for page in pages for one in page["LoadBalancers"])


def _buckets(client: Any) -> int:
    return len(client.list_buckets()["Buckets"])


QUOTAS: tuple[Quota, ...] = (
    Quota("Lambda runs at once", "lambda", "L-B99A9384", "Concurrent executions", ("aws_lambda_function",), None),
    Quota(
        "HTTP APIs",
        "apigateway",
        "",
        "Regional APIs per account",
        ("aws_apigatewayv2_api",),
        _paged("get_apis", "Items"),
        "apigatewayv2",
    ),
    Quota(
        "REST APIs",
        "apigateway",
        "",
        "Regional APIs per account",
        ("aws_api_gateway_rest_api",),
        _paged("get_rest_apis", "items"),
    ),
    Quota(
        "tables",
        "dynamodb",
        "L-F98FE922",
        "Maximum number of tables",
        ("aws_dynamodb_table",),
        _paged("list_tables", "TableNames"),
    ),
    Quota(
        "user pools",
        "cognito-idp",
        "L-66E6DF30",
        "User pools per account",
        ("aws_cognito_user_pool",),
        _paged("list_user_pools", "UserPools", MaxResults=60),
    ),
    Quota("VPCs", "vpc", "L-F678F1CE", "VPCs per Region", ("aws_vpc",), _paged("describe_vpcs", "Vpcs"), "ec2"),
    Quota("Elastic IP addresses", "ec2", "L-0263D0A3", "EC2-VPC Elastic IPs", ("aws_eip",), _addresses),
    Quota(
        "databases",
        "rds",
        "L-7B6409FD",
        "DB instances",
        ("aws_db_instance",),
        _paged("describe_db_instances", "DBInstances"),
    ),
    Quota(
        "application load balancers",
        "elasticloadbalancing",
        "L-53DA6B97",
        "Application Load Balancers per Region",
        ("aws_lb",),
        _balancers,
        "elbv2",
    ),
    Quota("buckets", "s3", "L-DC2B2D3D", "General purpose buckets", ("aws_s3_bucket",), _buckets),
)


def usage(examination: Examination) -> Iterator[Finding]:
    """Each quota that the stack's types use up."""
    known: dict[str, list[dict[str, Any]] | str] = {}
    for quota in QUOTAS:
        if examination.types.isdisjoint(quota.types):
            continue
        name = f"quota of {quota.what}"
        if quota.service not in known:
            known[quota.service] = _listed(examination, quota.service)
        listed = known[quota.service]
        if isinstance(listed, str):
            yield skipped(name, listed)
            continue
        found = next((one for one in listed if one["QuotaCode"] == quota.code), None) or next(
            (one for one in listed if str(one["QuotaName"]).startswith(quota.named)), None
        )
        if found is None:
            yield skipped(name, f"Service Quotas does not list '{quota.named}' of {quota.service}")
            continue
        yield _judged(examination, name, quota, found)


def _judged(examination: Examination, name: str, quota: Quota, found: dict[str, Any]) -> Finding:
    most = float(found["Value"])
    ask = (
        f"aws service-quotas request-service-quota-increase --service-code {quota.service} "
        f"--quota-code {found['QuotaCode']} --desired-value {most * 2:.0f}"
    )
    if quota.used is None:
        if most < _FEW_RUNS:
            means = "new accounts have few; more requests at once than that are answered with 429"
            return warned(name, f"{most:.0f}", means=means, next=ask)
        return ok(name, f"{most:.0f}")
    with examination.live.asking(name):
        used = quota.used(examination.client(quota.client or quota.service))
    seen = f"{used} of {most:.0f} used"
    if used >= most:
        return failed(name, seen, means="the next one is refused", next=ask)
    if used >= most * _NEARLY:
        return warned(name, seen, means="soon the next one is refused", next=ask)
    return ok(name, seen)


def _listed(examination: Examination, service: str) -> list[dict[str, Any]] | str:
    """All quotas of a service, those that were raised among them; or why there are none to see."""
    try:
        with examination.live.asking(f"quotas of {service}"):
            pages = (
                examination.client("service-quotas").get_paginator("list_service_quotas").paginate(ServiceCode=service)
            )
            return [one for page in pages for one in page["Quotas"]]
    except ToolError as error:
        return str(error)


DIAGNOSIS = Diagnosis(
    "quotas",
    "is the account near a limit",
    tuple(sorted({name for quota in QUOTAS for name in quota.types})),
    (Part("quotas", usage),),
    before_apply=True,
)
