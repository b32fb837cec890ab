"""``prices.yaml``: what every figure has to have, that the table and its users agree, and AWS's own examples."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tooling.cost.amount import HOURS
from tooling.cost.keys import KEYS
from tooling.cost.price_file import Entry, read_entries
from tooling.cost.prices import FILE, GLOBAL, OLD_AFTER_DAYS, Missing, Price, load_prices, monthly
from tooling.errors import Exit, ToolError

EAST, WEST = "us-east-1", "us-west-2"
ENTRIES = {entry.id: entry for entry in read_entries(FILE)}
USERS = sorted((FILE.parent / "resources").glob("*.py"))
GB, MILLION = Decimal(1), 1_000_000


def figures() -> Iterator[tuple[Entry, str, Price]]:
    """Every figure that somebody knows."""
    for entry in ENTRIES.values():
        for region, figure in entry.figures().items():
            if isinstance(figure, Price):
                yield entry, region, figure


def asked_for() -> set[str]:
    """Patterns of the price ids that the resources' code names; what it puts in between stands as ``[^ ]+``."""
    found: set[str] = set()
    services = "|".join({re.escape(price_id.split(".")[0]) for price_id in ENTRIES})
    for path in USERS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else "[^ ]+" for p in node.values]
                text = "".join(parts)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner:
                if node.value in KEYS:
                    continue
                text = re.escape(node.value)
            else:
                continue
            if re.fullmatch(rf"(?:{services})(?:\\\.(?:[a-z0-9_]|\\\.|\[\^ \]\+)+)", text):
                found.add(text)
    return found


def price(price_id: str, region: str = EAST) -> Price:
    found = load_prices().usd(price_id, region)
    assert found is not None, load_prices().why_not(price_id, region)
    return found


def cost(price_id: str, quantity: Decimal | int) -> Decimal:
    """A month's dollars and cents."""
    return monthly(price(price_id), quantity).quantize(Decimal("0.01"))


def test_every_price_that_resources_ask_for_is_in_the_table_for_both_regions() -> None:
    patterns = asked_for()

    assert len(patterns) > 60
    for pattern in sorted(patterns):
        matching = [entry for entry in ENTRIES.values() if re.fullmatch(pattern, entry.id)]
        assert matching, f"no price for {pattern}"
        for entry in matching:
            assert entry.regions.keys() >= {EAST, WEST} or entry.regions.keys() == {GLOBAL}, entry.id


def test_every_price_of_the_table_is_asked_for() -> None:
    patterns = asked_for()

    assert [price_id for price_id in ENTRIES if not any(re.fullmatch(each, price_id) for each in patterns)] == []


def test_every_figure_has_a_page_of_aws_and_a_date_that_is_past() -> None:
    for entry, region, figure in figures():
        assert figure.source.startswith("https://aws.amazon.com/"), entry.where
        assert "pricing" in figure.source, entry.where
        assert date(2025, 1, 1) <= figure.as_of <= date.today(), f"{entry.id} {region}"


def test_what_nobody_knows_says_why_and_is_no_zero() -> None:
    missing = [
        (entry.id, figure)
        for entry in ENTRIES.values()
        for figure in entry.figures().values()
        if isinstance(figure, Missing)
    ]

    assert {price_id.split(".")[0] for price_id, _ in missing} <= {"sns"}
    assert all(len(figure.why) > 20 for _, figure in missing)
    assert all(tier.usd > 0 for _, _, figure in figures() for tier in figure.tiers)


def test_oregon_is_never_far_from_virginia() -> None:
    compared = 0
    for entry in ENTRIES.values():
        east, west = entry.figures().get(EAST), entry.figures().get(WEST)
        if isinstance(east, Price) and isinstance(west, Price):
            assert Decimal("0.8") * east.usd <= west.usd <= Decimal("1.5") * east.usd, entry.id
            compared += 1
    assert compared > 100


def test_two_zones_cost_about_twice_as_much_as_one() -> None:
    for entry, region, figure in figures():
        if ".single_az" in entry.id:
            both = price(entry.id.replace("single_az", "multi_az"), region)
            assert Decimal("1.95") <= both.usd / figure.usd <= Decimal("2.05"), entry.id


