"""WAF: web ACLs are found by name and scope; those of CloudFront are in us-east-1."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

derived("aws_wafv2_web_acl_association", "{web_acl_arn},{resource_arn}", within=True)
derived("aws_wafv2_web_acl_logging_configuration", "{resource_arn}", within=True)


@finds("aws_wafv2_web_acl")
@needs("scope")
def web_acl(wanted: Wanted) -> Iterator[Found]:
    """WAF tells no times."""
    scope = wanted.values["scope"]
    client = wanted.client("wafv2", "us-east-1" if scope == "CLOUDFRONT" else wanted.region)
    for item in each(client, "list_web_acls", "WebACLs", token=("NextMarker", "NextMarker"), Scope=scope):
        tags = (
            answer(client.list_tags_for_resource, ResourceARN=item["ARN"]) if fits_name(wanted, item["Name"]) else None
        )
        if tags:
            yield Found(item["Id"], tags=tags_in(tags["TagInfoForResource"].get("TagList")))
