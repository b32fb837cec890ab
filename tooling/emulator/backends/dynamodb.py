"""DynamoDB: replicas of a table in other regions, under the same name and with the same items."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("dynamodb")


class Replica(Table):  # type: ignore[misc]  # moto is untyped here
    """A table that has only what is its region's own, and all else (items, indexes, stream, TTL) from another one.

    Args:
        original: The table that is replicated.
        region: Where the replica is.
        key: KMS key of that region. Default: the one that AWS keeps for DynamoDB there.
    """

    # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
    _OWN = frozenset(
        {
            "continuous_backups",
            "created_at",
            "deletion_protection_enabled",
            "lambda_event_source_mappings",
            "region_name",
            "sse_specification",
            "table_arn",
            "tags",
        }
    )

    def __init__(self, original: Table, region: str, key: str | None) -> None:
        self.__dict__["_original"] = original
        self.region_name = region
        self.table_arn = self._generate_arn(original.name)
        self.created_at = datetime.now(UTC)
        self.tags: list[dict[str, str]] = []
        self.deletion_protection_enabled = False
        self.lambda_event_source_mappings: dict[str, Any] = {}
        self.continuous_backups = deepcopy(_NO_BACKUPS)
        self.sse_specification = deepcopy(original.sse_specification)
        if key:
            self.sse_specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
        elif self.sse_specification:
            self.sse_specification["KMSMasterKeyId"] = self._get_default_encryption_key(original.account_id, region)

    def __getattr__(self, name: str) -> Any:
        if "_original" not in self.__dict__:
            raise AttributeError(name)  # a copy in the making: of a backup, for one
        return getattr(self.__dict__["_original"], name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in self._OWN:
            self.__dict__[name] = value
        else:
            setattr(self.__dict__["_original"], name, value)


_NO_BACKUPS = {
    "ContinuousBackupsStatus": "ENABLED",
    "PointInTimeRecoveryDescription": {"PointInTimeRecoveryStatus": "DISABLED"},
}


@backend.prepares("UpdateTable")
def update_replicas(call: Call) -> None:
    """aws_dynamodb_table with replica, and aws_dynamodb_table_replica: create, update, delete. moto takes no notice."""
    for update in call.params.get("ReplicaUpdates", []):
        for action, wanted in update.items():
            _UPDATES[action](call, _table(call), wanted)


def _create_replica(call: Call, table: Table, wanted: Mapping[str, Any]) -> None:
    region = wanted["RegionName"]
    stream = table.stream_specification or {}
    if stream.get("StreamViewType") != "NEW_AND_OLD_IMAGES":
        raise AwsError(
            "ValidationException",
            "One or more parameter values were invalid: a table needs a stream of NEW_AND_OLD_IMAGES to be replicated.",
        )
    if table.name in _tables(call, region):
        raise AwsError(
            "ValidationException",
            f"Failed to create a the new replica of table with name: '{table.name}' because one or more replicas "
            "already existed as tables.",
        )
    _tables(call, region)[table.name] = Replica(table, region, wanted.get("KMSMasterKeyId"))
    group = call.account_store("replicas").setdefault(table.name, {call.region: {}})
    group[region] = _told(wanted)


def _update_replica(call: Call, table: Table, wanted: Mapping[str, Any]) -> None:
    replica = _replica(call, table, wanted["RegionName"])
    if key := wanted.get("KMSMasterKeyId"):
        replica.sse_specification = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": key}
    call.account_store("replicas")[table.name][wanted["RegionName"]].update(_told(wanted))


def _delete_replica(call: Call, table: Table, wanted: Mapping[str, Any]) -> None:
    replica = _replica(call, table, wanted["RegionName"])
    if replica.deletion_protection_enabled:
        raise AwsError(
            "ValidationException",
            f"Resource cannot be deleted as it is currently protected against deletion: {replica.table_arn}. "
            "Disable deletion protection first.",
        )
    del _tables(call, wanted["RegionName"])[table.name]
    _leave_group(call, table.name, wanted["RegionName"])


_UPDATES = {"Create": _create_replica, "Update": _update_replica, "Delete": _delete_replica}


@backend.amends("DescribeTable", "UpdateTable")
def tell_replicas(call: Call, answer: dict[str, Any]) -> None:
    """The same, read: every table of the group names all others, which are ready at once."""
    table = answer.get("Table") or answer["TableDescription"]
    group = call.account_store("replicas").get(table["TableName"], {})
    if call.region in group:
        others = {region: told for region, told in group.items() if region != call.region}
        table["Replicas"] = [
            {"RegionName": region, "ReplicaStatus": "ACTIVE", **told} for region, told in others.items()
        ]
        table["GlobalTableVersion"] = "2019.11.21"


@backend.watches("DeleteTable")
def leave_group(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_dynamodb_table, delete: the tables of the other regions stay."""
    _leave_group(call, answer["TableDescription"]["TableName"], call.region)


def _leave_group(call: Call, name: str, region: str) -> None:
    groups = call.account_store("replicas")
    groups.get(name, {}).pop(region, None)
    if len(groups.get(name, {})) < 2:
        groups.pop(name, None)


def _told(wanted: Mapping[str, Any]) -> dict[str, Any]:
    return {key: wanted[key] for key in ("KMSMasterKeyId",) if key in wanted}


def _table(call: Call) -> Table:
    return dynamodb_backends[call.account][call.region].get_table(call.params["TableName"])


def _tables(call: Call, region: str) -> dict[str, Table]:
    tables: dict[str, Table] = dynamodb_backends[call.account][region].tables
    return tables


def _replica(call: Call, table: Table, region: str) -> Table:
    if region not in call.account_store("replicas").get(table.name, {}):
        raise AwsError("ReplicaNotFoundException", f"The table {table.name} has no replica in {region}.")
    return _tables(call, region)[table.name]
