"""The resources of a plan as checks want to read them: what will be there after the apply.

Three places of the plan JSON are put together: the value after the apply
(``planned_values``; for data sources that were read already, ``prior_state``), which parts
of it are not known yet (``resource_changes``), and the expression each argument comes
from (``configuration``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tooling.gate.addresses import Address, parse_address


@dataclass(frozen=True)
class Planned:
    """One resource or data source as it will be.

    Attributes:
        address: Its full address.
        at: The address in its parts.
        values: Its attributes; those not yet known are missing or None.
        unknown: The same shape with True where a value is known only after apply.
        expressions: Its arguments in the configuration, by name.
    """

    address: str
    at: Address
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    expressions: Mapping[str, Any]

    @property
    def type(self) -> str:
        return self.at.type

    @property
    def is_data(self) -> bool:
        return self.at.mode == "data"

    def is_unknown(self, attribute: str) -> bool:
        """Whether nothing of the attribute is known before the apply."""
        return self.unknown.get(attribute) is True

    def references(self, attribute: str) -> tuple[str, ...]:
        """What the expression of an attribute refers to, in the order of the plan."""
        return references_in(self.expressions.get(attribute))


@dataclass(frozen=True)
class PlanView:
    """All that a plan leaves behind, by address.

    Attributes:
        resources: Resources and data sources.
        today: The day the plan is judged on.
    """

    resources: Mapping[str, Planned]
    today: date
    _users: Mapping[tuple[tuple[str, ...], str], frozenset[str]]

    def of_type(self, kind: str) -> list[Planned]:
        """The managed resources of one type."""
        return [item for item in self.resources.values() if item.type == kind and not item.is_data]

    def data_of_type(self, kind: str) -> list[Planned]:
        """The data sources of one type."""
        return [item for item in self.resources.values() if item.type == kind and item.is_data]

    def resolve(self, reference: str, *, seen_from: Planned) -> Planned | None:
        """The instance that a reference such as ``data.aws_x.y["k"]`` or ``aws_x.y`` means.

        In a resource with ``for_each`` the reference stands there without a key; the
        instance with the same key is meant then.
        """
        prefix = f"{seen_from.at.module}." if seen_from.at.module else ""
        exact = self.resources.get(prefix + reference)
        if exact is not None:
            return exact
        try:
            wanted = parse_address(prefix + reference)
        except ValueError:
            return None
        named = [item for item in self.resources.values() if _same_name(item.at, wanted)]
        keyed = [item for item in named if item.at.key == seen_from.at.key]
        candidates = keyed or named
        return candidates[0] if len(candidates) == 1 else None

    def types_using(self, item: Planned) -> frozenset[str]:
        """Types of the resources of the same module whose arguments refer to it, be there instances or not."""
        name = f"data.{item.type}.{item.at.name}" if item.is_data else f"{item.type}.{item.at.name}"
        return self._users.get((item.at.calls, name), frozenset())


def view_of(plan: Mapping[str, Any], *, today: date) -> PlanView:
    """Read a plan (the JSON of ``terraform show -json``).

    Data sources that Terraform read already stand in the prior state, with their
    values; only those that still are in the configuration count.
    """
    unknown = {
        change["address"]: change.get("change", {}).get("after_unknown") or {}
        for change in plan.get("resource_changes") or ()
        if change.get("change", {}).get("actions") not in (["delete"], ["forget"])
    }
    forgotten = {
        change["address"]
        for change in plan.get("resource_changes") or ()
        if change.get("change", {}).get("actions") == ["forget"]
    }
    root = (plan.get("configuration") or {}).get("root_module") or {}
    resources: dict[str, Planned] = {}
    prior = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    for raw in _resources(prior):
        at = parse_address(raw["address"])
        expressions = _expressions(root, at)
        if at.mode == "data" and expressions is not None:
            resources[raw["address"]] = Planned(raw["address"], at, raw.get("values") or {}, {}, expressions)
    for raw in _resources((plan.get("planned_values") or {}).get("root_module") or {}):
        address = raw["address"]
        if address in forgotten:
            continue
        at = parse_address(address)
        after_unknown = unknown.get(address) or {}
        resources[address] = Planned(
            address,
            at,
            raw.get("values") or {},
            after_unknown if isinstance(after_unknown, Mapping) else {},
            _expressions(root, at) or {},
        )
    return PlanView(dict(sorted(resources.items())), today, _users(root))


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _resources(child)


def _expressions(root: Mapping[str, Any], at: Address) -> Mapping[str, Any] | None:
    module: Mapping[str, Any] = root
    for call in at.calls:
        module = ((module.get("module_calls") or {}).get(call) or {}).get("module") or {}
    for resource in module.get("resources") or ():
        if (resource.get("mode"), resource.get("type"), resource.get("name")) == (at.mode, at.type, at.name):
            expressions: Mapping[str, Any] = resource.get("expressions") or {}
            return expressions
    return None


def _same_name(one: Address, other: Address) -> bool:
    return (one.module, one.mode, one.type, one.name) == (other.module, other.mode, other.type, other.name)


def references_in(expression: Any) -> tuple[str, ...]:
    """What an expression of the configuration, or all in a block of them, refers to."""
    return tuple(dict.fromkeys(_references(expression)))


def _references(expression: Any) -> Iterator[str]:
    if isinstance(expression, Mapping):
        for key, value in expression.items():
            if key == "references" and isinstance(value, list):
                yield from (item for item in value if isinstance(item, str))
            else:
                yield from _references(value)
    elif isinstance(expression, list):
        for item in expression:
            yield from _references(item)


def _users(module: Mapping[str, Any], calls: tuple[str, ...] = ()) -> dict[tuple[tuple[str, ...], str], frozenset[str]]:
    """By module and by what is referred to, without keys and attributes: the types that refer to it."""
    users: dict[tuple[tuple[str, ...], str], set[str]] = {}
    for resource in module.get("resources") or ():
        if resource.get("mode") == "managed":
            for reference in references_in(resource.get("expressions")):
                users.setdefault((calls, reference.partition("[")[0]), set()).add(resource["type"])
    found = {key: frozenset(types) for key, types in users.items()}
    for name, call in (module.get("module_calls") or {}).items():
        found.update(_users(call.get("module") or {}, (*calls, name)))
    return found
