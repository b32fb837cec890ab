"""The resources of a plan as prices want to read them: as they will be, and as they were."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tooling.cost.amount import Amount, amount, missing
from tooling.cost.usage import Usage
from tooling.gate.planned import Planned, PlanView, references_in, view_of

#: What other resources may name a resource by.
_NAMES = ("arn", "id", "name", "identifier", "bucket", "family")


class NotKnownError(Exception):
    """A value that a price hangs on is known only after the apply, or nowhere said."""


@dataclass(frozen=True)
class Estate:
    """All resources at one time.

    Attributes:
        stack: ``<env>/<architecture>``.
        region: Where a resource is whose provider does not say.
        usage: What is assumed of a month.
        view: The resources.
        root: The configuration's root module, for values of variables.
        inputs: Values of the root's variables.
    """

    stack: str
    region: str
    usage: Usage
    view: PlanView
    root: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, Any] = field(default_factory=dict)
    _types: dict[str, tuple[Resource, ...]] = field(default_factory=dict)

    def of_type(self, kind: str) -> tuple[Resource, ...]:
        if not self._types:
            found: dict[str, list[Resource]] = {}
            for item in self.view.resources.values():
                if not item.is_data:
                    found.setdefault(item.type, []).append(Resource(item, self))
            self._types.update({name: tuple(items) for name, items in found.items()} or {"": ()})
        return self._types.get(kind, ())

    def __iter__(self) -> Iterator[Resource]:
        self.of_type("")
        for items in self._types.values():
            yield from items


@dataclass(frozen=True)
class Resource:
    """One resource, asked for what its price hangs on."""

    planned: Planned
    estate: Estate

    @property
    def address(self) -> str:
        return self.planned.address

    @property
    def type(self) -> str:
        return self.planned.type

    @property
    def region(self) -> str:
        return self.planned.region or self.estate.region

    def get(self, name: str, default: Any = None) -> Any:
        """The value of an attribute; ``default`` when nobody gives it one.

        Raises:
            NotKnownError: The configuration gives it a value that is known only after the apply.
        """
        value = self.planned.values.get(name)
        if value is None and self.planned.is_unknown(name) and self._is_given(name):
            raise NotKnownError(f"{name} is known only after apply")
        return default if value is None else value

    def _is_given(self, name: str) -> bool:
        """Whether an unknown value comes from somewhere, rather than from a variable that is null: AWS chooses then."""
        return bool(self.estate.view.sources(self.planned.expressions.get(name), seen_from=self.planned))

    def required(self, name: str) -> Any:
        """The same, for what a price cannot do without."""
        value = self.get(name)
        if value is None:
            raise NotKnownError(f"{name} is known only after apply")
        return value

    def variable(self, name: str) -> Any:
        """The value of a variable of the resource's module, if the plan knows it: given by the root, or its default."""
        module, argument = self.estate.root, None
        for call in self.planned.at.calls:
            found = (module.get("module_calls") or {}).get(call) or {}
            argument, module = (found.get("expressions") or {}).get(name), found.get("module") or {}
        if argument is None:
            return ((module.get("variables") or {}).get(name) or {}).get("default")
        for reference in references_in(argument):
            return (self.estate.inputs.get(reference.removeprefix("var.")) or {}).get("value")
        return argument.get("constant_value")

    def number(self, name: str, default: int | None = None) -> Amount:
        """An attribute as an amount; one without a value is missing."""
        try:
            value = self.get(name, default)
        except NotKnownError as error:
            return missing(str(error))
        return missing(f"{name} is known only after apply") if value is None else amount(value)

    def blocks(self, name: str) -> list[Mapping[str, Any]]:
        return [block for block in self.get(name, []) if isinstance(block, Mapping)]

    def block(self, name: str) -> Mapping[str, Any]:
        """The one block of that name; empty if there is none."""
        return next(iter(self.blocks(name)), {})

    def assume(self, key: str, default: Amount | None = None) -> Amount:
        """What ``usage.yaml`` says of this resource, else ``default``, else nobody knows."""
        found = self.estate.usage.find(key, stack=self.estate.stack, address=self.address)
        if found is not None:
            return Amount(found.value, assumed=(found.sentence,))
        return default or Amount(None, unassumed=(f"{self.estate.usage.file} assumes no {key}",))

    def related(self, attribute: str, kind: str) -> tuple[Resource, ...]:
        """Resources of a type that an attribute means: by the names in its value, else by its expression."""
        candidates = self.estate.of_type(kind)
        named = set(_texts(self.planned.values.get(attribute)))
        by_name = tuple(
            item for item in candidates if any(item.planned.values.get(name) in named for name in _NAMES) and named
        )
        if by_name:
            return by_name
        expression = self.planned.expressions.get(attribute)
        meant = {
            instance.address
            for source in self.estate.view.sources(expression, seen_from=self.planned)
            for instance in source.instances or ()
        }
        return tuple(item for item in candidates if item.address in meant)

    def count_of(self, attribute: str, kind: str) -> Amount:
        """How many things an attribute lists: those of its value, else the resources that its expression names."""
        value = self.planned.values.get(attribute)
        if isinstance(value, list) and value:
            return amount(len(value))
        found = self.related(attribute, kind)
        return amount(len(found)) if found else missing(f"{attribute} is known only after apply")


def after(plan: Mapping[str, Any], *, stack: str, region: str, usage: Usage) -> Estate:
    """What the plan leaves behind."""
    return _estate({key: value for key, value in plan.items() if key != "prior_state"}, stack, region, usage)


def before(plan: Mapping[str, Any], *, stack: str, region: str, usage: Usage) -> Estate:
    """What was there when the plan was made, under the addresses of today."""
    resources = [
        {"address": entry["address"], "values": entry["change"]["before"]}
        for entry in _managed(plan)
        if entry["change"].get("before") is not None
    ]
    earlier = {
        "planned_values": {"root_module": {"resources": resources}},
        "configuration": plan.get("configuration") or {},
        "variables": plan.get("variables") or {},
    }
    return _estate(earlier, stack, region, usage)


def _estate(plan: Mapping[str, Any], stack: str, region: str, usage: Usage) -> Estate:
    root = (plan.get("configuration") or {}).get("root_module") or {}
    return Estate(stack, region, usage, view_of(plan, today=date.min), root, plan.get("variables") or {})


_CHANGES = {
    ("no-op",): "unchanged",
    ("create",): "created",
    ("update",): "updated",
    ("delete",): "destroyed",
    ("forget",): "forgotten",
    ("delete", "create"): "replaced",
    ("create", "delete"): "replaced",
}


def changes(plan: Mapping[str, Any]) -> dict[str, str]:
    """What happens to each resource, by address."""
    return {entry["address"]: _CHANGES.get(tuple(entry["change"]["actions"]), "unchanged") for entry in _managed(plan)}


def _managed(plan: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Changes of resources; what is left of an earlier replacement (deposed) is on its way out."""
    for entry in plan.get("resource_changes") or ():
        if entry.get("mode") != "data" and not entry.get("deposed"):
            yield entry


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item)]
    return ()


def decimal(value: Any) -> Decimal:
    """A number of a plan, whichever way it is written there."""
    return Decimal(str(value))
