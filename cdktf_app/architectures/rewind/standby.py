"""The second region: a copy of the site and of the table, and the whole back end once more."""

from __future__ import annotations

from dataclasses import replace

from cdktf_app.architectures.rewind.alerts import Alerts
from cdktf_app.architectures.rewind.backend import Backend, BackendProps
from cdktf_app.architectures.rewind.data import Data
from cdktf_app.architectures.rewind.training import NO_CAMPAIGN
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.function_packages import FunctionPackages
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.published_value import PublishedValue
from cdktf_app.constructs.service_key import ReplicaKey
from cdktf_app.constructs.single_table import TableReplica
from cdktf_app.deployment import Deployment


class Standby(ConditionalPart):
    """What takes over when the first region is lost; it exists with ``enable_failover``.

    Sign-in and training stay in the first region.

    Args:
        deployment: Names, account and tags of the first region.
        variables: The module's inputs.

    Attributes:
        deployment: Names, account, tags and region of the second.
        site: Copy of the site's bucket.
    """

    def __init__(self, scope: Construct, construct_id: str, *, deployment: Deployment, variables: Variables) -> None:
        super().__init__(scope, construct_id, condition=variables.enable_failover.expression, alias="failover")
        self._variables = variables
        self.deployment = deployment.in_region(variables.failover_region.string)
        self.site = PrivateBucket(
            self,
            "standby_site",
            props=PrivateBucketProps(
                deployment=self.deployment,
                name="frontend-bucket",
                # A copy: what is in it is in the first bucket, or was deleted there.
                retain_data=False,
                force_destroy=True,
            ),
        )

    def add_backend(self, packages: FunctionPackages, data: Data, home: BackendProps) -> Backend:
        """The back end of the first region once more, on a replica of the table and with logs and alarms here."""
        key = ReplicaKey(self, "standby_key", deployment=self.deployment, name="data", primary=data.key)
        table = TableReplica(
            self,
            "standby_table",
            deployment=self.deployment,
            table=data.table,
            key=key,
            condition=self.condition,
        )
        alerts = Alerts(self, "standby_monitoring", deployment=self.deployment, variables=self._variables)
        parameter = PublishedValue(
            self,
            "standby_campaign",
            deployment=self.deployment,
            name="campaign",
            description="Personalize answers in the first region only.",
            initial=NO_CAMPAIGN,
        )
        return Backend(
            self,
            "standby",
            props=replace(
                home,
                deployment=self.deployment,
                packages=packages.in_bucket(self._variables.failover_artifacts_bucket),
                table=table,
                campaign_parameter=parameter.name,
                export_bucket=None,
                logs=alerts.logs,
                alerts=alerts.topic,
            ),
        )
