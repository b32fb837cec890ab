"""Resources that CloudFormation has and the AWS provider has not, as a stack of CloudFormation's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudformation import CloudformationStack
from cdktf_app.bindings.core import Construct, TerraformResourceLifecycle
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class ProviderGapProps:
    """Shape of a stack.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        resources: CloudFormation resources (``Type``, ``Properties`` ...) by logical id.
        outputs: What to know of them afterwards: a CloudFormation expression by name (``{"Ref": "Memory"}``).
        enabled: Condition, as a Terraform expression, under which the stack exists. Default: always.
        retain_data: Refuse, at plan, whatever would destroy it. Default: False.
    """

    deployment: Deployment
    name: str
    resources: Mapping[str, expressions.Literal]
    outputs: Mapping[str, expressions.Literal]
    enabled: str | None = None
    retain_data: bool = False


class ProviderGap(Construct):
    """CloudFormation stack whose template the plan shows; a change that fails is rolled back by CloudFormation."""

    def __init__(self, scope: Construct, construct_id: str, *, props: ProviderGapProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(props.enabled)
        self._outputs = frozenset(props.outputs)
        self.stack = CloudformationStack(
            self,
            "this",
            count=self._exists.count,
            name=props.deployment.name(props.name),
            template_body=expressions.jsonencode(
                {
                    "AWSTemplateFormatVersion": "2010-09-09",
                    "Resources": props.resources,
                    "Outputs": {name: {"Value": value} for name, value in props.outputs.items()},
                }
            ),
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(prevent_destroy=True) if props.retain_data else None,
        )

    def output(self, name: str) -> expressions.Expression:
        """An output, known after the apply; null when the stack is not enabled.

        Raises:
            ValueError: The stack has no such output.
        """
        if name not in self._outputs:
            raise ValueError(f"the stack has no output {name!r}: there are {', '.join(sorted(self._outputs))}")
        if self._exists.condition:
            return expressions.Expression(f'one({expressions.every(self.stack, "outputs")})["{name}"]')
        return expressions.Expression(f'{expressions.attribute(self.stack, "outputs")}["{name}"]')
