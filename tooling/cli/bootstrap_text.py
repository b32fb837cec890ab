"""What ``bootstrap`` says before and after it makes something."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from tooling.bootstrap import KEPT_VERSIONS, OLD_VERSION_DAYS, planned_buckets
from tooling.cli.options import print_json

if TYPE_CHECKING:
    from tooling.bootstrap import Bucket
    from tooling.ci.making_roles import Standing
    from tooling.environment.config import EnvironmentConfig

_TO_DO = {
    "absent": "to make (--show-policies: what it may)",
    "differs": "to bring up to date",
    "there": "as it should be",
}
_DONE = {"absent": "made", "differs": "brought up to date", "there": "there"}


def tell_planned(
    config: EnvironmentConfig, there: Mapping[str, bool], standings: Sequence[Standing], *, as_json: bool, err: bool
) -> None:
    """Say what would be done; to stderr where a question follows."""
    if as_json and not err:
        buckets = [
            {"name": name, "region": region, "purpose": purpose, "created": not there[name]}
            for name, region, purpose in planned_buckets(config)
        ]
        print_json(buckets + [asdict(one) for one in standings])
        return
    for line in _planned(config, there, standings):
        click.echo(line, err=err)


def _planned(config: EnvironmentConfig, there: Mapping[str, bool], standings: Sequence[Standing]) -> Iterator[str]:
    for name, region, purpose in planned_buckets(config):
        yield f"{name} ({region}) for {purpose}: {'there, gets these settings' if there[name] else 'to make'}"
    yield "  settings of each bucket: versioned, encrypted, private, TLS only; a version that was replaced"
    yield f"  is deleted after {OLD_VERSION_DAYS} days, but for the newest {KEPT_VERSIONS} of each object"
    for one in standings:
        yield f"{one.kind} {one.name} ({one.purpose}): {_TO_DO[one.state]}"
        yield from (f"  {line}" for line in one.difference.splitlines())


def tell_made(buckets: Sequence[Bucket], standings: Sequence[Standing], *, as_json: bool) -> None:
    """Say what was done; ``standings`` are from before."""
    if as_json:
        print_json([asdict(bucket) for bucket in buckets] + [asdict(one) for one in standings])
        return
    for bucket in buckets:
        click.echo(f"{bucket.name} ({bucket.region}) for {bucket.purpose}: {'made' if bucket.created else 'there'}")
    for one in standings:
        click.echo(f"{one.kind} {one.name} ({one.purpose}): {_DONE[one.state]}")
