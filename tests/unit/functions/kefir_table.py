"""The single table, with the module's keys and index, and items of the shapes that the functions expect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class KefirTable:
    resource: Any
    endpoint: str

    @classmethod
    def create(cls, dynamodb: Any, name: str) -> KefirTable:
        keys = ("PK", "SK", "GSI1PK", "GSI1SK")
        resource = dynamodb.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=_key_schema("PK", "SK"),
            GlobalSecondaryIndexes=[
                {
                    "IndexName": "GSI1",
                    "KeySchema": _key_schema("GSI1PK", "GSI1SK"),
                    "Projection": {"ProjectionType": "ALL"},
                }
            ],
        )
        return cls(resource, dynamodb.meta.client.meta.endpoint_url)

    @property
    def name(self) -> str:
        return str(self.resource.name)

    def put(self, *items: dict[str, Any]) -> None:
        with self.resource.batch_writer() as batch:
            for item in items:
                batch.put_item(Item=item)

    def get(self, item: dict[str, Any]) -> dict[str, Any] | None:
        found = self.resource.get_item(Key={"PK": item["PK"], "SK": item["SK"]}).get("Item")
        return None if found is None else dict(found)

    def status(self, item: dict[str, Any]) -> str:
        found = self.get(item)
        assert found is not None, f"{item['SK']} is gone"
        return str(found["status"])


def reminder(name: str, *, due: str, user: str = "test123", **changes: Any) -> dict[str, Any]:
    item = {
        "PK": f"USER#{user}",
        "SK": f"REMINDER#{name}",
        "GSI1PK": "REMINDER#PENDING",
        "GSI1SK": due,
        "status": "pending",
        "title": "Strain your kefir",
        "body": f"Batch of {name} is ready.",
        "batchId": f"batch-{name}",
    }
    return {key: value for key, value in {**item, **changes}.items() if value is not None}


def device(name: str, *, user: str = "test123", token: str | None = None) -> dict[str, Any]:
    return {
        "PK": f"USER#{user}",
        "SK": f"DEVICE#{name}",
        "GSI1PK": f"USER#{user}#DEVICES",
        "GSI1SK": f"DEVICE#{name}",
        "pushToken": token or f"ExponentPushToken[{name}]",
    }


def _key_schema(partition: str, sort: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": partition, "KeyType": "HASH"},
        {"AttributeName": sort, "KeyType": "RANGE"},
    ]
