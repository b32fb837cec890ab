"""What NullCheck's functions find in an account: the table, the bucket, and what is in their environment."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.unit.functions.single_table import SingleTable

ORIGIN = "https://nullcheck.example.com"
EPISODE = "0b5f6f60-3c59-4c6e-9a53-9d6f4f1b2c3d"
OTHER = "11111111-2222-4333-8444-555555555555"
NOW = "2025-06-01T12:00:00.000Z"


@dataclass(frozen=True)
class NullCheckAccount:
    table: SingleTable
    bucket: str
    s3: Any
    endpoint: str

    @classmethod
    def create(cls, dynamodb: Any, aws: Callable[[str], Any], endpoint: str) -> NullCheckAccount:
        table = SingleTable.create(dynamodb, keys=("pk", "sk"), index=("GSI1PK", "GSI1SK"))
        s3 = aws("s3")
        bucket = f"nullcheck-{uuid.uuid4().hex[:8]}"
        s3.create_bucket(Bucket=bucket)
        return cls(table, bucket, s3, endpoint)

    def env(self, **more: str) -> dict[str, str]:
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "ORIGIN": ORIGIN,
            "TABLE_NAME": self.table.name,
            "BUCKET_NAME": self.bucket,
        } | more

    def put_object(self, key: str, body: str | bytes = b"x") -> None:
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)

    def put_episode(self, episode: str = EPISODE, **changes: Any) -> dict[str, Any]:
        item = {
            "pk": f"EPISODE#{episode}",
            "sk": "EPISODE",
            "GSI1PK": "EPISODES",
            "GSI1SK": f"{NOW}#{episode}",
            "title": "Pilot",
            "description": None,
            "status": "created",
            "failureReason": None,
            "chunkCount": None,
            "createdAt": NOW,
            "updatedAt": NOW,
            "ttl": 1756555200,
        } | changes
        self.table.put(item)
        return item

    def episode(self, episode: str = EPISODE) -> dict[str, Any] | None:
        return self.table.get(f"EPISODE#{episode}", "EPISODE")


def answered(item: dict[str, Any]) -> dict[str, Any]:
    """What the API tells of an item."""
    hidden = ("pk", "sk", "GSI1PK", "GSI1SK", "ttl")
    return {"id": item["pk"].removeprefix("EPISODE#")} | {k: v for k, v in item.items() if k not in hidden}
