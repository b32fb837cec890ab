"""A place for everything: columns from left to right, boxes that stand below each other in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt

from tooling.diagram.face import WIDTH, Face, face_of
from tooling.diagram.model import INTERNET, Card, Link
from tooling.diagram.text import fitted
from tooling.diagram.zones import DATA, ENTRY, SUPPORT, WATCHING, Zone

CHANNEL = 112.0
MARGIN = 44.0
HEADER = 84.0
_GAP = 22.0
_TITLE = 26.0
_BETWEEN = 26.0
#: How far a box reaches out beyond the cards in it, by what it holds.
_REACH = {"outside": 0.0, "part": 12.0, "tier": 12.0, "global": 12.0, "network": 22.0, "region": 34.0}
#: Room that one line needs at the side of a card.
_PORT = 13.0
_LEAST_HEIGHT = 1200.0
_SWEEPS = 8


@dataclass(frozen=True)
class PlacedCard:
    card: Card
    face: Face
    column: int
    x: float
    y: float
    height: float

    @property
    def right(self) -> float:
        return self.x + WIDTH

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


@dataclass(frozen=True)
class PlacedBox:
    title: str
    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Where everything is, in pixels.

    Attributes:
        cards: By their keys.
        boxes: Outer ones before those in them.
        columns: Left edge of each column.
    """

    cards: Mapping[str, PlacedCard]
    boxes: tuple[PlacedBox, ...]
    columns: tuple[float, ...]
    width: float
    height: float


def laid_out(zones: Sequence[Zone], links: Sequence[Link], *, least_width: float = 0.0) -> Layout:
    """Place all cards: first as their names go, then each near what it has to do with, to cut crossings."""
    faces = {card.key: face_of(card) for zone in zones for _, card in _all_cards(zone)}
    paper = _Paper(zones, faces, _heights(faces, links), least_width)
    near: dict[str, list[str]] = defaultdict(list)
    for link in links:
        weight = 1 if link.quiet else 4
        near[link.source] += [link.target] * weight
        near[link.target] += [link.source] * weight
    order = {key: float(index) for index, key in enumerate(sorted(faces))}
    best = paper.placed(order)
    for _ in range(_SWEEPS):
        middles = {key: placed.middle for key, placed in best.cards.items()}
        order = {
            key: (sum(middles[other] for other in near[key]) / len(near[key]) if near[key] else middles[key])
            for key in faces
        }
        best = paper.placed(order)
    return best


def _all_cards(zone: Zone) -> Iterator[tuple[int, Card]]:
    yield from zone.cards
    for inner in zone.zones:
        yield from _all_cards(inner)


def _heights(faces: Mapping[str, Face], links: Sequence[Link]) -> dict[str, float]:
    """Of each card: as high as what is on it, and as its lines need at one side."""
    out: dict[str, set[tuple[str, ...] | None]] = defaultdict(set)
    for link in links:
        out[link.source].add(None if link.quiet else link.words)
    return {key: max(face.height, _PORT * (len(out[key]) + 1)) for key, face in faces.items()}


