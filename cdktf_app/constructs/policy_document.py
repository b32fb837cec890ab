"""IAM policy documents that a plan shows in full and that a gate can read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.iam import (
    DataAwsIamPolicyDocument,
    DataAwsIamPolicyDocumentStatement,
    DataAwsIamPolicyDocumentStatementCondition,
    DataAwsIamPolicyDocumentStatementPrincipals,
)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """One condition of a statement (``test`` of ``variable`` against any of ``values``)."""

    test: str
    variable: str
    values: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class Statement:
    """What is allowed, or with ``deny`` forbidden.

    Attributes:
        sid: Name of the statement, letters and digits.
        actions: Actions, each named in full.
        resources: ARNs. Empty only in a trust policy, which has none.
        principals: Who, by type (``{"Service": ["lambda.amazonaws.com"]}``). Default: whoever has the policy.
        conditions: All must hold.
        deny: Forbid instead of allow. Default: False.
        only_if: Condition, as a Terraform expression, under which the statement is there. Default: always.
    """

    sid: str
    actions: Sequence[str]
    resources: Sequence[str] = ()
    principals: Mapping[str, Sequence[str]] = field(default_factory=dict)
    conditions: Sequence[Condition] = ()
    deny: bool = False
    only_if: str | None = None


class PolicyDocument(Construct):
    """Data source ``aws_iam_policy_document``; statements may be added until synth.

    Refuses statements that allow every action of a service or everything everywhere.
    """

    def __init__(self, scope: Construct, construct_id: str, *, statements: Sequence[Statement] = ()) -> None:
        super().__init__(scope, construct_id)
        self._statements: list[Statement] = []
        self.document = DataAwsIamPolicyDocument(self, "this")
        for statement in statements:
            self._take(statement)
        if statements:
            self._put()

    @property
    def json(self) -> str:
        return self.document.json

    def add(self, statement: Statement) -> None:
        """Add a statement.

        Raises:
            ValueError: It allows a wildcard action, or its name is taken.
        """
        self._take(statement)
        self._put()

    def _take(self, statement: Statement) -> None:
        for action in statement.actions:
            if "*" in action and not statement.deny:
                raise ValueError(f"statement {statement.sid} allows {action!r}: name the actions that are needed")
        if any(statement.sid == other.sid for other in self._statements):
            raise ValueError(f"there is a statement {statement.sid} already: give each its own sid")
        self._statements.append(statement)

    def _put(self) -> None:
        self.document.put_statement([_to_binding(each) for each in self._statements if each.only_if is None])
        conditional = [_to_dynamic_block(each) for each in self._statements if each.only_if]
        if conditional:
            self.document.add_override("dynamic.statement", conditional)


def _to_binding(statement: Statement) -> DataAwsIamPolicyDocumentStatement:
    return DataAwsIamPolicyDocumentStatement(
        sid=statement.sid,
        effect="Deny" if statement.deny else "Allow",
        actions=list(statement.actions),
        resources=list(statement.resources) or None,
        principals=[
            DataAwsIamPolicyDocumentStatementPrincipals(type=kind, identifiers=list(names))
            for kind, names in statement.principals.items()
        ]
        or None,
        condition=[
            DataAwsIamPolicyDocumentStatementCondition(test=each.test, variable=each.variable, values=list(each.values))
            for each in statement.conditions
        ]
        or None,
    )


def _to_dynamic_block(statement: Statement) -> dict[str, object]:
    return {
        "for_each": expressions.string(f"{statement.only_if} ? [true] : []"),
        "content": {
            "sid": statement.sid,
            "effect": "Deny" if statement.deny else "Allow",
            "actions": list(statement.actions),
            **({"resources": list(statement.resources)} if statement.resources else {}),
            "principals": [{"type": kind, "identifiers": list(names)} for kind, names in statement.principals.items()],
            "condition": [
                {"test": each.test, "variable": each.variable, "values": list(each.values)}
                for each in statement.conditions
            ],
        },
    }
