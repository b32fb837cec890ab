"""The network: two zones, the ways between them and the internet, and who may talk to whom."""

from __future__ import annotations

import re

import pytest
import tftest

from tests.plan.doomscroll.conftest import REQUIRED, Planned
from tests.support.networks import (
    GROUP,
    SUBNET,
    Rule,
    default_route,
    route_tables,
    rules,
    subnet_values,
    subnets,
)
from tests.support.planner import BARE
from tests.support.plans import Plan, Resource, Statement
from tests.support.reachability import Reachability, public_addresses

DATABASE, NAT, VPC = "aws_db_instance", "aws_nat_gateway", "aws_vpc"
ANYWHERE = "0.0.0.0/0"
TIERS = {"alb", "ecs", "rds"}


def name(plan: Plan, what: str) -> str:
    return f"fckdoomscroll-{what}{plan.input('name_suffix')}"


def group(plan: Plan, what: str) -> Resource:
    return plan.one(GROUP, name=f"{what}-sg")


def is_of(plan: Plan, resource: Resource, block: str, argument: str = "vpc_id") -> bool:
    return f"{block}.id" in plan.references(resource, argument)


@pytest.mark.requirement("FD-VPC-01", "FD-VPC-02")
def test_vpc_has_the_documents_name_and_addresses(every: Plan) -> None:
    vpc = every.one(VPC)

    assert vpc["tags"]["Name"] == name(every, "vpc")
    assert vpc["cidr_block"] == "10.0.0.0/16"
    assert (vpc["enable_dns_hostnames"], vpc["enable_dns_support"]) == (True, True)


@pytest.mark.requirement("FD-VPC-01")
def test_name_of_the_vpc_is_the_documents_own_in_prod(prod: Plan, dev: Plan) -> None:
    assert prod.one(VPC)["tags"]["Name"] == "fckdoomscroll-vpc"
    assert dev.one(VPC)["tags"]["Name"] == "fckdoomscroll-vpc-dev"


@pytest.mark.requirement("FD-VPC-02")
def test_vpc_takes_other_addresses(chosen: Plan, minimal: Plan) -> None:
    assert chosen.one(VPC)["cidr_block"] == chosen.input("vpc_cidr") != "10.0.0.0/16"
    assert minimal.variables["vpc_cidr"]["default"] == minimal.one(VPC)["cidr_block"] == "10.0.0.0/16"


@pytest.mark.requirement("FD-VPC-03")
def test_region_is_us_east_1(every: Plan, minimal: Plan) -> None:
    assert minimal.variables["region"]["default"] == "us-east-1"
    assert every.input("region") == "us-east-1"
    assert every.providers["aws"]["expressions"]["region"] == {"constant_value": "us-east-1"}


@pytest.mark.requirement("FD-VPC-04", "FD-SUB-01", "FD-SUB-02", "FD-SUB-03", "FD-SUB-04")
def test_subnets_have_the_documents_names_addresses_and_zones(every: Plan, minimal: Plan) -> None:
    for plan in (every, minimal):
        assert subnet_values(plan, "Public") == [
            ("public-subnet-1a", "10.0.1.0/24", "us-east-1a", False),
            ("public-subnet-1b", "10.0.2.0/24", "us-east-1b", False),
        ]
        assert subnet_values(plan, "Private") == [
            ("private-subnet-1a", "10.0.10.0/24", "us-east-1a", False),
            ("private-subnet-1b", "10.0.11.0/24", "us-east-1b", False),
        ]
        assert len(plan.all(SUBNET)) == 4
        assert all(is_of(plan, each, plan.one(VPC).block) for each in plan.all(SUBNET))


@pytest.mark.requirement("FD-SUB-01", "FD-SUB-02", "FD-SUB-03", "FD-SUB-04")
def test_subnets_take_other_addresses(chosen: Plan) -> None:
    for tier in ("public", "private"):
        given = [values[1] for values in subnet_values(chosen, tier.capitalize())]
        assert given == chosen.input(f"{tier}_subnet_cidrs")
        assert not set(given) & {"10.0.1.0/24", "10.0.2.0/24", "10.0.10.0/24", "10.0.11.0/24"}


OUTSIDE = "There must be two {} subnets of /16 to /28, each within vpc_cidr"
OVERLAP = "The {} subnets must not overlap"


