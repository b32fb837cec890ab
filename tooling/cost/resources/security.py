"""KMS, Secrets Manager, Parameter Store, Cognito, CloudTrail, Config."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource

KMS, SECRETS, COGNITO, TRAIL, CONFIG = (
    "AWS Key Management Service",
    "AWS Secrets Manager",
    "Amazon Cognito",
    "AWS CloudTrail",
    "AWS Config",
)
SYSTEMS_MANAGER = "AWS Systems Manager"


def key(item: Resource) -> Iterator[Component]:
    if item.get("customer_master_key_spec", "SYMMETRIC_DEFAULT") != "SYMMETRIC_DEFAULT":
        yield unpriced("requests", KMS, "no prices of requests to an asymmetric key")
    else:
        yield only(KMS, "requests", "kms.request", item.assume("key.requests"), "requests")
    # https://aws.amazon.com/kms/pricing/: the first and the second rotation each add as much a month.
    rotates = item.get("enable_key_rotation", False)
    remark = "the first year; each of the first two yearly rotations adds as much again" if rotates else ""
    yield only(KMS, "key", "kms.key", 1, "key", remark)


def replica_key(item: Resource) -> Iterator[Component]:
    yield only(KMS, "key", "kms.key", 1, "key of several regions, paid in each")
    yield only(KMS, "requests", "kms.request", item.assume("key.requests"), "requests")


def secret(item: Resource) -> Iterator[Component]:
    copies = len(item.blocks("replica"))
    what = f"secret and {copies} copies" if copies else "secret"
    yield only(SECRETS, "secret", "secretsmanager.secret", 1 + copies, what)
    yield only(SECRETS, "calls", "secretsmanager.request", item.assume("secret.calls"), "calls")


def parameter(item: Resource) -> Iterator[Component]:
    if item.get("tier", "Standard") == "Advanced":
        yield only(SYSTEMS_MANAGER, "parameter", "ssm.parameter.advanced", 1, "advanced parameter")
    else:
        yield nothing("parameter", SYSTEMS_MANAGER, "standard parameters are free")


def user_pool(item: Resource) -> Iterator[Component]:
    """A pool whose tier nobody chose is one of ESSENTIALS, as those made since November 2024 are."""
    tier = str(item.get("user_pool_tier", "ESSENTIALS")).lower()
    users = item.assume("users.monthly_active")
    yield only(COGNITO, "users", f"cognito.mau.{tier}", users, f"monthly active users, {tier}")


def trail(item: Resource) -> Iterator[Component]:
    """The first copy of an account's management events is free; what is stored is in the bucket's line."""
    if item.blocks("insight_selector"):
        yield unpriced("insights", TRAIL, "no prices of CloudTrail Insights")
    paid = item.assume("trail.paid_events")
    data = item.blocks("event_selector") or item.blocks("advanced_event_selector")
    price = "cloudtrail.data_event" if data else "cloudtrail.management_event.further_copy"
    yield only(TRAIL, "events", price, paid, "events beyond the first copy of management events")


def recorder(item: Resource) -> Iterator[Component]:
    modes = {block.get("recording_frequency") for block in item.blocks("recording_mode")}
    if modes - {"CONTINUOUS", None}:
        yield unpriced("items", CONFIG, "no prices of daily recording")
    else:
        yield only(CONFIG, "items", "config.item", item.assume("config.items"), "configuration items")


def rule(item: Resource) -> Iterator[Component]:
    evaluations = item.assume("config.evaluations")
    yield only(CONFIG, "evaluations", "config.rule_evaluation", evaluations, "evaluations")


PRICED: Mapping[str, Pricer] = {
    "aws_cloudtrail": trail,
    "aws_cognito_user_pool": user_pool,
    "aws_config_config_rule": rule,
    "aws_config_configuration_recorder": recorder,
    "aws_kms_key": key,
    "aws_kms_replica_key": replica_key,
    "aws_secretsmanager_secret": secret,
    "aws_ssm_parameter": parameter,
}
