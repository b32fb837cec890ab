"""The stack that becomes a Terraform module: readable ids, inputs and outputs, nothing of the caller's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from cdktf_app import expressions
from cdktf_app.bindings import PROVIDER_SOURCE, PROVIDER_VERSION
from cdktf_app.bindings.core import (
    Construct,
    IResolvable,
    TerraformDataSource,
    TerraformOutput,
    TerraformResource,
    TerraformStack,
    TerraformVariable,
    TerraformVariableValidationConfig,
)
from cdktf_app.conditional_part import ConditionalPart, place_parts

REQUIRED_TERRAFORM = ">= 1.11"

Default: TypeAlias = str | int | float | bool | Sequence[str] | Mapping[str, str]


class DuplicateIdError(ValueError):
    """Two resources of one type got the same id; cdktf would merge them without a word."""


@dataclass(frozen=True)
class Input:
    """A variable of the module, in the form that a place wants it in.

    Its value is not known to Python: a construct passes it on, and what depends on it is Terraform's to
    decide.
    """

    name: str

    @property
    def expression(self) -> expressions.Expression:
        return expressions.Expression(f"var.{self.name}")

    @property
    def string(self) -> str:
        return expressions.string(self.expression)

    @property
    def number(self) -> float:
        return expressions.number(self.expression)

    @property
    def boolean(self) -> IResolvable:
        return expressions.boolean(self.expression)

    @property
    def strings(self) -> list[str]:
        return expressions.strings(self.expression)

    @property
    def string_map(self) -> Mapping[str, str]:
        return expressions.string_map(self.expression)

    def __bool__(self) -> NoReturn:
        raise TypeError(f"var.{self.name} has no value at synth: use a prop, or a Terraform condition")


@dataclass(frozen=True)
class Rule:
    """A validation of a variable: an expression that must be true, and the sentence to show if it is not."""

    condition: str
    message: str


class ModuleStack(TerraformStack):
    """One architecture as a Terraform module, without provider and backend: those are the root's.

    The children of the stack are its parts, and each part becomes a file. Below a part, the id of a resource
    is its path joined with underscores, a last ``this`` dropped: ``kefir/api/handle_auth/role/this`` is
    ``aws_iam_role.handle_auth_role`` (``bindings/node_setup.cjs`` gives them). Variables and outputs are declared here
    and nowhere below.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self.add_override(
            "terraform",
            {
                "required_version": REQUIRED_TERRAFORM,
                "required_providers": {"aws": {"source": PROVIDER_SOURCE, "version": PROVIDER_VERSION}},
            },
        )
        # An output may have the name of a variable, which two constructs of one parent may not.
        self._outputs_scope = Construct(self, "outputs")

    def variable(
        self,
        name: str,
        kind: str,
        *,
        description: str,
        default: Default | None = None,
        validation: Sequence[Rule] = (),
        sensitive: bool = False,
        ephemeral: bool = False,
    ) -> Input:
        """Declare an input.

        Args:
            name: Name of the variable.
            kind: Its type, in Terraform's words: ``list(string)``.
            description: A sentence for the README.
            default: Its default. None: the caller must give a value.
            validation: What Terraform checks before it plans.
            sensitive: Keep the value out of what Terraform prints. Plans and states hold it in clear.
            ephemeral: Keep it out of plans and states as well. Only write-only arguments take such a value, and an
                apply of a saved plan asks for it again.

        Raises:
            ValueError: The description does not end with a period.
        """
        variable = TerraformVariable(
            self,
            name,
            type=kind,
            description=_sentence(name, description),
            default=default,
            # A null from the caller then means the default, never a null deep in some resource.
            nullable=False,
            sensitive=sensitive or None,
            validation=[
                TerraformVariableValidationConfig(
                    condition=expressions.string(rule.condition), error_message=_sentence(name, rule.message)
                )
                for rule in validation
            ]
            or None,
        )
        if ephemeral:
            # The bindings of cdktf have no argument for it.
            variable.add_override("ephemeral", True)
        return Input(name)

    def switch(self, name: str, *, default: bool, description: str) -> Input:
        """Declare an input that turns something on or off."""
        return self.variable(name, "bool", default=default, description=description)

    def whole_number(self, name: str, *, default: int, least: int, most: int, description: str) -> Input:
        """Declare an input that is a whole number within limits, both included."""
        return self.variable(
            name,
            "number",
            default=default,
            description=description,
            validation=[
                Rule(
                    f"var.{name} >= {least} && var.{name} <= {most} && floor(var.{name}) == var.{name}",
                    f"{name} must be a whole number from {least} to {most}.",
                )
            ],
        )

    def output(
        self, name: str, value: str | Sequence[str] | Mapping[str, str], *, description: str, sensitive: bool = False
    ) -> None:
        """Declare an output.

        Raises:
            ValueError: The description does not end with a period.
        """
        TerraformOutput(
            self._outputs_scope,
            name,
            value=value,
            description=_sentence(name, description),
            sensitive=sensitive or None,
        )

    def to_module(self) -> dict[str, Any]:
        """The module as Terraform JSON, with cdktf's ``//`` metadata; the same for every run.

        Raises:
            DuplicateIdError: Two resources or data sources of one type have the same id.
        """
        module: dict[str, Any] = self.to_terraform()
        # cdktf merges two alike without a word: then there are fewer in the module than were made.
        elements = self._elements()
        written = sum(len(named) for kind in ("resource", "data") for named in module.get(kind, {}).values())
        if written != len(elements):
            self.reject_duplicates()
        parts = [part for part in self.node.children if isinstance(part, ConditionalPart)]
        place_parts(module, parts)
        aliases = [f"aws.{alias}" for alias in sorted({part.alias for part in parts if part.alias})]
        if aliases:
            module["terraform"]["required_providers"]["aws"]["configuration_aliases"] = aliases
        return {
            section: dict(sorted(content.items())) if section in ("variable", "output", "locals") else content
            for section, content in module.items()
        }

    def _elements(self) -> list[TerraformResource | TerraformDataSource]:
        return [
            element for element in self.node.find_all() if isinstance(element, TerraformResource | TerraformDataSource)
        ]

    def reject_duplicates(self) -> None:
        """Compare the addresses of all resources and data sources.

        Raises:
            DuplicateIdError: Two are the same.
        """
        paths: dict[str, str] = {}
        for element in self._elements():
            address = expressions.address(element)
            path = element.node.path
            if address in paths:
                raise DuplicateIdError(f"{paths[address]} and {path} are both {address}: rename one of them")
            paths[address] = path


def _sentence(name: str, text: str) -> str:
    if not text.endswith("."):
        raise ValueError(f"the text of {name!r} must end with a period, got {text!r}")
    return text
