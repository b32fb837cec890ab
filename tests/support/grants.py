"""What the roles of a plan may do, each as a whole, and who takes them on."""

from __future__ import annotations

from collections.abc import Iterable

from tests.support.plans import Plan, Resource

ROLE, ROLE_POLICY, ATTACHMENT = "aws_iam_role", "aws_iam_role_policy", "aws_iam_role_policy_attachment"
# How else a role could come by permissions.
OTHER_GRANTS = frozenset(
    {
        "aws_iam_group_policy",
        "aws_iam_policy",
        "aws_iam_policy_attachment",
        "aws_iam_role_policies_exclusive",
        "aws_iam_role_policy_attachments_exclusive",
        "aws_iam_user_policy",
    }
)

# Test, variable and value of a condition.
Condition = tuple[str, str, str]
# An action, a resource, and the conditions that must hold.
Grant = tuple[str, str, frozenset[Condition]]


def of(service: str, actions: Iterable[str], *resources: str, conditions: Iterable[Condition] = ()) -> set[Grant]:
    """Every action on every resource."""
    return {(f"{service}:{action}", resource, frozenset(conditions)) for action in actions for resource in resources}


def roles(plan: Plan) -> dict[str, set[Grant]]:
    """Every role of a plan, by its name, and all that its own policy allows."""
    found = {role["name"]: granted(plan, role) for role in plan.all(ROLE)}
    assert len(found) == len(plan.all(ROLE)), "two roles have the same name"
    return found


def granted(plan: Plan, role: Resource) -> set[Grant]:
    """All that the one policy of a role allows."""
    (policy,) = [each for each in plan.all(ROLE_POLICY) if role.block in plan.references(each, "role")]
    assert policy["role"] == role["name"]
    statements = plan.statements(policy, "policy")
    assert all(each.allows and not each.principals for each in statements)
    return {(*pair, each.conditions) for each in statements for pair in each.grants}


def trust(plan: Plan, role: Resource) -> tuple[str, frozenset[Condition]]:
    """The one service that takes a role on, and the conditions that must hold."""
    (statement,) = plan.statements(role, "assume_role_policy")
    assert statement.allows
    assert statement.actions == {"sts:AssumeRole"}
    ((kind, service),) = statement.principals
    assert kind == "Service"
    return service, statement.conditions


def attached(plan: Plan) -> dict[str, set[str]]:
    """Policies of AWS's own that roles have, by the names of the roles."""
    found: dict[str, set[str]] = {}
    for each in plan.all(ATTACHMENT):
        found.setdefault(each["role"], set()).add(each["policy_arn"])
    return found


def assert_nothing_else_grants(plan: Plan) -> None:
    """That policies of the roles' own and :func:`attached` are all there is."""
    assert not OTHER_GRANTS & plan.types()
    inline = {"inline_policy", "managed_policy_arns"}
    assert [each.address for each in plan.all(ROLE) if inline & plan.arguments(each)] == []
    # One that names its role as text would not be seen by `granted`.
    assert len(plan.all(ROLE_POLICY)) == len(plan.all(ROLE))
