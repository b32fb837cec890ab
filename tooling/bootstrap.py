"""What has to exist before the first plan: the state bucket and, in each region, a bucket for function packages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tooling.state import make_bucket

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.target import Target


@dataclass(frozen=True)
class Bucket:
    name: str
    region: str
    purpose: str
    created: bool


def planned_buckets(config: EnvironmentConfig) -> tuple[tuple[str, str, str], ...]:
    """Name, region and purpose of each bucket that :func:`bootstrap` sees to."""
    return ((config.state.bucket, config.state.region, "state"), *package_buckets(config))


def package_buckets(config: EnvironmentConfig) -> tuple[tuple[str, str, str], ...]:
    """Name, region and purpose of the buckets that functions are deployed from, each once."""
    places = [place for architecture in config.stacks for place in config.artifacts_buckets(architecture)]
    return tuple((bucket, region, "function packages") for bucket, region in dict.fromkeys(places))


def bootstrap(target: Target, config: EnvironmentConfig) -> tuple[Bucket, ...]:
    """Make these buckets versioned, encrypted, private and TLS only. Repeatable; deletes nothing.

    Raises:
        ToolError: A name is taken by another account.
    """
    return tuple(
        Bucket(name, region, purpose, make_bucket(target, name, region))
        for name, region, purpose in planned_buckets(config)
    )
