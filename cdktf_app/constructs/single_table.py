"""A DynamoDB table in single-table design: one key pair, one index of the same shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, IResolvable, TerraformResourceLifecycle
from cdktf_app.bindings.dynamodb import (
    DynamodbTable,
    DynamodbTableAttribute,
    DynamodbTableGlobalSecondaryIndex,
    DynamodbTablePointInTimeRecovery,
    DynamodbTableServerSideEncryption,
    DynamodbTableTtl,
)
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.service_key import ReplicaKey, ServiceKey, via_dynamodb
from cdktf_app.constructs.table_scaling import TableCapacity, TableScaling
from cdktf_app.deployment import Deployment

# Item operations only: nobody who reads or writes items can change or drop the table.
_READ = ("dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query")
_WRITE = (
    "dynamodb:BatchWriteItem",
    "dynamodb:ConditionCheckItem",
    "dynamodb:DeleteItem",
    "dynamodb:PutItem",
    "dynamodb:UpdateItem",
)


@dataclass(frozen=True, kw_only=True)
class SingleTableProps:
    """Shape of a table.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        indexes: Names of the global secondary indexes; each has the keys ``<name>PK`` and ``<name>SK`` and
            holds whole items. Default: none.
        ttl_attribute: Attribute with the time (epoch seconds) at which an item is deleted.
        partition_key: Name of the partition key, a string. Default: ``PK``.
        sort_key: Name of the sort key, a string. Default: ``SK``.
        stream: Publish each change, with the item before and after it. Default: False.
        kms_key: Key that encrypts it. Default: the one that AWS manages.
        capacity: Let the table be provisioned and scaled. Default: on demand only.
        retain_data: Refuse, at plan, whatever would destroy the table. Default: True.
        deletion_protection: Let DynamoDB refuse its deletion. Default: True.
        point_in_time_recovery: Keep 35 days of continuous backups. Default: True.
    """

    deployment: Deployment
    name: str
    ttl_attribute: str
    indexes: Sequence[str] = ()
    partition_key: str = "PK"
    sort_key: str = "SK"
    stream: bool = False
    kms_key: ServiceKey | None = None
    capacity: TableCapacity | None = None
    retain_data: bool = True
    deletion_protection: bool | IResolvable = True
    point_in_time_recovery: bool | IResolvable = True


class SingleTable(Construct):
    """DynamoDB table with a partition and a sort key, encrypted; on demand unless ``capacity`` says otherwise."""

    def __init__(self, scope: Construct, construct_id: str, *, props: SingleTableProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        keys = [
            props.partition_key,
            props.sort_key,
            *(f"{index}{key}" for index in props.indexes for key in ("PK", "SK")),
        ]
        self.resource = f"table/{name}"
        self._deployment = props.deployment
        self._kms_key = props.kms_key
        billing = props.capacity.billing_mode.string if props.capacity else "PAY_PER_REQUEST"
        self.arn = props.deployment.arn("dynamodb", self.resource)
        self.table = DynamodbTable(
            self,
            "this",
            name=name,
            billing_mode=billing,
            read_capacity=props.capacity.initial if props.capacity else None,
            write_capacity=props.capacity.initial if props.capacity else None,
            hash_key=props.partition_key,
            range_key=props.sort_key,
            stream_enabled=props.stream or None,
            stream_view_type="NEW_AND_OLD_IMAGES" if props.stream else None,
            attribute=[DynamodbTableAttribute(name=key, type="S") for key in keys],
            global_secondary_index=[
                DynamodbTableGlobalSecondaryIndex(
                    name=index, hash_key=f"{index}PK", range_key=f"{index}SK", projection_type="ALL"
                )
                for index in props.indexes
            ]
            or None,
            ttl=DynamodbTableTtl(attribute_name=props.ttl_attribute, enabled=True),
            # `enabled` without a key means the AWS-managed one; disabled would mean one that AWS owns.
            server_side_encryption=DynamodbTableServerSideEncryption(
                enabled=True, kms_key_arn=props.kms_key.arn if props.kms_key else None
            ),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=props.point_in_time_recovery),
            deletion_protection_enabled=props.deletion_protection,
            tags=props.deployment.tags,
            lifecycle=_lifecycle(props),
        )
        if props.kms_key:
            props.kms_key.grant_tables()
        if props.capacity:
            TableScaling(self, "scaling", table_name=self.table.name, capacity=props.capacity)

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression]:
        """What CloudWatch knows its metrics by."""
        return {"TableName": expressions.attribute(self.table, "name")}

    @property
    def stream_arn(self) -> str:
        return self.table.stream_arn

    def index_arn(self, index: str) -> str:
        return f"{self.arn}/index/{index}"

    def grant_read(self, function: LambdaFunction) -> None:
        """Let a function read items, also by the indexes."""
        self.grant(function, "ReadItems", _READ)

    def grant_read_write(self, function: LambdaFunction) -> None:
        """Let a function read and write items."""
        self.grant(function, "ReadWriteItems", (*_READ, *_WRITE))

    def grant_query(self, function: LambdaFunction, *, index: str) -> None:
        """Let a function query one index and nothing else."""
        function.allow(Statement(sid=f"Query{index}", actions=["dynamodb:Query"], resources=[self.index_arn(index)]))

    def grant_update(self, function: LambdaFunction) -> None:
        """Let a function update items that it knows the keys of."""
        function.allow(Statement(sid="UpdateItems", actions=["dynamodb:UpdateItem"], resources=[self.arn]))

    def grant(
        self, function: LambdaFunction, sid: str, actions: Sequence[str], *, indexes: Sequence[str] = ("*",)
    ) -> None:
        """Let a function do just these things with items.

        Args:
            function: The function.
            sid: Name of the statement.
            actions: Actions, each named in full.
            indexes: Indexes that it may use. Default: all.
        """
        resources = [self.arn, *(f"{self.arn}/index/{index}" for index in indexes)]
        function.allow(Statement(sid=sid, actions=sorted(actions), resources=resources))
        if self._kms_key:
            function.allow(via_dynamodb(deployment=self._deployment, key_arn=self._kms_key.arn))

    def grant_stream(self, function: LambdaFunction) -> None:
        """Let a function read the stream of changes."""
        function.allow(
            Statement(
                sid="ReadChanges",
                actions=[
                    "dynamodb:DescribeStream",
                    "dynamodb:GetRecords",
                    "dynamodb:GetShardIterator",
                    "dynamodb:ListStreams",
                ],
                resources=[f"{self.arn}/stream/*"],
            )
        )


class TableReplica(Construct):
    """A copy of a table in another region, kept equal by DynamoDB (a global table), with backups of its own.

    It is a block of the table. As a resource apart (``aws_dynamodb_table_replica``) it would show in the table's state
    as well, and a destroy would have both take it away, of which the second fails.

    Args:
        deployment: Account, tags and the other region.
        table: The table; it has to stream.
        key: The table's key in that region.
        condition: Terraform expression under which copy and key exist.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        table: SingleTable,
        key: ReplicaKey,
        condition: str,
    ) -> None:
        super().__init__(scope, construct_id)
        self._deployment = deployment
        self._key = key
        self.name = table.name
        self.arn = deployment.arn("dynamodb", table.resource)
        expressions.block_if(
            table.table,
            "replica",
            condition,
            {
                "region_name": deployment.region,
                "kms_key_arn": expressions.string(expressions.only(key.key, "arn")),
                "point_in_time_recovery": True,
                "propagate_tags": True,
            },
        )

    def grant(
        self, function: LambdaFunction, sid: str, actions: Sequence[str], *, indexes: Sequence[str] = ("*",)
    ) -> None:
        """Let a function of that region do just these things with items; see :meth:`SingleTable.grant`."""
        resources = [self.arn, *(f"{self.arn}/index/{index}" for index in indexes)]
        function.allow(Statement(sid=sid, actions=sorted(actions), resources=resources))
        function.allow(via_dynamodb(deployment=self._deployment, key_arn=self._key.arn))


def _lifecycle(props: SingleTableProps) -> TerraformResourceLifecycle | None:
    # Auto-scaling moves the capacity, which must not come back with the next apply.
    scaled = ["read_capacity", "write_capacity"] if props.capacity else None
    if not props.retain_data and not scaled:
        return None
    return TerraformResourceLifecycle(prevent_destroy=props.retain_data or None, ignore_changes=scaled)
