"""What has to exist before the first plan: the state bucket and, in each region, a bucket for function packages.

Old versions of what lies in them end by a rule of the bucket's life cycle, and the newest hundred never do.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.state import make_bucket

if TYPE_CHECKING:
    from tooling.environment.config import EnvironmentConfig
    from tooling.target import Target


# Days after which a version that was replaced is deleted, unless it is one of the hundred newest: that is as many as S3
# can be told to keep. Each lock of a state leaves a version too.
OLD_VERSION_DAYS = 90
KEPT_VERSIONS = 100
_RULE = "groundplan-old-versions"


@dataclass(frozen=True)
class Bucket:
    name: str
    region: str
    purpose: str
    created: bool


def planned_buckets(config: EnvironmentConfig) -> tuple[tuple[str, str, str], ...]:
    """Name, region and purpose of each bucket that :func:`bootstrap` sees to."""
    return ((config.state.bucket, config.state.region, "state"), *package_buckets(config))


def package_buckets(config: EnvironmentConfig) -> tuple[tuple[str, str, str], ...]:
    """Name, region and purpose of the buckets that functions are deployed from, each once."""
    places = [place for architecture in config.stacks for place in config.artifacts_buckets(architecture)]
    return tuple((bucket, region, "function packages") for bucket, region in dict.fromkeys(places))


def bootstrap(target: Target, config: EnvironmentConfig) -> tuple[Bucket, ...]:
    """Make these buckets versioned, encrypted, private and TLS only. Repeatable; deletes nothing.

    Raises:
        ToolError: A name is taken by another account, or S3 refuses.
    """
    made = []
    for name, region, purpose in planned_buckets(config):
        with _asking(name):
            made.append(Bucket(name, region, purpose, make_bucket(target, name, region)))
            _end_old_versions(target.client("s3", region), name)
    return tuple(made)


def buckets_there(target: Target, config: EnvironmentConfig) -> dict[str, bool]:
    """Whether each bucket of :func:`planned_buckets` is there; changes nothing.

    Raises:
        ToolError: A name is taken by another account, or S3 does not say.
    """
    from botocore.exceptions import ClientError

    found = {}
    for name, region, _ in planned_buckets(config):
        with _asking(name):
            try:
                target.client("s3", region).head_bucket(Bucket=name, ExpectedBucketOwner=target.account_id)
                found[name] = True
            except ClientError as error:
                status = error.response["ResponseMetadata"]["HTTPStatusCode"]
                if status == 403:
                    what = "the bucket is another account's, or these credentials may not look at it"
                    raise ToolError(what, where=name, hint="choose another name in env.toml") from error
                if status != 404:
                    raise
                found[name] = False
    return found


@contextmanager
def _asking(bucket: str) -> Iterator[None]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except ClientError as error:
        told = error.response["Error"]
        what = f"{error.operation_name} was refused ({told.get('Code')}: {told.get('Message')})"
        hint = "bootstrap manages buckets and their settings; what it made so far stays, and it may run again"
        raise ToolError(what, where=bucket, hint=hint) from error
    except BotoCoreError as error:
        raise ToolError(f"no answer from S3: {error}", where=bucket) from error


def _end_old_versions(client: Any, bucket: str) -> None:
    """Put our rule beside those that are there."""
    from botocore.exceptions import ClientError

    try:
        there = client.get_bucket_lifecycle_configuration(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        there = {"Rules": []}
    ours = {
        "ID": _RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_DAYS, "NewerNoncurrentVersions": KEPT_VERSIONS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    if ours in there["Rules"]:
        return
    others = [rule for rule in there["Rules"] if rule.get("ID") != _RULE]
    # What is put replaces the whole, so what is there is given again.
    size = {key: there[key] for key in ("TransitionDefaultMinimumObjectSize",) if key in there}
    wanted = {"Rules": [*others, ours]}
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=wanted, **size)