def test_most_figures_of_virginia_were_read_somewhere() -> None:
    read = [figure.confirmed for _, region, figure in figures() if region in (EAST, GLOBAL)]

    assert sum(read) / len(read) > 0.55


def test_a_nat_gateway_of_the_pricing_page_costs_what_the_page_says() -> None:
    # https://aws.amazon.com/vpc/pricing/: an hour and 1 GB through it are $0.045 each.
    assert monthly(price("nat_gateway.hour"), 1) + monthly(price("nat_gateway.gb"), 1) == Decimal("0.090")
    assert cost("nat_gateway.hour", HOURS) == Decimal("32.85")


def test_the_fargate_page_s_five_tasks_cost_what_the_page_says() -> None:
    # https://aws.amazon.com/fargate/pricing/, example 1: 5 tasks of 1 vCPU and 2 GB, 10 minutes a day, 30 days, x86.
    hours = Decimal(5 * 10 * 30) / 60

    assert cost("fargate.x86.vcpu_hour", hours) == Decimal("1.01")
    assert cost("fargate.x86.gb_hour", hours * 2) == Decimal("0.22")


def test_the_lambda_page_s_three_million_requests_cost_what_the_page_says() -> None:
    # https://aws.amazon.com/lambda/pricing/: 3 million requests of 120 ms at 1.5 GB on x86; all but the free tier's
    # 400,000 GB-seconds and a million requests.
    seconds = 3 * MILLION * Decimal("0.120") * Decimal("1.5") - 400_000

    assert cost("lambda.x86.gb_second", seconds) == Decimal("2.33")
    assert cost("lambda.request", 2 * MILLION) == Decimal("0.40")


def test_the_dynamodb_page_s_units_cost_what_the_page_says() -> None:
    # https://aws.amazon.com/dynamodb/pricing/on-demand/: $0.625 a million writes, $0.125 a million reads.
    assert cost("dynamodb.on_demand.write", 3 * MILLION) == Decimal("1.88")
    assert cost("dynamodb.on_demand.read", 8 * MILLION) == Decimal("1.00")


def test_a_quantity_over_several_tiers_pays_each_tier_its_price() -> None:
    # https://aws.amazon.com/api-gateway/pricing/: REST, 333 million at $3.50, 667 at $2.80, 19 billion at $2.38.
    assert cost("api_gateway.rest.request", 20_000 * MILLION) == Decimal("1165.50") + Decimal("1867.60") + Decimal(
        "45220"
    )
    assert cost("api_gateway.rest.request", 20_001 * MILLION) == Decimal("48253.10") + Decimal("1.51")
    assert cost("data_transfer.internet_out", 51_200 * GB) == Decimal("921.60") + Decimal("3481.60")
    assert cost("api_gateway.rest.request", 0) == 0


def test_a_quantity_below_zero_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="quantity of -1"):
        monthly(price("nat_gateway.hour"), -1)


def test_a_region_without_a_price_is_said_with_what_to_do() -> None:
    table = load_prices()

    assert table.usd("nat_gateway.hour", "eu-west-1") is None
    assert table.why_not("nat_gateway.hour", "eu-west-1") == (
        "no price for eu-west-1; groundplan cost refresh --region eu-west-1"
    )
    assert table.why_not("nat_gateway.day", EAST) == "the price table has no nat_gateway.day"
    assert table.why_not("sns.delivery.sms.us", EAST) == "differs by carrier and kind of number"
    assert table.why_not("nat_gateway.hour", EAST) == ""


def test_what_is_the_same_everywhere_needs_no_region() -> None:
    assert price("route53.zone", "eu-west-1") == price("route53.zone", WEST)
    assert price("cloudfront.data_out", "ap-southeast-2").usd == Decimal("0.085")


def test_old_figures_are_told_and_young_ones_are_not() -> None:
    table = load_prices()
    young = date.fromordinal(table.oldest.toordinal() + OLD_AFTER_DAYS)
    old = date.fromordinal(young.toordinal() + 1)

    assert table.age_warning(young) == ""
    warning = table.age_warning(old)
    assert f"older than {OLD_AFTER_DAYS} days, the oldest of {table.oldest}" in warning
    assert "groundplan cost refresh" in warning
    assert table.oldest <= table.newest


