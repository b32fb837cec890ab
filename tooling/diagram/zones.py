"""Where a card belongs: in which region, in which part of which network, in which part of the architecture."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tooling.diagram.families import PART_TITLES
from tooling.diagram.model import INTERNET, Card, Node
from tooling.diagram.reading import Reading, node_key

#: Columns from left to right, by what is in them.
OUTSIDE, EDGE, ENTRY, COMPUTE, DATA, SUPPORT, WATCHING = range(7)
_COLUMNS = {
    "edge": EDGE,
    "api": ENTRY,
    "events": ENTRY,
    "compute": COMPUTE,
    "data": DATA,
    "messaging": DATA,
    "observability": WATCHING,
    "cost": WATCHING,
    "other": WATCHING,
}
_IN_NETWORK = {"public": ENTRY, "private": COMPUTE, "database": DATA, "network": ENTRY}
_TIER_TITLES = {
    "public": "Public subnets",
    "private": "Private subnets",
    "database": "Database subnets",
    "network": "Network",
}
_GROUP_ARGUMENTS = frozenset({"db_subnet_group_name", "subnet_group_name", "replicate_source_db"})


@dataclass(frozen=True)
class Zone:
    """A box around cards, or around other boxes.

    Attributes:
        title: What stands above it; empty for a box that is not drawn.
        kind: ``outside``, ``global``, ``region``, ``network``, ``tier`` or ``part``.
        cards: Its own cards, each with its column.
        zones: The boxes in it.
        spread: Its cards may stand in any of its columns.
    """

    title: str
    kind: str
    cards: tuple[tuple[int, Card], ...] = ()
    zones: tuple[Zone, ...] = field(default=())
    spread: bool = False

    def columns(self) -> set[int]:
        """All columns that it reaches over."""
        own = {column for column, _ in self.cards} | {column for zone in self.zones for column in zone.columns()}
        return set(range(min(own), max(own) + 1)) if own else set()


def zones_of(reading: Reading, cards: Sequence[Card], *, open_to_all: bool) -> tuple[Zone, ...]:
    """The boxes of the whole picture, outermost ones, each card in exactly one of all."""
    return tuple(_Placing(reading, cards).zones(open_to_all))


class _Placing:
    def __init__(self, reading: Reading, cards: Sequence[Card]) -> None:
        self._reading = reading
        self._cards = cards
        self._named: dict[str, list[tuple[str, Node]]] = defaultdict(list)
        for each in reading.references:
            self._named[node_key(each.user)].append((each.attribute, each.used))
        self._tiers = _tiers(reading)

    def zones(self, open_to_all: bool) -> Iterator[Zone]:
        if open_to_all:
            nobody = Card(INTERNET, "Everybody", "Internet", None, (), "outside")
            yield Zone("", "outside", ((OUTSIDE, nobody),))
        edge, account = [], []
        regions: dict[str, list[Card]] = defaultdict(list)
        for card in self._cards:
            if card.part == "edge" and card.region in ("", self._reading.main_region):
                edge.append(card)
            elif card.part == "cost":
                account.append(card)
            else:
                regions[card.region or self._reading.main_region].append(card)
        if edge:
            yield Zone(PART_TITLES["edge"], "global", tuple((EDGE, card) for card in edge))
        if account and edge:
            yield Zone(PART_TITLES["cost"], "global", tuple((EDGE, card) for card in account))
        elif account:
            regions[self._reading.main_region] += account
        for region in sorted(regions, key=lambda name: (name != self._reading.main_region, name)):
            yield Zone(region or "Resources", "region", zones=tuple(self._region(regions[region])))

    def _region(self, cards: Sequence[Card]) -> Iterator[Zone]:
        networks: dict[str, list[Card]] = defaultdict(list)
        parts: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            network = self._network_of(card)
            if network is not None:
                networks[network].append(card)
            else:
                parts["security" if card.part == "edge" else card.part].append(card)
        for network in sorted(networks):
            yield self._network(network, networks[network])
        for part in PART_TITLES:
            if part in parts:
                column = _COLUMNS.get(part, SUPPORT)
                yield Zone(PART_TITLES[part], "part", tuple((column, card) for card in parts[part]))

    def _network(self, network: str, cards: Sequence[Card]) -> Zone:
        tiers: dict[str, list[tuple[int, Card]]] = defaultdict(list)
        for card in cards:
            tier = self._tier_of(card)
            column = _COLUMNS.get(card.part, _IN_NETWORK[tier])
            tiers[tier].append((_IN_NETWORK[tier] if tier == "public" else max(column, ENTRY), card))
        inside = [self._tier(tier, tiers[tier], tiers) for tier in _TIER_TITLES if tier in tiers]
        node = self._reading.nodes.get(network)
        return Zone(f"VPC {node.name}" if node else "VPC", "network", zones=tuple(inside))

    def _tier(self, tier: str, placed: Sequence[tuple[int, Card]], tiers: Mapping[str, object]) -> Zone:
        own = any(_is_subnet(card) for _, card in placed)
        title = _TIER_TITLES[tier]
        if tier == "database" and not own and "private" in tiers:
            title = "Database, in the private subnets"
        return Zone(title, "tier", tuple(placed), spread=tier == "network")

    def _tier_of(self, card: Card) -> str:
        if card.node is not None and card.node.type == "aws_subnet":
            return self._tiers.get(node_key(card.node), "private")
        if card.node is not None and card.node.type == "aws_vpc":
            return "network"
        subnets = self._subnets_of(card)
        tiers = {self._tiers.get(node_key(subnet), "private") for subnet in subnets}
        if card.part == "data" and subnets:
            return "database"
        return next((tier for tier in ("public", "private", "database") if tier in tiers), "network")

    def _network_of(self, card: Card) -> str | None:
        """The VPC that a card is in, by its subnets or by itself."""
        for node in card.nodes:
            if node.type == "aws_vpc":
                return node_key(node)
        near = [*card.nodes, *self._subnets_of(card)]
        for node in near:
            for argument, used in self._named[node_key(node)]:
                if argument == "vpc_id" and used.type == "aws_vpc":
                    return node_key(used)
        return "" if card.part == "network" and not near else None

    def _subnets_of(self, card: Card) -> list[Node]:
        """The subnets that a card's resources name, also by a group of subnets or by what they are a copy of."""
        found: dict[str, Node] = {}
        waiting, seen = list(card.nodes), set()
        while waiting:
            node = waiting.pop()
            if node_key(node) in seen:
                continue
            seen.add(node_key(node))
            for argument, used in self._named[node_key(node)]:
                if used.type == "aws_subnet":
                    found[node_key(used)] = used
                elif argument in _GROUP_ARGUMENTS:
                    waiting.append(used)
        return list(found.values())


