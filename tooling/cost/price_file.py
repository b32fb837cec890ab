"""``prices.yaml`` read strictly: every complaint names file and line, and no figure comes without its date.

An entry::

    nat_gateway.hour:
      unit: hour
      source: https://aws.amazon.com/vpc/pricing/
      query: {service: AmazonEC2, usagetype: NatGateway-Hours, productFamily: NAT Gateway}
      us-east-1: {usd: 0.045, as_of: 2024-06-01, confirmed: true, read_in: infracost}
      us-west-2: {usd: null, why: "what is known about it"}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from pathlib import Path

import yaml

from tooling.cost.prices import GLOBAL, Missing, Price, Tier
from tooling.gate import yamlfile
from tooling.gate.yamlfile import Text, bad

#: Key of the file that names the sources which ``read_in`` refers to; all other keys are prices.
SOURCES = "sources"

_ID = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-\d|global")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXTS = ("unit", "per", "note", "source", "by_hand")
_FIGURE = ("usd", "tiers", "as_of", "confirmed", "read_in", "sku", "free", "why")


@dataclass(frozen=True)
class Query:
    """How AWS's price list is asked for a price.

    Attributes:
        service: Service code, as ``AmazonEC2``.
        usagetype: Usage type without the region's prefix (``USW2-``), which AWS adds in most regions; ``a|b`` where
            regions name it differently.
        filters: Attributes that the product has, by name.
        units: Units of ours in one of AWS's: 1,024 where AWS has GiB/s and the table MB/s.
        api_unit: AWS's name of the unit where it is not one of the usual names.
    """

    service: str
    usagetype: str
    filters: Mapping[str, str]
    units: int = 1
    api_unit: str = ""


@dataclass(frozen=True)
class Figure:
    """One region's line of an entry.

    Attributes:
        tiers: Empty when nobody knows the price.
        first, last: Lines of the file that it stands on, from 0.
    """

    tiers: tuple[Tier, ...]
    as_of: date | None
    confirmed: bool
    why: str
    first: int
    last: int


@dataclass(frozen=True)
class Entry:
    """One price with all that the table says about it."""

    id: str
    unit: str
    per: int
    note: str
    source: str
    query: Query | None
    by_hand: str
    regions: Mapping[str, Figure]
    where: str

    def figures(self) -> dict[str, Price | Missing]:
        """By region, as estimates need them."""
        return {region: self._figure(figure) for region, figure in self.regions.items()}

    def _figure(self, figure: Figure) -> Price | Missing:
        if not figure.tiers or figure.as_of is None:
            return Missing(self.id, figure.why)
        first = figure.tiers[0].usd
        about = (figure.tiers, self.source, figure.as_of, figure.confirmed, self.note)
        return Price(self.id, first, self.per, self.unit, *about)


def read_entries(path: Path) -> tuple[Entry, ...]:
    """All entries, in the file's order.

    Raises:
        ToolError: The file is missing or malformed (exit code 2, file and line).
    """
    node = yamlfile.compose(path)
    if node is None:
        raise bad("has no prices", str(path))
    entries: list[Entry] = []
    sources: frozenset[str] = frozenset()
    for key, value in yamlfile.mapping(node, path):
        if key.value == SOURCES:
            sources = frozenset(name.value for name, _ in yamlfile.mapping(value, path))
        elif not _ID.fullmatch(key.value):
            raise bad(f"'{key.value}' is no price id", key.where, "write it as nat_gateway.hour")
        else:
            entries.append(_entry(key, value, path, sources))
    return tuple(entries)


def _entry(key: Text, node: yaml.Node, path: Path, sources: frozenset[str]) -> Entry:
    texts: dict[str, Text] = {}
    regions: dict[str, Figure] = {}
    query: Query | None = None
    for field, value in yamlfile.mapping(node, path):
        if field.value in _TEXTS:
            texts[field.value] = yamlfile.scalar(value, path)
        elif field.value == "query":
            query = _query(value, path)
        elif _REGION.fullmatch(field.value):
            regions[field.value] = _figure(value, path, sources)
        else:
            known = ", ".join((*_TEXTS, "query", "a region"))
            raise bad(f"a price has no field '{field.value}'", field.where, f"known are {known}")
    for name in ("unit", "source"):
        if name not in texts or not texts[name].value:
            raise bad(f"{key.value} lacks '{name}'", key.where)
    if (query is None) == ("by_hand" not in texts):
        hint = "query: how AWS's price list is asked; by_hand: why it cannot be"
        raise bad(f"{key.value} needs either 'query' or 'by_hand'", key.where, hint)
    if not regions or (GLOBAL in regions and len(regions) > 1):
        raise bad(f"{key.value} has figures of regions, or one that is global", key.where)
    if not texts["source"].value.startswith("https://"):
        raise bad("'source' is no https address", texts["source"].where)
    return Entry(
        id=key.value,
        unit=texts["unit"].value,
        per=_whole(texts["per"]) if "per" in texts else 1,
        note=texts["note"].value if "note" in texts else "",
        source=texts["source"].value,
        query=query,
        by_hand=texts["by_hand"].value if "by_hand" in texts else "",
        regions=regions,
        where=key.where,
    )


def _figure(node: yaml.Node, path: Path, sources: frozenset[str]) -> Figure:
    where = yamlfile.line_of(node, path)
    texts: dict[str, Text] = {}
    tiers: tuple[Tier, ...] | None = None
    for field, value in yamlfile.mapping(node, path):
        if field.value not in _FIGURE:
            raise bad(f"a figure has no field '{field.value}'", field.where, f"known are {', '.join(_FIGURE)}")
        if field.value == "tiers":
            tiers = tuple(_tier(item, path) for item in yamlfile.sequence(value, path))
        else:
            texts[field.value] = yamlfile.scalar(value, path)
    if (tiers is None) == ("usd" not in texts):
        raise bad("a figure has either 'usd' or 'tiers'", where)
    first, last = node.start_mark.line, node.end_mark.line
    if tiers is None:
        if texts["usd"].value == "null":
            if not texts.get("why", Text("", where)).value:
                raise bad("a price that nobody knows says 'why'", where)
            return Figure((), None, False, texts["why"].value, first, last)
        tiers = (Tier(None, _number(texts["usd"])),)
    _check_tiers(tiers, where, free=texts.get("free", Text("false", where)).value == "true")
    if "as_of" not in texts:
        raise bad("the figure has no date", where, "as_of: 2026-11-30")
    confirmed = texts.get("confirmed", Text("", where)).value
    if confirmed not in ("true", "false"):
        raise bad("'confirmed' is neither true nor false", where)
    if (confirmed == "true") != bool({"read_in", "sku"} & texts.keys()):
        raise bad("a confirmed figure, and only that, says where it was read: 'read_in' or 'sku'", where)
    if "read_in" in texts and texts["read_in"].value not in sources:
        raise bad(f"'{texts['read_in'].value}' is not among the sources", texts["read_in"].where)
    return Figure(tiers, _date(texts["as_of"]), confirmed == "true", "", first, last)


def _tier(node: yaml.Node, path: Path) -> Tier:
    texts = {field.value: yamlfile.scalar(value, path) for field, value in yamlfile.mapping(node, path)}
    if not {"usd"} <= texts.keys() <= {"usd", "up_to"}:
        raise bad("a tier has 'usd' and 'up_to', the last one 'usd' alone", yamlfile.line_of(node, path))
    return Tier(_number(texts["up_to"]) if "up_to" in texts else None, _number(texts["usd"]))


def _check_tiers(tiers: tuple[Tier, ...], where: str, *, free: bool) -> None:
    ends = [tier.up_to for tier in tiers[:-1] if tier.up_to is not None]
    rising = all(end < following for end, following in pairwise([Decimal(0), *ends]))
    if len(ends) != len(tiers) - 1 or tiers[-1].up_to is not None or not rising:
        raise bad("tiers rise, and only the last has no 'up_to'", where)
    for tier in tiers:
        if tier.usd < 0 or (tier.usd == 0) != free:
            hint = "free: true for what costs nothing; usd: null for what nobody knows"
            raise bad(f"a price of {tier.usd}", where, hint)


def _query(node: yaml.Node, path: Path) -> Query:
    texts = {field.value: yamlfile.scalar(value, path) for field, value in yamlfile.mapping(node, path)}
    for name in ("service", "usagetype"):
        if name not in texts:
            raise bad(f"the query lacks '{name}'", yamlfile.line_of(node, path))
    own = ("service", "usagetype", "units", "api_unit")
    return Query(
        service=texts["service"].value,
        usagetype=texts["usagetype"].value,
        filters={name: text.value for name, text in texts.items() if name not in own},
        units=_whole(texts["units"]) if "units" in texts else 1,
        api_unit=texts["api_unit"].value if "api_unit" in texts else "",
    )


def _number(text: Text) -> Decimal:
    try:
        number = Decimal(text.value)
    except InvalidOperation as error:
        raise bad(f"'{text.value}' is no number", text.where) from error
    if not number.is_finite():
        raise bad(f"'{text.value}' is no number", text.where)
    return number


def _whole(text: Text) -> int:
    if not re.fullmatch(r"[1-9]\d*", text.value):
        raise bad(f"'{text.value}' is no whole number above 0", text.where)
    return int(text.value)


def _date(text: Text) -> date:
    try:
        if _DATE.fullmatch(text.value):
            return date.fromisoformat(text.value)
    except ValueError as error:
        raise bad(f"'{text.value}' is not a date", text.where, "write it as 2026-11-30") from error
    raise bad(f"'{text.value}' is not a date", text.where, "write it as 2026-11-30")
