"""The signs of what a plan does with a resource: each with a shape of its own, so that nobody needs the colour."""

from __future__ import annotations

#: In words, as people and screen readers get them.
WORDS = {
    "create": "created",
    "update": "changed",
    "replace": "replaced",
    "destroy": "destroyed",
    "forget": "no longer managed",
    "no-op": "not changed",
}

#: On a field of 10 by 10.
_OUTLINES = {
    "create": "M2 0H8Q10 0 10 2V8Q10 10 8 10H2Q0 10 0 8V2Q0 0 2 0Z",
    "update": "M5 0A5 5 0 0 1 5 10A5 5 0 0 1 5 0Z",
    "replace": "M5 -1L11 5L5 11L-1 5Z",
    "destroy": "M3 0H7L10 3V7L7 10H3L0 7V3Z",
    "forget": "M5 0.5A4.5 4.5 0 0 1 5 9.5A4.5 4.5 0 0 1 5 0.5Z",
    "no-op": "M1.5 1.5H8.5V8.5H1.5Z",
}
_SIGNS = {
    "create": "M5 2.2V7.8M2.2 5H7.8",
    "update": "M2.2 5.6Q3.6 3.4 5 5T7.8 4.4",
    "replace": "M5 1.8V6M2.9 3.9H7.1M2.9 7.8H7.1",
    "destroy": "M2.8 2.8L7.2 7.2M7.2 2.8L2.8 7.2",
    "forget": "M3.2 5H6.8",
    "no-op": "",
}


def glyph(action: str, x: float, y: float, size: float) -> str:
    """The sign of an action as SVG, its upper left corner at a point."""
    sign = f'<path class="sign" d="{_SIGNS[action]}"/>' if _SIGNS[action] else ""
    place = f"translate({x:.1f} {y:.1f}) scale({size / 10:.2f})"
    return f'<g class="glyph" transform="{place}"><path class="shape" d="{_OUTLINES[action]}"/>{sign}</g>'
