"""S3: a bucket by its name or the prefix of it, everything else within the bucket."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tooling.recovery.answers import fits_name, needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, derived, finds

for _kind in ("notification", "ownership_controls", "policy", "public_access_block", "replication_configuration"):
    derived(f"aws_s3_bucket_{_kind}", "{bucket}", within=True)


@finds("aws_s3_bucket")
def bucket(wanted: Wanted) -> Iterator[Found]:
    """Among the account's own: names are unique in the world, and somebody else's bucket is not looked for.

    The tags of a bucket come after it, in a call of their own: one that was cut short may have none.
    """
    client = wanted.client("s3")
    stem = wanted.values.get("bucket") or wanted.values.get("bucket_prefix") or ""
    asked: dict[str, Any] = {"Prefix": stem} if stem else {}
    for item in each(client, "list_buckets", "Buckets", **asked):
        name = item["Name"]
        if fits_name(wanted, name, attribute="bucket"):
            tags = answer(client.get_bucket_tagging, Bucket=name) or {}
            yield Found(name, tags=tags_in(tags.get("TagSet")), created=item["CreationDate"])


@finds(
    "aws_s3_bucket_cors_configuration",
    "aws_s3_bucket_lifecycle_configuration",
    "aws_s3_bucket_server_side_encryption_configuration",
    "aws_s3_bucket_versioning",
    "aws_s3_bucket_website_configuration",
)
@needs("bucket")
def settings(wanted: Wanted) -> Iterator[Found]:
    """The owner is part of the id where one was planned."""
    parts = (wanted.values["bucket"], wanted.values.get("expected_bucket_owner"))
    yield Found(",".join(filter(None, parts)), within=True, there=False)
