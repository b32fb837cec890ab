"""Storage (the document's DataStack): one table, and a bucket for photos."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.private_bucket import BucketCors, PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.resource_backup import ResourceBackup, ResourceBackupProps, table
from cdktf_app.constructs.single_table import SingleTable, SingleTableProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class DataProps:
    """Shape of the storage.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        retain_data: Refuse, at plan, whatever would destroy the table or the bucket.
    """

    deployment: Deployment
    variables: Variables
    retain_data: bool


class Data(Construct):
    """Table with its optional backups, and the photo bucket."""

    def __init__(self, scope: Construct, construct_id: str, *, props: DataProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.table = SingleTable(
            self,
            "table",
            props=SingleTableProps(
                deployment=props.deployment,
                name="table",
                indexes=["GSI1"],
                ttl_attribute="TTL",
                retain_data=props.retain_data,
                deletion_protection=variables.deletion_protection.boolean,
                point_in_time_recovery=variables.enable_pitr.boolean,
            ),
        )
        ResourceBackup(
            self,
            "backup",
            props=ResourceBackupProps(
                deployment=props.deployment,
                enabled=variables.enable_aws_backup,
                backed_up=[table(self.table)],
                force_destroy=variables.force_destroy.boolean,
            ),
        )
        self.photos = PrivateBucket(
            self,
            "photos",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="photos",
                versioned=variables.enable_versioning.expression,
                expire_after_days=variables.object_expiration_days.number,
                abort_uploads_after_days=variables.abort_upload_days.number,
                cors=BucketCors(origins=variables.app_domains.strings, methods=["GET", "HEAD", "POST", "PUT"]),
                retain_data=props.retain_data,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
