"""The drawing itself: one SVG that needs nothing else, with its colours and the little script for zoom and focus."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape as _escape

from tooling.diagram.face import MARK, WIDTH, Line, Mark
from tooling.diagram.layout import MARGIN, Layout, PlacedBox, PlacedCard
from tooling.diagram.model import ACTIONS, INTERNET, Link, Node
from tooling.diagram.routing import LABEL, Label, Route
from tooling.diagram.shapes import WORDS, glyph
from tooling.diagram.text import width_of

#: Room for the buttons, with some air.
_TOOLS = 108.0


def drawn(
    layout: Layout, routes: Sequence[Route], labels: Sequence[Label], *, title: str, prefix: str, script: bool
) -> str:
    """Put everything into one text."""
    nodes = [node for placed in layout.cards.values() for node in placed.card.nodes]
    summary = summary_of(nodes)
    size = f"{layout.width:.0f} {layout.height:.0f}"
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="groundplan-diagram" data-diagram="{text(prefix)}" '
            f'role="graphics-document" aria-roledescription="architecture diagram" '
            f'aria-labelledby="{text(prefix)}-title {text(prefix)}-desc" viewBox="0 0 {size}" '
            f'width="{layout.width:.0f}" height="{layout.height:.0f}">\n',
            f'<title id="{text(prefix)}-title">{text(title)}</title>\n',
            f'<desc id="{text(prefix)}-desc">{text(summary)}. Boxes are networks and parts; lines go along the data; '
            "what is faint is support.</desc>\n",
            f"<style>{_resource('diagram.css')}</style>\n",
            f'<rect class="paper" width="{layout.width:.0f}" height="{layout.height:.0f}"/>\n',
            *_header(title, summary, nodes),
            *(_box(box) for box in layout.boxes),
            '<g class="lines">\n',
            *(_line(route, layout) for route in sorted(routes, key=lambda route: not route.link.quiet)),
            "</g>\n",
            *(_card(placed, routes, layout) for _, placed in sorted(layout.cards.items())),
            '<g class="words" aria-hidden="true">\n',
            *(_words(label) for label in labels),
            "</g>\n",
            _tools(layout) if script else "",
            f"<script>{_resource('diagram.js')}</script>\n" if script else "",
            "</svg>\n",
        )
    )


def summary_of(nodes: Sequence[Node]) -> str:
    """How many resources there are, and what becomes of them."""
    counts = Counter(node.action for node in nodes)
    parts = ", ".join(f"{counts[action]} {WORDS[action]}" for action in ACTIONS if counts[action])
    return f"{len(nodes)} resources: {parts}" if parts else "no resources"


def header_width(title: str, nodes: Sequence[Node]) -> float:
    """How wide the paper has to be for what stands above the drawing, with its buttons beside the title."""
    legend = sum(34 + width_of(WORDS[action], 11) for action in {node.action for node in nodes})
    heading = width_of(title, 19, bold=True) + _TOOLS
    return 2 * MARGIN + max(heading, width_of(summary_of(nodes), 12), legend)


def text(value: str) -> str:
    """Made harmless for a text or an attribute; what XML cannot hold becomes a question mark."""
    clean = value if value.isprintable() else "".join(char if char.isprintable() else "?" for char in value)
    return _escape(clean, {'"': "&quot;", "'": "&#39;"})


@cache
def _resource(name: str) -> str:
    """A file beside this one, so that it may stand in XML and, drawn into a page, in HTML."""
    return _escape((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _header(title: str, summary: str, nodes: Iterable[Node]) -> Iterator[str]:
    yield f'<text class="heading" x="{MARGIN:.0f}" y="38" font-size="19">{text(title)}</text>\n'
    yield f'<text class="summary" x="{MARGIN:.0f}" y="58" font-size="12">{text(summary)}</text>\n'
    x = MARGIN
    present = {node.action for node in nodes}
    for action in ACTIONS:
        if action in present:
            yield f'<g class="legend a-{action}">{glyph(action, x, 67, 10)}'
            yield f'<text x="{x + 15:.0f}" y="76" font-size="11">{WORDS[action]}</text></g>\n'
            x += 34 + width_of(WORDS[action], 11)


def _box(box: PlacedBox) -> str:
    return (
        f'<g class="box {box.kind}"><rect x="{box.x:.1f}" y="{box.y:.1f}" width="{box.width:.1f}" '
        f'height="{box.height:.1f}" rx="8"/>'
        f'<text x="{box.x + 12:.1f}" y="{box.y + 17:.1f}" font-size="11">{text(box.title)}</text></g>\n'
    )


def _line(route: Route, layout: Layout) -> str:
    link = route.link
    source, target = layout.cards[link.source].card, layout.cards[link.target].card
    quiet = " quiet" if link.quiet else ""
    going = " going" if any(card.node and card.node.action == "destroy" for card in (source, target)) else ""
    says = f": {', '.join(link.words)}" if link.words else ""
    title = f"{source.kind} {source.name} → {target.kind} {target.name}{says}"
    return (
        f'<g class="line{quiet}{going}" data-from="{text(link.source)}" data-to="{text(link.target)}">'
        f'<title>{text(title)}</title><path class="reach" d="{route.path}"/><path class="way" d="{route.path}"/></g>\n'
    )


def _words(label: Label) -> str:
    return (
        f'<text data-of="{text(label.source)}" x="{label.x:.1f}" '
        f'y="{label.y:.1f}" font-size="{LABEL:g}">{text(label.text)}</text>\n'
    )


def _card(placed: PlacedCard, routes: Sequence[Route], layout: Layout) -> str:
    card, node = placed.card, placed.card.node
    own = _attributes(node) if node else ""
    action = node.action if node else _of_all(card.nodes)
    if card.key == INTERNET:
        action = "no-op"
    label = _label(placed, [route.link for route in routes], layout) if card.key != INTERNET else "the internet"
    badge = glyph(action, WIDTH - 20, 7, 12) if node else ""
    return (
        f'<g class="card p-{card.part} a-{action}{"" if node else " many"}" tabindex="0" role="graphics-symbol" '
        f'aria-roledescription="card" aria-label="{text(label)}" data-card="{text(card.key)}"{own} '
        f'transform="translate({placed.x:.1f} {placed.y:.1f})"><title>{text(label)}</title>'
        f'<rect class="face" width="{WIDTH:g}" height="{placed.height:.1f}" rx="6"/>'
        f'<rect class="part" width="5" height="{placed.height:.1f}" rx="2.5"/>'
        f"{''.join(_text(line) for line in placed.face.lines)}{badge}"
        f"{''.join(_mark(mark) for mark in placed.face.marks)}</g>\n"
    )


def _of_all(nodes: Sequence[Node]) -> str:
    actions = {node.action for node in nodes}
    return actions.pop() if len(actions) == 1 else "no-op"


def _attributes(node: Node) -> str:
    left = f' data-deposed="{text(node.deposed)}"' if node.deposed else ""
    return f' data-address="{text(node.address)}" data-type="{text(node.type)}" data-action="{node.action}"{left}'


def _text(line: Line) -> str:
    return (
        f'<text class="{line.style}" x="{line.x:.1f}" y="{line.y:.1f}" font-size="{line.size:g}" '
        f'textLength="{line.width:.1f}" lengthAdjust="spacingAndGlyphs">{text(line.text)}</text>'
    )


def _mark(mark: Mark) -> str:
    node = mark.node
    left = ", an object that a replacement left behind" if node.deposed else ""
    return (
        f'<g class="mark a-{node.action}" role="graphics-symbol" aria-roledescription="resource" '
        f'aria-label="{text(f"{node.type} {node.name}: {WORDS[node.action]}{left}")}"{_attributes(node)}>'
        f"<title>{text(f'{node.address}: {WORDS[node.action]}{left}')}</title>"
        f"{glyph(node.action, mark.x, mark.y, MARK)}</g>"
    )


def _label(placed: PlacedCard, links: Sequence[Link], layout: Layout) -> str:
    """What a screen reader says of a card: what it is, what becomes of it, what belongs to it, who uses it."""
    card = placed.card
    begin = f"{card.node.type} {card.node.name}: {WORDS[card.node.action]}" if card.node else _of_many(placed)
    attached = f", {card.attached} attachment{'s' * (card.attached != 1)}" if card.node and card.attached else ""
    users: dict[str, int] = defaultdict(int)
    for link in links:
        if link.target == card.key and not link.quiet and link.source != INTERNET:
            users[layout.cards[link.source].card.kind] += 1
    used = " and ".join(f"{count} {kind}{'s' * (count != 1)}" for kind, count in sorted(users.items()))
    address = f" ({card.node.address})" if card.node else ""
    return f"{begin}{attached}{f', used by {used}' if used else ''}{address}"


def _of_many(placed: PlacedCard) -> str:
    return f"{placed.card.kind}, {placed.card.name}: {summary_of(placed.card.nodes)}"


def _tools(layout: Layout) -> str:
    """Buttons for those without a wheel or a keyboard; the script shows them."""
    x = layout.width - MARGIN - _TOOLS + 12
    buttons = (("out", "−", "Zoom out"), ("in", "+", "Zoom in"), ("all", "⤢", "Show all"))
    return (
        '<g class="tools" style="display:none">'
        + "".join(
            f'<g class="tool" role="button" tabindex="0" data-tool="{tool}" aria-label="{name}" '
            f'transform="translate({x + index * 34:.0f} 20)"><title>{name}</title><rect width="28" height="28" rx="5"/>'
            f'<text x="14" y="19" font-size="15">{sign}</text></g>'
            for index, (tool, sign, name) in enumerate(buttons)
        )
        + "</g>\n"
    )
