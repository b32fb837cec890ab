"""``cost refresh`` as tests run it, and what it leaves behind."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from tooling.cli.cost_refresh import refresh as command
from tooling.cost.price_file import Entry, read_entries
from tooling.cost.prices import PriceTable, load_prices


def run(table: Path, *args: str) -> Result:
    """The command in this process; its errors come out as they are."""
    return CliRunner().invoke(command, ["--table", str(table), *args], catch_exceptions=False, standalone_mode=False)


def entry(table: Path, price_id: str) -> Entry:
    return next(each for each in read_entries(table) if each.id == price_id)


def reread(table: Path) -> PriceTable:
    load_prices.cache_clear()
    return load_prices(table)
