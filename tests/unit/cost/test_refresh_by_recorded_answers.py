"""``cost refresh`` against played answers of the price list's API, over HTTP (where from: price_list_server.py)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.cost.conftest import TABLE
from tests.unit.cost.price_list_server import PriceList, recorded_by_aws
from tests.unit.cost.refreshing import reread, run
from tooling.cost.price_file import Entry, Query
from tooling.cost.price_list import Unusable, is_meant, products, read_product, tiers
from tooling.cost.prices import load_prices
from tooling.cost.refresh import client_for


def test_the_recording_of_aws_itself_reads_as_a_price() -> None:
    # GIVEN
    (text,) = recorded_by_aws()["PriceList"]
    query = Query("AmazonEC2", "EBS:VolumeUsage.piops", {"volumeType": "Provisioned IOPS"})
    io1 = Entry("ebs.io1.storage", "GB-month", 1, "", "https://aws.amazon.com/ebs/pricing/", query, "", {}, "here:1")

    # WHEN
    product = read_product(text)

    # THEN
    assert (product.sku, product.published) == ("WQGC34PB2AWS8R4U", date(2017, 9, 1))
    assert is_meant(product.usagetype, query.usagetype, "ca-central-1")
    assert [(tier.up_to, tier.usd) for tier in tiers(product, io1)] == [(None, Decimal("0.1380000000"))]


def test_a_new_price_is_written_with_its_sku_and_date_and_all_else_stays(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway", "api_gateway", "hosted_zone")

    # WHEN
    result = run(table)

    # THEN
    old_east = "  us-east-1: {usd: 0.040, as_of: 2024-01-31, confirmed: true, read_in: page}\n"
    new_east = "  us-east-1: {usd: 0.045, as_of: 2026-08-12, confirmed: true, sku: MADEUPNATHOURSE1}\n"
    text = table.read_text()
    assert new_east in text
    untouched = [line for line in TABLE.splitlines() if "as_of" not in line]
    assert [line for line in text.splitlines() if "as_of" not in line] == untouched
    assert old_east not in text
    price = reread(table).usd("nat_gateway.hour", "us-east-1")
    assert price is not None
    assert (price.usd, price.as_of, price.confirmed) == (Decimal("0.045"), date(2026, 8, 12), True)
    assert "nat_gateway.hour  us-east-1  0.04 -> 0.045 (+12.5 %)  per hour\n" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("2 changed, 3 as they were, 0 not taken, 2 kept by hand; ")


def test_the_request_names_the_service_the_region_and_attributes_but_no_prefixed_usage_type(
    aws: PriceList, table: Path
) -> None:
    # GIVEN
    aws.has("nat_gateway")

    # WHEN
    run(table, "--id", "nat_gateway.hour", "--region", "us-west-2")

    # THEN
    (asked,) = aws.asked
    assert aws.targets == ["AWSPriceListService.GetProducts"]
    assert (asked["ServiceCode"], asked["FormatVersion"]) == ("AmazonEC2", "aws_v1")
    assert asked["Filters"] == [
        {"Type": "TERM_MATCH", "Field": "productFamily", "Value": "NAT Gateway"},
        {"Type": "TERM_MATCH", "Field": "regionCode", "Value": "us-west-2"},
    ]


def test_what_is_the_same_everywhere_is_asked_for_once_and_without_a_region(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("hosted_zone")

    # WHEN
    run(table, "--id", "route53.*")

    # THEN
    (asked,) = aws.asked
    assert {each["Field"]: each["Value"] for each in asked["Filters"]} == {
        "productFamily": "DNS Zone",
        "usagetype": "HostedZone",
    }


def test_the_product_is_found_on_the_last_of_several_recorded_pages(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")
    aws.catalogue.reverse()
    aws.page_size = 1

    # WHEN
    run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert [each.get("NextToken") for each in aws.asked] == [None, "1", "2"]
    price = reread(table).usd("nat_gateway.hour", "us-east-1")
    assert price is not None
    assert price.usd == Decimal("0.045")


def test_tiers_of_a_recorded_answer_become_tiers_of_the_table(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("api_gateway")

    # WHEN
    result = run(table, "--id", "api_gateway.*", "--region", "us-east-1")

    # THEN
    line = (
        "  us-east-1: {tiers: [{up_to: 300000000, usd: 1}, {usd: 0.9}], "
        "as_of: 2026-08-12, confirmed: true, sku: MADEUPHTTPAPISE1}\n"
    )
    assert line in table.read_text()
    assert "1/0.95 -> 1/0.9 (+0.0 %)  per 1,000,000 request" in result.stdout


def test_what_is_free_at_first_is_left_out_of_the_tiers(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("dynamodb_storage")
    product = read_product(json.dumps(aws.catalogue[0]))
    query = Query("AmazonDynamoDB", "TimedStorage-ByteHrs", {})
    storage = Entry("dynamodb.storage", "GB-month", 1, "", "https://aws.amazon.com", query, "", {}, "here:1")

    # THEN
    assert len(product.ranges) == 2
    assert [(tier.up_to, tier.usd) for tier in tiers(product, storage)] == [(None, Decimal("0.25"))]


def test_aws_unit_of_many_of_ours_is_divided(aws: PriceList) -> None:
    # GIVEN
    aws.has("ebs_throughput")
    product = read_product(json.dumps(aws.catalogue[0]))
    query = Query("AmazonEC2", "EBS:VolumeP-Throughput.gp3", {}, units=1024, api_unit="GiBps-mo")
    throughput = Entry("ebs.gp3.throughput", "MBps-month", 1, "", "https://aws.amazon.com", query, "", {}, "here:1")

    # THEN
    assert [tier.usd for tier in tiers(product, throughput)] == [Decimal("0.04")]


def test_another_unit_than_the_table_has_is_not_taken(aws: PriceList) -> None:
    # GIVEN
    aws.has("ebs_throughput")
    product = read_product(json.dumps(aws.catalogue[0]))
    query = Query("AmazonEC2", "EBS:VolumeP-Throughput.gp3", {})
    throughput = Entry("ebs.gp3.throughput", "MBps-month", 1, "", "https://aws.amazon.com", query, "", {}, "here:1")

    # THEN
    with pytest.raises(Unusable, match="priced per 'GiBps-mo', the table's unit is 'MBps-month'"):
        tiers(product, throughput)


@pytest.mark.parametrize(
    ("catalogue", "why"),
    [
        ((), "the price list has no such product in us-east-1"),
        (("nat_gateway", "nat_gateway"), "the price list has 2 such products: MADEUPNATHOURSE1"),
    ],
)
def test_a_price_with_no_product_or_several_stays_and_is_said(
    aws: PriceList, table: Path, catalogue: tuple[str, ...], why: str
) -> None:
    # GIVEN
    aws.has(*catalogue)

    # WHEN
    result = run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert f"nat_gateway.hour  us-east-1  stays: {why}" in result.stdout
    assert table.read_text() == TABLE


def test_a_neighbouring_usage_type_is_not_the_wanted_one() -> None:
    assert is_meant("EUC1-NatGateway-Hours", "NatGateway-Hours", "eu-central-1")
    assert is_meant("us-east-1-KMS-Requests", "KMS-Requests", "us-east-1")
    assert not is_meant("USW2-TS-LoadBalancerUsage", "LoadBalancerUsage", "us-west-2")
    assert not is_meant("ReservedLCUUsage", "LCUUsage", "us-east-1")
    assert not is_meant("USW2-HostedZone", "HostedZone", "global")


def test_of_a_product_that_is_there_with_and_without_prefix_the_bare_one_is_taken(aws: PriceList) -> None:
    # GIVEN
    aws.has("dynamodb_storage")
    prefixed = json.loads(json.dumps(aws.catalogue[0]).replace("MADEUPDYNSTOREE1", "MADEUPDYNSTOREE2"))
    prefixed["product"]["attributes"]["usagetype"] = "USE1-TimedStorage-ByteHrs"
    aws.catalogue.insert(0, prefixed)
    query = Query("AmazonDynamoDB", "TimedStorage-ByteHrs", {"productFamily": "Database Storage"})

    # WHEN
    found = products(client_for(None), query, "us-east-1")

    # THEN
    assert [each.sku for each in found] == ["MADEUPDYNSTOREE1"]


def test_a_usage_type_that_regions_name_differently_is_found_by_either_name() -> None:
    assert is_meant("Requests-RBP", "Requests-RBP|Requests-Tier1", "us-east-1")
    assert is_meant("USW2-Requests-Tier1", "Requests-RBP|Requests-Tier1", "us-west-2")
    assert not is_meant("Requests-Fair-RBP", "Requests-RBP|Requests-Tier1", "us-east-1")


def test_a_price_that_jumps_by_more_than_an_order_of_magnitude_stays(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")
    table.write_text(TABLE.replace("usd: 0.040", "usd: 45"))

    # WHEN
    result = run(table, "--id", "nat_gateway.hour", "--region", "us-east-1")

    # THEN
    assert "stays: MADEUPNATHOURSE1 is 0.001 times the table's price" in result.stdout
    assert "usd: 45" in table.read_text()


def test_a_region_that_the_table_lacks_gets_its_own_line_after_the_others(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")
    assert load_prices(table).why_not("nat_gateway.hour", "eu-west-1") == (
        "no price for eu-west-1; groundplan cost refresh --region eu-west-1"
    )

    # WHEN
    result = run(table, "--region", "eu-west-1")

    # THEN
    lines = table.read_text().splitlines()
    place = lines.index("  eu-west-1: {usd: 0.048, as_of: 2026-08-12, confirmed: true, sku: MADEUPNATHOUREU1}")
    assert lines[place - 1].startswith("  us-west-2:")
    assert "none -> 0.048  per hour" in result.stdout
    assert "api_gateway.http.request  eu-west-1  stays: the price list has no such product" in result.stdout


def test_a_dry_run_shows_the_same_and_writes_nothing(aws: PriceList, table: Path) -> None:
    # GIVEN
    aws.has("nat_gateway")

    # WHEN
    result = run(table, "--dry-run", "--json", "--id", "nat_gateway.hour")

    # THEN
    shown = json.loads(result.stdout)["refreshed"]
    assert [(each["region"], each["before"], each["usd"], each["changed"]) for each in shown] == [
        ("us-east-1", "0.04", "0.045", True),
        ("us-west-2", "0.045", "0.045", False),
    ]
    assert table.read_text() == TABLE