def test_the_table_is_read_fast() -> None:
    spent = []
    for _ in range(5):
        load_prices.cache_clear()
        began = time.process_time()
        load_prices()
        spent.append(time.process_time() - began)

    assert min(spent) < 0.05


GOOD = """\
sources:
  page: "a page"
nat_gateway.hour:
  unit: hour
  source: https://aws.amazon.com/vpc/pricing/
  query: {service: AmazonEC2, usagetype: NatGateway-Hours}
  us-east-1: {usd: 0.045, as_of: 2026-08-12, confirmed: true, read_in: page}
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("usd: 0.045", "usd: 0", 7, "a price of 0"),
        ("usd: 0.045", "usd: -0.045", 7, "a price of -0.045"),
        ("usd: 0.045", "usd: 4,5", 7, "a figure has no field '5'"),
        ("usd: 0.045", "usd: much", 7, "'much' is no number"),
        ("usd: 0.045", "usd: .nan", 7, "'.nan' is no number"),
        ("usd: 0.045", "usd: null", 7, "a price that nobody knows says 'why'"),
        ("usd: 0.045", "tiers: []", 7, "tiers rise"),
        ("usd: 0.045", "tiers: [{usd: 1}, {up_to: 5, usd: 2}]", 7, "tiers rise"),
        ("usd: 0.045", "tiers: [{up_to: 5, usd: 1}, {up_to: 3, usd: 1}, {usd: 2}]", 7, "tiers rise"),
        ("usd: 0.045", "tiers: [{up_to: 5, usd: 1}]", 7, "tiers rise"),
        ("usd: 0.045, ", "", 7, "a figure has either 'usd' or 'tiers'"),
        (", as_of: 2026-08-12", "", 7, "the figure has no date"),
        ("2026-08-12", "2026-13-12", 7, "'2026-13-12' is not a date"),
        ("2026-08-12", "August", 7, "'August' is not a date"),
        ("confirmed: true", "confirmed: perhaps", 7, "'confirmed' is neither true nor false"),
        ("confirmed: true", "confirmed: false", 7, "a confirmed figure, and only that, says where it was read"),
        (", read_in: page", "", 7, "a confirmed figure, and only that, says where it was read"),
        ("read_in: page", "read_in: rumour", 7, "'rumour' is not among the sources"),
        ("us-east-1:", "Virginia:", 7, "a price has no field 'Virginia'"),
        ("  us-east-1:", "  global:", 3, ""),
        ("nat_gateway.hour:", "Nat Gateway:", 3, "'Nat Gateway' is no price id"),
        ("  unit: hour\n", "", 3, "nat_gateway.hour lacks 'unit'"),
        ("https://aws", "http://aws", 5, "'source' is no https address"),
        ("  query: {service: AmazonEC2, usagetype: NatGateway-Hours}\n", "", 3, "needs either 'query' or 'by_hand'"),
        ("usagetype: NatGateway-Hours", "operation: NatGateway", 6, "the query lacks 'usagetype'"),
        ("  unit: hour\n", "  unit: hour\n  per: 0\n", 5, "'0' is no whole number above 0"),
        ("  unit: hour\n", "  unit: hour\n  unit: day\n", 5, "'unit' is given twice"),
    ],
)
def test_a_malformed_table_is_refused_with_file_and_line(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    # GIVEN
    path = tmp_path / "prices.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    if not what:
        assert read_entries(path)[0].regions.keys() == {GLOBAL}
        return

    # WHEN
    with pytest.raises(ToolError) as raised:
        read_entries(path)

    # THEN
    assert raised.value.where == f"{path}:{line}"
    assert what in raised.value.what
    assert raised.value.exit_code == Exit.USAGE


def test_free_things_say_so(tmp_path: Path) -> None:
    # GIVEN
    path = tmp_path / "prices.yaml"
    path.write_text(GOOD.replace("usd: 0.045", "usd: 0, free: true"))

    # WHEN
    (entry,) = read_entries(path)

    # THEN
    assert [tier.usd for tier in entry.regions[EAST].tiers] == [0]


def test_a_table_that_is_not_there_or_empty_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "prices.yaml"
    with pytest.raises(ToolError, match="cannot be read"):
        read_entries(path)
    path.write_text("# nothing\n")
    with pytest.raises(ToolError, match="has no prices"):
        read_entries(path)
