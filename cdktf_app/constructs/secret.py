"""A secret in Secrets Manager whose content is neither in the plan nor in the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.bindings.secretsmanager import SecretsmanagerSecret, SecretsmanagerSecretVersion
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# Days that Secrets Manager keeps a deleted secret for.
_RECOVERY_DAYS = 30


@dataclass(frozen=True, kw_only=True)
class SecretProps:
    """Shape of a secret.

    Attributes:
        deployment: Names, account, region and tags.
        name: What follows the deployment's name and a slash.
        description: What it is for.
        content: Its fields, written as one JSON object. Ephemeral inputs may be among them.
        version: Number that is raised to have the content written again: Terraform cannot see that it is another.
            Default: 1.
        written_with: Attributes that change when the content is of something else, and has to be written again.
            Default: none.
        force_destroy: Input: delete it at once, instead of keeping it for 30 days, in which its name is taken.
    """

    deployment: Deployment
    name: str
    description: str
    content: Mapping[str, expressions.Literal]
    version: float = 1
    written_with: Sequence[expressions.Expression] = ()
    force_destroy: Input


class Secret(Construct):
    """Secret and its current version, given write-only.

    Attributes:
        name: Its whole name.
        partial_arn: Its ARN without the six characters that AWS ends it with, known before it exists.
        arn_pattern: The same with a pattern for them, for a policy.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: SecretProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment
        self.name = f"{deployment.prefix}{deployment.suffix}/{props.name}"
        self.partial_arn = deployment.arn("secretsmanager", f"secret:{self.name}")
        self.arn_pattern = f"{self.partial_arn}-??????"
        self.secret = SecretsmanagerSecret(
            self,
            "this",
            name=self.name,
            description=props.description,
            recovery_window_in_days=expressions.number(
                f"{props.force_destroy.expression} ? 0 : {_RECOVERY_DAYS}",
            ),
            tags=deployment.tags,
        )
        self.version = SecretsmanagerSecretVersion(
            self,
            "version",
            secret_id=expressions.string(expressions.attribute(self.secret, "id")),
            secret_string_wo=expressions.jsonencode(props.content),
            secret_string_wo_version=props.version,
            lifecycle=(
                TerraformResourceLifecycle(replace_triggered_by=list(props.written_with))
                if props.written_with
                else None
            ),
        )

    @property
    def arn(self) -> str:
        """Its ARN, once it has a value."""
        return expressions.string(expressions.attribute(self.version, "arn"))