def _is_subnet(card: Card) -> bool:
    return card.node is not None and card.node.type == "aws_subnet"


def _tiers(reading: Reading) -> dict[str, str]:
    """By subnet: ``public`` if it reaches an internet gateway, ``database`` if only groups of subnets use it."""
    outward = {each.user for each in reading.references if each.used.type == "aws_internet_gateway"}
    to_internet = {
        node_key(each.used)
        for each in reading.references
        if each.user.type == "aws_route" and each.attribute == "route_table_id" and each.user in outward
    }
    tables: dict[Node, str] = {
        each.user: node_key(each.used) for each in reading.references if each.used.type == "aws_route_table"
    }
    tiers: dict[str, str] = {}
    users: dict[str, set[str]] = defaultdict(set)
    for each in reading.references:
        if each.used.type == "aws_subnet":
            users[node_key(each.used)].add(each.user.type)
            if each.user.type == "aws_route_table_association" and tables.get(each.user) in to_internet:
                tiers[node_key(each.used)] = "public"
    for key, node in reading.nodes.items():
        if node.type == "aws_subnet":
            own = {kind for kind in users[key] if not kind.endswith("_association")}
            if reading.values_of(node).get("map_public_ip_on_launch") is True:
                tiers[key] = "public"
            elif own and all(kind.endswith("_subnet_group") for kind in own):
                tiers.setdefault(key, "database")
            else:
                tiers.setdefault(key, "private")
    return tiers
