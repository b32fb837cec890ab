"""Storage: one table, and one bucket for videos, their chunks and transcripts."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.private_bucket import BucketCors, PrivateBucket, PrivateBucketProps
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
    """Table and bucket."""

    def __init__(self, scope: Construct, construct_id: str, *, props: DataProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.table = SingleTable(
            self,
            "table",
            props=SingleTableProps(
                deployment=props.deployment.verbatim,
                name="NullCheckTable",
                indexes=["GSI1"],
                partition_key="pk",
                sort_key="sk",
                ttl_attribute="ttl",
                retain_data=props.retain_data,
                deletion_protection=variables.deletion_protection.boolean,
                point_in_time_recovery=variables.enable_pitr.boolean,
            ),
        )
        # Of the document's name only the tag can tell: a bucket's has no capitals, and here AWS makes it up (NC-S3-01).
        self.bucket = PrivateBucket(
            self,
            "transcripts",
            props=PrivateBucketProps(
                deployment=props.deployment,
                name="media",
                generated_name=True,
                expire_after_days=variables.transcript_expiration_days.number,
                expire_replaced_after_days=variables.transcript_expiration_days.number,
                cors=BucketCors(origins=[variables.cors_origin.string], methods=["GET", "HEAD", "PUT"], headers=["*"]),
                events=True,
                tags={"logical-name": "TranscriptBucket"},
                retain_data=props.retain_data,
                force_destroy=variables.force_destroy.boolean,
            ),
        )
