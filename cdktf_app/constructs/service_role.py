"""A role that one AWS service assumes, with a policy of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.iam import IamRole, IamRolePolicy
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class ServiceRoleProps:
    """Shape of a service's role.

    Attributes:
        deployment: Names and tags.
        name: Last part of the role's name.
        service: Who assumes it (``lambda.amazonaws.com``).
        conditions: What must hold for that, such as whose resource it acts for. Default: nothing.
        generated_name: Let AWS finish the role's name. Default: False.
        enabled: Condition, as a Terraform expression, under which the role exists. Default: always.
    """

    deployment: Deployment
    name: str
    service: str
    conditions: Sequence[Condition] = ()
    generated_name: bool = False
    enabled: str | None = None


class ServiceRole(Construct):
    """IAM role with an inline policy, which grants fill; it may do nothing until something is granted.

    Creates: role, inline policy, and the documents of its trust and of its permissions.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ServiceRoleProps) -> None:
        super().__init__(scope, construct_id)
        trust = PolicyDocument(
            self,
            "trust",
            statements=[
                Statement(
                    sid="Assume",
                    actions=["sts:AssumeRole"],
                    principals={"Service": [props.service]},
                    conditions=props.conditions,
                )
            ],
        )
        self._exists = expressions.Existence(props.enabled)
        name = props.deployment.name(props.name)
        self.role = IamRole(
            self,
            "this",
            count=self._exists.count,
            name=None if props.generated_name else name,
            name_prefix=_prefix(name) if props.generated_name else None,
            assume_role_policy=trust.json,
            tags=props.deployment.tags,
        )
        self.permissions = PolicyDocument(self, "permissions")
        self.policy = IamRolePolicy(
            self,
            "policy",
            count=self._exists.count,
            name=name,
            role=self._attribute("name"),
            policy=self.permissions.json,
        )

    @property
    def arn(self) -> str:
        return self._attribute("arn")

    def allow(self, statement: Statement) -> None:
        """Add a statement to the role's own policy."""
        self.permissions.add(statement)

    def _attribute(self, name: str) -> str:
        return self._exists.attribute(self.role, name)


def _prefix(name: str) -> str:
    # AWS appends 26 characters, and takes 64.
    return expressions.string(f'substr("{name}", 0, 37)') + "-"
