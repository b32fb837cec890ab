"""The cards of a diagram: one resource and what hangs on it, or many alike."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tooling.diagram.families import GATHERED, kind_of, mark_of, part_of
from tooling.diagram.hosts import tops_of
from tooling.diagram.model import Card, Node
from tooling.diagram.reading import Reading, node_key

#: From so many instances on, those of one resource share a card.
MANY = 3


def cards_of(reading: Reading) -> tuple[Card, ...]:
    """All cards, in the order of their keys; every resource is in exactly one of them."""
    top = tops_of(reading)
    instances = Counter(node.block for key, node in reading.nodes.items() if top[key] == key)
    members: dict[str, list[Node]] = defaultdict(list)
    for key, node in reading.nodes.items():
        members[_key(reading.nodes[top[key]], instances)].append(node)
    quiet = _topics_of_onlookers(reading, top)
    cards = []
    for key, nodes in members.items():
        heads = [node for node in nodes if top[node_key(node)] == node_key(node)]
        cards.append(_of_one(heads[0], nodes, quiet) if len(heads) == 1 else _of_many(key, heads, nodes))
    if len({node.module for node in reading.nodes.values()}) > 1:
        cards = [replace(card, kind=_kind_in_module(card)) for card in cards]
    return tuple(sorted(cards, key=lambda card: card.key))


def _key(top: Node, instances: Mapping[str, int]) -> str:
    """What says which card a resource is drawn in, by the one that it hangs on."""
    if top.type in GATHERED:
        return f"{GATHERED[top.type]}@{top.module}/{top.region or 'global'}"
    if instances[top.block] >= MANY:
        return f"{top.block}[*]"
    return node_key(top)


def _of_one(head: Node, nodes: Sequence[Node], onlookers: frozenset[str]) -> Card:
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node is not head:
            groups["left behind" if node.deposed else mark_of(node.type, head.type)].append(node)
    key = node_key(head)
    part = "observability" if key in onlookers else _part(head)
    return Card(key, kind_of(head.type), head.name, head, _sorted(groups), part, head.region, head.facts)


def _of_many(key: str, heads: Sequence[Node], nodes: Sequence[Node]) -> Card:
    first = heads[0]
    alike = {node_key(node) for node in heads}
    blocks = Counter(node.block for node in heads)
    groups: dict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        if node_key(node) not in alike:
            groups[mark_of(node.type, first.type)].append(node)
        elif len(blocks) == 1:
            groups["instances"].append(node)
        else:
            groups[_plain(node) if blocks[node.block] > 1 else mark_of(node.type, first.type)].append(node)
    gathered = first.type in GATHERED
    kind = GATHERED[first.type] if gathered else kind_of(first.type)
    name = f"{len(heads)} {'in all' if gathered else 'instances'}" if gathered else f"{_plain(first)} × {len(heads)}"
    return Card(key, kind, name, None, _sorted(groups), _part(first), first.region)


def _kind_in_module(card: Card) -> str:
    module = card.nodes[0].module.replace("module.", "")
    return f"{card.kind} · {module}" if module else card.kind


def _plain(node: Node) -> str:
    return node.name.partition("[")[0]


def _sorted(groups: Mapping[str, Sequence[Node]]) -> tuple[tuple[str, tuple[Node, ...]], ...]:
    return tuple(
        (label, tuple(groups[label])) for label in sorted(groups, key=lambda name: (name != "instances", name))
    )


def _part(node: Node) -> str:
    """A web ACL of a region stands before that region's API; all else by its type."""
    return "api" if node.type.startswith("aws_wafv2_") and node.region else part_of(node.type)


def _topics_of_onlookers(reading: Reading, top: Mapping[str, str]) -> frozenset[str]:
    """Topics that only alarms and budgets write to: they belong to what watches."""
    users: dict[str, set[str]] = defaultdict(set)
    for reference in reading.references:
        used, user = top[node_key(reference.used)], top[node_key(reference.user)]
        if reference.used.type == "aws_sns_topic" and used != user:
            users[used].add(part_of(reading.nodes[user].type))
    return frozenset(topic for topic, parts in users.items() if parts <= {"observability", "cost", "security"})
