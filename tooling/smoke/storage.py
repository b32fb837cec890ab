"""An object's way: put into the stack's bucket, read as a visitor reads it, deleted without a trace."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import Exit, ToolError
from tooling.live import Finding, failed, ok, skipped
from tooling.live.finding import look
from tooling.smoke.places import buckets_shown
from tooling.web import request

if TYPE_CHECKING:
    from tooling.live import LiveStack

_PREFIX = "groundplan-smoke/"


@dataclass(frozen=True)
class Storage:
    """Where the object goes.

    Attributes:
        bucket: Its bucket.
        region: Of the bucket.
        address: What CloudFront shows the bucket below, without a slash at its end; empty where none does.
    """

    bucket: str
    region: str
    address: str


def find_storage(live: LiveStack) -> Storage:
    """The bucket that CloudFront shows; else the one that the stack's outputs name.

    Raises:
        ToolError: There is none.
    """
    for bucket, address in buckets_shown(live):
        return Storage(bucket.id, bucket.region, address)
    named = {value for name, value in live.outputs.items() if name in ("bucket_name", "assets_bucket")}
    for bucket in live.of("aws_s3_bucket"):
        if bucket.id in named:
            return Storage(bucket.id, bucket.region, "")
    raise ToolError("no bucket that objects are read from", where=live.stack.name, exit_code=Exit.USAGE)


def try_storage(live: LiveStack, storage: Storage, *, url: str = "") -> tuple[Finding, ...]:
    """Put an object, read it from the bucket and through CloudFront, delete all of it.

    Args:
        live: The stack.
        storage: See :func:`find_storage`.
        url: Read below this address, and not below CloudFront's.
    """
    client = live.client("s3", storage.region)
    key, content = f"{_PREFIX}{secrets.token_hex(8)}.txt", secrets.token_hex(16).encode()
    found = []

    def put() -> str:
        with live.asking(storage.bucket):
            client.put_object(Bucket=storage.bucket, Key=key, Body=content, ContentType="text/plain")
        return f"s3://{storage.bucket}/{key}"

    def read() -> Finding:
        with live.asking(storage.bucket):
            seen = client.get_object(Bucket=storage.bucket, Key=key)["Body"].read()
        name = "read from the bucket"
        return ok(name, f"{len(seen)} bytes, the same") if seen == content else failed(name, "another content")

    def delete() -> str:
        with live.asking(storage.bucket):
            count = _delete_all(client, storage.bucket, key)
        return f"{count} versions, none is left"

    try:
        found.append(look("put an object", put))
        if not found[0].bad:
            found += [look("read from the bucket", read), _shown(live, storage, key, content, url.rstrip("/"))]
    finally:
        # Whatever happened, and also when the user interrupts.
        deleted = look("delete it", delete)
    if deleted.bad:
        step = f"delete it by hand, every version of it: s3://{storage.bucket}/{key}"
        deleted = failed(deleted.name, deleted.saw, means="it may still be there", next=step)
    return (*found, deleted)


def _shown(live: LiveStack, storage: Storage, key: str, content: bytes, url: str) -> Finding:
    name = "read by CloudFront"
    address = url or storage.address
    if not address:
        return skipped(name, "no distribution shows this bucket")
    if live.session.target.emulated and not url:
        return skipped(name, "the emulator serves no requests; --url reads from another address")

    def read() -> Finding:
        reply = request(f"{address}/{key}")
        if reply.status == 200 and reply.body == content:
            return ok(name, f"{address}/{key} is the same")
        return failed(
            name,
            f"{address}/{key} answers {reply.status}",
            means="visitors do not get what is in the bucket",
            next="look at the bucket's policy and the distribution's origin access control",
        )

    return look(name, read)


def _delete_all(client: Any, bucket: str, key: str) -> int:
    """Every version and marker of one key; in a bucket without versions its one object.

    A marker that hides a version would stay behind a plain delete.
    """
    count = 0
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for one in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            client.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])
            count += 1
    return count
