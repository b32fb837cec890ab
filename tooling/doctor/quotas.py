"""Is the account near a limit: quotas of what the stack is made of, and how much of each is used."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.doctor.examination import Diagnosis, Part, looked
from tooling.errors import ToolError
from tooling.live import failed, ok, skipped, warned

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import Finding

# Given the name of a service, its client.
Clients = Callable[[str], Any]
# Quotas of a service by code; or why there are none to see.
Listed = dict[str, dict[str, Any]] | str

_NEARLY = 0.8
# Where the quota of buckets, of all regions, is kept.
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/BucketRestrictions.html
_HOME = "us-east-1"
# With less, a handful of visitors at once is turned away; Lambda keeps 100 of them unreserved.
_FEW_RUNS = 100


@dataclass(frozen=True)
class Quota:
    """A limit of an account in a region.

    Attributes:
        what: In words.
        service, code: As Service Quotas names it.
        types: Types of resources that use it up.
        used: Counts what is there, given what makes clients; None where AWS counts runs, not things.
        everywhere: It is one for all regions.
    """

    what: str
    service: str
    code: str
    types: tuple[str, ...]
    used: Callable[[Clients], int] | None
    everywhere: bool = False


def _counted(service: str, operation: str, key: str, **parameters: Any) -> Callable[[Clients], int]:
    def count(clients: Clients) -> int:
        pages = clients(service).get_paginator(operation).paginate(**parameters)
        return sum(len(page[key]) for page in pages)

    return count


def _regional_apis(clients: Clients) -> int:
    """HTTP and WebSocket APIs, and REST APIs that are no edge-optimized or private ones."""
    pages = clients("apigateway").get_paginator("get_rest_apis").paginate()
    rest = sum(
        "REGIONAL" in one.get("endpointConfiguration", {}).get("types", []) for page in pages for one in page["items"]
    )
    return rest + _counted("apigatewayv2", "get_apis", "Items")(clients)


def _addresses(clients: Clients) -> int:
    return len(clients("ec2").describe_addresses()["Addresses"])


def _balancers(clients: Clients) -> int:
    pages = clients("elbv2").get_paginator("describe_load_balancers").paginate()
    return sum(one["Type"] == "application" for page in pages for one in page["LoadBalancers"])


QUOTAS: tuple[Quota, ...] = (
    Quota("Lambda runs at once", "lambda", "L-B99A9384", ("aws_lambda_function",), None),
    Quota(
        "regional APIs",
        "apigateway",
        "L-AA0FF27B",
        ("aws_api_gateway_rest_api", "aws_apigatewayv2_api"),
        _regional_apis,
    ),
    Quota(
        "tables",
        "dynamodb",
        "L-F98FE922",
        ("aws_dynamodb_table",),
        _counted("dynamodb", "list_tables", "TableNames"),
    ),
    Quota(
        "user pools",
        "cognito-idp",
        "L-66E6DF30",
        ("aws_cognito_user_pool",),
        _counted("cognito-idp", "list_user_pools", "UserPools", MaxResults=60),
    ),
    Quota("VPCs", "vpc", "L-F678F1CE", ("aws_vpc",), _counted("ec2", "describe_vpcs", "Vpcs")),
    Quota("Elastic IP addresses", "ec2", "L-0263D0A3", ("aws_eip",), _addresses),
    Quota(
        "databases",
        "rds",
        "L-7B6409FD",
        ("aws_db_instance",),
        _counted("rds", "describe_db_instances", "DBInstances"),
    ),
    Quota("application load balancers", "elasticloadbalancing", "L-53DA6B97", ("aws_lb",), _balancers),
    Quota(
        "buckets",
        "s3",
        "L-DC2B2D3D",
        ("aws_s3_bucket",),
        _counted("s3", "list_buckets", "Buckets", PaginationConfig={"PageSize": 1000}),
        everywhere=True,
    ),
)


def usage(examination: Examination) -> Iterator[Finding]:
    """Each quota that the stack's types use up, in each region that has such resources."""
    known: dict[tuple[str, str], Listed] = {}
    for quota in QUOTAS:
        if examination.types.isdisjoint(quota.types):
            continue
        own = examination.live.session.config.region
        regions = {one.region for one in examination.live.of(*quota.types)} or {own}
        for region in [_HOME] if quota.everywhere else sorted(regions):
            name = (
                f"quota of {quota.what}" if quota.everywhere or region == own else f"quota of {quota.what} in {region}"
            )
            yield from looked(name, _judged(examination, name, quota, region, known))


def _judged(
    examination: Examination,
    name: str,
    quota: Quota,
    region: str,
    known: dict[tuple[str, str], Listed],
) -> Iterator[Finding]:
    if (quota.service, region) not in known:
        known[quota.service, region] = _listed(examination, quota.service, region)
    listed = known[quota.service, region]
    if isinstance(listed, str):
        yield skipped(name, listed)
        return
    found = listed.get(quota.code)
    if found is None:
        yield skipped(name, f"Service Quotas lists no {quota.code} of {quota.service} in {region}")
        return
    most = float(found["Value"])
    ask = (
        f"aws service-quotas request-service-quota-increase --region {region} --service-code {quota.service} "
        f"--quota-code {quota.code} --desired-value {most * 2:.0f}"
        if found.get("Adjustable", True)
        else "AWS raises it for nobody: delete what is not needed, or use another region or account"
    )
    if quota.used is None:
        few = "new accounts have few; more requests at once than that are answered with 429"
        yield warned(name, f"{most:.0f}", means=few, next=ask) if most < _FEW_RUNS else ok(name, f"{most:.0f}")
        return
    with examination.live.asking(name):
        used = quota.used(lambda service: examination.client(service, region))
    seen = f"{used} of {most:.0f} used"
    if used >= most:
        yield failed(name, seen, means="the next one is refused", next=ask)
    elif used >= most * _NEARLY:
        yield warned(name, seen, means="soon the next one is refused", next=ask)
    else:
        yield ok(name, seen)


def _listed(examination: Examination, service: str, region: str) -> Listed:
    """What an account has of a service, and AWS's default where it has no value of its own."""
    client = examination.client("service-quotas", region)
    found: dict[str, dict[str, Any]] = {}
    for operation in ("list_service_quotas", "list_aws_default_service_quotas"):
        try:
            with examination.live.asking(f"quotas of {service}"):
                for page in client.get_paginator(operation).paginate(ServiceCode=service):
                    found |= {str(one["QuotaCode"]): one for one in page["Quotas"] if one["QuotaCode"] not in found}
        except ToolError as error:
            # What is told already is enough to go on with.
            return found or str(error)
    return found


DIAGNOSIS = Diagnosis(
    "quotas",
    "is the account near a limit",
    tuple(sorted({name for quota in QUOTAS for name in quota.types})),
    (Part("quotas", usage),),
    before_apply=True,
)
