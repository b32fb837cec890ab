"""What has to exist before the first plan: the state bucket and, in each region, a bucket for function packages.

Old versions of what lies in them end by a rule of the bucket's life cycle, and the newest hundred never do.
"""

from __future__ import annotations

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
        ToolError: A name is taken by another account.
    """
    made = []
    for name, region, purpose in planned_buckets(config):
        made.append(Bucket(name, region, purpose, make_bucket(target, name, region)))
        _end_old_versions(target.client("s3", region), name)
    return tuple(made)


def buckets_there(target: Target, config: EnvironmentConfig) -> dict[str, bool]:
    """Whether each bucket of :func:`planned_buckets` is there; changes nothing.

    Raises:
        ToolError: S3 does not say.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    found = {}
    for name, region, _ in planned_buckets(config):
        try:
            target.client("s3", region).head_bucket(Bucket=name)
            found[name] = True
        except ClientError as error:
            # What is refused is there; whose it is, is told when its settings are made.
            found[name] = error.response["ResponseMetadata"]["HTTPStatusCode"] != 404
        except BotoCoreError as error:
            raise ToolError(f"no answer from S3: {error}", where=name) from error
    return found


def _end_old_versions(client: Any, bucket: str) -> None:
    """Put our rule beside those that are there."""
    from botocore.exceptions import ClientError

    try:
        rules = client.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchLifecycleConfiguration":
            raise
        rules = []
    ours = {
        "ID": _RULE,
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": {"NoncurrentDays": OLD_VERSION_DAYS, "NewerNoncurrentVersions": KEPT_VERSIONS},
        "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7},
    }
    others = [rule for rule in rules if rule.get("ID") != _RULE]
    client.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": [*others, ours]})
