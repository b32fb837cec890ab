"""What is written on a card, and where on it: so its height, and that nothing sticks out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tooling.diagram.model import Card, Node
from tooling.diagram.text import fitted, width_of

WIDTH = 212.0
MARK = 9.0
_LEFT, _RIGHT = 13.0, 9.0
_BADGE = 18.0
_ROW = 15.0
_MARK_GAP = 2.5
_GROUP_GAP = 6.0
_LABEL = 9.0


@dataclass(frozen=True)
class Line:
    """A text on a card.

    Attributes:
        x, y: Where it begins, and its base line; from the card's corner.
        text: Shortened to the room there is.
        size: In pixels.
        style: Class of the drawing.
    """

    x: float
    y: float
    text: str
    size: float
    style: str

    @property
    def bold(self) -> bool:
        return self.style == "name"

    @property
    def width(self) -> float:
        return width_of(self.text, self.size, bold=self.bold)


@dataclass(frozen=True)
class Mark:
    """A resource that belongs to the card; ``x`` and ``y`` of its upper left corner."""

    x: float
    y: float
    node: Node


@dataclass(frozen=True)
class Face:
    """A card's contents, and its height without more room for lines that end at it."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    height: float


def face_of(card: Card) -> Face:
    """Set the texts of a card, then its marks in rows."""
    room = WIDTH - _LEFT - _RIGHT
    lines = [
        Line(_LEFT, 16, fitted(card.kind, room - _BADGE, 10), 10, "kind"),
        Line(_LEFT, 31, fitted(card.name, room, 12.5, bold=True), 12.5, "name"),
    ]
    bottom = 31.0
    if card.facts:
        bottom += 13
        lines.append(Line(_LEFT, bottom, fitted(card.facts, room, 10), 10, "facts"))
    marks: list[Mark] = []
    if card.marks:
        bottom += 6
        for item in _rows(card, bottom, room):
            if isinstance(item, Line):
                lines.append(item)
                bottom = max(bottom, item.y + 3)
            else:
                marks.append(item)
                bottom = max(bottom, item.y + MARK)
    return Face(tuple(lines), tuple(marks), bottom + 9)


def _rows(card: Card, top: float, room: float) -> Iterator[Line | Mark]:
    """Label and marks of each group after each other, in as many rows as they need."""
    x, y = 0.0, top
    for label, nodes in card.marks:
        text = fitted(label, room * 0.6, _LABEL)
        labelled = width_of(text, _LABEL) + 4
        whole = labelled + len(nodes) * (MARK + _MARK_GAP)
        if x > 0 and x + whole > room:
            x, y = 0.0, y + _ROW
        yield Line(_LEFT + x, y + MARK - 1, text, _LABEL, "label")
        x += labelled
        start = x if whole > room else 0.0
        for node in nodes:
            if x + MARK > room:
                x, y = min(start, room / 2), y + MARK + _MARK_GAP
            yield Mark(_LEFT + x, y, node)
            x += MARK + _MARK_GAP
        x += _GROUP_GAP
