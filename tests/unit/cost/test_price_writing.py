"""New figures go into the table line by line; what would not read back is not written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.cost.conftest import TABLE
from tooling.cost.price_file import read_entries
from tooling.cost.price_writing import NewFigure, write_figures
from tooling.cost.prices import Tier
from tooling.errors import ToolError

DAY = date(2026, 11, 20)


def new(table: Path, price_id: str, region: str, usd: str, *, sku: str = "MADEUPSKU") -> NewFigure:
    entry = next(each for each in read_entries(table) if each.id == price_id)
    return NewFigure(entry, region, (Tier(None, Decimal(usd)),), sku, DAY)


def test_lines_that_are_added_and_lines_that_go_do_not_shift_one_another(table: Path) -> None:
    # GIVEN a figure over several lines, below one whose entry gets a region more
    table.write_text(
        TABLE.replace(
            "{tiers: [{up_to: 300000000, usd: 1}, {usd: 0.95}]",
            "{tiers: [{up_to: 300000000, usd: 1},\n    {usd: 0.95}]",
        )
    )
    figures = [
        new(table, "nat_gateway.hour", "eu-west-1", "0.048"),
        new(table, "nat_gateway.hour", "us-east-1", "0.046"),
        new(table, "api_gateway.http.request", "us-east-1", "1.10"),
        new(table, "route53.zone", "global", "0.55"),
    ]

    # WHEN
    write_figures(table, figures)

    # THEN
    held = {
        (entry.id, region): [str(tier.usd) for tier in figure.tiers]
        for entry in read_entries(table)
        for region, figure in entry.regions.items()
    }
    assert held == {
        ("nat_gateway.hour", "us-east-1"): ["0.046"],
        ("nat_gateway.hour", "us-west-2"): ["0.045"],
        ("nat_gateway.hour", "eu-west-1"): ["0.048"],
        ("api_gateway.http.request", "us-east-1"): ["1.1"],
        ("api_gateway.http.request", "us-west-2"): ["1", "0.90"],
        ("route53.zone", "global"): ["0.55"],
        ("fargate_spot.x86.vcpu_hour", "us-east-1"): [],
    }
    assert "  # the same in both\n" in table.read_text()


def test_a_table_that_would_not_read_back_is_not_written(table: Path) -> None:
    # GIVEN
    broken = new(table, "nat_gateway.hour", "us-east-1", "0.046", sku="}: {")

    # WHEN
    with pytest.raises(ToolError):
        write_figures(table, [broken])

    # THEN
    assert table.read_text() == TABLE
    assert [each.name for each in table.parent.iterdir()] == [table.name]


def test_the_table_keeps_who_may_read_it(table: Path) -> None:
    # GIVEN
    table.chmod(0o640)

    # WHEN
    write_figures(table, [new(table, "nat_gateway.hour", "us-east-1", "0.046")])

    # THEN
    assert table.stat().st_mode & 0o777 == 0o640
