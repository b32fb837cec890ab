"""What an IAM role may do, from all the places of a plan that say so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tooling.gate.documents import DOCUMENT, Statement, Unreadable, policies_of
from tooling.gate.planned import Planned, PlanView

_INLINE = re.compile(r"inline_policy\[(\d+)\]")


@dataclass(frozen=True)
class Granted:
    """One statement of a role's policies, and where it is written.

    Attributes:
        statement: The statement; Unreadable when nothing of the policy is known.
        item: The resource or data source that it stands in.
    """

    statement: Statement | Unreadable
    item: Planned

    @property
    def where(self) -> str:
        return f"{self.item.address} {self.statement.where}"


@dataclass(frozen=True)
class Elsewhere:
    """A policy of a role that the plan does not hold, so that nobody sees what it grants.

    Attributes:
        policy: Its ARN, or what names it.
    """

    policy: str


def role_of(item: Planned, attribute: str, plan: PlanView) -> Planned | None:
    """The role of the plan that an attribute names, by ARN or by name."""
    value = item.values.get(attribute)
    roles = plan.of_type("aws_iam_role")
    if isinstance(value, str):
        name = value.rpartition("/")[2]
        return next(
            (role for role in roles if value == role.values.get("arn") or name == role.values.get("name")), None
        )
    meant = [
        instance
        for source in plan.sources(item.expressions.get(attribute), seen_from=item)
        for instance in source.instances or ()
        if instance.type == "aws_iam_role" and not instance.is_data
    ]
    return meant[0] if len(meant) == 1 else None


def grants_of(role: Planned, plan: PlanView) -> Iterator[Granted | Elsewhere]:
    """Everything that the policies of a role say: inline ones, in the role or beside it, and attached ones."""
    beside = [policy for policy in plan.of_type("aws_iam_role_policy") if role_of(policy, "role", plan) is role]
    for policy in beside:
        yield from _said_by(policy, plan)
    yield from _said_by_itself(role, {str(policy.values.get("name")) for policy in beside}, plan)
    for attachment in plan.of_type("aws_iam_role_policy_attachment"):
        if role_of(attachment, "role", plan) is role:
            sources = plan.sources(attachment.expressions.get("policy_arn"), seen_from=attachment)
            made_here = tuple(instance for source in sources for instance in source.instances or ())
            yield from _attached(attachment.values.get("policy_arn"), made_here, plan)


def _said_by_itself(role: Planned, beside: set[str], plan: PlanView) -> Iterator[Granted | Elsewhere]:
    """What stands in the role.

    Once it is there, AWS shows in it what stands beside it too, as that was before the plan; and in a plan that takes
    something away, that is not what will be.
    """
    inline = role.values.get("inline_policy") or []
    for statement in policies_of(role, plan):
        index = _INLINE.match(statement.where)
        shown = index is not None and int(index[1]) < len(inline) and inline[int(index[1])].get("name") in beside
        if not statement.where.startswith("assume_role_policy") and not shown:
            yield Granted(statement, role)
    for arn in role.values.get("managed_policy_arns") or () if "managed_policy_arns" in role.expressions else ():
        yield from _attached(arn, (), plan)


def _attached(arn: str | None, made_here: tuple[Planned, ...], plan: PlanView) -> Iterator[Granted | Elsewhere]:
    policies = [
        policy
        for policy in plan.of_type("aws_iam_policy")
        if (policy in made_here if arn is None else policy.values.get("arn") == arn)
    ]
    if not policies:
        yield Elsewhere(arn or "known only after apply")
    for policy in policies:
        yield from _said_by(policy, plan)


def _said_by(policy: Planned, plan: PlanView) -> Iterator[Granted]:
    """The statements of a policy's own text and of the documents that the text comes from."""
    for statement in policies_of(policy, plan):
        yield Granted(statement, policy)
    read: set[str] = set()
    waiting = [(policy, policy.expressions.get("policy"))]
    while waiting:
        item, expression = waiting.pop()
        for source in plan.sources(expression, seen_from=item):
            for document in source.instances or ():
                if document.is_data and document.type == DOCUMENT and document.address not in read:
                    read.add(document.address)
                    waiting.append((document, document.expressions))
                    for statement in policies_of(document, plan):
                        yield Granted(statement, document)
