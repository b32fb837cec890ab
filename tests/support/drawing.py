"""Reading a drawing of the toolkit: what is in it, where it stands, and that nothing lies over anything else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

from tooling.diagram.text import width_of

_SVG = "{http://www.w3.org/2000/svg}"
# Less than this apart counts as the same place.
_NEAR = 0.2


@dataclass(frozen=True)
class Rectangle:
    left: float
    top: float
    right: float
    bottom: float

    def overlaps(self, other: Rectangle) -> bool:
        return (
            self.left < other.right - _NEAR
            and other.left < self.right - _NEAR
            and self.top < other.bottom - _NEAR
            and other.top < self.bottom - _NEAR
        )

    def holds(self, other: Rectangle) -> bool:
        return (
            self.left - _NEAR <= other.left
            and other.right <= self.right + _NEAR
            and self.top - _NEAR <= other.top
            and other.bottom <= self.bottom + _NEAR
        )


@dataclass(frozen=True)
class Text:
    """A text and the room it takes, wherever a browser finds a font as wide as its width table says."""

    text: str
    room: Rectangle


@dataclass(frozen=True)
class DrawnCard:
    """A card.

    Attributes:
        key: What lines call it.
        address: Of its resource; None for one of many alike.
        label: What a screen reader says.
        room: Where it stands.
        texts, marks: What is on it; marks with the address of their resource.
        classes: How it looks.
    """

    key: str
    address: str | None
    label: str
    room: Rectangle
    texts: tuple[Text, ...]
    marks: tuple[tuple[str, Rectangle], ...]
    classes: frozenset[str]


@dataclass(frozen=True)
class Drawing:
    """An SVG of ``tooling.diagram.draw``."""

    svg: str
    root: ElementTree.Element = field(repr=False)

    @cached_property
    def cards(self) -> Mapping[str, DrawnCard]:
        return {card.key: card for card in map(_card, self._with("data-card"))}

    @cached_property
    def boxes(self) -> tuple[Rectangle, ...]:
        return tuple(_room(rect) for box in self._of_class("box") for rect in box.iter(f"{_SVG}rect"))

    @property
    def titles(self) -> list[str]:
        """What stands above boxes."""
        return [text.text or "" for box in self._of_class("box") for text in box.iter(f"{_SVG}text")]

    @property
    def header(self) -> list[Text]:
        """What stands above everything."""
        above = [*self._of_class("heading"), *self._of_class("summary")]
        above += [text for legend in self._of_class("legend") for text in legend.iter(f"{_SVG}text")]
        return [_text(element, 0, 0) for element in above]

    @property
    def resources(self) -> Counter[str]:
        """How often each address is drawn."""
        return Counter(element.attrib["data-address"] for element in self._with("data-address"))

    @property
    def actions(self) -> dict[str, str]:
        return {element.attrib["data-address"]: element.attrib["data-action"] for element in self._with("data-address")}

    @property
    def lines(self) -> dict[tuple[str, str], str]:
        """From card to card: the title of the line."""
        return {
            (line.attrib["data-from"], line.attrib["data-to"]): line.findtext(f"{_SVG}title") or ""
            for line in self._with("data-from")
        }

    @property
    def loud(self) -> set[tuple[str, str]]:
        """The lines that are not faint."""
        return {
            (line.attrib["data-from"], line.attrib["data-to"])
            for line in self._with("data-from")
            if "quiet" not in line.attrib["class"].split()
        }

    @property
    def paper(self) -> Rectangle:
        _, _, width, height = (float(number) for number in self.root.attrib["viewBox"].split())
        return Rectangle(0, 0, width, height)

    def card_of(self, address: str) -> DrawnCard:
        """The card that a resource is drawn in."""
        (found,) = [card for card in self.cards.values() if address == card.address or address in dict(card.marks)]
        return found

    def _with(self, attribute: str) -> list[ElementTree.Element]:
        return [element for element in self.root.iter() if attribute in element.attrib]

    def _of_class(self, name: str) -> Iterator[ElementTree.Element]:
        return (element for element in self.root.iter() if name in element.attrib.get("class", "").split())


def read_drawing(svg: str) -> Drawing:
    return Drawing(svg, ElementTree.fromstring(svg))


def managed(plan: Mapping[str, Any]) -> Counter[str]:
    """How often a plan names each managed resource: once, and once more for each object left behind."""
    return Counter(change["address"] for change in plan["resource_changes"] if change["mode"] == "managed")


def assert_readable(drawing: Drawing) -> None:
    """That cards lie apart and on the paper, what is on them inside, boxes around or apart, and lines have ends."""
    cards = sorted(drawing.cards.values(), key=lambda card: card.room.top)
    assert cards
    for index, card in enumerate(cards):
        assert drawing.paper.holds(card.room), card.key
        for other in cards[index + 1 :]:
            if other.room.top >= card.room.bottom:
                break
            assert not card.room.overlaps(other.room), (card.key, other.key)
        for text in card.texts:
            assert card.room.holds(text.room), (card.key, text)
        pieces = [*(text.room for text in card.texts), *(room for _, room in card.marks)]
        for at, piece in enumerate(pieces):
            assert card.room.holds(piece), (card.key, piece)
            assert not any(piece.overlaps(other) for other in pieces[at + 1 :]), (card.key, piece)
    for text in drawing.header:
        assert drawing.paper.holds(text.room), text
    for box in drawing.boxes:
        assert drawing.paper.holds(box)
        for room in (*drawing.boxes, *(card.room for card in cards)):
            assert not box.overlaps(room) or box.holds(room) or room.holds(box), (box, room)
    assert {end for ends in drawing.lines for end in ends} <= set(drawing.cards)


def assert_no_line_through_a_card(routes: list[tuple[tuple[float, float], ...]], drawing: Drawing) -> None:
    """That the level pieces of lines, which cross columns, lie between the cards of these."""
    for points in routes:
        for (x, y), (to_x, to_y) in list(pairwise(points))[1:-1]:
            if y == to_y:
                piece = Rectangle(min(x, to_x), y - 0.5, max(x, to_x), y + 0.5)
                assert not any(piece.overlaps(card.room) for card in drawing.cards.values()), points


def _card(element: ElementTree.Element) -> DrawnCard:
    x, y = _moved(element)
    (face,) = [rect for rect in element.findall(f"{_SVG}rect") if rect.attrib["class"] == "face"]
    return DrawnCard(
        key=element.attrib["data-card"],
        address=element.attrib.get("data-address"),
        label=element.attrib["aria-label"],
        room=Rectangle(x, y, x + float(face.attrib["width"]), y + float(face.attrib["height"])),
        texts=tuple(_text(text, x, y) for text in element.findall(f"{_SVG}text")),
        marks=tuple(_mark(mark, x, y) for mark in element.findall(f"{_SVG}g") if "data-address" in mark.attrib),
        classes=frozenset(element.attrib["class"].split()),
    )


def _mark(element: ElementTree.Element, x: float, y: float) -> tuple[str, Rectangle]:
    (glyph,) = element.findall(f"{_SVG}g")
    left, top = _moved(glyph)
    size = 10 * float(glyph.attrib["transform"].partition("scale(")[2].rstrip(")"))
    return element.attrib["data-address"], Rectangle(x + left, y + top, x + left + size, y + top + size)


def _text(element: ElementTree.Element, x: float, y: float) -> Text:
    size, text = float(element.attrib["font-size"]), element.text or ""
    left, base = x + float(element.attrib["x"]), y + float(element.attrib["y"])
    width = width_of(text, size, bold=element.attrib.get("class") in ("name", "heading"))
    # Of Helvetica: capitals reach 0.72 of the size above the base line, tails 0.21 below it.
    return Text(text, Rectangle(left, base - 0.72 * size, left + width, base + 0.21 * size))


def _room(rect: ElementTree.Element) -> Rectangle:
    x, y = float(rect.attrib["x"]), float(rect.attrib["y"])
    return Rectangle(x, y, x + float(rect.attrib["width"]), y + float(rect.attrib["height"]))


def _moved(element: ElementTree.Element) -> tuple[float, float]:
    inside = element.attrib["transform"].partition("translate(")[2].partition(")")[0]
    x, y = inside.split()
    return float(x), float(y)
