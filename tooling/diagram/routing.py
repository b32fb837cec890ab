"""The way of each line: out at the side of a card, between the cards of other columns, in at the other's side."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tooling.diagram.face import WIDTH
from tooling.diagram.layout import CHANNEL, Layout, PlacedCard
from tooling.diagram.model import Link
from tooling.diagram.text import fitted, width_of

LABEL = 9.0
_CLEAR = 7.0
_ARROW = 5.0
_ROOM = CHANNEL - 40

Point = tuple[float, float]
Group = tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A line with its way.

    Attributes:
        link: What it stands for.
        path: As SVG draws it, its arrow included.
        points: Where it goes through, for tests: straight inside of columns, curved between.
    """

    link: Link
    path: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Label:
    """The words at the beginning of lines; ``x`` is where the text begins, ``y`` its base line."""

    x: float
    y: float
    text: str
    source: str


def routed(layout: Layout, links: Sequence[Link]) -> tuple[tuple[Route, ...], tuple[Label, ...]]:
    """The ways of all lines, and their words: once for all lines that leave a card with the same words."""
    router = _Router(layout, links)
    return tuple(router.routes()), tuple(router.labels())


class _Router:
    def __init__(self, layout: Layout, links: Sequence[Link]) -> None:
        self._layout = layout
        self._links = links
        self._blocked = _blocked(layout)
        self._busy: dict[tuple[str, int], int] = defaultdict(int)
        for link in links:
            source, target = layout.cards[link.source].column, layout.cards[link.target].column
            if source != target and not link.quiet:
                self._busy[link.source, 1 if source < target else -1] += 1
                self._busy[link.target, -1 if source < target else 1] += 1
        self._ports = self._all_ports()

    def labels(self) -> Iterator[Label]:
        seen = set()
        for link in self._links:
            side = self._sides(link)[0]
            key = (link.source, side, _leaving(link))
            if link.words and not link.quiet and key not in seen:
                seen.add(key)
                card = self._layout.cards[link.source]
                text = fitted(", ".join(link.words), _ROOM, LABEL)
                x = card.right + 5 if side > 0 else card.x - 5 - width_of(text, LABEL)
                yield Label(x, self._ports[key] - 3, text, link.source)

    def routes(self) -> Iterator[Route]:
        for link in self._links:
            out, into = self._sides(link)
            source, target = self._layout.cards[link.source], self._layout.cards[link.target]
            start = (source.right if out > 0 else source.x, self._ports[link.source, out, _leaving(link)])
            end = (target.right if into > 0 else target.x, self._ports[link.target, into, _arriving(link)])
            text = "" if link.quiet else fitted(", ".join(link.words), _ROOM, LABEL)
            stub = width_of(text, LABEL) + 9 if text else 6.0
            if source.column == target.column:
                points: tuple[Point, ...] = (start, end)
                path = _loop(start, end, (stub + 14) * out)
            else:
                points = (start, *self._between(source, target, end), end)
                path = _curve(points, stub * out, out)
            yield Route(link, f"{path}{_arrow(end, into)}", points)

    def _sides(self, link: Link) -> tuple[int, int]:
        """At which side a line leaves and comes in: 1 for the right one, -1 for the left one."""
        source, target = self._layout.cards[link.source], self._layout.cards[link.target]
        if source.column == target.column:
            right, left = (self._busy[link.source, side] + self._busy[link.target, side] for side in (1, -1))
            last = len(self._layout.columns) - 1
            outwards = source.column == 0 or (right <= left and source.column < last)
            return (1, 1) if outwards else (-1, -1)
        return (1, -1) if source.column < target.column else (-1, 1)

    def _all_ports(self) -> dict[tuple[str, int, Group], float]:
        """The height of each place where lines leave or come in, in the order of where they go."""
        others: dict[tuple[str, int], dict[Group, list[float]]] = defaultdict(lambda: defaultdict(list))
        for link in self._links:
            out, into = self._sides(link)
            cards = self._layout.cards
            others[link.source, out][_leaving(link)].append(cards[link.target].middle)
            others[link.target, into][_arriving(link)].append(cards[link.source].middle)
        ports = {}
        for (key, side), groups in others.items():
            card = self._layout.cards[key]
            ranked = sorted(groups, key=lambda group: (sum(groups[group]) / len(groups[group]), group))
            for index, group in enumerate(ranked, start=1):
                ports[key, side, group] = card.y + card.height * index / (len(ranked) + 1)
        return ports

    def _between(self, source: PlacedCard, target: PlacedCard, end: Point) -> Iterator[Point]:
        """Through the columns on the way, where no card is, as near as can be to the height of the end."""
        step = 1 if target.column > source.column else -1
        for column in range(source.column + step, target.column, step):
            y = self._free(column, end[1])
            left = self._layout.columns[column] - 4
            right = left + WIDTH + 8
            yield from ((left, y), (right, y)) if step > 0 else ((right, y), (left, y))

    def _free(self, column: int, wanted: float) -> float:
        """The height nearest to the wanted one where a column has no card."""
        blocked = self._blocked[column]
        at = bisect_right(blocked, (wanted, float("inf"))) - 1
        if at < 0 or wanted >= blocked[at][1]:
            return wanted
        top, bottom = blocked[at]
        return top if wanted - top < bottom - wanted else bottom


def _blocked(layout: Layout) -> Mapping[int, list[tuple[float, float]]]:
    """By column: from where to where there are cards, with a little air, from above to below."""
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for placed in sorted(layout.cards.values(), key=lambda each: each.y):
        spans = found[placed.column]
        top, bottom = placed.y - _CLEAR, placed.bottom + _CLEAR
        if spans and top <= spans[-1][1]:
            spans[-1] = (spans[-1][0], bottom)
        else:
            spans.append((top, bottom))
    return found


def _leaving(link: Link) -> Group:
    """Lines of one group leave a card at one place; what is quiet has no words there."""
    return ("out", "quiet") if link.quiet else ("out", *link.words)


def _arriving(link: Link) -> Group:
    return ("in", "quiet") if link.quiet else ("in",)


def _curve(points: Sequence[Point], stub: float, direction: int) -> str:
    """Straight past the words, then smoothly from point to point, level in each."""
    (x, y), *rest = points
    path = f"M{_n(x)} {_n(y)}h{_n(stub)}"
    x += stub
    for index, (to_x, to_y) in enumerate(rest):
        if index % 2 and abs(to_y - y) < 0.05:
            path += f"H{_n(to_x)}"
        else:
            bend = max(abs(to_x - x) / 2, 12.0) * direction
            path += f"C{_n(x + bend)} {_n(y)} {_n(to_x - bend)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"
        x, y = to_x, to_y
    return path


def _loop(start: Point, end: Point, out: float) -> str:
    """Out at one side and back in at the same, for two cards of one column."""
    (x, y), (to_x, to_y) = start, end
    return f"M{_n(x)} {_n(y)}C{_n(x + out)} {_n(y)} {_n(to_x + out)} {_n(to_y)} {_n(to_x)} {_n(to_y)}"


def _arrow(end: Point, side: int) -> str:
    x, y = end
    back = x + side * _ARROW
    return f"M{_n(back)} {_n(y - 3.5)}L{_n(x)} {_n(y)}L{_n(back)} {_n(y + 3.5)}"


def _n(value: float) -> str:
    """A number as short as it can be at a tenth of a pixel."""
    return f"{value:.1f}".removesuffix(".0")
