"""Storage: assets, uploads of users, backups of the application, and the load balancer's logs."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class StorageProps:
    """Shape of the storage.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy a bucket of data.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Storage(Construct):
    """Buckets.

    Attributes:
        assets: What CloudFront serves.
        uploads: What users upload.
        backups: What the application backs up.
        access_logs: What the load balancer was asked.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: StorageProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self.assets = self._data("assets")
        self.uploads = self._data("uploads")
        self.backups = self._data("backups")
        self.access_logs = PrivateBucket(
            self,
            "access_logs",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="access-logs",
                expire_after_days=props.variables.log_retention_days.number,
                owned=True,
                retain_data=False,
                force_destroy=props.variables.force_destroy.boolean,
            ),
        )

    def _data(self, name: str) -> PrivateBucket:
        props, variables = self._props, self._props.variables
        return PrivateBucket(
            self,
            name,
            props=PrivateBucketProps(
                deployment=props.deployment,
                name=name,
                expire_replaced_after_days=variables.noncurrent_version_days.number,
                owned=True,
                retain_data=props.retain_data,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
