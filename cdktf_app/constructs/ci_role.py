"""A role that people or a repository's workflows assume to release, apart from every role that runs."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.iam import IamOpenidConnectProvider, IamRole, IamRolePolicy
from cdktf_app.constructs.policy_document import Condition, PolicyDocument, Statement
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# https://docs.github.com/en/actions/concepts/security/openid-connect
_ISSUER = "token.actions.githubusercontent.com"


@dataclass(frozen=True, kw_only=True)
class CiRoleProps:
    """Shape of a role.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name.
        repository: GitHub repository (``owner/name``) whose main branch's workflows may assume it. Empty: whoever in
            the account is allowed to.
        provider_arn: The account's OIDC provider of GitHub. Empty: it is made, where there is a repository.
    """

    deployment: Deployment
    name: str
    repository: Input
    provider_arn: Input


class CiRole(Construct):
    """IAM role with an inline policy that grants fill."""

    def __init__(self, scope: Construct, construct_id: str, *, props: CiRoleProps) -> None:
        super().__init__(scope, construct_id)
        repository, given = props.repository.expression, props.provider_arn.expression
        provider = IamOpenidConnectProvider(
            self,
            "github",
            count=expressions.count_if(f'{repository} != "" && {given} == ""'),
            url=f"https://{_ISSUER}",
            client_id_list=["sts.amazonaws.com"],
            tags=props.deployment.tags,
        )
        own_provider = props.deployment.arn("iam", f"oidc-provider/{_ISSUER}").replace(props.deployment.region, "")
        trust = PolicyDocument(
            self,
            "trust",
            statements=[
                Statement(
                    sid="AssumeByWorkflow",
                    only_if=f'{repository} != ""',
                    actions=["sts:AssumeRoleWithWebIdentity"],
                    principals={"Federated": [expressions.string(f'{given} != "" ? {given} : "{own_provider}"')]},
                    conditions=[
                        Condition(test="StringEquals", variable=f"{_ISSUER}:aud", values=["sts.amazonaws.com"]),
                        Condition(
                            test="StringEquals",
                            variable=f"{_ISSUER}:sub",
                            values=[f"repo:{props.repository.string}:ref:refs/heads/main"],
                        ),
                    ],
                ),
                Statement(
                    sid="AssumeByPeople",
                    only_if=f'{repository} == ""',
                    actions=["sts:AssumeRole"],
                    principals={"AWS": [props.deployment.account_root]},
                ),
            ],
        )
        self.role = IamRole(
            self,
            "this",
            name=props.deployment.name(props.name),
            assume_role_policy=trust.json,
            tags=props.deployment.tags,
            # IAM takes no trust in a provider that is not there.
            depends_on=[provider],
        )
        self._permissions = PolicyDocument(self, "permissions")
        IamRolePolicy(
            self,
            "policy",
            name=props.deployment.name(props.name),
            role=self.role.name,
            policy=self._permissions.json,
        )

    @property
    def arn(self) -> str:
        return self.role.arn

    def allow(self, statement: Statement) -> None:
        """Add a statement to the role's own policy."""
        self._permissions.add(statement)