@pytest.mark.requirement("FD-SUB-01", "FD-SUB-02", "FD-SUB-03", "FD-SUB-04")
@pytest.mark.parametrize(
    ("tier", "cidrs", "reason"),
    [
        ("public", ["10.0.1.0/24"], OUTSIDE),
        ("public", ["10.0.1.0/24", "nowhere/24"], OUTSIDE),
        ("public", ["10.0.1.0/24", "10.0.2.0/30"], OUTSIDE),
        ("public", ["10.0.1.0/24", "10.0.1.0/24"], OVERLAP),
        ("public", ["10.0.0.0/22", "10.0.2.0/24"], OVERLAP),
        ("private", ["10.0.10.0/24", "10.9.0.0/24"], OUTSIDE),
        ("private", ["10.0.0.0/23", "10.0.11.0/24"], f"{OVERLAP} the others"),
    ],
)
def test_rejects_subnets_that_aws_would_refuse(plan: Planned, tier: str, cidrs: list[str], reason: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as error:
        plan(BARE, **REQUIRED, **{f"{tier}_subnet_cidrs": cidrs})

    # Terraform breaks its lines.
    assert reason.format(tier) in re.sub(r"[\s│]+", " ", str(error.value))


@pytest.mark.requirement("FD-SUB-05")
def test_public_subnets_are_routed_to_the_internet_gateway(every: Plan) -> None:
    tables = route_tables(every)
    (a,), (b,) = (tables[each.block] for each in subnets(every, "Public"))
    gateway = every.one("aws_internet_gateway")

    assert a == b
    assert default_route(every, a) == ("gateway_id", {gateway.block, f"{gateway.block}.id"})
    assert is_of(every, gateway, every.one(VPC).block)
    # Neither a load balancer nor an address can be had before it.
    assert [every.awaited(each) for each in subnets(every, "Public")] == [{gateway.block}] * 2


@pytest.mark.requirement("FD-SUB-06")
def test_private_subnets_are_routed_to_the_nat_gateway(every: Plan) -> None:
    tables = route_tables(every)
    nat = every.one(NAT).block
    public, private = ({tuple(tables[each.block]) for each in subnets(every, tier)} for tier in ("Public", "Private"))

    assert not public & private
    for (table,) in private:
        assert default_route(every, table) == ("nat_gateway_id", {nat, f"{nat}.id"})
    assert len(every.all("aws_route")) == len(every.all("aws_route_table")) == len(public | private) == 3
    assert all(is_of(every, each, every.one(VPC).block) for each in every.all("aws_route_table"))


@pytest.mark.requirement("FD-SUB-07")
def test_the_nat_gateway_is_in_the_first_public_subnet_with_an_address(every: Plan) -> None:
    nat = every.one(NAT)
    address = every.one("aws_eip")

    assert every.referred(nat, "subnet_id", SUBNET)["tags"]["Name"] == "public-subnet-1a"
    assert every.referred(nat, "allocation_id", "aws_eip") == address
    assert address["domain"] == "vpc"
    assert nat["connectivity_type"] == "public"
    assert nat["tags"]["Name"] == address["tags"]["Name"] == name(every, "nat-a")


@pytest.mark.requirement("FD-SG-01", "FD-SG-02", "FD-SG-03", "FD-SG-04", "FD-SG-05", "FD-SG-06", "FD-SG-07", "FD-SG-08")
def test_rules_of_the_groups_are_the_documents_and_no_others(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        port = plan.input("container_port")
        expected = [
            Rule("in", "alb", ANYWHERE, "tcp", (443, 443), "HTTPS from anywhere"),
            Rule("in", "alb", ANYWHERE, "tcp", (80, 80), "HTTP from anywhere, redirected to HTTPS"),
            Rule("out", "alb", ANYWHERE, "-1", None, "All traffic to anywhere"),
            Rule("in", "ecs", "alb", "tcp", (port, port), "Only the load balancer"),
            Rule("out", "ecs", ANYWHERE, "tcp", (443, 443), "HTTPS to AWS APIs and Cognito"),
            Rule("out", "ecs", "rds", "tcp", (5432, 5432), "PostgreSQL"),
            Rule("in", "rds", "ecs", "tcp", (5432, 5432), "Only the tasks"),
        ]

        assert sorted(rules(plan), key=str) == sorted(expected, key=str)


@pytest.mark.requirement("FD-SG-04")
def test_tasks_take_port_3000_unless_another_is_asked_for(every: Plan, chosen: Plan) -> None:
    assert every.input("container_port") == 3000 != chosen.input("container_port")


@pytest.mark.requirement("FD-SG-01", "FD-SG-04", "FD-SG-07", "FD-SG-08")
def test_groups_have_the_documents_names_everywhere_and_no_rules_inside(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert {each["name"] for each in plan.all(GROUP)} == {"alb-sg", "ecs-sg", "rds-sg"}
        for what, description in (("alb", "Load balancer"), ("ecs", "Tasks of the service"), ("rds", "Database")):
            made = group(plan, what)
            assert (made.block, made["description"]) == (f"{GROUP}.{what}", description)
            assert made["tags"]["Name"] == f"{what}-sg"
            assert is_of(plan, made, plan.one(VPC).block)
            assert "ingress" not in plan.arguments(made)
        assert group(plan, "rds")["egress"] == []
        assert "egress" not in plan.arguments(group(plan, "alb")) | plan.arguments(group(plan, "ecs"))


@pytest.mark.requirement("FD-SG-01", "FD-SG-02", "FD-SG-04", "FD-SG-07")
def test_internet_reaches_the_load_balancer_alone_and_the_database_only_through_the_tasks(every: Plan) -> None:
    walked = Reachability(every)

    alb = "internet -tcp/80,tcp/443-> alb"
    assert walked.paths() == {alb, f"{alb} -tcp/3000-> ecs", f"{alb} -tcp/3000-> ecs -tcp/5432-> rds"}
    assert walked.reached() == {"alb"}
    assert walked.members() == {"alb": {"aws_lb"}, "ecs": {"aws_ecs_service"}, "rds": {DATABASE}}


@pytest.mark.requirement("FD-SG-07")
def test_whatever_is_switched_on_the_database_is_behind_load_balancer_and_tasks(chosen: Plan) -> None:
    walked = Reachability(chosen)

    assert walked.reached() == {"alb"}
    assert [path for path in walked.paths() if path.endswith("-> rds")] == [
        f"internet -tcp/80,tcp/443-> alb -tcp/{chosen.input('container_port')}-> ecs -tcp/5432-> rds"
    ]


@pytest.mark.requirement("FD-SUB-01", "FD-SUB-03", "FD-SUB-07")
def test_load_balancer_and_nat_gateway_alone_have_public_addresses(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert public_addresses(plan) == {plan.one("aws_lb").block, plan.one(NAT).block}


def test_default_group_of_the_vpc_opens_nothing(every: Plan) -> None:
    default = every.one("aws_default_security_group")

    assert is_of(every, default, every.one(VPC).block)
    assert not {"ingress", "egress"} & every.arguments(default)


def test_everything_that_goes_through_the_vpc_is_logged(every: Plan) -> None:
    log = every.one("aws_flow_log")
    log_group = every.referred(log, "log_destination", "aws_cloudwatch_log_group")

    assert (log["traffic_type"], log["log_destination_type"]) == ("ALL", "cloud-watch-logs")
    assert is_of(every, log, every.one(VPC).block)
    assert log_group["name"] == f"/aws/vpc/{name(every, 'flow-logs')}"
    assert log_group["retention_in_days"] == every.input("log_retention_days")


def test_flow_log_may_be_written_by_the_vpcs_of_this_account_only(every: Plan) -> None:
    account, region = every.input("account_id"), every.input("region")
    role = every.referred(every.one("aws_flow_log"), "iam_role_arn", "aws_iam_role")

    assert role["name"] == name(every, "flow-logs")
    assert every.statements(role, "assume_role_policy") == [
        Statement(
            allows=True,
            actions=frozenset({"sts:AssumeRole"}),
            resources=frozenset(),
            principals=frozenset({("Service", "vpc-flow-logs.amazonaws.com")}),
            conditions=frozenset(
                {
                    ("StringEquals", "aws:SourceAccount", account),
                    ("ArnLike", "aws:SourceArn", f"arn:aws:ec2:{region}:{account}:vpc-flow-log/*"),
                }
            ),
        )
    ]
