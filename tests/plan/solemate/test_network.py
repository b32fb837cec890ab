"""The network: two zones, the ways between them and the internet, and who may talk to whom."""

from __future__ import annotations

from ipaddress import ip_network
from typing import Any

import pytest
import tftest

from tests.plan.solemate.conftest import REQUIRED, Planned
from tests.support.networks import (
    GROUP,
    SUBNET,
    Rule,
    default_route,
    in_subnets_of,
    route_tables,
    rules,
    subnet_values,
    subnets,
)
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan, Resource, Statement
from tests.support.reachability import Reachability, public_addresses

DATABASE, ENDPOINT, NAT, VPC = "aws_db_instance", "aws_vpc_endpoint", "aws_nat_gateway", "aws_vpc"
ANYWHERE = "0.0.0.0/0"
ZONES = ("us-east-1a", "us-east-1b")
# Groups of the tiers; what is optional has more.
TIERS = {"web", "app", "database"}


def name(plan: Plan, what: str) -> str:
    return f"solemate-{plan.input('environment')}-{what}"


def cidrs(plan: Plan) -> list[str]:
    return [str(each) for each in ip_network(plan.input("vpc_cidr")).subnets(new_prefix=24)]


def group(plan: Plan, what: str) -> Resource:
    return plan.one(GROUP, name=name(plan, what))


def is_of(plan: Plan, resource: Resource, block: str, argument: str = "vpc_id") -> bool:
    return f"{block}.id" in plan.references(resource, argument)


