"""How a resource whose creation was cut short is looked for, by its type.

A create that began and whose end nobody saw may have made something. Each type says how to find it: by asking AWS
(:func:`finds`), or, where the provider's id follows from what was planned, by that id (:func:`derived`); then
Terraform's own refresh tells whether it is there.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any


@dataclass(frozen=True)
class Wanted:
    """A resource that may have been made.

    Attributes:
        address: Its address in the configuration.
        type: Its type, as ``aws_subnet``.
        values: What was planned, by attribute; null where only AWS would have said it. All that the configuration sets
            is known: what it depends on was complete before its creation began.
        region: Where it belongs.
        account_id: Whose it is.
        client: A boto3 client for a service in that region, or in the one that is named second.
    """

    address: str
    type: str
    values: Mapping[str, Any]
    region: str
    account_id: str
    client: Callable[..., Any]


@dataclass(frozen=True)
class Found:
    """Something that may be it.

    Attributes:
        id: As the provider's ``id`` attribute has it.
        tags: Its tags; None when the type has none or they were not asked for.
        created: When AWS says it was made, UTC; None when AWS does not say.
        attributes: What else the provider needs to read it, besides the id and what was planned.
        within: Whether it is part of something that is this stack's for certain, as a route of an API.
        there: False: nobody asked AWS yet, the refresh will tell.
    """

    id: str
    tags: Mapping[str, str] | None = None
    created: datetime | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)
    within: bool = False
    there: bool = True


Lookup = Callable[[Wanted], Iterable[Found]]
_LOOKUPS: dict[str, Lookup] = {}
_FIELD = re.compile(r"\{(\w+)\}")


def finds(*types: str) -> Callable[[Lookup], Lookup]:
    """The function looks for resources of these types; what it gives back must fit the planned values."""

    def take(lookup: Lookup) -> Lookup:
        for kind in types:
            if kind in _LOOKUPS:
                raise ValueError(f"{kind} is looked for twice, again by {lookup.__qualname__}")
            _LOOKUPS[kind] = lookup
        return lookup

    return take


def derived(kind: str, pattern: str, *, within: bool = False) -> None:
    """Ids of this type follow from what was planned: ``derived("aws_s3_bucket_policy", "{bucket}", within=True)``.

    Args:
        kind: The type.
        pattern: The id, with attributes in braces; ``{account_id}`` and ``{region}`` are the stack's.
        within: See :class:`Found`.
    """

    def look(wanted: Wanted) -> Iterable[Found]:
        known = {"account_id": wanted.account_id, "region": wanted.region, **wanted.values}
        names = _FIELD.findall(pattern)
        if all(known.get(name) not in (None, "") for name in names):
            yield Found(_FIELD.sub(lambda match: str(known[match[1]]), pattern), within=within, there=False)

    finds(kind)(look)


def nothing_outside(*types: str) -> None:
    """These live in the state only: there is nothing to look for."""
    finds(*types)(lambda _wanted: ())


def lookup_of(kind: str) -> Lookup | None:
    """How a type is looked for; None: nobody knows."""
    _load()
    return _LOOKUPS.get(kind)


def known_types() -> frozenset[str]:
    """Every type that can be looked for."""
    _load()
    return frozenset(_LOOKUPS)


@cache
def _load() -> None:
    from tooling.recovery import lookups

    for module in pkgutil.iter_modules(lookups.__path__):
        importlib.import_module(f"{lookups.__name__}.{module.name}")