class _Paper:
    """The columns, which stay, while the order of the cards in them changes."""

    def __init__(
        self, zones: Sequence[Zone], faces: Mapping[str, Face], heights: Mapping[str, float], least_width: float
    ) -> None:
        self._zones = zones
        self._faces = faces
        self._heights = heights
        total: dict[int, float] = defaultdict(float)
        for zone in zones:
            own: dict[int, float] = defaultdict(float)
            for column, card in _all_cards(zone):
                own[column] += heights[card.key] + _GAP
            for column, needed in own.items():
                total[column] = max(total[column], needed)
        height = max(_LEAST_HEIGHT, 0.62 * sqrt(sum(total.values()) * (WIDTH + CHANNEL)))
        self._columns: dict[int, tuple[int, ...]] = {}
        count = 0
        for column in sorted(total):
            if column == WATCHING and SUPPORT in total and total[SUPPORT] + total[WATCHING] < height:
                self._columns[column] = self._columns[SUPPORT]
                continue
            wide = ceil(total[column] / height)
            self._columns[column] = tuple(range(count, count + wide))
            count += wide
        self._xs = tuple(MARGIN + _REACH["region"] + index * (WIDTH + CHANNEL) for index in range(count))
        self._width = max(self._xs[-1] + WIDTH + _REACH["region"] + MARGIN, least_width) if count else least_width

    def placed(self, order: Mapping[str, float]) -> Layout:
        self._cards: dict[str, PlacedCard] = {}
        self._boxes: list[PlacedBox] = []
        bottoms = dict.fromkeys(range(len(self._xs)), HEADER)
        for zone in self._zones:
            self._place(zone, self._reach(zone), bottoms, order)
        self._centre_outside(order)
        height = max((bottom for bottom in bottoms.values()), default=HEADER) + MARGIN
        return Layout(self._cards, tuple(self._boxes), self._xs, self._width, height)

    def _reach(self, zone: Zone) -> tuple[int, ...]:
        """The columns on the paper that a box reaches over."""
        return tuple(
            dict.fromkeys(index for column in sorted(zone.columns()) for index in self._columns.get(column, ()))
        )

    def _place(self, zone: Zone, reach: tuple[int, ...], bottoms: dict[int, float], order: Mapping[str, float]) -> None:
        top = max(bottoms[index] for index in reach) + (_BETWEEN if zone.title else 0)
        at = len(self._boxes)
        for index in reach:
            bottoms[index] = top + (_TITLE if zone.title else 0) - (_BETWEEN - 8 if zone.zones else 0)
        if zone.kind == "region":
            self._centre(zone, reach, bottoms, order)
        for inner in zone.zones:
            self._place(inner, self._reach(inner), bottoms, order)
        for index, card in self._ordered(zone, reach, bottoms, order):
            height = self._heights[card.key]
            placed = PlacedCard(card, self._faces[card.key], index, self._xs[index], bottoms[index], height)
            self._cards[card.key] = placed
            bottoms[index] = placed.bottom + _GAP
        bottom = max(bottoms[index] for index in reach)
        if zone.title:
            bottom += (0 if zone.zones else 12 - _GAP) + (12 if zone.zones else 0)
            self._boxes.insert(at, self._box(zone, reach, top, bottom))
        for index in reach:
            bottoms[index] = bottom

    def _centre(
        self, zone: Zone, reach: tuple[int, ...], bottoms: dict[int, float], order: Mapping[str, float]
    ) -> None:
        """Begin short columns lower, so that what stands in them is beside what it has to do with."""
        if any(inner.kind == "network" for inner in zone.zones):
            return
        tried, cards, boxes = dict(bottoms), dict(self._cards), list(self._boxes)
        for inner in zone.zones:
            self._place(inner, self._reach(inner), tried, order)
        self._cards, self._boxes = cards, boxes
        longest = max(tried[index] for index in reach)
        for column in (ENTRY, DATA):
            for index in self._columns.get(column, ()):
                bottoms[index] += (longest - tried[index]) / 2

    def _ordered(
        self, zone: Zone, reach: tuple[int, ...], bottoms: Mapping[int, float], order: Mapping[str, float]
    ) -> Iterator[tuple[int, Card]]:
        """The cards of a zone with the column each goes to: subnets first, as their names go."""
        filled = dict(bottoms)
        for column, card in sorted(zone.cards, key=lambda item: _rank(item[1], order)):
            may = reach if zone.spread or len(reach) == 1 else self._columns[column]
            index = min((each for each in may if each in reach), key=lambda each: (filled[each], each))
            filled[index] += self._heights[card.key] + _GAP
            yield index, card

    def _box(self, zone: Zone, reach: tuple[int, ...], top: float, bottom: float) -> PlacedBox:
        out = _REACH[zone.kind]
        x, right = self._xs[reach[0]] - out, self._xs[reach[-1]] + WIDTH + out
        title = fitted(zone.title, right - x - 24, 11, bold=True)
        return PlacedBox(title, zone.kind, x, top, right - x, bottom - top)

    def _centre_outside(self, order: Mapping[str, float]) -> None:
        """The world outside stands at the height of what it reaches; nothing else is in its column."""
        placed = self._cards.get(INTERNET)
        if placed is not None:
            y = max(HEADER + _BETWEEN + _TITLE, order[INTERNET] - placed.height / 2)
            self._cards[INTERNET] = PlacedCard(placed.card, placed.face, placed.column, placed.x, y, placed.height)


def _rank(card: Card, order: Mapping[str, float]) -> tuple[bool, float, str]:
    subnet = card.node is not None and card.node.type == "aws_subnet"
    return (not subnet, 0.0 if subnet else order[card.key], card.key)
