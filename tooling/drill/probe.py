"""An object and items of our own, on their way between two regions."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

from tooling.drill.clients import Clients
from tooling.drill.pair import Pair, Side
from tooling.errors import ToolError

_POLL_SECONDS = 0.2
# Were the drill killed, the table would remove an item of it by itself after this.
_KEPT_SECONDS = 24 * 3600


class Probe:
    """What a drill writes, and removes again.

    Args:
        clients: Of both regions.
        pair: Where to write.
        patience: Seconds until what was written in one region has to be in the other.

    Attributes:
        name: Part of the object's key (``.groundplan-drill/<name>``) and of the items' (``GROUNDPLAN#DRILL#<name>``).
        key: The object's key.
    """

    def __init__(self, clients: Clients, pair: Pair, *, patience: float) -> None:
        self._clients = clients
        self._first, self._second = pair.first, pair.second
        self.name = secrets.token_hex(6)
        self._patience = patience
        self.key = f".groundplan-drill/{self.name}"

    def object(self) -> str:
        """Write an object in the first region and see it arrive in the second."""
        content = secrets.token_bytes(64)
        self._clients("s3", self._first).put_object(Bucket=self._first.bucket, Key=self.key, Body=content)
        client = self._clients("s3", self._second)

        def arrived() -> bool:
            try:
                found = client.get_object(Bucket=self._second.bucket, Key=self.key)
            except client.exceptions.NoSuchKey:
                return False
            return bool(found["Body"].read() == content)

        return self._awaited(arrived, f"{self.key} did not arrive in {self._second.bucket}")

    def item(self) -> str:
        """The same with an item."""
        self._put(self._first, "BEFORE")
        return self._awaited(lambda: self._has(self._second, "BEFORE"), f"it did not arrive in {self._second.table}")

    def meanwhile(self) -> str:
        """Write an item in the second region while the first is away."""
        self._put(self._second, "MEANWHILE")
        return self._awaited(lambda: self._has(self._second, "MEANWHILE"), f"{self._second.table} does not keep it")

    def back(self) -> str:
        """See that item arrive in the first region once it is back."""
        return self._awaited(lambda: self._has(self._first, "MEANWHILE"), f"it did not arrive in {self._first.table}")

    def remove(self) -> str:
        """Every version of the object, and the items, in both regions."""
        removed = 0
        for side in (self._first, self._second):
            table = self._clients("dynamodb", side)
            for kind in ("BEFORE", "MEANWHILE"):
                table.delete_item(TableName=side.table, Key=self._keys(kind))
            client = self._clients("s3", side)
            pages = client.get_paginator("list_object_versions").paginate(Bucket=side.bucket, Prefix=self.key)
            for page in pages:
                for version in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                    client.delete_object(Bucket=side.bucket, Key=version["Key"], VersionId=version["VersionId"])
                    removed += 1
        return f"{removed} versions of the object, 2 items"

    def _keys(self, kind: str) -> dict[str, Any]:
        return {"PK": {"S": f"GROUNDPLAN#DRILL#{self.name}"}, "SK": {"S": kind}}

    def _put(self, side: Side, kind: str) -> None:
        expires = {"TTL": {"N": str(int(time.time()) + _KEPT_SECONDS)}}
        self._clients("dynamodb", side).put_item(TableName=side.table, Item=self._keys(kind) | expires)

    def _awaited(self, arrived: Callable[[], bool], otherwise: str) -> str:
        began = time.monotonic()
        while not arrived():
            if time.monotonic() - began > self._patience:
                raise ToolError(f"{otherwise} within {self._patience:.0f} s")
            time.sleep(_POLL_SECONDS)
        return f"after {time.monotonic() - began:.1f} s"

    def _has(self, side: Side, kind: str) -> bool:
        client = self._clients("dynamodb", side)
        return "Item" in client.get_item(TableName=side.table, Key=self._keys(kind), ConsistentRead=True)
