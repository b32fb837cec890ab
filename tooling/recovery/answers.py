"""How lookups compare what AWS tells with what was planned."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from tooling.recovery.lookup import Found, Lookup, Wanted

Entry = Mapping[str, Any]
# What the provider puts behind a name_prefix: a time in 18 digits and a count in 8 hexadecimal ones
# (terraform-plugin-sdk, helper/id).
_UNIQUE = 26


def needs(*names: str) -> Callable[[Lookup], Lookup]:
    """Nothing is asked while one of these planned values is unknown: then the creation cannot have begun."""

    def take(lookup: Lookup) -> Lookup:
        @wraps(lookup)
        def look(wanted: Wanted) -> Iterable[Found]:
            known = all(wanted.values.get(name) not in (None, "") for name in names)
            return lookup(wanted) if known else ()

        return look

    return take


def tags_in(told: Mapping[str, str] | Iterable[Entry] | None) -> dict[str, str]:
    """Tags by name, in whatever way a service tells them: as they are, or as a list of keys and values."""
    if isinstance(told, Mapping):
        return dict(told)
    return dict(_tag(entry) for entry in told or ())


def _tag(entry: Entry) -> tuple[str, str]:
    # Key and Value, key and value, TagKey and TagValue.
    by_part = {name.lower().removeprefix("tag"): text for name, text in entry.items()}
    return by_part["key"], by_part.get("value", "")


def has_planned_tags(wanted: Wanted, tags: Mapping[str, str]) -> bool:
    """Whether something has all tags that were planned: for what has no name and is made together with its tags."""
    planned = wanted.values.get("tags_all") or wanted.values.get("tags") or {}
    return all(tags.get(key) == value for key, value in planned.items())


def fits_name(wanted: Wanted, name: str, *, attribute: str = "name") -> bool:
    """Whether it is the planned name or, with a ``name_prefix``, one that the provider may have made of that."""
    planned = wanted.values.get(attribute) or ""
    prefix = wanted.values.get(f"{attribute}_prefix") or ""
    if planned:
        return bool(name == planned)
    return bool(prefix) and name.startswith(prefix) and len(name) == len(prefix) + _UNIQUE


def unique_id(prefix: str, text: str) -> str:
    """An id such as the provider makes up for what has none (``PREFIX-`` and 26 characters), the same for a text."""
    return f"{prefix}-{zlib.crc32(text.encode()):0{_UNIQUE}d}"
