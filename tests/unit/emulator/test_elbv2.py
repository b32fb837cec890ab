"""Elastic Load Balancing: protection from deletion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]


@pytest.fixture(scope="module")
def elb(client: Client) -> Any:
    return client("elbv2")


@pytest.fixture
def balancer(client: Client, elb: Any, request: pytest.FixtureRequest) -> str:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.3.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.3.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")
        for number, zone in enumerate("ab")
    ]
    made = elb.create_load_balancer(
        Name=request.node.name.replace("_", "-")[:32].rstrip("-"),
        Subnets=[each["Subnet"]["SubnetId"] for each in subnets],
    )
    return str(made["LoadBalancers"][0]["LoadBalancerArn"])


def _protect(elb: Any, balancer: str, switch: str) -> None:
    attribute = {"Key": "deletion_protection.enabled", "Value": switch}
    elb.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[attribute])


def _names(elb: Any) -> list[str]:
    return [each["LoadBalancerArn"] for each in elb.describe_load_balancers()["LoadBalancers"]]


def test_protected_balancer_is_not_deleted(elb: Any, balancer: str) -> None:
    _protect(elb, balancer, "true")

    with pytest.raises(elb.exceptions.OperationNotPermittedException, match="deletion protection is enabled"):
        elb.delete_load_balancer(LoadBalancerArn=balancer)

    assert balancer in _names(elb)


def test_balancer_without_protection_is_deleted(elb: Any, balancer: str) -> None:
    _protect(elb, balancer, "true")
    _protect(elb, balancer, "false")

    elb.delete_load_balancer(LoadBalancerArn=balancer)

    assert balancer not in _names(elb)
