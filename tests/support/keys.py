"""What every key of a module has to say: who looks after it, and which services encrypt with it."""

from __future__ import annotations

from tests.support.plans import Plan, Resource

KEY = "aws_kms_key"
# To look after a key, not to use it.
_ADMINISTRATION = frozenset(
    f"kms:{action}"
    for action in (
        "CancelKeyDeletion",
        "CreateAlias",
        "DeleteAlias",
        "DescribeKey",
        "DisableKey",
        "DisableKeyRotation",
        "EnableKey",
        "EnableKeyRotation",
        "GetKeyPolicy",
        "GetKeyRotationStatus",
        "ListGrants",
        "ListKeyPolicies",
        "ListResourceTags",
        "PutKeyPolicy",
        "RevokeGrant",
        "ScheduleKeyDeletion",
        "TagResource",
        "UntagResource",
        "UpdateAlias",
        "UpdateKeyDescription",
    )
)


def keys(plan: Plan) -> dict[str, Resource]:
    """Every key, by the last part of its address."""
    return {each.block.partition(".")[2]: each for each in plan.all(KEY)}


def is_administered(plan: Plan, key: Resource) -> bool:
    """Whether the account looks after the key, and that is all that the account may."""
    (first, *others) = plan.statements(key, "policy")
    root = ("AWS", f"arn:aws:iam::{plan.input('account_id')}:root")
    assert first.allows
    assert first.actions == _ADMINISTRATION
    assert first.principals == {root}
    assert first.resources == {"*"}
    assert not first.conditions
    return all(kind == "Service" or each.conditions for each in others for kind, _ in each.principals)
