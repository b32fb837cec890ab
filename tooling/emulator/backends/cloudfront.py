"""CloudFront: distributions as they were sent, their policies, access controls in use, invalidations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.cloudfront.models import cloudfront_backends

from tooling.emulator.call import Call
from tooling.emulator.cloudfront_policies import Policies, check_version, new_identifier
from tooling.emulator.registry import AwsError, Backend

backend = Backend("cloudfront")


_NONE: Mapping[str, Any] = {"Quantity": 0}
# CloudFront answers these whether they were sent or not; where one is missing, the provider crashes.
_ALWAYS_TOLD: Mapping[str, Any] = {
    "Aliases": _NONE,
    "CacheBehaviors": _NONE,
    "CustomErrorResponses": _NONE,
    "DefaultRootObject": "",
    "HttpVersion": "http2",
    "IsIPV6Enabled": False,
    "Logging": {"Enabled": False, "IncludeCookies": False, "Bucket": "", "Prefix": ""},
    "OriginGroups": _NONE,
    "PriceClass": "PriceClass_All",
    "Restrictions": {"GeoRestriction": {"RestrictionType": "none", "Quantity": 0}},
    "Staging": False,
    "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
    "WebACLId": "",
}


@backend.answers("CreateDistribution", "CreateDistributionWithTags")
def create_distribution(call: Call) -> Mapping[str, Any]:
    """aws_cloudfront_distribution, create: moto loses most of the configuration and takes no origin group."""
    given = call.params.get("DistributionConfigWithTags", call.params)
    config = given["DistributionConfig"]
    _check(call, config)
    for other in list(_distributions(call).values()):
        if other["DistributionConfig"]["CallerReference"] == config["CallerReference"]:
            raise AwsError("DistributionAlreadyExists", f"This caller reference is taken by {other['Id']}.")
    identifier = new_identifier()
    distribution = {
        "Id": identifier,
        "ARN": f"arn:aws:cloudfront::{call.account}:distribution/{identifier}",
        "Status": "Deployed",
        "InProgressInvalidationBatches": 0,
        "DomainName": f"d{new_identifier().lower()}.cloudfront.net",
        "ActiveTrustedSigners": {"Enabled": False, **_NONE},
        "ActiveTrustedKeyGroups": {"Enabled": False, **_NONE},
    }
    _distributions(call)[identifier] = distribution
    _moto(call).tagger.tag_resource(distribution["ARN"], given.get("Tags", {}).get("Items", []))
    return _written(distribution, config)


@backend.answers("GetDistribution")
def get_distribution(call: Call) -> Mapping[str, Any]:
    """aws_cloudfront_distribution, read; and its waiting for "Deployed"."""
    distribution = _distribution(call, call.params["Id"])
    return {"Distribution": distribution, "ETag": distribution["ETag"]}


@backend.answers("GetDistributionConfig")
def get_distribution_config(call: Call) -> Mapping[str, Any]:
    """aws_cloudfront_distribution, delete: read to be sent back disabled."""
    distribution = _distribution(call, call.params["Id"])
    return {"DistributionConfig": distribution["DistributionConfig"], "ETag": distribution["ETag"]}


@backend.answers("UpdateDistribution")
def update_distribution(call: Call) -> Mapping[str, Any]:
    """aws_cloudfront_distribution, update; and delete, which disables it first."""
    distribution = _distribution(call, call.params["Id"])
    check_version(call, distribution["ETag"])
    _check(call, call.params["DistributionConfig"])
    return _written(distribution, call.params["DistributionConfig"])


@backend.answers("DeleteDistribution")
def delete_distribution(call: Call) -> Mapping[str, Any]:
    """aws_cloudfront_distribution, delete."""
    distribution = _distribution(call, call.params["Id"])
    check_version(call, distribution["ETag"])
    if distribution["DistributionConfig"]["Enabled"]:
        raise AwsError("DistributionNotDisabled", "The distribution you are trying to delete has not been disabled.")
    del _distributions(call)[distribution["Id"]]
    call.account_store("invalidations").pop(distribution["Id"], None)
    _moto(call).tagger.delete_all_tags_for_resource(distribution["ARN"])
    return {}


@backend.answers("ListDistributions")
def list_distributions(call: Call) -> Mapping[str, Any]:
    """Reading back what there is; aws_cloudfront_distribution itself never lists."""
    found = [{**each["DistributionConfig"], **each} for each in list(_distributions(call).values())]
    return {"DistributionList": _whole_list(found)}


@backend.answers("CreateInvalidation")
def create_invalidation(call: Call) -> Mapping[str, Any]:
    """What a release of a site asks for when its files have changed; done at once."""
    distribution = _distribution(call, call.params["DistributionId"])
    invalidation = {
        "Id": f"I{new_identifier()}",
        "Status": "Completed",
        "CreateTime": datetime.now(UTC),
        "InvalidationBatch": call.params["InvalidationBatch"],
    }
    call.account_store("invalidations").setdefault(distribution["Id"], []).insert(0, invalidation)
    return {"Invalidation": invalidation, "Location": f"{_location(distribution)}/invalidation/{invalidation['Id']}"}


@backend.answers("GetInvalidation")
def get_invalidation(call: Call) -> Mapping[str, Any]:
    """Waiting for an invalidation."""
    for invalidation in _invalidations(call):
        if invalidation["Id"] == call.params["Id"]:
            return {"Invalidation": invalidation}
    raise AwsError("NoSuchInvalidation", "The specified invalidation does not exist.")


@backend.answers("ListInvalidations")
def list_invalidations(call: Call) -> Mapping[str, Any]:
    """Reading the invalidations back, newest first."""
    return {"InvalidationList": _whole_list(_invalidations(call))}


@backend.prepares("CreateOriginAccessControl")
def refuse_second_of_a_name(call: Call) -> None:
    """aws_cloudfront_origin_access_control, create: moto makes another one of the same name."""
    name = call.params["OriginAccessControlConfig"]["Name"]
    if any(control.name == name for control in list(_moto(call).origin_access_controls.values())):
        raise AwsError("OriginAccessControlAlreadyExists", "An origin access control with this name already exists.")


@backend.prepares("DeleteOriginAccessControl")
def refuse_deletion_of_control_in_use(call: Call) -> None:
    """aws_cloudfront_origin_access_control, delete: moto neither asks whether it is there nor who uses it."""
    control = call.params["Id"]
    _moto(call).get_origin_access_control(control)  # raises what CloudFront answers for one that is not there
    if user := _user_of(call, "OriginAccessControlId", control):
        raise AwsError("OriginAccessControlInUse", f"{user} uses this origin access control.")


def _user_of(call: Call, member: str, identifier: str) -> str | None:
    """A distribution whose configuration names ``identifier`` as its ``member``, if there is one."""
    for distribution in list(_distributions(call).values()):
        if identifier in _used(distribution["DistributionConfig"], member):
            return str(distribution["Id"])
    return None


_POLICIES = tuple(
    Policies(kind, backend, _user_of) for kind in ("CachePolicy", "OriginRequestPolicy", "ResponseHeadersPolicy")
)


def _check(call: Call, config: Mapping[str, Any]) -> None:
    """Refuse a configuration that names what is not there."""
    origins = {each["Id"] for part in ("Origins", "OriginGroups") for each in config.get(part, {}).get("Items", [])}
    if missing := sorted(_used(config, "TargetOriginId") - origins):
        raise AwsError("NoSuchOrigin", f"One or more of your origins or origin groups do not exist: {missing}.")
    for policies in _POLICIES:
        for identifier in _used(config, f"{policies.kind}Id"):
            policies.find(call, identifier)
    for control in _used(config, "OriginAccessControlId"):
        if control not in _moto(call).origin_access_controls:
            raise AwsError("InvalidOriginAccessControl", f"The origin access control {control} does not exist.")
    if arn := config.get("ViewerCertificate", {}).get("ACMCertificateArn"):
        _check_certificate(call, arn)
    if arn := config.get("WebACLId"):
        _check_web_acl(call, arn)


def _check_certificate(call: Call, arn: str) -> None:
    from moto.acm.models import acm_backends

    if arn not in acm_backends[call.account]["us-east-1"]._certificates:
        raise AwsError(
            "InvalidViewerCertificate",
            "The specified SSL certificate doesn't exist, isn't in us-east-1 region, isn't valid, or doesn't include a "
            "valid certificate chain.",
        )


def _check_web_acl(call: Call, arn: str) -> None:
    from moto.wafv2.models import wafv2_backends

    # Where moto keeps those of the scope CLOUDFRONT; a regional one is not among them.
    if arn not in wafv2_backends[call.account]["aws"].wacls:
        raise AwsError("InvalidWebACLId", f"The web ACL {arn} does not exist, or its scope is not CLOUDFRONT.")


def _used(part: object, member: str) -> set[str]:
    """Every value that ``member`` has anywhere in a configuration, but for the empty one."""
    return set(_values(part, member)) - {""}


def _values(part: object, member: str) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(value := part.get(member), str):
            yield value
        for inner in part.values():
            yield from _values(inner, member)
    elif isinstance(part, list):
        for inner in part:
            yield from _values(inner, member)


def _written(distribution: dict[str, Any], config: Mapping[str, Any]) -> Mapping[str, Any]:
    distribution["DistributionConfig"] = {**_ALWAYS_TOLD, **config}
    distribution["LastModifiedTime"] = datetime.now(UTC)
    distribution["ETag"] = new_identifier()
    return {"Distribution": distribution, "ETag": distribution["ETag"], "Location": _location(distribution)}


def _distributions(call: Call) -> dict[str, dict[str, Any]]:
    return call.account_store("distributions")


def _distribution(call: Call, identifier: str) -> dict[str, Any]:
    found = _distributions(call).get(identifier)
    if found is None:
        raise AwsError("NoSuchDistribution", "The specified distribution does not exist.")
    return found


def _invalidations(call: Call) -> list[dict[str, Any]]:
    distribution = _distribution(call, call.params["DistributionId"])
    found: list[dict[str, Any]] = call.account_store("invalidations").get(distribution["Id"], [])
    return found


def _whole_list(items: list[dict[str, Any]]) -> Mapping[str, Any]:
    return {"Marker": "", "MaxItems": 100, "IsTruncated": False, "Quantity": len(items), "Items": items}


def _location(distribution: Mapping[str, Any]) -> str:
    return f"https://cloudfront.amazonaws.com/2020-05-31/distribution/{distribution['Id']}"


def _moto(call: Call) -> Any:
    return cloudfront_backends[call.account]["aws"]
