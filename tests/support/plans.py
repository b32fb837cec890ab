"""Reading a plan: the resources of its module, what they refer to, and what their policies allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import tftest

Json = dict[str, Any]
# The modules say of every statement which of the two it is.
_ALLOWS = {"Allow": True, "Deny": False}


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
        conditions: Test, variable and value of each; for values, what holds for resources.
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
        self.whole: Json = dict(output)
        """The JSON of the plan."""
        call = output["configuration"]["root_module"]["module_calls"][architecture]
        self.source: str = call["source"]
        """Where the module comes from, as the root says it."""
        self._call: Mapping[str, Json] = call["expressions"]
        self.root_variables: Mapping[str, Json] = output["configuration"]["root_module"].get("variables", {})
        """The root's own variables."""
        self._variables: Mapping[str, Any] = output.variables
        self.providers: Mapping[str, Json] = output["configuration"]["provider_config"]
        """The root's configurations of providers, by ``aws`` or ``aws.<alias>``."""
        self.outputs: Mapping[str, Any] = output.outputs
        """Known outputs of the root."""
        self.output_names = frozenset(output["output_changes"])
        self.variables: Mapping[str, Json] = call["module"].get("variables", {})
        """The module's variables with their defaults."""
        self._configuration: Mapping[str, Json] = {entry["address"]: entry for entry in call["module"]["resources"]}
        self._output_configuration: Mapping[str, Json] = call["module"].get("outputs", {})
        module = f"module.{architecture}"
        self.resources = [
            # Nothing is known of some before the apply: a policy of a bucket whose name AWS makes up.
            Resource(address, raw["type"], raw.get("index"), raw.get("values", {}))
            for address, raw in output.modules[module].resources.items()
            if raw["mode"] == "managed"
        ]
        """The managed resources."""
        self._documents = dict(_documents(output, module))

        self._marks: Mapping[str, Any] = {
            address: raw.get("sensitive_values", {}) for address, raw in output.modules[module].resources.items()
        }

    def places_of(self, text: str) -> frozenset[tuple[str, tuple[str | int, ...]]]:
        """Address and path of every value of a resource that holds a text."""
        return frozenset(
            (resource.address, path) for resource in self.resources for path in _paths(resource.values, text)
        )

    def is_sensitive(self, address: str, path: tuple[str | int, ...]) -> bool:
        """Whether the plan marks the value at a path as one that may not be shown."""
        mark: Any = self._marks[address]
        for step in path:
            if mark is True:
                break
            mark = dict(enumerate(mark) if isinstance(mark, list) else mark).get(step, False)
        return mark is True

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

    def provider(self, resource: Resource) -> str:
        """The provider configuration that makes it: ``aws``, or ``aws.<alias>``."""
        key: str = self._configuration[resource.block]["provider_config_key"]
        return key.rpartition(":")[2]

    def arguments(self, resource: Resource) -> frozenset[str]:
        """Names of the arguments and blocks that the module sets."""
        return frozenset(self._configuration[resource.block]["expressions"])

    def references(self, resource: Resource, *argument: str | int) -> frozenset[str]:
        """What an argument is made from (``aws_sns_topic.alerts``, ``var.region``), nested blocks included.

        Args:
            resource: Any of the resources of a block.
            argument: Its name, or its path through blocks, with a number where one occurs several times; ``for_each``
                and ``count`` are arguments too.
        """
        entry = self._configuration[resource.block]
        repetition = {name: entry.get(f"{name}_expression", {}) for name in ("for_each", "count")}
        expression: Any = {**entry["expressions"], **repetition}
        for name in argument:
            if isinstance(expression, list) and isinstance(name, str):
                (expression,) = expression
            here = isinstance(name, int) or name in expression
            assert here, f"{resource.block} has no {'.'.join(map(str, argument))}"
            expression = expression[name]
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

    def document(self, block: str) -> list[Statement]:
        """The statements of a policy document, by its address."""
        return list(self._statements(block))

    def document_references(self, block: str) -> frozenset[str]:
        """What a policy document is made from."""
        return frozenset(_references(self._configuration[block]["expressions"]))

    def awaited(self, resource: Resource) -> frozenset[str]:
        """What a resource is made after although it does not refer to it."""
        return frozenset(self._configuration[resource.block].get("depends_on", ()))

    def _statements(self, address: str) -> Iterator[Statement]:
        configured = self._configuration[address.partition("[")[0]].get("expressions", {"statement": []})
        assert set(configured) == {"statement"}, f"{address} has more than statements: {sorted(configured)}"
        planned: list[Json] = self._documents[address]["statement"]
        # A statement under a condition stands behind the others, and a plan does not say what it is made from.
        static: list[Json] = configured["statement"]
        raw: Json
        source: Json
        assert len(planned) >= len(static), f"{address} has lost a statement"
        for raw, source in zip_longest(planned, static, fillvalue={}):
            assert not source or raw["sid"] == _constant(source["sid"]), f"{address} is in another order"
            negations = [name for name in ("not_actions", "not_resources", "not_principals") if raw.get(name)]
            assert not negations, f"{address} says what it does not mean: {negations}"
            conditions = {_constant(each["variable"]): each["values"] for each in source.get("condition", [])}
            yield Statement(
                allows=_ALLOWS[raw["effect"]],
                actions=frozenset(raw["actions"]),
                resources=_known_or_references(raw.get("resources"), source.get("resources")),
                principals=frozenset(
                    (each["type"], name) for each in raw["principals"] for name in each["identifiers"]
                ),
                conditions=frozenset(
                    (each["test"], each["variable"], value)
                    for each in raw["condition"]
                    for value in _known_or_references(each.get("values", [None]), conditions.get(each["variable"]))
                ),
            )


def _documents(output: tftest.TerraformPlanOutput, module: str) -> Iterator[tuple[str, Json]]:
    """Policy documents by address: those read during the plan, then those that wait for the apply."""
    places = [output.prior_root_module.child_modules] if "prior_state" in output else []
    for modules in (*places, output.modules):
        for address, raw in modules[module].resources.items() if module in modules else ():
            if raw["type"] == "aws_iam_policy_document":
                yield address, raw["values"]


def _paths(value: Any, text: str) -> Iterator[tuple[str | int, ...]]:
    if isinstance(value, str) and text in value:
        yield ()
    steps = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        for path in _paths(inner, text):
            yield (step, *path)


def _references(expression: Any) -> Iterator[str]:
    if isinstance(expression, list):
        for each in expression:
            yield from _references(each)
    elif isinstance(expression, dict):
        yield from expression.get("references", ())
        for name, value in expression.items():
            if name not in ("references", "constant_value"):
                yield from _references(value)


def _known_or_references(planned: list[str | None] | None, source: Any) -> frozenset[str]:
    """Values of a list; where one is known only after the apply, what the list is made from, as far as a plan says."""
    known = frozenset(value for value in planned or [] if value is not None)
    if planned and None not in planned:
        return known
    if source is not None:
        return frozenset(_full_references(source))
    return known | ({"(known after apply)"} if planned else set())


def _full_references(expression: Any) -> list[str]:
    """References without those that only name the resource another one reads an attribute of."""
    references = list(_references(expression))
    return [one for one in references if not any(other.startswith((f"{one}.", f"{one}[")) for other in references)]


def _constant(expression: Json) -> Any:
    return expression.get("constant_value")
