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
        retain_data: Refuse, at plan, whatever would destroy the table. Default: True.
        deletion_protection: Let DynamoDB refuse its deletion. Default: True.
        point_in_time_recovery: Keep 35 days of continuous backups. Default: True.
    """

    deployment: Deployment
    name: str
    ttl_attribute: str
    indexes: Sequence[str] = ()
    retain_data: bool = True
    deletion_protection: bool | IResolvable = True
    point_in_time_recovery: bool | IResolvable = True


class SingleTable(Construct):
    """On-demand DynamoDB table with keys ``PK`` and ``SK``, encrypted with the AWS-managed key."""

    def __init__(self, scope: Construct, construct_id: str, *, props: SingleTableProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        keys = ["PK", "SK", *(f"{index}{key}" for index in props.indexes for key in ("PK", "SK"))]
        self.arn = props.deployment.arn("dynamodb", f"table/{name}")
        self.table = DynamodbTable(
            self,
            "this",
            name=name,
            billing_mode="PAY_PER_REQUEST",
            hash_key="PK",
            range_key="SK",
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
            server_side_encryption=DynamodbTableServerSideEncryption(enabled=True),
            point_in_time_recovery=DynamodbTablePointInTimeRecovery(enabled=props.point_in_time_recovery),
            deletion_protection_enabled=props.deletion_protection,
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
        )

    @property
    def name(self) -> str:
        return self.table.name

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression]:
        """What CloudWatch knows its metrics by."""
        return {"TableName": expressions.attribute(self.table, "name")}

    def index_arn(self, index: str) -> str:
        return f"{self.arn}/index/{index}"

    def grant_read(self, function: LambdaFunction) -> None:
        """Let a function read items, also by the indexes."""
        self._grant(function, "ReadItems", _READ)

    def grant_read_write(self, function: LambdaFunction) -> None:
        """Let a function read and write items."""
        self._grant(function, "ReadWriteItems", (*_READ, *_WRITE))

    def grant_query(self, function: LambdaFunction, *, index: str) -> None:
        """Let a function query one index and nothing else."""
        function.allow(Statement(sid=f"Query{index}", actions=["dynamodb:Query"], resources=[self.index_arn(index)]))

    def grant_update(self, function: LambdaFunction) -> None:
        """Let a function update items that it knows the keys of."""
        function.allow(Statement(sid="UpdateItems", actions=["dynamodb:UpdateItem"], resources=[self.arn]))

    def _grant(self, function: LambdaFunction, sid: str, actions: Sequence[str]) -> None:
        function.allow(Statement(sid=sid, actions=sorted(actions), resources=[self.arn, self.index_arn("*")]))
