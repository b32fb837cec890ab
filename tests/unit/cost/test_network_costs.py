"""What a network costs: NAT gateways, addresses, endpoints, load balancers."""

from __future__ import annotations

from decimal import Decimal

from tests.support.costs import assume, cost_of, dollars, lines_of, paid, plan_of

# https://aws.amazon.com/vpc/pricing/ and /elasticloadbalancing/pricing/, us-east-1: a NAT gateway costs $0.045 an hour
# and a GB, an address $0.005 an hour, a load balancer $0.0225 an hour and $0.008 a capacity unit.
PRICES = dollars(
    nat_gateway__hour="0.045",
    nat_gateway__gb="0.045",
    vpc__public_ipv4="0.005",
    vpc__interface_endpoint__hour="0.01",
    vpc__interface_endpoint__gb="0.01",
    alb__hour="0.0225",
    alb__lcu_hour="0.008",
    data_transfer__internet_out="0.09",
    data_transfer__between_zones="0.01",
)


def test_nat_gateway_is_paid_by_the_hour_by_the_gb_and_for_what_leaves() -> None:
    lines = lines_of("aws_nat_gateway", {}, PRICES, assume({"nat.gb": 100, "nat.internet_gb": 10}))

    # 730 x 0.045, 100 x 0.045, 10 x 0.09
    assert paid(lines) == {"hours": Decimal("32.85"), "data": Decimal("4.50"), "internet": Decimal("0.90")}
    assert {part: line.kind for part, line in lines.items()} == {"hours": "fixed", "data": "usage", "internet": "usage"}


def test_traffic_that_nobody_assumes_is_unknown_and_never_zero() -> None:
    lines = lines_of("aws_nat_gateway", {}, PRICES)

    assert (lines["data"].kind, lines["data"].monthly_usd, lines["data"].lacks) == ("unknown", None, "usage")
    assert lines["data"].assumption == "usage.yaml assumes no nat.gb"


def test_public_address_costs_all_month() -> None:
    assert paid(lines_of("aws_eip", {"domain": "vpc"}, PRICES)) == {"address": Decimal("3.65")}


def test_data_between_zones_is_paid_in_both_directions() -> None:
    lines = lines_of("aws_vpc", {}, PRICES, assume({"network.inter_az_gb": 50}))

    assert paid(lines) == {"zones": Decimal("1.00")}


def test_gateway_endpoint_is_free_and_says_so() -> None:
    (line,) = lines_of("aws_vpc_endpoint", {"vpc_endpoint_type": "Gateway"}, PRICES).values()

    assert (line.monthly_usd, line.kind, line.assumption) == (Decimal(0), "fixed", "gateway endpoints are free")


def test_interface_endpoint_is_paid_in_each_zone() -> None:
    values = {"vpc_endpoint_type": "Interface", "subnet_ids": ["subnet-1", "subnet-2"]}

    lines = lines_of("aws_vpc_endpoint", values, PRICES, assume({"endpoint.gb": 5}))

    # 2 x 730 x 0.01, 5 x 0.01
    assert paid(lines) == {"hours": Decimal("14.60"), "data": Decimal("0.05")}


def test_zones_are_counted_by_the_subnets_that_an_expression_names_before_they_exist() -> None:
    plan = plan_of(
        {
            "aws_vpc_endpoint.logs": {"vpc_endpoint_type": "Interface"},
            **{f"aws_subnet.{zone}": {} for zone in "abc"},
        },
        unknown={"aws_vpc_endpoint.logs": {"subnet_ids": True}},
        expressions={
            "aws_vpc_endpoint.logs": {"subnet_ids": {"references": [f"aws_subnet.{each}.id" for each in "ab"]}}
        },
    )

    found = cost_of(plan, PRICES, assume({"endpoint.gb": 0}))

    assert found.monthly_usd == Decimal("14.60")


def test_load_balancer_is_paid_for_its_hours_units_addresses_and_answers() -> None:
    values = {"load_balancer_type": "application", "internal": False, "subnets": ["subnet-1", "subnet-2"]}

    lines = lines_of("aws_lb", values, PRICES, assume({"balancer.units": "0.5", "balancer.internet_gb": 10}))

    # 730 x 0.0225, 0.5 x 730 x 0.008, 2 x 730 x 0.005, 10 x 0.09
    assert paid(lines) == {
        "hours": Decimal("16.42"),
        "capacity": Decimal("2.92"),
        "addresses": Decimal("7.30"),
        "internet": Decimal("0.90"),
    }


def test_internal_load_balancer_has_no_public_address() -> None:
    lines = lines_of("aws_lb", {"load_balancer_type": "application", "internal": True}, PRICES)

    assert set(lines) == {"hours", "capacity"}


def test_load_balancer_of_another_kind_is_unknown() -> None:
    (line,) = lines_of("aws_lb", {"load_balancer_type": "gateway"}, PRICES).values()

    assert (line.kind, line.lacks, line.assumption) == ("unknown", "plan", "no prices of a gateway load balancer")