@pytest.mark.requirement("SM-NET-01")
def test_vpc_has_the_addresses_of_the_input_and_names(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        vpc = plan.one(VPC)

        assert vpc["cidr_block"] == plan.input("vpc_cidr")
        assert (vpc["enable_dns_hostnames"], vpc["enable_dns_support"]) == (True, True)
        assert vpc["tags"]["Name"] == name(plan, "vpc")


@pytest.mark.requirement("SM-NET-01")
def test_addresses_of_staging_and_production_differ(staging: Plan, prod: Plan, minimal: Plan) -> None:
    assert staging.one(VPC)["cidr_block"] == minimal.one(VPC)["cidr_block"] == "10.0.0.0/16"
    assert prod.one(VPC)["cidr_block"] == "10.1.0.0/16"


@pytest.mark.requirement("SM-NET-02", "SM-NET-03", "SM-NET-04")
def test_each_tier_has_a_24_in_each_of_two_zones(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        for first, tier in ((0, "Public"), (2, "Private")):
            assert subnet_values(plan, tier) == [
                (name(plan, f"{tier.lower()}-{zone[-1]}"), cidrs(plan)[number], zone, False)
                for number, zone in enumerate(ZONES, start=first)
            ]
        assert len(plan.all(SUBNET)) == 4
        assert {each["availability_zone"] for each in plan.all(SUBNET)} == set(ZONES)
        assert all(is_of(plan, each, plan.one(VPC).block) for each in plan.all(SUBNET))


@pytest.mark.requirement("SM-NET-05")
def test_internet_gateway_is_the_vpcs(every: Plan) -> None:
    gateway = every.one("aws_internet_gateway")

    assert is_of(every, gateway, every.one(VPC).block)
    # Neither a load balancer nor an address can be had before it.
    assert [every.awaited(each) for each in subnets(every, "Public")] == [{gateway.block}] * 2


@pytest.mark.requirement("SM-NET-03", "SM-NET-05", "SM-NET-13")
def test_public_subnets_are_routed_to_the_internet_gateway(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        tables = route_tables(plan)
        (a,), (b,) = (tables[each.block] for each in subnets(plan, "Public"))
        gateway = plan.one("aws_internet_gateway").block

        assert a == b
        assert default_route(plan, a) == ("gateway_id", {gateway, f"{gateway}.id"})


def nat_of_zone(plan: Plan, number: int) -> Resource:
    public = subnets(plan, "Public")[number]
    (nat,) = [each for each in plan.all(NAT) if is_of(plan, each, public.block, "subnet_id")]
    return nat


@pytest.mark.requirement("SM-NET-04", "SM-NET-06", "SM-NET-13")
def test_private_subnets_are_routed_to_a_nat_gateway(every: Plan, chosen: Plan, planner: Planner) -> None:
    for plan in (every, chosen):
        tables = route_tables(plan)
        (a,), (b,) = (tables[each.block] for each in subnets(plan, "Private"))
        first = nat_of_zone(plan, 0).block

        assert len({a, b, *tables[subnets(plan, "Public")[0].block]}) == 3
        assert default_route(plan, a) == ("nat_gateway_id", {first, f"{first}.id"})
        second = "aws_nat_gateway.network_nat_b"
        assert default_route(plan, b) == ("nat_gateway_id", {"var.nat_gateways", second, first, f"{first}.id"})
        # Which of them is known after the apply only.
        assert f"nat_gateway_id         = var.nat_gateways > 1 ? one({second}[*].id) : {first}.id\n" in planner.sources(
            "solemate"
        )


@pytest.mark.requirement("SM-NET-06")
def test_there_is_one_nat_gateway_unless_two_are_asked_for(every: Plan, chosen: Plan, minimal: Plan) -> None:
    assert (every.input("nat_gateways"), chosen.input("nat_gateways")) == (1, 2)
    assert minimal.variables["nat_gateways"]["default"] == 1
    for plan, count in ((every, 1), (minimal, 1), (chosen, 2)):
        assert len(plan.all(NAT)) == len(plan.all("aws_eip")) == count
        for number in range(count):
            nat = nat_of_zone(plan, number)
            address = plan.referred(nat, "allocation_id", "aws_eip")
            assert nat["connectivity_type"] == "public"
            assert address["domain"] == "vpc"
            letter = ZONES[number][-1]
            assert nat["tags"]["Name"] == address["tags"]["Name"] == name(plan, f"nat-{letter}")
        assert len({plan.referred(nat, "allocation_id", "aws_eip").address for nat in plan.all(NAT)}) == count


@pytest.mark.requirement("SM-NET-13")
def test_every_subnet_has_one_route_table_and_every_table_one_route(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        tables = {each.block for each in plan.all("aws_route_table")}
        of_subnets = route_tables(plan)

        assert {len(each) for each in of_subnets.values()} == {1}
        assert {table for each in of_subnets.values() for table in each} == tables
        assert len(plan.all("aws_route")) == len(tables) == 3
        assert all(is_of(plan, each, plan.one(VPC).block) for each in plan.all("aws_route_table"))


@pytest.mark.requirement("SM-NET-07", "SM-NET-09", "SM-NET-10", "SM-FR2-07")
def test_groups_have_the_documents_descriptions_and_no_rules_inside(every: Plan, chosen: Plan) -> None:
    descriptions = {
        "web": "Security group for web servers",
        "app": "Security group for tasks and instances",
        "database": "Security group for database",
    }
    for plan in (every, chosen):
        for what, description in descriptions.items():
            made = group(plan, what)

            assert made.block == f"{GROUP}.{what}"
            assert made["description"] == description
            assert is_of(plan, made, plan.one(VPC).block)
            assert "ingress" not in plan.arguments(made)
        assert group(plan, "database")["egress"] == []
        assert "egress" not in plan.arguments(group(plan, "web")) | plan.arguments(group(plan, "app"))


@pytest.mark.requirement("SM-NET-07", "SM-NET-08", "SM-NET-10", "SM-NET-11", "SM-FR2-07")
def test_tiers_talk_to_each_other_as_the_rules_say_and_in_no_other_way(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        port = plan.input("container_port")
        expected = [
            Rule("in", "web", ANYWHERE, "tcp", (80, 80), "Allow HTTP traffic"),
            Rule("in", "web", ANYWHERE, "tcp", (443, 443), "Allow HTTPS traffic"),
            Rule("out", "web", ANYWHERE, "-1", None, "Allow all outbound traffic"),
            Rule("in", "app", "web", "tcp", (port, port), "Allow requests and health checks of the ALB"),
            Rule("out", "app", ANYWHERE, "tcp", (443, 443), "Allow HTTPS to AWS services and other APIs"),
            Rule("out", "app", "database", "tcp", (5432, 5432), "Allow PostgreSQL access"),
            Rule("in", "database", "app", "tcp", (5432, 5432), "Allow PostgreSQL access from web servers"),
        ]
        made = [rule for rule in rules(plan) if rule.group in TIERS and rule.other in TIERS | {ANYWHERE}]

        assert sorted(made, key=str) == sorted(expected, key=str)


@pytest.mark.requirement("SM-FR2-07", "SM-NET-11")
def test_database_and_its_replicas_have_the_databases_group(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        instances = plan.all(DATABASE)
        assert len(instances) == 1 + plan.input("read_replica_count")
        for instance in instances:
            made = plan.referred(instance, "vpc_security_group_ids", GROUP)
            assert made == group(plan, "database")


def ways_in(plan: Plan) -> set[str]:
    """The paths from the internet that there should be."""
    web = "internet -tcp/80,tcp/443-> web"
    app = f"{web} -tcp/{plan.input('container_port')}-> app"
    endpoints = {f"{app} -tcp/443-> endpoints_group"} if plan.input("interface_endpoints") else set()
    return {web, app, f"{app} -tcp/5432-> database", *endpoints}


@pytest.mark.requirement("SM-FR2-07", "SM-NET-07", "SM-NET-08", "SM-NET-11")
def test_internet_reaches_the_load_balancer_alone_and_the_database_only_through_the_servers(every: Plan) -> None:
    walked = Reachability(every)

    assert walked.paths() == ways_in(every)
    assert walked.reached() == {"web"}
    endpoints = {"endpoints_group": {ENDPOINT}} if every.input("interface_endpoints") else {}
    assert walked.members() == {
        "web": {"aws_lb"},
        "app": {"aws_ecs_service", "aws_launch_template"},
        "database": {DATABASE},
        **endpoints,
    }


@pytest.mark.requirement("SM-FR2-07")
def test_whatever_is_switched_on_the_database_is_behind_load_balancer_and_servers(chosen: Plan) -> None:
    walked = Reachability(chosen)

    assert walked.reached() == {"web"}
    to_database = {path for path in walked.paths() if path.endswith("-> database")}
    assert to_database == {path for path in ways_in(chosen) if path.endswith("-> database")}


@pytest.mark.requirement("SM-NET-03", "SM-NET-07")
def test_load_balancer_and_nat_gateway_alone_have_public_addresses(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        nats = {each.block for each in plan.all(NAT)}
        assert public_addresses(plan) == {plan.one("aws_lb").block, *nats}


def test_default_group_of_the_vpc_opens_nothing(every: Plan) -> None:
    default = every.one("aws_default_security_group")

    assert is_of(every, default, every.one(VPC).block)
    assert not {"ingress", "egress"} & every.arguments(default)


def entries(plan: Plan, acl: Resource, *, egress: bool) -> list[tuple[Any, ...]]:
    """Entries of an ACL in the order that they hold in: action, protocol, addresses, ports."""
    mine = [
        each
        for each in plan.all("aws_network_acl_rule", egress=egress)
        if is_of(plan, each, acl.block, "network_acl_id")
    ]
    return [
        (
            each["rule_action"],
            each["protocol"],
            each["cidr_block"],
            *(each[port] if port in plan.arguments(each) else None for port in ("from_port", "to_port")),
        )
        for each in sorted(mine, key=lambda each: int(each["rule_number"]))
    ]


@pytest.mark.requirement("SM-NET-12")
def test_acls_are_open_within_the_vpc_and_refuse_remote_logins_from_outside(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        inside = ("allow", "-1", plan.input("vpc_cidr"), None, None)
        denied = [("deny", "tcp", ANYWHERE, port, port) for port in (22, 3389)]
        http, https = (("allow", "tcp", ANYWHERE, port, port) for port in (80, 443))
        answers = ("allow", "tcp", ANYWHERE, 1024, 65535)
        public, private = (plan.one("aws_network_acl", tags=each["tags"]) for each in acls(plan))

        assert entries(plan, public, egress=False) == [inside, *denied, http, https, answers]
        assert entries(plan, public, egress=True) == [inside, https, answers]
        assert entries(plan, private, egress=False) == [
            inside,
            *denied,
            ("allow", "tcp", ANYWHERE, 32768, 65535),
        ]
        assert entries(plan, private, egress=True) == [inside, https]
        assert len(plan.all("aws_network_acl_rule")) == 15


def acls(plan: Plan) -> list[Resource]:
    """The ACL of the public subnets and that of the private ones."""
    found = {each["tags"]["Name"]: each for each in plan.all("aws_network_acl")}
    assert found.keys() == {name(plan, "public"), name(plan, "private")}
    return [found[name(plan, "public")], found[name(plan, "private")]]


@pytest.mark.requirement("SM-NET-12")
def test_every_subnet_has_the_acl_of_its_tier(every: Plan) -> None:
    public, private = acls(every)
    associations = {
        (
            every.referred(each, "subnet_id", SUBNET).block,
            every.referred(each, "network_acl_id", "aws_network_acl").block,
        )
        for each in every.all("aws_network_acl_association")
    }

    assert associations == {
        *((each.block, public.block) for each in subnets(every, "Public")),
        *((each.block, private.block) for each in subnets(every, "Private")),
    }
    assert len(every.all("aws_network_acl_association")) == 4
    assert all(is_of(every, each, every.one(VPC).block) for each in (public, private))


@pytest.mark.requirement("SM-NET-14")
def test_s3_and_dynamodb_have_gateways_in_the_private_route_tables(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        tables = route_tables(plan)
        private = {table for each in subnets(plan, "Private") for table in tables[each.block]}
        gateways = plan.all(ENDPOINT, vpc_endpoint_type="Gateway")

        assert sorted(each["service_name"] for each in gateways) == [
            "com.amazonaws.us-east-1.dynamodb",
            "com.amazonaws.us-east-1.s3",
        ]
        for gateway in gateways:
            references = plan.references(gateway, "route_table_ids")
            assert {each for each in references if not each.endswith(".id")} == private
            assert is_of(plan, gateway, plan.one(VPC).block)


@pytest.mark.requirement("SM-NET-14")
def test_asked_for_services_have_interfaces_under_their_own_names(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        interfaces = plan.all(ENDPOINT, vpc_endpoint_type="Interface")
        asked = plan.input("interface_endpoints")

        assert sorted(each["service_name"] for each in interfaces) == [
            f"com.amazonaws.us-east-1.{service}" for service in sorted(asked)
        ]
        assert len(plan.all(ENDPOINT)) == 2 + len(asked)
        for interface in interfaces:
            assert interface["private_dns_enabled"] is True
            assert in_subnets_of(plan, interface, "subnet_ids") == ("Private us-east-1a", "Private us-east-1b")
            assert plan.referred(interface, "security_group_ids", GROUP) == group(plan, "endpoints")
            assert is_of(plan, interface, plan.one(VPC).block)


@pytest.mark.requirement("SM-NET-14")
def test_production_asks_for_the_services_that_a_task_starts_with(staging: Plan, prod: Plan, minimal: Plan) -> None:
    assert prod.input("interface_endpoints") == ["ecr.api", "ecr.dkr", "logs", "secretsmanager"]
    assert staging.input("interface_endpoints") == minimal.variables["interface_endpoints"]["default"] == []


@pytest.mark.requirement("SM-NET-14")
def test_interfaces_let_in_the_servers_alone_and_nothing_out(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        of_endpoints = [rule for rule in rules(plan) if "endpoints_group" in (rule.group, rule.other)]
        if not plan.input("interface_endpoints"):
            assert not plan.all(GROUP, name=name(plan, "endpoints"))
            assert of_endpoints == []
            continue
        assert of_endpoints == [Rule("in", "endpoints_group", "app", "tcp", (443, 443), "Calls of AWS services")]
        assert group(plan, "endpoints")["egress"] == []


@pytest.mark.requirement("SM-NET-14")
def test_rejects_an_interface_of_a_service_that_has_a_gateway(plan: Planned) -> None:
    with pytest.raises(tftest.TerraformTestError, match="s3 and dynamodb have gateway endpoints already"):
        plan(BARE, **REQUIRED, interface_endpoints=["logs", "s3"])


@pytest.mark.requirement("SM-NET-15")
def test_everything_that_goes_through_the_vpc_is_logged(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        log = plan.one("aws_flow_log")
        log_group = plan.referred(log, "log_destination", "aws_cloudwatch_log_group")

        assert (log["traffic_type"], log["log_destination_type"]) == ("ALL", "cloud-watch-logs")
        assert is_of(plan, log, plan.one(VPC).block)
        assert log_group["name"] == f"/aws/vpc/{name(plan, 'flow-logs')}"
        assert log_group["retention_in_days"] == plan.input("log_retention_days")


@pytest.mark.requirement("SM-NET-15")
def test_flow_log_may_be_written_by_the_vpcs_of_this_account_and_to_its_group_only(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        account = plan.input("account_id")
        log = plan.one("aws_flow_log")
        role = plan.referred(log, "iam_role_arn", "aws_iam_role")
        (policy,) = [
            each for each in plan.all("aws_iam_role_policy") if f"{role.block}.name" in plan.references(each, "role")
        ]
        groups = f"arn:aws:logs:us-east-1:{account}:log-group:"

        assert role["name"] == name(plan, "flow-logs")
        assert plan.statements(role, "assume_role_policy") == [
            Statement(
                allows=True,
                actions=frozenset({"sts:AssumeRole"}),
                resources=frozenset(),
                principals=frozenset({("Service", "vpc-flow-logs.amazonaws.com")}),
                conditions=frozenset(
                    {
                        ("StringEquals", "aws:SourceAccount", account),
                        ("ArnLike", "aws:SourceArn", f"arn:aws:ec2:us-east-1:{account}:vpc-flow-log/*"),
                    }
                ),
            )
        ]
        writes = {"logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"}
        assert {grant for each in plan.statements(policy, "policy") for grant in each.grants} == {
            *((action, f"{groups}/aws/vpc/{name(plan, 'flow-logs')}:*") for action in writes),
            ("logs:DescribeLogGroups", f"{groups}*"),
        }


@pytest.mark.requirement("SM-NET-15")
def test_load_balancer_logs_its_requests(every: Plan) -> None:
    (logs,) = every.one("aws_lb")["access_logs"]

    assert logs["enabled"] is True


@pytest.mark.requirement("SM-NET-16")
def test_vpc_and_subnets_are_outputs(every: Plan) -> None:
    vpc = every.one(VPC).block

    assert every.output_references("vpc_id") == {vpc, f"{vpc}.id"}
    for tier in ("public", "private"):
        blocks = [each.block for each in subnets(every, tier.capitalize())]
        assert every.output_references(f"{tier}_subnet_ids") == {*blocks, *(f"{block}.id" for block in blocks)}
        assert f"{tier}_subnet_ids" in every.output_names
    assert "vpc_id" in every.output_names


@pytest.mark.requirement("SM-SU-01", "SM-NET-02")
def test_every_tier_is_in_both_zones(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        private = ("Private us-east-1a", "Private us-east-1b")
        public = ("Public us-east-1a", "Public us-east-1b")
        placed = {
            "aws_lb": ("subnets",),
            "aws_ecs_service": ("network_configuration", "subnets"),
            "aws_autoscaling_group": ("vpc_zone_identifier",),
            "aws_db_subnet_group": ("subnet_ids",),
            "aws_elasticache_subnet_group": ("subnet_ids",),
        }
        found = {
            kind: in_subnets_of(plan, resource, *argument)
            for kind, argument in placed.items()
            for resource in plan.all(kind)
        }

        assert found.pop("aws_lb") == public
        assert {"aws_db_subnet_group"} < found.keys()
        assert set(found.values()) == {private}


@pytest.mark.requirement("SM-SU-01")
def test_production_has_every_tier_twice(prod: Plan) -> None:
    assert {"aws_lb", "aws_ecs_service", "aws_autoscaling_group", "aws_db_subnet_group"} <= prod.types()
    assert prod.one("aws_ecs_service")["desired_count"] >= 2
    assert prod.one("aws_autoscaling_group")["min_size"] >= 2
    assert prod.one(DATABASE, identifier=name(prod, "db"))["multi_az"] is True
