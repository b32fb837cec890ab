"""S3."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.component import Component, Pricer, only
from tooling.cost.estate import Resource

S3, TRANSFER = "Amazon Simple Storage Service", "AWS Data Transfer"


def bucket(item: Resource) -> Iterator[Component]:
    yield only(S3, "storage", "s3.standard.storage", item.assume("bucket.gb"), "storage, standard class")
    yield only(S3, "writes", "s3.request.write", item.assume("bucket.writes"), "PUT, POST, COPY, LIST requests")
    yield only(S3, "reads", "s3.request.read", item.assume("bucket.reads"), "GET requests")
    leaving = item.assume("bucket.internet_gb")
    yield only(TRANSFER, "internet", "data_transfer.internet_out", leaving, "fetched by clients directly")


def replication(item: Resource) -> Iterator[Component]:
    """What is copied: requests there, and the way. The copies' storage is in the line of the other bucket."""
    yield only(S3, "writes", "s3.request.write", item.assume("replication.writes"), "objects copied")
    copied = item.assume("replication.gb")
    yield only(TRANSFER, "sent", "data_transfer.between_regions", copied, "data sent to the other region")
    if any(
        part.get("status") == "Enabled"
        for rule in item.blocks("rule")
        for destination in rule.get("destination") or ()
        for part in destination.get("replication_time") or ()
    ):
        yield only(S3, "in time", "s3.replication_time", copied, "copied within 15 minutes")


PRICED: Mapping[str, Pricer] = {
    "aws_s3_bucket": bucket,
    "aws_s3_bucket_replication_configuration": replication,
}
