"""The state bucket: made by ``bootstrap``, read for lineage and serial before anything is applied.

S3 backend with native locking (``use_lockfile``):
https://developer.hashicorp.com/terraform/language/v1.11.x/backend/s3
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.states.content import check_parts

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.environment.stacks import Stack
    from tooling.target import Target


@dataclass(frozen=True)
class StateVersion:
    """Which state it is: its line of descent and how often it was written. ``("", 0)``: there is none."""

    lineage: str
    serial: int


NO_STATE = StateVersion("", 0)
_FORMAT = 4
# Nobody could be asked.
UNKNOWN = StateVersion("", -1)


def read_state(target: Target, config: EnvironmentConfig, stack: Stack) -> dict[str, Any] | None:
    """The state as it lies in the bucket; None when the stack was never applied.

    Raises:
        ToolError: The bucket is not there or not readable, the object is no state, or it was deleted.
    """
    return read_tagged_state(target, config, stack)[0]


def read_tagged_state(target: Target, config: EnvironmentConfig, stack: Stack) -> tuple[dict[str, Any] | None, str]:
    """The same with the object's ETag, which is another as soon as its content is; empty when there is no state."""
    from botocore.exceptions import BotoCoreError, ClientError

    client = target.client("s3", config.state.region)
    place = f"s3://{config.state.bucket}/{stack.state_key}"
    try:
        answer = client.get_object(Bucket=config.state.bucket, Key=stack.state_key)
        content = answer["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("NoSuchKey", "404"):
            _refuse_deleted(client, config.state.bucket, stack)
            return None, ""
        if code == "NoSuchBucket":
            raise missing_bucket(config.state.bucket, stack.env) from error
        raise ToolError(f"the state cannot be read ({code})", where=place) from error
    except BotoCoreError as error:
        raise ToolError(f"the state cannot be read: {error}", where=place) from error
    try:
        return parse_state(content), str(answer["ETag"])
    except ValueError as error:
        raise ToolError(f"the state object is damaged: {error}", where=place, hint=_way_back(stack)) from error


def parse_state(content: bytes) -> dict[str, Any]:
    """The state in a file or object of Terraform's.

    Raises:
        ValueError: It is none; says why.
    """
    if not content:
        raise ValueError("it is empty")
    try:
        state = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ValueError("it is no JSON, or a part of one") from error
    if not isinstance(state, dict) or state.get("version") != _FORMAT:
        raise ValueError(f"it is no state of Terraform's format {_FORMAT}")
    lineage, serial, resources = state.get("lineage"), state.get("serial"), state.get("resources")
    if not isinstance(lineage, str) or not lineage or type(serial) is not int or not isinstance(resources, list):
        raise ValueError("it has no lineage, serial or resources")
    check_parts(state)
    return state


def _refuse_deleted(client: Any, bucket: str, stack: Stack) -> None:
    """A state that was deleted is none that never was: planning from nothing would make everything a second time.

    Terraform deletes no state; it writes an empty one.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        # The versions of a key come newest first, and before those of every longer key.
        listed = client.list_object_versions(Bucket=bucket, Prefix=stack.state_key, MaxKeys=10)
        versions = [one for one in listed.get("Versions", ()) if one["Key"] == stack.state_key]
        if not versions:
            return
        last = client.get_object(Bucket=bucket, Key=stack.state_key, VersionId=versions[0]["VersionId"])
        content = last["Body"].read()
    except ClientError as error:
        # Not everybody who may read states may read their history; whoever may, has to know.
        if error.response["Error"]["Code"] in ("AccessDenied", "403"):
            return
        raise ToolError(
            f"whether the state was deleted cannot be seen ({error.response['Error']['Code']})",
            where=f"s3://{bucket}/{stack.state_key}",
        ) from error
    except BotoCoreError as error:
        raise ToolError(f"the state cannot be read: {error}", where=f"s3://{bucket}/{stack.state_key}") from error
    with suppress(ValueError):
        if not parse_state(content)["resources"]:
            return
    raise ToolError(
        "the state object was deleted; its last version holds resources",
        where=f"s3://{bucket}/{stack.state_key}",
        hint=_way_back(stack),
    )


def _way_back(stack: Stack) -> str:
    options = f"--env {stack.env} --stack {stack.architecture}"
    return f"bring the last good one back: groundplan state restore {options} last-good (docs/state.md)"


def version_of(state: dict[str, Any] | None) -> StateVersion:
    return NO_STATE if state is None else StateVersion(str(state["lineage"]), int(state["serial"]))


def missing_bucket(bucket: str, env: str) -> ToolError:
    return ToolError(
        f"the bucket {bucket} does not exist",
        where=f"envs/{env}/env.toml",
        hint=f"make it: groundplan bootstrap --env {env}",
    )


def require_bucket(target: Target, env: str, bucket: str, region: str, purpose: str) -> None:
    """Refuse early, in one sentence, what Terraform would say in ten lines.

    Raises:
        ToolError: There is no such bucket, it is somebody else's, or it is in another region.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    where = f"envs/{env}/env.toml"
    try:
        answer = target.client("s3", region).head_bucket(Bucket=bucket, ExpectedBucketOwner=target.account_id)
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        if status == 404:
            raise missing_bucket(bucket, env) from error
        raise ToolError(
            f"the {purpose} bucket {bucket} refuses us (HTTP {status})",
            where=where,
            hint=f"it must belong to account {target.account_id} and allow s3:ListBucket to you",
        ) from error
    except BotoCoreError as error:
        raise ToolError(f"no answer from S3: {error}", where=env) from error
    home = answer.get("BucketRegion", region)
    if home != region:
        raise ToolError(
            f"the {purpose} bucket {bucket} is in {home}, not in {region}",
            where=where,
            hint=f"choose a name of its own for {region}, then: groundplan bootstrap --env {env}",
        )


def make_bucket(target: Target, bucket: str, region: str) -> bool:
    """Make a bucket fit for state: versioned, encrypted, TLS only, private. Repeatable.

    Returns:
        True if the bucket is new.
    """
    from botocore.exceptions import ClientError

    client = target.client("s3", region)
    created = False
    try:
        client.head_bucket(Bucket=bucket, ExpectedBucketOwner=target.account_id)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != 404:
            raise ToolError(
                f"the bucket {bucket} exists and is not ours", hint="choose another name in env.toml"
            ) from error
        # us-east-1 is the one region that may not be named as a location constraint.
        place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        client.create_bucket(Bucket=bucket, **place)
        created = True
    client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    client.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    client.put_bucket_encryption(
        Bucket=bucket,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    there = () if created else _policy(client, bucket)
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket, there)))
    return created


def _policy(client: Any, bucket: str) -> list[dict[str, Any]]:
    """The statements that the bucket's policy has: those that are not ours stay."""
    from botocore.exceptions import ClientError

    try:
        found: list[dict[str, Any]] = json.loads(client.get_bucket_policy(Bucket=bucket)["Policy"])["Statement"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchBucketPolicy":
            raise
        return []
    return found


def _tls_only(bucket: str, there: Sequence[dict[str, Any]]) -> dict[str, Any]:
    ours = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return {"Version": "2012-10-17", "Statement": [*(one for one in there if one.get("Sid") != ours["Sid"]), ours]}
