"""Both regions of a stack, from its outputs, and what it keeps in the first alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.outputs import applied_outputs

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

_FIRST = ("bucket_name", "distribution_id", "api_url", "table_name")
_SECOND = (
    "region", "bucket_name", "api_id", "api_url", "table_name", "api_domain", "health_check_id", "zone_id",
)  # fmt: skip
_MAY_BE_EMPTY = ("api_domain", "health_check_id", "zone_id")


@dataclass(frozen=True)
class Side:
    """What one region has of a stack."""

    region: str
    bucket: str
    table: str


@dataclass(frozen=True)
class Pair:
    """Both regions, and what leads from one to the other."""

    first: Side
    second: Side
    api_url: str
    second_api_id: str
    api_domain: str
    zone_id: str
    health_check_id: str
    distribution_id: str


@dataclass(frozen=True)
class Stays:
    """Something that does not fail over, and what that means for users."""

    what: str
    means: str


def find_pair(session: Session, stack: Stack) -> tuple[Pair, tuple[Stays, ...]]:
    """Both regions of an applied stack, and what it keeps in the first alone.

    Raises:
        ToolError: It is not applied, or has no second region.
    """
    outputs = applied_outputs(session, stack)
    second = outputs.get("failover")
    if not isinstance(second, dict):
        raise ToolError("has no output failover: this architecture knows no second region", where=stack.name)
    if not second:
        raise ToolError(
            "has no second region: its output failover is empty",
            where=stack.name,
            hint="set enable_failover = true in its terraform.tfvars and apply",
        )
    missing = [name for name in _FIRST if not outputs.get(name)]
    missing += [f"failover.{name}" for name in _SECOND if name not in second]
    missing += [f"failover.{name}" for name in _SECOND if name not in _MAY_BE_EMPTY and second.get(name) == ""]
    if missing:
        raise ToolError(
            f"outputs are missing: {', '.join(missing)}", where=stack.name, hint=f"apply it: make apply ENV={stack.env}"
        )
    pair = Pair(
        first=Side(session.config.region, outputs["bucket_name"], outputs["table_name"]),
        second=Side(second["region"], second["bucket_name"], second["table_name"]),
        api_url=outputs["api_url"],
        second_api_id=second["api_id"],
        api_domain=second["api_domain"],
        zone_id=second["zone_id"],
        health_check_id=second["health_check_id"],
        distribution_id=outputs["distribution_id"],
    )
    return pair, _stays(outputs, pair.first.region)


def _stays(outputs: dict[str, Any], region: str) -> tuple[Stays, ...]:
    """What has no counterpart in the second region, of what the stack has."""
    known = {
        "user_pool_id": Stays(
            "sign-in (Cognito)",
            f"the user pool is in {region} alone: nobody signs in or renews a token; tokens that were issued work "
            "until they expire, as far as the second API's authorizer still holds the pool's keys",
        ),
        "personalize_dataset_group_arn": Stays(
            "recommendations (Personalize)",
            f"campaign and training are in {region} alone: recommendations fall back to what needs no campaign",
        ),
        "distribution_id": Stays(
            "site deploys", f"deploy-site writes to the bucket in {region}: wait until it is back, then run it again"
        ),
        "retraining_arn": Stays("weekly training", f"runs in {region} alone; the next one catches up"),
    }
    always = Stays("daily refresh", f"its rule is in {region} alone; the next one catches up")
    return (*(stays for name, stays in known.items() if outputs.get(name)), always)
