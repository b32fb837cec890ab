"""Buckets: closed to the public, TLS only, encrypted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tooling.promises.promise import Answer, Promise, broken, kept, left_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from tooling.live import LiveResource, LiveStack

_BLOCKS = {
    "BlockPublicAcls": "block_public_acls",
    "IgnorePublicAcls": "ignore_public_acls",
    "BlockPublicPolicy": "block_public_policy",
    "RestrictPublicBuckets": "restrict_public_buckets",
}


def _or_none(call: Callable[[], Any], *codes: str) -> Any:
    """What a call answers, or None where S3 says that there is no such setting."""
    from botocore.exceptions import ClientError

    try:
        return call()
    except ClientError as error:
        if error.response["Error"]["Code"] in codes:
            return None
        raise


def private(live: LiveStack, bucket: LiveResource) -> Answer:
    wanted = next((one for one in live.of("aws_s3_bucket_public_access_block") if one["bucket"] == bucket.id), None)
    if wanted is not None and not all(wanted.attributes.get(name) for name in _BLOCKS.values()):
        return left_out("opened by the stack's own settings")
    client = live.client("s3", bucket.region)
    answer = _or_none(lambda: client.get_public_access_block(Bucket=bucket.id), "NoSuchPublicAccessBlockConfiguration")
    blocks = answer["PublicAccessBlockConfiguration"] if answer else {}
    off = [name for name in _BLOCKS if not blocks.get(name)]
    if off:
        return broken(f"{', '.join(off)} off", means="whoever may write its policy or an ACL can open it to everybody")
    return kept("all four blocks are on")


def tls_only(live: LiveStack, bucket: LiveResource) -> Answer:
    client = live.client("s3", bucket.region)
    answer = _or_none(lambda: client.get_bucket_policy(Bucket=bucket.id), "NoSuchBucketPolicy")
    statements = json.loads(answer["Policy"])["Statement"] if answer else []
    if any(map(_denies_all_without_tls, statements if isinstance(statements, list) else [statements])):
        return kept("its policy denies what comes without TLS")
    return broken("no statement denies everybody what comes without TLS", means="objects can travel unencrypted")


def _denies_all_without_tls(statement: dict[str, Any]) -> bool:
    condition = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    actions = statement.get("Action")
    return (
        statement["Effect"] == "Deny"
        and str(condition).lower() in ("false", "['false']")
        and statement.get("Principal") in ("*", {"AWS": "*"}, {"AWS": ["*"]})
        and any(action in ("*", "s3:*") for action in (actions if isinstance(actions, list) else [actions]))
    )


def encrypted(live: LiveStack, bucket: LiveResource) -> Answer:
    client = live.client("s3", bucket.region)
    answer = _or_none(
        lambda: client.get_bucket_encryption(Bucket=bucket.id), "ServerSideEncryptionConfigurationNotFoundError"
    )
    rules = answer["ServerSideEncryptionConfiguration"]["Rules"] if answer else []
    defaults = [rule.get("ApplyServerSideEncryptionByDefault") for rule in rules]
    kinds = [str(default["SSEAlgorithm"]) for default in defaults if default]
    return kept(", ".join(kinds)) if kinds else broken("no encryption by default")


PROMISES = (
    Promise("bucket-private", "buckets are closed to the public", ("aws_s3_bucket",), private),
    Promise("bucket-tls-only", "buckets take TLS only", ("aws_s3_bucket",), tls_only),
    Promise("bucket-encrypted", "buckets are encrypted", ("aws_s3_bucket",), encrypted),
)
