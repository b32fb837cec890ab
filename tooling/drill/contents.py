"""What a bucket and a table hold, as digests that can be compared across regions."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tooling import digest
from tooling.errors import ToolError
from tooling.side_by_side import side_by_side

_SHOWN = 3


def object_sizes(client: Any, bucket: str) -> dict[str, str]:
    """Size of every object, by key; reads no content."""
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: str(entry["Size"]) for page in pages for entry in page.get("Contents", [])}


def object_digests(client: Any, bucket: str) -> dict[str, str]:
    """SHA-256 of every object's content, by key."""

    def read(key: str) -> str:
        return digest.of_bytes(client.get_object(Bucket=bucket, Key=key)["Body"].read())

    return dict(side_by_side(read, object_sizes(client, bucket)))


def item_digests(client: Any, table: str) -> dict[str, str]:
    """SHA-256 of every item, by its keys."""
    schema = client.describe_table(TableName=table)["Table"]["KeySchema"]
    names = sorted(part["AttributeName"] for part in schema)
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    found = {}
    for page in pages:
        for item in page["Items"]:
            key = "/".join(str(next(iter(item[name].values()))) for name in names)
            found[key] = digest.of_value(_comparable(item))
    return found


def _comparable(value: Any) -> Any:
    """A DynamoDB value as JSON; the members of a set have no order."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, list):
        return [_comparable(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: sorted(_comparable(entry)) if key in ("SS", "NS", "BS") and isinstance(entry, list) else _comparable(entry)
        for key, entry in value.items()
    }


def require_equal(there: Mapping[str, str], here: Mapping[str, str], what: str) -> str:
    """Compare what the first region had with what the second has.

    Raises:
        ToolError: Something is missing, too many or different.
    """
    missing = sorted(there.keys() - here.keys())
    surplus = sorted(here.keys() - there.keys())
    different = sorted(key for key in there.keys() & here.keys() if there[key] != here[key])
    wrong = [
        f"{len(keys)} {how} ({', '.join(keys[:_SHOWN])}{' ...' if len(keys) > _SHOWN else ''})"
        for how, keys in (("missing", missing), ("different", different), ("that the first had not", surplus))
        if keys
    ]
    if wrong:
        raise ToolError(f"of {len(there)} {what}: {', '.join(wrong)}")
    return f"{len(here)} {what}, all equal"
