"""CloudFront: distributions are found by what they serve, what they share by its name.

CloudFront is one service for all regions, and that is in us-east-1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each, fits, named_at
from tooling.recovery.lookup import Found, Wanted, finds

_HOME = "us-east-1"


@finds("aws_cloudfront_distribution")
@needs("origin")
def distribution(wanted: Wanted) -> Iterator[Found]:
    """CloudFront tells when one was changed, not when it was made; the provider's caller reference says that."""
    client = wanted.client("cloudfront", _HOME)
    for item in each(client, "list_distributions", "DistributionList.Items"):
        config = answer(client.get_distribution_config, Id=item["Id"]) if _serves(wanted.values, item) else None
        tags = answer(client.list_tags_for_resource, Resource=item["ARN"]) if config else None
        if config and tags:
            made = named_at(config["DistributionConfig"]["CallerReference"])
            yield Found(item["Id"], tags=tags_in(tags["Tags"].get("Items")), created=made)


def _serves(planned: Mapping[str, Any], item: Mapping[str, Any]) -> bool:
    domains = {origin["Id"]: origin["DomainName"] for origin in item["Origins"]["Items"]}
    origins = {origin["origin_id"]: origin for origin in planned.get("origin") or ()}
    return (
        set(planned.get("aliases") or ()) == set(item["Aliases"].get("Items") or ())
        and (planned.get("comment") or "") == item.get("Comment", "")
        and origins.keys() == domains.keys()
        and all(fits(origins[name], {"domain_name": domain}) for name, domain in domains.items())
    )


@finds("aws_cloudfront_origin_access_control")
@needs("name")
def origin_access_control(wanted: Wanted) -> Iterator[Found]:
    """No tags, no time, no parent: only the name, of which an account has no second.

    One that is as planned in everything and that no distribution uses was either made by the run that died or is nobody
    else's need: taking it is safe. One that is in use cannot be the run's, whose distribution comes later.
    """
    for item in _shared(wanted, "list_origin_access_controls", "OriginAccessControlList"):
        told = {
            "description": item.get("Description"),
            "name": item["Name"],
            "origin_access_control_origin_type": item["OriginAccessControlOriginType"],
            "signing_behavior": item["SigningBehavior"],
            "signing_protocol": item["SigningProtocol"],
        }
        if fits(wanted.values, told):
            yield Found(item["Id"], within=not _is_in_use(wanted, item["Id"]))


def _is_in_use(wanted: Wanted, control: str) -> bool:
    distributions = each(wanted.client("cloudfront", _HOME), "list_distributions", "DistributionList.Items")
    return any(
        origin.get("OriginAccessControlId") == control
        for distribution in distributions
        for origin in distribution["Origins"]["Items"]
    )


@finds("aws_cloudfront_response_headers_policy")
@needs("name")
def response_headers_policy(wanted: Wanted) -> Iterator[Found]:
    return _policies(wanted, "list_response_headers_policies", "ResponseHeadersPolicy")


@finds("aws_cloudfront_cache_policy")
@needs("name")
def cache_policy(wanted: Wanted) -> Iterator[Found]:
    return _policies(wanted, "list_cache_policies", "CachePolicy")


@finds("aws_cloudfront_origin_request_policy")
@needs("name")
def origin_request_policy(wanted: Wanted) -> Iterator[Found]:
    return _policies(wanted, "list_origin_request_policies", "OriginRequestPolicy")


@finds("aws_cloudfront_function")
@needs("name")
def function(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["name"]
    told = answer(wanted.client("cloudfront", _HOME).describe_function, Name=name, Stage="DEVELOPMENT")
    if told:
        yield Found(name, created=told["FunctionSummary"]["FunctionMetadata"]["CreatedTime"])


def _policies(wanted: Wanted, operation: str, kind: str) -> Iterator[Found]:
    """An account has no second of a name; the last change is the making of one that was cut short."""
    for item in _shared(wanted, operation, f"{kind}List", Type="custom"):
        policy = item[kind]
        if fits(wanted.values, {"name": policy[f"{kind}Config"]["Name"]}):
            yield Found(policy["Id"], created=policy["LastModifiedTime"])


def _shared(wanted: Wanted, operation: str, member: str, **asked: str) -> Iterator[Any]:
    marker = ("Marker", f"{member}.NextMarker")
    return each(wanted.client("cloudfront", _HOME), operation, f"{member}.Items", token=marker, **asked)
