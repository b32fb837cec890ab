"""The table and its key."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.constructs.table_scaling import TableCapacity
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class DataProps:
    """Shape of the storage.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy the table.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Data(Construct):
    """Table under a customer key that can be replicated."""

    def __init__(self, scope: Construct, construct_id: str, *, props: DataProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.key = ServiceKey(
            self,
            "key",
            props=ServiceKeyProps(
                deployment=props.deployment,
                name="data",
                description=f"Table of {props.deployment.prefix}{props.deployment.suffix}",
                multi_region=True,
            ),
        )
        self.table = SingleTable(
            self,
            "table",
            props=SingleTableProps(
                # The document's name, the same in both regions (RW-DDB-01).
                deployment=props.deployment.verbatim,
                name="RewindDataTable",
                ttl_attribute="TTL",
                stream=True,
                kms_key=self.key,
                capacity=TableCapacity(
                    billing_mode=variables.dynamodb_billing_mode,
                    least=variables.autoscaling_least_capacity,
                    most=variables.autoscaling_most_capacity,
                    target_percent=variables.autoscaling_target_utilization,
                ),
                retain_data=props.retain_data,
                deletion_protection=variables.deletion_protection.boolean,
                point_in_time_recovery=variables.enable_pitr.boolean,
            ),
        )
