"""CloudFront: configurations come back as they were sent, and name only what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

import pytest
from botocore.exceptions import ClientError

Client = Callable[..., Any]

CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
ALL_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
SECURITY_HEADERS = "67f7725c-6f97-4210-82d7-5512b31e9d03"


def _some(*items: Any) -> dict[str, Any]:
    return {"Quantity": len(items), "Items": list(items)}


def _origin(name: str, control: str) -> dict[str, Any]:
    return {
        "Id": name,
        "DomainName": f"{name}.s3.us-east-1.amazonaws.com",
        "OriginAccessControlId": control,
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }


@pytest.fixture
def cloudfront(client: Client) -> Any:
    return client("cloudfront")


@pytest.fixture
def control(cloudfront: Any, request: pytest.FixtureRequest) -> str:
    made = cloudfront.create_origin_access_control(
        OriginAccessControlConfig={
            "Name": request.node.name,
            "SigningProtocol": "sigv4",
            "SigningBehavior": "always",
            "OriginAccessControlOriginType": "s3",
        }
    )
    return str(made["OriginAccessControl"]["Id"])


@pytest.fixture
def config(control: str, request: pytest.FixtureRequest) -> dict[str, Any]:
    """A site in two buckets, the second for when the first fails."""
    return {
        "CallerReference": request.node.name,
        "Comment": "site",
        "Enabled": True,
        "Origins": _some(_origin("main", control), _origin("second", control)),
        "OriginGroups": _some(
            {
                "Id": "both",
                "FailoverCriteria": {"StatusCodes": _some(500, 503)},
                "Members": _some({"OriginId": "main"}, {"OriginId": "second"}),
            }
        ),
        "DefaultCacheBehavior": {
            "TargetOriginId": "both",
            "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": CACHING_OPTIMIZED,
            "ResponseHeadersPolicyId": SECURITY_HEADERS,
        },
        "CustomErrorResponses": _some(
            {"ErrorCode": 403, "ResponseCode": "200", "ResponsePagePath": "/index.html", "ErrorCachingMinTTL": 10}
        ),
        "Logging": {"Enabled": True, "IncludeCookies": False, "Bucket": "logs.s3.amazonaws.com", "Prefix": "cdn/"},
        "ViewerCertificate": {"CloudFrontDefaultCertificate": True, "MinimumProtocolVersion": "TLSv1"},
    }


@pytest.fixture
def distribution(cloudfront: Any, config: dict[str, Any]) -> Iterator[dict[str, Any]]:
    made = cloudfront.create_distribution_with_tags(
        DistributionConfigWithTags={"DistributionConfig": config, "Tags": {"Items": [{"Key": "env", "Value": "test"}]}}
    )
    yield {**made["Distribution"], "ETag": made["ETag"]}
    _remove(cloudfront, made["Distribution"]["Id"])


def _remove(cloudfront: Any, identifier: str) -> None:
    try:
        found = cloudfront.get_distribution_config(Id=identifier)
    except cloudfront.exceptions.NoSuchDistribution:
        return
    disabled = {**found["DistributionConfig"], "Enabled": False}
    etag = cloudfront.update_distribution(Id=identifier, IfMatch=found["ETag"], DistributionConfig=disabled)["ETag"]
    cloudfront.delete_distribution(Id=identifier, IfMatch=etag)


def test_distribution_comes_back_as_sent(cloudfront: Any, config: dict[str, Any], distribution: Any) -> None:
    answer = cloudfront.get_distribution(Id=distribution["Id"])["Distribution"]

    assert {key: answer["DistributionConfig"][key] for key in config} == config
    assert answer["Status"] == "Deployed"


def test_distribution_tells_lists_that_were_not_sent(cloudfront: Any, config: dict[str, Any]) -> None:
    for part in ("OriginGroups", "CustomErrorResponses", "Logging"):
        del config[part]
    config["DefaultCacheBehavior"]["TargetOriginId"] = "main"

    made = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]

    told = made["DistributionConfig"]
    for part in ("Aliases", "CacheBehaviors", "CustomErrorResponses", "OriginGroups"):
        assert told[part] == {"Quantity": 0}
    assert told["Logging"]["Enabled"] is False
    _remove(cloudfront, made["Id"])


def test_distribution_in_use_is_not_deleted(cloudfront: Any, distribution: Any) -> None:
    with pytest.raises(cloudfront.exceptions.DistributionNotDisabled):
        cloudfront.delete_distribution(Id=distribution["Id"], IfMatch=distribution["ETag"])


def test_deleted_distribution_leaves_nothing(cloudfront: Any, distribution: Any) -> None:
    _remove(cloudfront, distribution["Id"])

    listed = cloudfront.list_distributions()["DistributionList"].get("Items", [])
    assert distribution["Id"] not in [each["Id"] for each in listed]
    assert cloudfront.list_tags_for_resource(Resource=distribution["ARN"])["Tags"].get("Items", []) == []
    with pytest.raises(cloudfront.exceptions.NoSuchDistribution):
        cloudfront.get_distribution(Id=distribution["Id"])


def test_change_of_an_old_version_is_refused(cloudfront: Any, config: dict[str, Any], distribution: Any) -> None:
    config["Comment"] = "changed"
    cloudfront.update_distribution(Id=distribution["Id"], IfMatch=distribution["ETag"], DistributionConfig=config)

    with pytest.raises(cloudfront.exceptions.PreconditionFailed):
        cloudfront.update_distribution(Id=distribution["Id"], IfMatch=distribution["ETag"], DistributionConfig=config)

    listed = cloudfront.list_distributions()["DistributionList"]["Items"]
    assert [each["Comment"] for each in listed if each["Id"] == distribution["Id"]] == ["changed"]


@pytest.mark.parametrize(
    ("part", "change", "refusal"),
    [
        ("DefaultCacheBehavior", {"TargetOriginId": "none"}, "NoSuchOrigin"),
        ("DefaultCacheBehavior", {"CachePolicyId": "none"}, "NoSuchCachePolicy"),
        ("DefaultCacheBehavior", {"OriginRequestPolicyId": "none"}, "NoSuchOriginRequestPolicy"),
        ("DefaultCacheBehavior", {"ResponseHeadersPolicyId": "none"}, "NoSuchResponseHeadersPolicy"),
        ("Origins", _some(_origin("main", "none"), _origin("second", "")), "InvalidOriginAccessControl"),
        (
            "ViewerCertificate",
            {"ACMCertificateArn": "arn:aws:acm:us-west-2:555555555555:certificate/none"},
            "InvalidViewerCertificate",
        ),
    ],
)
def test_distribution_names_only_what_is_there(
    cloudfront: Any, config: dict[str, Any], part: str, change: dict[str, Any], refusal: str
) -> None:
    changed = deepcopy(config)
    changed[part] = {**changed[part], **change}

    with pytest.raises(ClientError, match=refusal):
        cloudfront.create_distribution(DistributionConfig=changed)


def test_distribution_takes_a_web_acl_of_its_own_scope_only(
    client: Client, cloudfront: Any, config: dict[str, Any]
) -> None:
    config["WebACLId"] = _web_acl(client, "REGIONAL")
    with pytest.raises(ClientError, match="InvalidWebACLId"):
        cloudfront.create_distribution(DistributionConfig=config)

    config["WebACLId"] = _web_acl(client, "CLOUDFRONT")
    made = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]

    assert made["DistributionConfig"]["WebACLId"] == config["WebACLId"]
    _remove(cloudfront, made["Id"])


def _web_acl(client: Client, scope: str) -> str:
    made = client("wafv2").create_web_acl(
        Name=f"acl-{scope.lower()}",
        Scope=scope,
        DefaultAction={"Allow": {}},
        VisibilityConfig={"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "acl"},
    )
    return str(made["Summary"]["ARN"])


def test_tags_of_a_distribution_change(cloudfront: Any, distribution: Any) -> None:
    cloudfront.tag_resource(Resource=distribution["ARN"], Tags={"Items": [{"Key": "owner", "Value": "me"}]})
    cloudfront.untag_resource(Resource=distribution["ARN"], TagKeys={"Items": ["env"]})

    tags = cloudfront.list_tags_for_resource(Resource=distribution["ARN"])["Tags"]["Items"]
    assert tags == [{"Key": "owner", "Value": "me"}]


def test_invalidations_are_listed_newest_first(cloudfront: Any, distribution: Any) -> None:
    made = [
        cloudfront.create_invalidation(
            DistributionId=distribution["Id"], InvalidationBatch={"Paths": _some(path), "CallerReference": path}
        )["Invalidation"]["Id"]
        for path in ("/a", "/b")
    ]

    listed = cloudfront.list_invalidations(DistributionId=distribution["Id"])["InvalidationList"]
    first = cloudfront.get_invalidation(DistributionId=distribution["Id"], Id=made[0])["Invalidation"]
    assert [each["Id"] for each in listed["Items"]] == made[::-1]
    assert (first["Status"], first["InvalidationBatch"]["Paths"]) == ("Completed", _some("/a"))


def test_access_control_in_use_is_not_deleted(cloudfront: Any, control: str, distribution: Any) -> None:
    etag = cloudfront.get_origin_access_control(Id=control)["ETag"]

    with pytest.raises(cloudfront.exceptions.OriginAccessControlInUse):
        cloudfront.delete_origin_access_control(Id=control, IfMatch=etag)

    _remove(cloudfront, distribution["Id"])
    cloudfront.delete_origin_access_control(Id=control, IfMatch=etag)
    with pytest.raises(cloudfront.exceptions.NoSuchOriginAccessControl):
        cloudfront.delete_origin_access_control(Id=control, IfMatch=etag)


def test_second_access_control_of_a_name_is_refused(cloudfront: Any, control: str) -> None:
    config = cloudfront.get_origin_access_control(Id=control)["OriginAccessControl"]["OriginAccessControlConfig"]

    with pytest.raises(cloudfront.exceptions.OriginAccessControlAlreadyExists):
        cloudfront.create_origin_access_control(OriginAccessControlConfig=config)


@pytest.mark.parametrize(
    ("kind", "identifier", "name"),
    [
        ("cache", CACHING_OPTIMIZED, "Managed-CachingOptimized"),
        ("origin_request", ALL_VIEWER, "Managed-AllViewer"),
        ("response_headers", SECURITY_HEADERS, "Managed-SecurityHeadersPolicy"),
    ],
)
def test_managed_policy_is_found_by_its_id_and_name(cloudfront: Any, kind: str, identifier: str, name: str) -> None:
    member = "".join(word.title() for word in kind.split("_")) + "Policy"

    policy = getattr(cloudfront, f"get_{kind}_policy")(Id=identifier)[member]
    listed = getattr(cloudfront, f"list_{kind}_policies")(Type="managed")[f"{member}List"]["Items"]

    assert policy[f"{member}Config"]["Name"] == name
    assert [each[member]["Id"] for each in listed if each[member][f"{member}Config"]["Name"] == name] == [identifier]


def test_managed_policy_stays_as_it_is(cloudfront: Any) -> None:
    found = cloudfront.get_cache_policy_config(Id=CACHING_OPTIMIZED)

    with pytest.raises(cloudfront.exceptions.IllegalUpdate):
        cloudfront.update_cache_policy(
            Id=CACHING_OPTIMIZED, IfMatch=found["ETag"], CachePolicyConfig=found["CachePolicyConfig"]
        )
    with pytest.raises(cloudfront.exceptions.IllegalDelete):
        cloudfront.delete_cache_policy(Id=CACHING_OPTIMIZED, IfMatch=found["ETag"])


HEADERS = {
    "Name": "site",
    "SecurityHeadersConfig": {"FrameOptions": {"Override": True, "FrameOption": "DENY"}},
    "CustomHeadersConfig": _some({"Header": "X-A", "Value": "b", "Override": True}),
}


def test_policy_of_ones_own_is_made_changed_and_deleted(cloudfront: Any) -> None:
    made = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig=HEADERS)
    identifier = made["ResponseHeadersPolicy"]["Id"]
    changed = cloudfront.update_response_headers_policy(
        Id=identifier, IfMatch=made["ETag"], ResponseHeadersPolicyConfig={**HEADERS, "Comment": "changed"}
    )

    found = cloudfront.get_response_headers_policy(Id=identifier)
    assert found["ResponseHeadersPolicy"]["ResponseHeadersPolicyConfig"] == {**HEADERS, "Comment": "changed"}
    with pytest.raises(cloudfront.exceptions.PreconditionFailed):
        cloudfront.delete_response_headers_policy(Id=identifier, IfMatch=made["ETag"])
    with pytest.raises(cloudfront.exceptions.ResponseHeadersPolicyAlreadyExists):
        cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig=HEADERS)

    cloudfront.delete_response_headers_policy(Id=identifier, IfMatch=changed["ETag"])
    with pytest.raises(cloudfront.exceptions.NoSuchResponseHeadersPolicy):
        cloudfront.get_response_headers_policy(Id=identifier)


def test_policy_in_use_is_not_deleted(cloudfront: Any, config: dict[str, Any]) -> None:
    made = cloudfront.create_response_headers_policy(ResponseHeadersPolicyConfig={**HEADERS, "Name": "used"})
    identifier = made["ResponseHeadersPolicy"]["Id"]
    config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] = identifier
    distribution = cloudfront.create_distribution(DistributionConfig=config)["Distribution"]

    with pytest.raises(cloudfront.exceptions.ResponseHeadersPolicyInUse):
        cloudfront.delete_response_headers_policy(Id=identifier, IfMatch=made["ETag"])

    _remove(cloudfront, distribution["Id"])
    cloudfront.delete_response_headers_policy(Id=identifier, IfMatch=made["ETag"])
