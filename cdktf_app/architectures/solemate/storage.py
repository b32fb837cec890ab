"""Storage: the bucket of assets, its copy in a second region, and where the load balancer's logs go."""

from __future__ import annotations

from dataclasses import dataclass, replace

from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.bucket_replication import BucketReplication, BucketReplicationProps
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class StorageProps:
    """Shape of the storage.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy the assets.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Storage(Construct):
    """Buckets; beside itself, the parts that copy the assets.

    Attributes:
        assets: What CloudFront serves.
        access_logs: What the load balancer was asked.
        replica: Copy of the assets in the second region.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: StorageProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.assets = PrivateBucket(
            self, "assets", props=_assets(props, props.deployment, retain_data=props.retain_data)
        )
        self.access_logs = PrivateBucket(
            self,
            "access_logs",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="access-logs",
                expire_after_days=variables.log_retention_days.number,
                owned=True,
                retain_data=False,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
        dr = Replica(scope, "dr", props=props)
        self.replica = dr.assets
        Replication(scope, "replication", props=props, source=self.assets, destination=dr.assets)


class Replica(ConditionalPart):
    """The second region, with ``enable_replication``.

    Attributes:
        assets: Copy of the assets.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: StorageProps) -> None:
        super().__init__(scope, construct_id, condition=props.variables.enable_replication.expression, alias="dr")
        there = props.deployment.in_region(props.variables.dr_region.string)
        # What is lost in the first region is in this bucket only.
        self.assets = PrivateBucket(self, "dr_assets", props=_assets(props, there, retain_data=props.retain_data))


class Replication(ConditionalPart):
    """What keeps the copy up to date, in the first region."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        props: StorageProps,
        source: PrivateBucket,
        destination: PrivateBucket,
    ) -> None:
        super().__init__(scope, construct_id, condition=props.variables.enable_replication.expression)
        BucketReplication(
            self,
            "assets_copies",
            props=BucketReplicationProps(
                deployment=props.deployment, name="assets-copies", source=source, destination=destination
            ),
        )


def _assets(props: StorageProps, deployment: Deployment, *, retain_data: bool) -> PrivateBucketProps:
    variables = props.variables
    return PrivateBucketProps(
        # The environment stands behind the kind of bucket, and before the account (SM-FR3-01).
        deployment=replace(deployment, prefix="solemate"),
        name=f"assets-{variables.environment.string}",
        expiry_rule="DeleteOldVersions",
        expire_replaced_after_days=variables.noncurrent_version_days.number,
        owned=True,
        retain_data=retain_data,
        force_destroy=variables.force_destroy.boolean,
    )
