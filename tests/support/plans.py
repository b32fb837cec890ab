"""Reading a plan: the resources of its module, what they refer to, and what their policies allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import tftest

Json = dict[str, Any]


@dataclass(frozen=True)
class Resource:
    """A planned resource; ``resource["name"]`` is the value of an argument.

    Attributes:
        address: Within the module: ``aws_cloudwatch_metric_alarm.errors["handleAuth"]``.
        type: ``aws_cloudwatch_metric_alarm``.
        index: Key or number behind the address; None for a single resource.
        values: What the plan knows. An argument that is known only after apply is not in it.
    """

    address: str
    type: str
    index: str | int | None
    values: Mapping[str, Any]

    def __getitem__(self, argument: str) -> Any:
        assert argument in self.values, f"the plan does not know {argument} of {self.address}"
        return self.values[argument]

    @property
    def block(self) -> str:
        """Address of the resource's block, the same for all that ``count`` or ``for_each`` made of it."""
        return self.address if self.index is None else self.address[: self.address.rindex("[")]


@dataclass(frozen=True)
class Statement:
    """A statement of a policy.

    Attributes:
        allows: False for a Deny.
        actions: Its actions.
        resources: Its resources; what is known only after apply stands as the reference it comes from.
        principals: Type and identifier of each.
        conditions: Test, variable and value of each.
    """

    allows: bool
    actions: frozenset[str]
    resources: frozenset[str]
    principals: frozenset[tuple[str, str]]
    conditions: frozenset[tuple[str, str, str]]

    @property
    def grants(self) -> frozenset[tuple[str, str]]:
        """Every pair of action and resource."""
        return frozenset((action, resource) for action in self.actions for resource in self.resources)


class Plan:
    """A plan of a root that calls one module of the same name as its architecture."""

    def __init__(self, output: tftest.TerraformPlanOutput, architecture: str) -> None:
        call = output["configuration"]["root_module"]["module_calls"][architecture]
        self.source: str = call["source"]
        """Where the module comes from, as the root says it."""
        self._call: Mapping[str, Json] = call["expressions"]
        self._variables: Mapping[str, Any] = output.variables
        self.outputs: Mapping[str, Any] = output.outputs
        """Known outputs of the root."""
        self.output_names = frozenset(output["output_changes"])
        self.variables: Mapping[str, Json] = call["module"].get("variables", {})
        """The module's variables with their defaults."""
        self._configuration: Mapping[str, Json] = {entry["address"]: entry for entry in call["module"]["resources"]}
        self._output_configuration: Mapping[str, Json] = call["module"].get("outputs", {})
        module = f"module.{architecture}"
        self.resources = [
            Resource(address, raw["type"], raw.get("index"), raw["values"])
            for address, raw in output.modules[module].resources.items()
            if raw["mode"] == "managed"
        ]
        """The managed resources."""
        self._documents = dict(_documents(output, module))

    def all(self, kind: str, **values: Any) -> list[Resource]:
        """Managed resources of a type, those with these values."""
        return [
            resource
            for resource in self.resources
            if resource.type == kind and all(resource.values.get(name) == value for name, value in values.items())
        ]

    def one(self, kind: str, **values: Any) -> Resource:
        """The only resource of a type with these values."""
        found = self.all(kind, **values)
        assert len(found) == 1, f"{kind} {values or ''}: {[resource.address for resource in found]}"
        return found[0]

    def types(self) -> frozenset[str]:
        """Types of all managed resources."""
        return frozenset(resource.type for resource in self.resources)

    def input(self, name: str) -> Any:
        """Value that the root gives to an input of the module: its own variable of that name, or a literal."""
        return self._variables[name] if name in self._variables else self._call[name]["constant_value"]

    def arguments(self, resource: Resource) -> frozenset[str]:
        """Names of the arguments and blocks that the module sets."""
        return frozenset(self._configuration[resource.block]["expressions"])

    def references(self, resource: Resource, *argument: str) -> frozenset[str]:
        """What an argument is made from (``aws_sns_topic.alerts``, ``var.region``), nested blocks included.

        Args:
            resource: Any of the resources of a block.
            argument: Its name, or its path through blocks that occur once; ``for_each`` is one too.
        """
        entry = self._configuration[resource.block]
        expression: Any = {**entry["expressions"], "for_each": entry.get("for_each_expression", {})}
        for name in argument:
            assert name in expression, f"{resource.block} has no {'.'.join(argument)}"
            expression = expression[name]
            if isinstance(expression, list):
                (expression,) = expression
        return frozenset(_references(expression))

    def output_references(self, output: str) -> frozenset[str]:
        """What an output of the module is made from."""
        return frozenset(_references(self._output_configuration[output]["expression"]))

    def referred(self, resource: Resource, argument: str, kind: str) -> Resource:
        """The one resource of a type that an argument refers to."""
        references = self.references(resource, argument)
        found = [other for other in self.all(kind) if other.block in references]
        assert len(found) == 1, f"{resource.address}.{argument} refers to {sorted(references)}, not to one {kind}"
        return found[0]

    def statements(self, resource: Resource, argument: str) -> list[Statement]:
        """The statements of the policy documents that an argument is made from."""
        blocks = sorted(self.references(resource, argument) & set(self._documents))
        assert blocks, f"{resource.address}.{argument} comes from no policy document"
        return [statement for block in blocks for statement in self._statements(block)]

    def _statements(self, block: str) -> Iterator[Statement]:
        configured = self._configuration[block]["expressions"]
        assert set(configured) == {"statement"}, f"{block} has more than statements: {sorted(configured)}"
        planned = self._documents[block]["statement"]
        for raw, source in zip(planned, configured["statement"], strict=True):
            negations = [name for name in ("not_actions", "not_resources", "not_principals") if raw.get(name)]
            assert not negations, f"{block} says what it does not mean: {negations}"
            resources = frozenset(raw.get("resources") or [])
            if "resources" in source and (not resources or None in resources):
                resources = frozenset(_full_references(source["resources"]))
            yield Statement(
                allows=(raw.get("effect") or "Allow") == "Allow",
                actions=frozenset(raw["actions"]),
                resources=resources,
                principals=frozenset(
                    (each["type"], name) for each in raw["principals"] for name in each["identifiers"]
                ),
                conditions=frozenset(
                    (each["test"], each["variable"], value) for each in raw["condition"] for value in each["values"]
                ),
            )


def _documents(output: tftest.TerraformPlanOutput, module: str) -> Iterator[tuple[str, Json]]:
    """Policy documents by address: those read during the plan, then those that wait for the apply."""
    places = [output.prior_root_module.child_modules] if "prior_state" in output else []
    for modules in (*places, output.modules):
        for address, raw in modules[module].resources.items() if module in modules else ():
            if raw["type"] == "aws_iam_policy_document":
                yield address, raw["values"]


def _references(expression: Any) -> Iterator[str]:
    if isinstance(expression, list):
        for each in expression:
            yield from _references(each)
    elif isinstance(expression, dict):
        yield from expression.get("references", ())
        for name, value in expression.items():
            if name not in ("references", "constant_value"):
                yield from _references(value)


def _full_references(expression: Any) -> list[str]:
    """References without those that only name the resource another one reads an attribute of."""
    references = list(_references(expression))
    return [one for one in references if not any(other.startswith(f"{one}.") for other in references)]
