"""Under which addresses a stack is reached, by what its state says of names, load balancers and distributions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.promises.dns import plain

if TYPE_CHECKING:
    from tooling.live import LiveResource, LiveStack


@dataclass(frozen=True)
class HealthPlace:
    """Where one health check is asked from outside.

    Attributes:
        base: Without a slash at its end.
        path: As the target group has it.
    """

    base: str
    path: str

    @property
    def url(self) -> str:
        return self.base + self.path


def health_places(live: LiveStack) -> tuple[HealthPlace, ...]:
    """The health checks of the stack's load balancers, each asked the way that visitors come.

    Checks that only connect (TCP) have no path, and to a load balancer inside the network nobody comes by its name.
    """
    groups = live.of("aws_lb_target_group")
    checks = [check for group in groups for check in group.attributes.get("health_check") or []]
    paths = sorted({str(check["path"]) for check in checks if check.get("path")})
    bases = [base for balancer in live.of("aws_lb") if (base := _base(live, balancer))]
    return tuple(HealthPlace(base, path) for base in bases for path in paths)


def _base(live: LiveStack, balancer: LiveResource) -> str:
    """CloudFront's name, where its default way is to the load balancer; else a name that leads to that."""
    names = [
        str(record.attributes.get("fqdn") or record["name"])
        for record in live.of("aws_route53_record")
        if any(plain(alias["name"]) == plain(balancer["dns_name"]) for alias in record.attributes.get("alias") or [])
    ]
    for distribution in live.of("aws_cloudfront_distribution"):
        origin = default_origin(distribution)
        if origin and origin["domain_name"] in (*names, balancer["dns_name"]):
            return address_of(distribution)
    if balancer.attributes.get("internal"):
        return ""
    said = [name for name in names if "*" not in name]
    return f"https://{said[0]}" if said else f"http://{balancer['dns_name']}"


def site_addresses(live: LiveStack) -> tuple[str, ...]:
    """Distributions that show files of a bucket unless asked for something else."""
    return tuple(
        address_of(distribution)
        for distribution in live.of("aws_cloudfront_distribution")
        if (origin := default_origin(distribution)) and bucket_of(live, origin)
    )


def default_origin(distribution: LiveResource) -> dict[str, Any] | None:
    behaviours = distribution.attributes.get("default_cache_behavior") or []
    wanted = behaviours[0]["target_origin_id"] if behaviours else None
    return next((one for one in _origins(distribution) if one["origin_id"] == wanted), None)


def bucket_of(live: LiveStack, origin: dict[str, Any]) -> LiveResource | None:
    """The bucket of the stack that an origin of CloudFront is."""
    named = (one for one in live.of("aws_s3_bucket") if str(origin["domain_name"]).startswith(f"{one.id}.s3"))
    return next(named, None)


def buckets_shown(live: LiveStack) -> Iterator[tuple[LiveResource, str]]:
    """Buckets whose every object CloudFront shows, with the address that it shows them below."""
    for distribution in live.of("aws_cloudfront_distribution"):
        origin = default_origin(distribution)
        bucket = bucket_of(live, origin) if origin else None
        if bucket is not None and origin is not None and not origin.get("origin_path"):
            yield bucket, address_of(distribution)


def address_of(distribution: LiveResource) -> str:
    """By its first name that has no asterisk, else by CloudFront's own."""
    names = sorted(name for name in distribution.attributes.get("aliases") or [] if "*" not in name)
    return f"https://{min(names, key=len) if names else distribution['domain_name']}"


def _origins(distribution: LiveResource) -> list[dict[str, Any]]:
    return list(distribution.attributes.get("origin") or [])
