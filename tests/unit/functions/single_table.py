"""The single table of an architecture, with its module's keys."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SingleTable:
    resource: Any
    endpoint: str
    keys: tuple[str, str]

    @classmethod
    def create(cls, dynamodb: Any, *, keys: tuple[str, str], index: tuple[str, str] | None = None) -> SingleTable:
        """A table of a name of its own; `index` holds the keys of its GSI1."""
        indexes = {} if index is None else {"GlobalSecondaryIndexes": [_gsi1(index)]}
        resource = dynamodb.create_table(
            TableName=f"table-{uuid.uuid4().hex[:8]}",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in (*keys, *(index or ()))],
            KeySchema=_key_schema(keys),
            **indexes,
        )
        return cls(resource, dynamodb.meta.client.meta.endpoint_url, keys)

    @property
    def name(self) -> str:
        return str(self.resource.name)

    def put(self, *items: dict[str, Any]) -> None:
        with self.resource.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def get(self, partition: str, sort: str) -> dict[str, Any] | None:
        found = self.resource.get_item(Key=dict(zip(self.keys, (partition, sort), strict=True))).get("Item")
        return None if found is None else dict(found)

    def items(self) -> list[dict[str, Any]]:
        return [dict(item) for item in self.resource.scan()["Items"]]


def _gsi1(keys: tuple[str, str]) -> dict[str, Any]:
    return {"IndexName": "GSI1", "KeySchema": _key_schema(keys), "Projection": {"ProjectionType": "ALL"}}


def _key_schema(keys: Sequence[str]) -> list[dict[str, str]]:
    return [{"AttributeName": key, "KeyType": kind} for key, kind in zip(keys, ("HASH", "RANGE"), strict=True)]
