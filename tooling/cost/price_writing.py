"""New figures into ``prices.yaml``: whole lines of regions are replaced, comments and order stay."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from tooling.cost.price_file import Entry, read_entries
from tooling.cost.prices import Tier


@dataclass(frozen=True)
class NewFigure:
    """A figure of AWS's price list for one region's line.

    Attributes:
        entry: The price that it is for.
        region: Or :data:`~tooling.cost.prices.GLOBAL`.
        sku: Product that has it.
        as_of: Date of the price list.
    """

    entry: Entry
    region: str
    tiers: tuple[Tier, ...]
    sku: str
    as_of: date


def write_figures(path: Path, figures: Iterable[NewFigure]) -> None:
    """Replace the table, at once and only by one that reads well.

    Raises:
        ToolError: What would be written cannot be read back (nothing is written then).
    """
    text = with_figures(path.read_text(encoding="utf-8"), tuple(figures))
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        read_entries(temporary)
        temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def with_figures(text: str, figures: Sequence[NewFigure]) -> str:
    """The table's text with other figures; lines of regions that are new come after the entry's others."""
    lines = text.splitlines(keepends=True)
    for figure in sorted(figures, key=_last_line, reverse=True):
        old = figure.entry.regions.get(figure.region)
        if old is None:
            lines.insert(_last_line(figure) + 1, _line(figure))
        else:
            lines[old.first : old.last + 1] = [_line(figure)]
    return "".join(lines)


def plain(number: Decimal) -> str:
    """A number without exponent and trailing zeros.

    >>> plain(Decimal("1E-7")), plain(Decimal("0.4000")), plain(Decimal("1E+6"))
    ('0.0000001', '0.4', '1000000')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _last_line(figure: NewFigure) -> int:
    own = figure.entry.regions.get(figure.region)
    return own.last if own else max(each.last for each in figure.entry.regions.values())


def _line(figure: NewFigure) -> str:
    if len(figure.tiers) == 1:
        prices = f"usd: {plain(figure.tiers[0].usd)}"
    else:
        prices = f"tiers: [{', '.join(_tier(tier) for tier in figure.tiers)}]"
    return f"  {figure.region}: {{{prices}, as_of: {figure.as_of}, confirmed: true, sku: {figure.sku}}}\n"


def _tier(tier: Tier) -> str:
    upto = "" if tier.up_to is None else f"up_to: {plain(tier.up_to)}, "
    return f"{{{upto}usd: {plain(tier.usd)}}}"
