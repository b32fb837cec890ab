"""Curves as pictures: plain SVG, both axes from nought, readable on white and on black."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 640, 320
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 130, 44, 46
_COLOURS = ("#2f81f7", "#d29922", "#3fb950")
_INK = "#768390"


@dataclass(frozen=True)
class Curve:
    """Values over sizes."""

    name: str
    points: Mapping[int, float]


def picture(title: str, over: str, curves: Sequence[Curve]) -> str:
    """An SVG of curves over the same sizes.

    Args:
        title: What is shown, with its unit.
        over: What the sizes count.
        curves: At most three.
    """
    most = max(max(curve.points) for curve in curves)
    top = nice(max(max(curve.points.values()) for curve in curves))

    def across(size: float) -> float:
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * size / most

    def up(value: float) -> float:
        return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * value / top

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="sans-serif" '
        f'font-size="12" fill="{_INK}">',
        f"<title>{escape(title)}</title>",
        f'<text x="{_LEFT}" y="22" font-size="15">{escape(title)}</text>',
    ]
    for quarter in range(5):
        value = top * quarter / 4
        parts.append(
            f'<path d="M{_LEFT} {up(value):.1f}H{_WIDTH - _RIGHT}" stroke="{_INK}" stroke-opacity=".3"/>'
            f'<text x="{_LEFT - 8}" y="{up(value) + 4:.1f}" text-anchor="end">{value:,.4g}</text>'
        )
    last = -1.0
    for size in sorted({size for curve in curves for size in curve.points}):
        if across(size) - last > 34:
            last = across(size)
            parts.append(f'<text x="{last:.1f}" y="{_HEIGHT - 24}" text-anchor="middle">{size:,}</text>')
    parts.append(f'<text x="{_WIDTH - _RIGHT}" y="{_HEIGHT - 8}" text-anchor="end">{escape(over)}</text>')
    for curve, colour in zip(curves, _COLOURS, strict=False):
        points = sorted(curve.points.items())
        line = " ".join(f"{across(size):.1f},{up(value):.1f}" for size, value in points)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{across(size):.1f}" cy="{up(value):.1f}" r="3" fill="{colour}"/>' for size, value in points
        ]
        name = f'x="{_WIDTH - _RIGHT + 10}" y="{up(points[-1][1]) + 4:.1f}" fill="{colour}"'
        parts.append(f"<text {name}>{escape(curve.name)}</text>")
    return "\n".join([*parts, "</svg>", ""])


def nice(value: float) -> float:
    """The next 1, 2, 4 or 8 times a power of ten: an axis that ends there has round quarters."""
    power = 10.0 ** (len(str(int(value))) - 1) if value >= 1 else 0.1
    return next((step * power for step in (1, 2, 4, 8, 10) if step * power >= value), 10 * power)
