"""A region that is to stand in for another cannot do it with the other one's key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from tooling.gate.engine.check import PlanCheck, Subject, Violation
from tooling.gate.planned import Planned, PlanView

#: Arguments that name the key that something is encrypted with: ``kms_key_id``, ``kms_master_key_id`` and the like.
_NAMES_KEY = re.compile(r"\w*kms\w*key\w*|encryption_key|target_key_id")

#: These name a key that belongs to another region by its nature.
_ELSEWHERE = frozenset({"primary_key_arn", "replica_kms_key_id"})

_KEYS = frozenset({"aws_kms_alias", "aws_kms_external_key", "aws_kms_key", "aws_kms_replica_key"})

_ARN = re.compile(r"arn:aws[a-z-]*:[a-z0-9-]+:([a-z0-9-]+):")


@dataclass(frozen=True)
class _Place:
    """A block of a resource: what the plan has in three places of it, and the region of what it describes.

    Attributes:
        path: Where in the resource, for messages.
        values: Its values.
        unknown: Which of them are not known yet.
        expressions: Its arguments; None for a block that a ``dynamic`` block makes, of which a plan says nothing.
        region: The region; None when it is not known.
        provider: Provider configuration that works there; None when that is not known.
    """

    path: str
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    expressions: Mapping[str, Any] | None
    region: str | None
    provider: str | None = None

    def blocks(self, name: str) -> Iterator[_Place]:
        """The nested blocks of a name."""
        values = self.values.get(name)
        blocks = values if isinstance(values, list) else []
        for index, block in enumerate(blocks):
            if isinstance(block, Mapping):
                yield replace(
                    self,
                    path=f"{self.path}{name}[{index}].",
                    values=block,
                    unknown=_at(self.unknown.get(name), index, len(blocks)) or {},
                    expressions=_at((self.expressions or {}).get(name), index, len(blocks)),
                )


class DataIsEncryptedWithAKeyOfItsRegion(PlanCheck):
    """A key is of the region of what it encrypts: of the provider's, of the replica's, of the destination bucket's.

    A table with a key of its own has replicas with keys of their own. A key named by its id or by an alias is looked up
    in the region at hand and so is always of it.
    """

    def __init__(self) -> None:
        super().__init__(
            id="GP_REGION_1",
            name="Data is encrypted with a key of its own region",
            resources=["aws_*"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource, plan = subject.resource, subject.plan
        place = _Place(
            path="",
            values=resource.values,
            unknown=resource.unknown,
            expressions=resource.expressions,
            region=_region_of(resource),
            provider=resource.provider,
        )
        yield from _in(place, resource, plan)
        if resource.type == "aws_dynamodb_table" and _has_own_key(place):
            yield from (found for block in place.blocks("replica") for found in _without_key(block))
        if resource.type == "aws_s3_bucket_replication_configuration":
            for rule in place.blocks("rule"):
                for destination in rule.blocks("destination"):
                    yield from _in_copies(destination, resource, plan)


def _in(place: _Place, resource: Planned, plan: PlanView) -> Iterator[Violation]:
    """The keys in a block and in those below it. A block that names a region (a replica) is about that one."""
    own = "region_name" if "region_name" in {*place.values, *place.unknown} else "region"
    if place.path and (place.values.get(own) or place.unknown.get(own) is True):
        place = replace(place, region=place.values.get(own), provider=None)
    for name in sorted({*place.values, *place.unknown}):
        if _NAMES_KEY.fullmatch(name) and name not in _ELSEWHERE:
            yield from _key(place, name, resource, plan)
        for block in place.blocks(name):
            yield from _in(block, resource, plan)


def _in_copies(destination: _Place, resource: Planned, plan: PlanView) -> Iterator[Violation]:
    """The key of copies of objects, which is of the region of the bucket that gets them."""
    value = destination.values.get("bucket")
    buckets = plan.of_type("aws_s3_bucket")
    if isinstance(value, str):
        meant = [bucket for bucket in buckets if bucket.values.get("bucket") == value.rpartition(":")[2]]
    else:
        sources = plan.sources((destination.expressions or {}).get("bucket"), seen_from=resource)
        meant = [each for source in sources for each in source.instances or () if each in buckets]
    bucket = meant[0] if len(meant) == 1 else None
    for encryption in destination.blocks("encryption_configuration"):
        place = replace(
            encryption, region=_region_of(bucket) if bucket else None, provider=bucket.provider if bucket else None
        )
        yield from _key(place, "replica_kms_key_id", resource, plan)


def _key(place: _Place, name: str, resource: Planned, plan: PlanView) -> Iterator[Violation]:
    """Whether a key is of the place's region."""
    what, value = f"{place.path}{name}", place.values.get(name)
    if isinstance(value, str):
        arn = _ARN.match(value)
        if arn and place.region is None:
            yield Violation(f"{what} is a key of {arn[1]}; the region that it is for is not known", undecided=True)
        elif arn and arn[1] != place.region:
            yield Violation(f"{what} is a key of {arn[1]}, not of {place.region}")
        return
    if place.unknown.get(name) is not True or place.expressions is None or name not in place.expressions:
        return  # nobody has given one, or it is a dynamic block's
    sources = plan.sources(place.expressions[name], seen_from=resource)
    keys = [each for source in sources for each in source.instances or () if each.type in _KEYS]
    if not keys or any(source.instances is None for source in sources):
        yield Violation(f"{what} is known only after apply", undecided=True)
    for key in keys:
        region = _region_of(key)
        if key.provider == place.provider:
            continue
        if region is None or place.region is None:
            yield Violation(
                f"{what} is {key.address}; whether that is a key of its region is not known", undecided=True
            )
        elif region != place.region:
            yield Violation(f"{what} is {key.address}, a key of {region}, not of {place.region}")


def _has_own_key(table: _Place) -> bool:
    return any(
        "kms_key_arn" in (block.expressions or {})
        and (block.values.get("kms_key_arn") or block.unknown.get("kms_key_arn"))
        for block in table.blocks("server_side_encryption")
    )


def _without_key(replica: _Place) -> Iterator[Violation]:
    """What is wrong with a replica whose table has a key, beside the key's region."""
    where = replica.path.removesuffix(".")
    awaited = replica.unknown.get("kms_key_arn") is True
    if replica.values.get("kms_key_arn") or (awaited and "kms_key_arn" in (replica.expressions or {})):
        return
    if awaited and replica.expressions is None:
        yield Violation(
            f"the key of {where} is known only after apply, and the plan does not show which", undecided=True
        )
    else:
        yield Violation(f"{where} has no key of its own, unlike the table")


def _region_of(item: Planned) -> str | None:
    """The region that something is in: its provider's, or what its ARN says."""
    arn = _ARN.match(str(item.values.get("arn")))
    return item.region or (arn[1] if arn else None)


def _at(blocks: Any, index: int, count: int) -> Mapping[str, Any] | None:
    """One of the blocks, where there are as many as expected."""
    fits = isinstance(blocks, list) and len(blocks) == count and isinstance(blocks[index], Mapping)
    return blocks[index] if fits else None


check = DataIsEncryptedWithAKeyOfItsRegion()
