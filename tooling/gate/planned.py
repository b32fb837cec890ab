"""The resources of a plan as checks want to read them: what will be there after the apply.

Three places of the plan JSON are put together: the value after the apply
(``planned_values``; for data sources that were read already, ``prior_state``), which parts
of it are not known yet (``resource_changes``), and the expression each argument comes
from (``configuration``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from tooling.gate.addresses import Address, parse_address, segments
from tooling.gate.mirrors import stale_mirrors

#: What begins a reference to something that a plan knows.
_KNOWN_AT_PLAN = frozenset({"var", "count", "each", "path", "terraform", "self"})

#: Attributes that the arguments of other resources name a resource by.
_NAMES = ("id", "arn", "name", "bucket", "function_name", "url", "key_id", "identifier")


@dataclass(frozen=True)
class Planned:
    """One resource or data source as it will be.

    Attributes:
        address: Its full address.
        at: The address in its parts.
        values: Its attributes; those not yet known are missing or None.
        unknown: The same shape with True where a value is known only after apply.
        expressions: Its arguments in the configuration, by name. Blocks that a ``dynamic`` block makes are not among
            them: a plan does not say what those come from.
        provider: The provider configuration that makes it (``aws.failover``).
        region: The region that this provider works in; None when the configuration does not say.
        moving: Attributes that show other resources as they are now, while the plan changes those.
        half_made: Those of them that show nothing but resources of the plan, as far as these are made yet.
    """

    address: str
    at: Address
    values: Mapping[str, Any]
    unknown: Mapping[str, Any]
    expressions: Mapping[str, Any]
    provider: str = ""
    region: str | None = None
    moving: frozenset[str] = frozenset()
    half_made: frozenset[str] = frozenset()

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
class Source:
    """Something that an expression takes its value from.

    Attributes:
        reference: How the configuration names it (``aws_s3_bucket.photos.arn``).
        attribute: What of the resource (``arn``); empty when the reference stops at the resource.
        instances: The resources that may be meant, none if it is switched off. None when it is no resource but a local
            or an output of another module, of which a plan does not say what they come from.
    """

    reference: str
    attribute: str
    instances: tuple[Planned, ...] | None


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
    _arguments: Mapping[tuple[str, ...], Mapping[str, Any]]

    @cached_property
    def by_type(self) -> Mapping[str, list[Planned]]:
        """The managed resources, by type."""
        found: dict[str, list[Planned]] = {}
        for item in self.resources.values():
            if not item.is_data:
                found.setdefault(item.type, []).append(item)
        return found

    def of_type(self, kind: str) -> list[Planned]:
        """The managed resources of one type."""
        return list(self.by_type.get(kind, ()))

    @cached_property
    def _by_name(self) -> Mapping[str, list[Planned]]:
        found: dict[str, list[Planned]] = {}
        for item in (item for items in self.by_type.values() for item in items):
            for name in {value for key in _NAMES if isinstance(value := item.values.get(key), str) and value}:
                found.setdefault(name, []).append(item)
        return found

    def named(self, text: str) -> Sequence[Planned]:
        """The managed resources that others may name so: by id, by ARN, by a name."""
        return self._by_name.get(text, ())

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
        named = self._instances_of(wanted)
        keyed = [item for item in named if item.at.key == seen_from.at.key]
        candidates = keyed or named
        return candidates[0] if len(candidates) == 1 else None

    def sources(self, expression: Any, *, seen_from: Planned) -> tuple[Source, ...]:
        """What the values of an expression come from, through the variables of modules up to the root.

        What is known at plan anyway (a variable of the root, a count) is no source.
        """
        return tuple(self._sources(expression, seen_from.at.module, seen_from.at.calls, seen_from.at.key))

    def _sources(self, expression: Any, module: str, calls: tuple[str, ...], key: str | None) -> Iterator[Source]:
        references = references_in(expression)
        for reference in references:
            if any(other.startswith((f"{reference}.", f"{reference}[")) for other in references):
                continue  # a plan names the resource once more beside its attribute
            first, *rest = segments(reference)
            if first == "var" and calls:
                argument = self._arguments.get(calls, {}).get(rest[0].partition("[")[0])
                yield from self._sources(argument, _parent(module), calls[:-1], None)
            elif first in ("local", "module", "each") and reference != "each.key":
                yield Source(reference, "", None)
            elif first not in _KNOWN_AT_PLAN:
                steps = 3 if first == "data" else 2
                head, below = segments(reference)[:steps], segments(reference)[steps:]
                instances = self._instances(".".join([module, *head] if module else head), key)
                yield Source(reference, below[0].partition("[")[0] if below else "", instances)

    def _instances(self, address: str, key: str | None) -> tuple[Planned, ...]:
        if address in self.resources:
            return (self.resources[address],)
        wanted = parse_address(address)
        named = self._instances_of(wanted)
        return tuple(item for item in named if item.at.key == key) or named

    def _instances_of(self, wanted: Address) -> tuple[Planned, ...]:
        return self._by_block.get(_block(wanted), ())

    @cached_property
    def _by_block(self) -> Mapping[tuple[str, str, str, str], tuple[Planned, ...]]:
        found: dict[tuple[str, str, str, str], list[Planned]] = {}
        for item in self.resources.values():
            found.setdefault(_block(item.at), []).append(item)
        return {block: tuple(items) for block, items in found.items()}

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
    configuration = plan.get("configuration") or {}
    root = configuration.get("root_module") or {}
    regions = _regions(configuration.get("provider_config") or {}, plan.get("variables") or {})
    configurations = dict(_configurations(root))
    resources: dict[str, Planned] = {}
    prior = ((plan.get("prior_state") or {}).get("values") or {}).get("root_module") or {}
    for raw in _resources(prior):
        at = parse_address(raw["address"])
        configured = configurations.get((at.calls, at.mode, at.type, at.name))
        if at.mode == "data" and configured is not None:
            resources[raw["address"]] = _planned(at, raw, {}, configured, regions)
    for raw in _resources((plan.get("planned_values") or {}).get("root_module") or {}):
        address = raw["address"]
        if address in forgotten:
            continue
        at = parse_address(address)
        configured = configurations.get((at.calls, at.mode, at.type, at.name)) or {}
        resources[address] = _planned(at, raw, unknown.get(address), configured, regions)
    for mirror in list(stale_mirrors(plan.get("resource_changes") or (), resources)):
        # What it shows now may be somebody's work by hand, so the value stays to be judged.
        item, shown = resources[mirror.address], frozenset({mirror.attribute})
        own = shown if mirror.own else frozenset()
        resources[mirror.address] = replace(item, moving=item.moving | shown, half_made=item.half_made | own)
    return PlanView(dict(sorted(resources.items())), today, _users(root), _arguments(root))


def _planned(
    at: Address, raw: Mapping[str, Any], unknown: Any, configured: Mapping[str, Any], regions: Mapping[str, str]
) -> Planned:
    provider = str(configured.get("provider_config_key") or "")
    return Planned(
        address=raw["address"],
        at=at,
        values=raw.get("values") or {},
        unknown=unknown if isinstance(unknown, Mapping) else {},
        expressions=configured.get("expressions") or {},
        provider=provider,
        region=regions.get(provider),
    )


def _resources(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from module.get("resources") or ()
    for child in module.get("child_modules") or ():
        yield from _resources(child)


def _configurations(
    module: Mapping[str, Any], calls: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[tuple[str, ...], str, str, str], Mapping[str, Any]]]:
    """What the configuration says of each resource, by the calls on the way to it, mode, type and name."""
    for resource in module.get("resources") or ():
        yield (calls, resource.get("mode", ""), resource.get("type", ""), resource.get("name", "")), resource
    for name, call in (module.get("module_calls") or {}).items():
        yield from _configurations(call.get("module") or {}, (*calls, name))


def _regions(providers: Mapping[str, Any], variables: Mapping[str, Any]) -> dict[str, str]:
    """By provider configuration: its region, if it is written down or given by a variable of the root."""
    regions: dict[str, str] = {}
    for key, provider in providers.items():
        expression = (provider.get("expressions") or {}).get("region") or {}
        named = [variables.get(name.removeprefix("var."), {}).get("value") for name in references_in(expression)]
        region = expression.get("constant_value", named[0] if len(named) == 1 else None)
        if isinstance(region, str):
            regions[key] = region
    return regions


def _arguments(module: Mapping[str, Any], calls: tuple[str, ...] = ()) -> dict[tuple[str, ...], Mapping[str, Any]]:
    """What each module is given by its caller, by the calls on the way to it."""
    found: dict[tuple[str, ...], Mapping[str, Any]] = {}
    for name, call in (module.get("module_calls") or {}).items():
        path = (*calls, name)
        found[path] = call.get("expressions") or {}
        found.update(_arguments(call.get("module") or {}, path))
    return found


def _parent(module: str) -> str:
    """Address of the module that calls a module."""
    return ".".join(segments(module)[:-2])


def _block(at: Address) -> tuple[str, str, str, str]:
    """What all instances of a resource share."""
    return (at.module, at.mode, at.type, at.name)


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
