"""VPC, NAT, addresses, endpoints, load balancers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tooling.cost.amount import HOURS
from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource

EC2_OTHER, VPC, ELB, TRANSFER = (
    "EC2 - Other",
    "Amazon Virtual Private Cloud",
    "Amazon Elastic Load Balancing",
    "AWS Data Transfer",
)
_ADDRESS = "an address costs the same in use and idle"


def nat_gateway(item: Resource) -> Iterator[Component]:
    yield only(EC2_OTHER, "hours", "nat_gateway.hour", HOURS, "NAT gateway, all month")
    through = item.assume("nat.gb")
    yield only(EC2_OTHER, "data", "nat_gateway.gb", through, "data through the NAT gateway")
    leaving = item.assume("nat.internet_gb")
    yield only(TRANSFER, "internet", "data_transfer.internet_out", leaving, "of it, out to the internet")


def elastic_ip(_item: Resource) -> Iterator[Component]:
    yield only(VPC, "address", "vpc.public_ipv4", HOURS, "public IPv4 address", _ADDRESS)


def network(item: Resource) -> Iterator[Component]:
    # Both sides pay. https://aws.amazon.com/ec2/pricing/on-demand/ "Data Transfer within the same AWS Region"
    between = item.assume("network.inter_az_gb") * 2
    yield only(TRANSFER, "zones", "data_transfer.between_zones", between, "data between zones, out and in")


def endpoint(item: Resource) -> Iterator[Component]:
    if item.get("vpc_endpoint_type", "Gateway") == "Gateway":
        yield nothing("gateway endpoint", VPC, "gateway endpoints are free")
        return
    zones = item.count_of("subnet_ids", "aws_subnet")
    yield only(VPC, "hours", "vpc.interface_endpoint.hour", zones * HOURS, "interface endpoint, each zone")
    yield only(VPC, "data", "vpc.interface_endpoint.gb", item.assume("endpoint.gb"), "data through the endpoint")


def load_balancer(item: Resource) -> Iterator[Component]:
    if item.get("load_balancer_type", "application") != "application":
        yield unpriced("load balancer", ELB, f"no prices of a {item.get('load_balancer_type')} load balancer")
        return
    yield only(ELB, "hours", "alb.hour", HOURS, "application load balancer, all month")
    units = item.assume("balancer.units") * HOURS
    yield only(ELB, "capacity", "alb.lcu_hour", units, "load balancer capacity units")
    if not item.get("internal", False):
        zones = item.count_of("subnets", "aws_subnet")
        remark = "one a zone; a load balancer under load takes more"
        yield only(VPC, "addresses", "vpc.public_ipv4", zones * HOURS, "public IPv4 addresses", remark)
        out = item.assume("balancer.internet_gb")
        yield only(TRANSFER, "internet", "data_transfer.internet_out", out, "answers to the internet")


PRICED: Mapping[str, Pricer] = {
    "aws_eip": elastic_ip,
    "aws_lb": load_balancer,
    "aws_nat_gateway": nat_gateway,
    "aws_vpc": network,
    "aws_vpc_endpoint": endpoint,
}
