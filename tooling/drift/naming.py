"""What the account calls a resource, from its values in the state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.plan.masking import MASK

# The attributes that name a resource, or what it is a part of, the most telling first.
_NAMES = (
    "arn",
    "name",
    "bucket",
    "function_name",
    "table_name",
    "identifier",
    "cluster_identifier",
    "replication_group_id",
    "id",
    "url",
    "queue_url",
    "topic_arn",
    "resource_arn",
    "key_id",
    "role",
    "user_pool_id",
    "rest_api_id",
    "api_id",
    "rule",
    "security_group_id",
    "route_table_id",
    "log_group_name",
)
_LONGEST = 1024
# Services that have no regions of their own tell CloudTrail of their calls in this one.
# https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
_GLOBAL = frozenset({"iam", "cloudfront", "route53", "sts", "organizations", "shield", "budgets", "ce"})
_HOME_OF_GLOBAL = "us-east-1"


def names_of(values: Mapping[str, Any]) -> tuple[str, ...]:
    """Its ARN, name and id, and those of what it is a part of; no two alike.

    Args:
        values: Its values, masked: a name that is a secret is none that anybody may be asked for.
    """
    found = [values.get(name) for name in _NAMES]
    named = (text for text in found if isinstance(text, str) and 0 < len(text) <= _LONGEST and MASK not in text)
    return tuple(dict.fromkeys(named))


def region_of(values: Mapping[str, Any]) -> str:
    """The region in which CloudTrail knows of it; empty where its values do not say."""
    parts = str(values.get("arn") or "").split(":")
    if len(parts) >= 6:
        if parts[2] in _GLOBAL:
            return _HOME_OF_GLOBAL
        if parts[3]:
            return parts[3]
    region = values.get("region")
    return region if isinstance(region, str) else ""
