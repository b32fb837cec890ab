"""The architecture of a plan as a drawing: one SVG, made from the plan alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.diagram.cards import cards_of
from tooling.diagram.layout import laid_out
from tooling.diagram.links import links_of
from tooling.diagram.model import INTERNET
from tooling.diagram.reading import read
from tooling.diagram.routing import routed
from tooling.diagram.svg import drawn, header_width
from tooling.diagram.zones import zones_of

__all__ = ["draw"]


def draw(plan: Mapping[str, Any], *, title: str, prefix: str = "diagram", script: bool = True) -> str:
    """Draw a plan (the JSON of ``terraform show -json``, best with sensitive values masked).

    The same plan gives the same text, byte for byte. Every managed resource is one element with ``data-address``,
    ``data-type`` and ``data-action``.

    Args:
        plan: What is drawn; data sources are left out, what is destroyed is not.
        title: Stands above it (``prod/kefir``).
        prefix: Begins the ids in it; one of its own for each of several drawings of a page.
        script: Add what lets people zoom, move and follow lines; without it the drawing only stands there.
    """
    reading = read(plan)
    cards = cards_of(reading)
    links = links_of(reading, cards)
    zones = zones_of(reading, cards, open_to_all=any(link.source == INTERNET for link in links))
    layout = laid_out(zones, links, least_width=header_width(title, tuple(reading.nodes.values())))
    routes, labels = routed(layout, links)
    return drawn(layout, routes, labels, title=title, prefix=prefix, script=script)
