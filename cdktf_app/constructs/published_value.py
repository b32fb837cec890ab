"""A value that something running writes and others read: an SSM parameter of which Terraform only makes the place."""

from __future__ import annotations

from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.bindings.ssm import SsmParameter
from cdktf_app.deployment import Deployment


class PublishedValue(Construct):
    """Parameter whose value is not Terraform's once it is made. Nothing secret belongs into it.

    Args:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        description: What the value says.
        initial: Its value until somebody writes one.

    Attributes:
        name: Full name of the parameter.
        arn: Its ARN, known before it exists.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, name: str, description: str, initial: str
    ) -> None:
        super().__init__(scope, construct_id)
        self.name = f"/{deployment.name(name)}"
        self.arn = deployment.arn("ssm", f"parameter{self.name}")
        self.parameter = SsmParameter(
            self,
            "this",
            name=self.name,
            description=description,
            type="String",
            value=initial,
            tags=deployment.tags,
            lifecycle=TerraformResourceLifecycle(ignore_changes=["value"]),
        )
