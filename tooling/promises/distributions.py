"""CloudFront distributions: deployed everywhere, HTTPS only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tooling.promises.promise import Answer, Promise, broken, kept, waiting

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


def deployed(live: LiveStack, distribution: LiveResource) -> Answer:
    found = live.client("cloudfront").get_distribution(Id=distribution.id)["Distribution"]
    config = found["DistributionConfig"]
    if not config["Enabled"]:
        return broken("disabled", means="it serves nothing")
    behaviours = [config["DefaultCacheBehavior"], *config.get("CacheBehaviors", {}).get("Items", [])]
    in_clear = sum(one["ViewerProtocolPolicy"] == "allow-all" for one in behaviours)
    if in_clear:
        return broken(
            f"{in_clear} behaviours also answer over plain HTTP", means="what is read there travels unencrypted"
        )
    if found["Status"] != "Deployed":
        return waiting(found["Status"], next="wait some minutes, then ask again")
    return kept(f"{found['DomainName']} is deployed")


PROMISES = (
    Promise(
        "distribution-deployed",
        "distributions are deployed and answer over TLS only",
        ("aws_cloudfront_distribution",),
        deployed,
    ),
)
