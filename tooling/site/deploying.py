"""From a built folder to what visitors get: upload what changed, switch, empty the cache, delete what is gone.

Whatever stops it half-way, the site that is live is whole: a file goes up before the page that names it, and
nothing is deleted before the new page is live. Running it again does what is left.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tooling import digest
from tooling.aws_calls import asking_aws
from tooling.errors import ToolError
from tooling.outputs import applied_outputs
from tooling.progress import StackProgress
from tooling.side_by_side import side_by_side
from tooling.site.dist import Dist, SiteFile

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

# Under this name an object tells what was uploaded: an ETag is no digest of the content under a key of KMS.
_DIGEST = "sha256"
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
_DELETED_AT_ONCE = 1000


@dataclass(frozen=True)
class Site:
    """Where a stack's site is."""

    bucket: str
    distribution_id: str


@dataclass(frozen=True)
class SiteChanges:
    """What a deploy would do.

    Attributes:
        uploads: Files that are new or differ in content, type or cache header, in the order they go live in.
        deletes: Keys that the build no longer has.
        unchanged: How many files stay as they are.
    """

    site: Site
    uploads: tuple[SiteFile, ...]
    deletes: tuple[str, ...]
    unchanged: int

    @property
    def empty(self) -> bool:
        return not self.uploads and not self.deletes

    @property
    def size(self) -> int:
        return sum(file.size for file in self.uploads)

    @property
    def in_words(self) -> str:
        return f"{len(self.uploads)} files to upload ({self.size} bytes), {len(self.deletes)} to delete"


def find_site(session: Session, stack: Stack) -> Site:
    """Bucket and distribution of an applied stack.

    Raises:
        ToolError: It is not applied, or has no site.
    """
    outputs = applied_outputs(session, stack)
    found = {name: outputs.get(name) for name in ("bucket_name", "distribution_id")}
    for name, value in found.items():
        if not value:
            raise ToolError(
                f"has no site: there is no output {name}",
                where=stack.name,
                hint="a site is a bucket behind CloudFront, as in rewind",
            )
    return Site(str(found["bucket_name"]), str(found["distribution_id"]))


def compare(session: Session, stack: Stack, site: Site, dist: Dist) -> SiteChanges:
    """Compare a built folder with what is in the bucket; changes nothing.

    Raises:
        ToolError: The bucket cannot be read.
    """
    client = session.target.client("s3")
    progress = StackProgress(session.progress, stack.name, "compare", total=len(dist.files))
    uploads = []
    with asking_aws(progress, hint="nothing was changed"):
        progress.say()
        sizes = _sizes(client, site.bucket)

        def is_there(file: SiteFile) -> bool:
            return sizes.get(file.key) == file.size and _is_same(client, site.bucket, file)

        for file, there in side_by_side(is_there, dist.files):
            progress.step(file.key)
            if not there:
                uploads.append(file)
    gone = sizes.keys() - {file.key for file in dist.files}
    changes = SiteChanges(
        site=site,
        uploads=tuple(sorted(uploads, key=lambda file: (file.stage, file.key))),
        deletes=tuple(sorted(gone)),
        unchanged=len(dist.files) - len(uploads),
    )
    progress.end(changes.in_words)
    return changes


def deploy(session: Session, stack: Stack, changes: SiteChanges) -> str:
    """Upload stage by stage, empty CloudFront's cache, delete what is gone.

    Returns:
        Id of the invalidation.

    Raises:
        ToolError: A call failed; the file and what to do are named, and nothing was deleted before.
    """
    client = session.target.client("s3")
    bucket = changes.site.bucket
    progress = StackProgress(session.progress, stack.name, "upload", total=len(changes.uploads))
    again = "run it again: it goes on where this one ended"
    with asking_aws(progress, hint=f"nothing was deleted; {again}"):
        for _, files in groupby(changes.uploads, key=lambda file: file.stage):
            for file, _ in side_by_side(lambda file: _upload(client, bucket, file), files):
                progress.step(file.key)
        progress.enter("invalidate")
        # Even where nothing changed: an earlier run may have been stopped just before this.
        invalidation = _invalidate(session.target.client("cloudfront"), changes.site.distribution_id)
    with asking_aws(progress, hint=again):
        progress.enter("delete", len(changes.deletes))
        for start in range(0, len(changes.deletes), _DELETED_AT_ONCE):
            keys = changes.deletes[start : start + _DELETED_AT_ONCE]
            _delete(client, bucket, keys)
            progress.step(keys[-1], len(keys))
    progress.end(f"{len(changes.uploads)} uploaded, {len(changes.deletes)} deleted, invalidation {invalidation}")
    return invalidation


def _sizes(client: Any, bucket: str) -> dict[str, int]:
    pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    return {entry["Key"]: entry["Size"] for page in pages for entry in page.get("Contents", [])}


def _is_same(client: Any, bucket: str, file: SiteFile) -> bool:
    there = client.head_object(Bucket=bucket, Key=file.key)
    return (there["Metadata"].get(_DIGEST), there.get("ContentType"), there.get("CacheControl")) == (
        file.sha256,
        file.content_type,
        file.cache_control,
    )


def _upload(client: Any, bucket: str, file: SiteFile) -> None:
    content = file.path.read_bytes()
    if digest.of_bytes(content) != file.sha256:
        raise ToolError(
            "changed while it was being deployed", where=str(file.path), hint="wait for the build, then run it again"
        )
    client.put_object(
        Bucket=bucket,
        Key=file.key,
        Body=content,
        ContentType=file.content_type,
        CacheControl=file.cache_control,
        Metadata={_DIGEST: file.sha256},
    )


def _invalidate(client: Any, distribution_id: str) -> str:
    answer = client.create_invalidation(
        DistributionId=distribution_id,
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": f"groundplan-{secrets.token_hex(8)}",
        },
    )
    return str(answer["Invalidation"]["Id"])


def _delete(client: Any, bucket: str, keys: tuple[str, ...]) -> None:
    answer = client.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": key} for key in keys], "Quiet": True})
    for refused in answer.get("Errors", []):
        raise ToolError(
            f"S3 did not delete {refused['Key']} ({refused['Code']})", where=bucket, hint="mend that and run it again"
        )
