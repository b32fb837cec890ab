"""The state bucket: made by ``bootstrap``, read for lineage and serial before anything is applied.

S3 backend with native locking (``use_lockfile``):
https://developer.hashicorp.com/terraform/language/v1.11.x/backend/s3
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError

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


def read_state(target: Target, config: EnvironmentConfig, stack: Stack) -> dict[str, Any] | None:
    """The state as it lies in the bucket; None when the stack was never applied.

    Raises:
        ToolError: The bucket is not there or not readable, or the object is no state.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    client = target.client("s3", config.state.region)
    place = f"s3://{config.state.bucket}/{stack.state_key}"
    try:
        content = client.get_object(Bucket=config.state.bucket, Key=stack.state_key)["Body"].read()
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in ("NoSuchKey", "404"):
            return None
        if code == "NoSuchBucket":
            raise missing_bucket(config.state.bucket, stack.env) from error
        raise ToolError(f"the state cannot be read ({code})", where=place) from error
    except BotoCoreError as error:
        raise ToolError(f"the state cannot be read: {error}", where=place) from error
    try:
        state = json.loads(content)
        int(state["serial"]), str(state["lineage"])
    except (ValueError, KeyError, TypeError) as error:
        raise ToolError(
            "the state object is damaged",
            where=place,
            hint="the bucket keeps versions: restore an earlier one before anything else",
        ) from error
    return dict(state)


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
        client.head_bucket(Bucket=bucket)
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
    client.put_bucket_policy(Bucket=bucket, Policy=json.dumps(_tls_only(bucket)))
    return created


def _tls_only(bucket: str) -> dict[str, Any]:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "TlsOnly",
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            }
        ],
    }
