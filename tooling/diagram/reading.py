"""The resources of a plan and who names whom, destroyed ones included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from tooling.diagram.facts import facts_of
from tooling.diagram.families import is_global
from tooling.diagram.identities import Identities, texts_in
from tooling.diagram.model import Node, Reference
from tooling.gate.addresses import Address, parse_address
from tooling.gate.planned import Planned, PlanView, references_in, view_of
from tooling.plan.summary import ACTIONS

Values = Mapping[str, Any]
_GOING = frozenset({"destroy", "forget"})


@dataclass(frozen=True)
class Reading:
    """What a plan says that a diagram needs.

    Attributes:
        view: The plan as checks read it, with what goes still in it.
        nodes: Every managed resource by address; what a replacement left behind has ``#`` and its key after that.
        references: Between them, each pair and argument once, in the order of addresses.
        values: What is known of each: after the apply, or before it for what goes.
        identities: Whom a text means.
        main_region: Where the root's provider without an alias works, or most resources are; may be empty.
    """

    view: PlanView
    nodes: Mapping[str, Node]
    references: tuple[Reference, ...]
    values: Mapping[str, Values]
    identities: Identities
    main_region: str

    def values_of(self, node: Node) -> Values:
        return self.values[node_key(node)]

    def planned(self, node: Node) -> Planned | None:
        """The resource as it will be, or as it was; None for what a replacement left behind."""
        return None if node.deposed else self.view.resources.get(node.address)


def node_key(node: Node) -> str:
    return f"{node.address}#{node.deposed}" if node.deposed else node.address


def read(plan: Mapping[str, Any]) -> Reading:
    """Read a plan (the JSON of ``terraform show -json``, sensitive values masked or not)."""
    view = view_of(_with_what_goes(plan), today=date.min)
    regions = {item.region for item in view.resources.values() if item.provider == "aws" and item.region}
    main_region = min(regions) if regions else ""
    nodes: dict[str, Node] = {}
    values: dict[str, Values] = {}
    for entry in plan.get("resource_changes") or ():
        if entry.get("mode") != "data":
            node, known = _changed(entry, view, main_region)
            nodes[node_key(node)], values[node_key(node)] = node, known
    for address, item in view.resources.items():
        if not item.is_data and address not in nodes:
            nodes[address] = _node(item.at, address, "no-op", item.values, item.region or main_region, None)
            values[address] = item.values
    nodes = dict(sorted(nodes.items()))
    identities = Identities((node, values[key]) for key, node in nodes.items() if not node.deposed)
    found = dict.fromkeys(_references(plan, view, nodes, values, identities))
    return Reading(view, nodes, tuple(found), values, identities, main_region)


def _with_what_goes(plan: Mapping[str, Any]) -> dict[str, Any]:
    """The plan as if nothing went, so that what goes refers to others, and they to it, as long as it is configured."""
    changes = [entry for entry in plan.get("resource_changes") or () if entry.get("mode") != "data"]
    going = [entry for entry in changes if ACTIONS.get(_actions(entry), "") in _GOING and not entry.get("deposed")]
    left = [{**entry, "values": entry["change"].get("before") or {}} for entry in going]
    root = (plan.get("planned_values") or {}).get("root_module") or {}
    stays = [entry for entry in changes if ACTIONS.get(_actions(entry), "") not in _GOING]
    planned = {"root_module": {**root, "resources": [*(root.get("resources") or ()), *left]}}
    return {**plan, "planned_values": planned, "resource_changes": stays}


def _actions(entry: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple((entry.get("change") or {}).get("actions") or ())


def _changed(entry: Mapping[str, Any], view: PlanView, main_region: str) -> tuple[Node, Values]:
    address, change = entry["address"], entry.get("change") or {}
    deposed = entry.get("deposed") or ""
    action = ACTIONS.get(_actions(entry), "no-op")
    going = action in _GOING
    item = view.resources.get(address)
    known = (change.get("before") if going else change.get("after")) or {}
    sensitive = change.get("before_sensitive" if going else "after_sensitive")
    region = item.region if item is not None else None
    node = _node(parse_address(address), address, action, known, region or _region_of(known) or main_region, sensitive)
    return replace(node, deposed=deposed), known


def _node(at: Address, address: str, action: str, known: Values, region: str, sensitive: Any) -> Node:
    everywhere = is_global(at.type) or (at.type.startswith("aws_wafv2_") and known.get("scope") == "CLOUDFRONT")
    return Node(
        address=address,
        type=at.type,
        name=at.name if at.key is None else f"{at.name}[{at.key}]",
        block=address if at.key is None else address.removesuffix(f"[{at.key}]"),
        action=action,
        module=at.module,
        region="" if everywhere else region,
        facts=facts_of(at.type, known, sensitive),
    )


def _region_of(known: Values) -> str | None:
    """The region in the ARN of something that is there."""
    arn = known.get("arn")
    parts = arn.split(":") if isinstance(arn, str) else []
    return parts[3] if len(parts) > 5 else None


def _references(
    plan: Mapping[str, Any],
    view: PlanView,
    nodes: Mapping[str, Node],
    values: Mapping[str, Values],
    identities: Identities,
) -> Iterator[Reference]:
    orders = _orders(((plan.get("configuration") or {}).get("root_module")) or {})
    for key, node in nodes.items():
        item = None if node.deposed else view.resources.get(node.address)
        if item is None or (node.action in _GOING and not item.expressions):
            yield from _by_text(node, values[key], identities)
            continue
        for attribute, expression in item.expressions.items():
            for used in _sources(view, nodes, expression, item):
                if used is not node:
                    yield Reference(node, attribute, used)
        for attribute, value in item.values.items():
            yield from _by_arn(node, attribute, value, identities)
        order = {"references": orders.get((item.at.calls, item.type, item.at.name), [])}
        for used in _sources(view, nodes, order, item):
            yield Reference(node, "depends_on", used)


def _sources(view: PlanView, nodes: Mapping[str, Node], expression: Any, item: Planned) -> Iterator[Node]:
    """The managed resources that an expression takes something from."""
    if not references_in(expression):
        return
    for source in view.sources(expression, seen_from=item):
        for instance in source.instances or ():
            if not instance.is_data and instance.address in nodes:
                yield nodes[instance.address]


def _by_arn(node: Node, attribute: str, value: Any, identities: Identities) -> Iterator[Reference]:
    if attribute in ("arn", "id", "policy", "assume_role_policy"):
        return
    for text in texts_in(value):
        used = identities.of_arn(text)
        if used is not None and used is not node:
            yield Reference(node, attribute, used)


def _by_text(node: Node, known: Values, identities: Identities) -> Iterator[Reference]:
    """What something that goes refers to: the configuration may not hold it any more, so by what it held."""
    for attribute, value in known.items():
        if attribute in ("arn", "id", "name", "policy", "tags", "tags_all"):
            continue
        for text in texts_in(value):
            used = identities.of_arn(text) or identities.named(text, attribute, node)
            if used is not None and used.address != node.address:
                yield Reference(node, attribute, used)


def _orders(
    module: Mapping[str, Any], calls: tuple[str, ...] = ()
) -> dict[tuple[tuple[str, ...], str, str], list[str]]:
    """By resource of the configuration: what it waits for without taking a value of it."""
    found: dict[tuple[tuple[str, ...], str, str], list[str]] = {}
    for resource in module.get("resources") or ():
        if resource.get("depends_on"):
            found[calls, resource["type"], resource["name"]] = list(resource["depends_on"])
    for name, call in (module.get("module_calls") or {}).items():
        found.update(_orders(call.get("module") or {}, (*calls, name)))
    return found
