from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.network import Network, NetworkProps, Subnet
from cdktf_app.constructs.network_acls import NetworkAcls, NetworkAclsProps
from cdktf_app.constructs.security_group import SecurityGroup, SecurityGroupProps
from cdktf_app.constructs.vpc_endpoints import VpcEndpoints, VpcEndpointsProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
EGRESS, INGRESS = "aws_vpc_security_group_egress_rule", "aws_vpc_security_group_ingress_rule"
GROUP, NAT, SUBNET = "aws_security_group", "aws_nat_gateway", "aws_subnet"


def subnets(tier: str, *cidrs: str) -> list[Subnet]:
    return [Subnet(zone=zone, name=f"{tier}-{zone}", cidr=cidr) for zone, cidr in zip("ab", cidrs, strict=True)]


def network_of(part: Construct, deployment: Deployment, **more: Any) -> Network:
    props = NetworkProps(
        deployment=deployment,
        name="vpc",
        cidr="10.0.0.0/16",
        public=subnets("public", "10.0.1.0/24", "10.0.2.0/24"),
        private=subnets("private", "10.0.3.0/24", "10.0.4.0/24"),
        logs=LogSettings(retention_days=30),
        **more,
    )
    return Network(part, "net", props=props)


@pytest.fixture
def network(part: Construct, deployment: Deployment) -> Network:
    return network_of(part, deployment)


Group = Callable[..., SecurityGroup]


@pytest.fixture
def group(part: Construct, deployment: Deployment, network: Network) -> Group:
    def made(name: str, **more: Any) -> SecurityGroup:
        props = SecurityGroupProps(deployment=deployment, name=name, description=f"Has {name}", network=network, **more)
        return SecurityGroup(part, name, props=props)

    return made


def test_vpc_has_names_for_what_is_in_it(network: Network, synthesize: Synthesize) -> None:
    made = synthesize().resource("aws_vpc", "net")

    # Endpoints cannot have their services' names otherwise.
    assert (made["enable_dns_hostnames"], made["enable_dns_support"]) == (True, True)
    assert made["cidr_block"] == "10.0.0.0/16"


def test_subnets_are_in_zones_of_the_region_and_give_no_public_addresses(
    network: Network, synthesize: Synthesize
) -> None:
    made = synthesize().all(SUBNET)

    assert {name: (each["availability_zone"], each["cidr_block"]) for name, each in made.items()} == {
        "net_public_a": ("${var.region}a", "10.0.1.0/24"),
        "net_public_b": ("${var.region}b", "10.0.2.0/24"),
        "net_private_a": ("${var.region}a", "10.0.3.0/24"),
        "net_private_b": ("${var.region}b", "10.0.4.0/24"),
    }
    assert {each["map_public_ip_on_launch"] for each in made.values()} == {False}
    assert made["net_public_a"]["tags"] == '${merge({ Owner = "me" }, {\n  Name = "public-a"\n  Tier = "Public"\n})}'
    assert made["net_private_b"]["tags"] == '${merge({ Owner = "me" }, {\n  Name = "private-b"\n  Tier = "Private"\n})}'


def test_what_is_in_public_subnets_waits_for_the_internet(network: Network, synthesize: Synthesize) -> None:
    made = synthesize().all(SUBNET)

    assert {name: each.get("depends_on") for name, each in made.items()} == {
        "net_public_a": ["aws_internet_gateway.net_internet"],
        "net_public_b": ["aws_internet_gateway.net_internet"],
        "net_private_a": None,
        "net_private_b": None,
    }


def test_private_subnets_reach_the_internet_through_one_nat_gateway(network: Network, synthesize: Synthesize) -> None:
    module = synthesize()
    nat, address = module.the(NAT), module.the("aws_eip")

    assert "count" not in nat
    assert "count" not in address
    assert nat["subnet_id"] == "${aws_subnet.net_public_a.id}"
    assert nat["allocation_id"] == "${aws_eip.net_nat_a_address.id}"
    assert (address["domain"], nat["connectivity_type"]) == ("vpc", "public")
    routes = module.all("aws_route")
    assert {name: each.get("nat_gateway_id") for name, each in routes.items()} == {
        "net_public_internet": None,
        "net_private_a_nat": "${aws_nat_gateway.net_nat_a.id}",
        "net_private_b_nat": "${aws_nat_gateway.net_nat_a.id}",
    }
    assert routes["net_public_internet"]["gateway_id"] == "${aws_internet_gateway.net_internet.id}"
    assert {each["destination_cidr_block"] for each in routes.values()} == {"0.0.0.0/0"}


def test_second_zone_has_a_nat_gateway_of_its_own_if_there_are_two(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    network_of(part, deployment, nat_gateways=Input("nats"))

    module = synthesize()
    assert "count" not in module.resource(NAT, "net_nat_a")
    for kind, name in ((NAT, "net_nat_b"), ("aws_eip", "net_nat_b_address")):
        assert module.resource(kind, name)["count"] == "${var.nats > 1 ? 1 : 0}"
    second = module.resource(NAT, "net_nat_b")
    assert second["allocation_id"] == "${one(aws_eip.net_nat_b_address[*].id)}"
    assert second["subnet_id"] == "${aws_subnet.net_public_b.id}"
    routes = module.all("aws_route")
    assert routes["net_private_a_nat"]["nat_gateway_id"] == "${aws_nat_gateway.net_nat_a.id}"
    assert routes["net_private_b_nat"]["nat_gateway_id"] == (
        "${var.nats > 1 ? one(aws_nat_gateway.net_nat_b[*].id) : aws_nat_gateway.net_nat_a.id}"
    )


def test_every_subnet_has_the_route_table_of_its_kind(network: Network, synthesize: Synthesize) -> None:
    module = synthesize()
    associations = {
        (each["subnet_id"], each["route_table_id"]) for each in module.all("aws_route_table_association").values()
    }

    assert associations == {
        ("${aws_subnet.net_public_a.id}", "${aws_route_table.net_public_routes.id}"),
        ("${aws_subnet.net_public_b.id}", "${aws_route_table.net_public_routes.id}"),
        ("${aws_subnet.net_private_a.id}", "${aws_route_table.net_private_a_routes.id}"),
        ("${aws_subnet.net_private_b.id}", "${aws_route_table.net_private_b_routes.id}"),
    }
    assert [each["route_table_id"] for each in module.all("aws_route").values()] == [
        "${aws_route_table.net_public_routes.id}",
        "${aws_route_table.net_private_a_routes.id}",
        "${aws_route_table.net_private_b_routes.id}",
    ]
    assert {each["vpc_id"] for each in module.all("aws_route_table").values()} == {"${aws_vpc.net.id}"}


def test_default_security_group_opens_nothing(network: Network, synthesize: Synthesize) -> None:
    default = synthesize().the("aws_default_security_group")

    assert default["vpc_id"] == "${aws_vpc.net.id}"
    assert not {"ingress", "egress"} & set(default)


def test_everything_that_goes_through_is_logged(network: Network, synthesize: Synthesize) -> None:
    module = synthesize()
    log, group = module.the("aws_flow_log"), module.the("aws_cloudwatch_log_group")

    assert log["traffic_type"] == "ALL"
    assert log["vpc_id"] == "${aws_vpc.net.id}"
    assert log["log_destination"] == "${aws_cloudwatch_log_group.net_flow_log_group.arn}"
    assert log["iam_role_arn"] == "${aws_iam_role.net_flow_log_role.arn}"
    assert log["depends_on"] == ["aws_iam_role_policy.net_flow_log_role_policy"]
    assert (group["name"], group["retention_in_days"]) == ("/aws/vpc/app-${var.environment}-flow-logs", 30)


def test_role_of_the_flow_log_may_write_this_log_only(network: Network, synthesize: Synthesize) -> None:
    module = synthesize()
    permissions = module.statements("net_flow_log_role_permissions")
    groups = "arn:aws:logs:${var.region}:${var.account_id}:log-group:"

    assert {sid: (each["actions"], each["resources"]) for sid, each in permissions.items()} == {
        "WriteLogs": (
            ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
            [f"{groups}/aws/vpc/app-${{var.environment}}-flow-logs:*"],
        ),
        "FindLogGroups": (["logs:DescribeLogGroups"], [f"{groups}*"]),
    }
    trust = module.statements("net_flow_log_role_trust")["Assume"]
    assert trust["principals"] == [{"identifiers": ["vpc-flow-logs.amazonaws.com"], "type": "Service"}]
    assert {each["variable"]: each["values"] for each in trust["condition"]} == {
        "aws:SourceAccount": ["${var.account_id}"],
        "aws:SourceArn": ["arn:aws:ec2:${var.region}:${var.account_id}:vpc-flow-log/*"],
    }


def test_rules_are_resources_of_their_own(group: Group, synthesize: Synthesize) -> None:
    web, app = group("web"), group("app")
    web.allow_from_internet("https", port=443, description="HTTPS")
    web.allow_to_internet("anywhere", description="All")
    app.allow_from("web", web, port=3000, description="Requests")
    web.allow_to("app", app, port=3000, description="Requests")
    app.allow_to_internet("https", port=443, description="APIs")

    module = synthesize()
    rules = {
        name: {key: value for key, value in rule.items() if key not in ("tags", "//")}
        for kind in (INGRESS, EGRESS)
        for name, rule in module.all(kind).items()
    }
    from_app, from_web = (
        {"security_group_id": f"${{aws_security_group.{name}.id}}", "ip_protocol": "tcp"} for name in ("app", "web")
    )
    assert rules == {
        "web_https": {
            **from_web,
            "description": "HTTPS",
            "cidr_ipv4": "0.0.0.0/0",
            "from_port": 443,
            "to_port": 443,
        },
        "web_anywhere": {**from_web, "description": "All", "cidr_ipv4": "0.0.0.0/0", "ip_protocol": "-1"},
        "app_web": {
            **from_app,
            "description": "Requests",
            "referenced_security_group_id": "${aws_security_group.web.id}",
            "from_port": 3000,
            "to_port": 3000,
        },
        "web_app": {
            **from_web,
            "description": "Requests",
            "referenced_security_group_id": "${aws_security_group.app.id}",
            "from_port": 3000,
            "to_port": 3000,
        },
        "app_https": {
            **from_app,
            "description": "APIs",
            "cidr_ipv4": "0.0.0.0/0",
            "from_port": 443,
            "to_port": 443,
        },
    }
    assert not {"ingress", "egress"} & set(module.resource(GROUP, "web"))
    assert module.resource(GROUP, "web")["name"] == "app-${var.environment}-web"


def test_a_group_that_lets_nothing_out_says_so_and_keeps_to_it(group: Group, synthesize: Synthesize) -> None:
    database, app = group("database", outbound=False), group("app")
    database.allow_from("app", app, port=5432, description="Queries")

    with pytest.raises(ValueError, match=r"part/database lets nothing out: a rule 'app' would contradict that"):
        database.allow_to("app", app, port=443, description="Answers")
    assert synthesize().resource(GROUP, "database")["egress"] == []


def test_rules_of_an_optional_group_exist_with_it(group: Group, synthesize: Synthesize) -> None:
    app, cache = group("app"), group("cache", enabled="var.cached")
    app.allow_to("cache", cache, port=6379, description="Cache")
    cache.allow_from("app", app, port=6379, description="Cache")

    module = synthesize()
    assert module.resource(GROUP, "cache")["count"] == "${var.cached ? 1 : 0}"
    out, into = module.resource(EGRESS, "app_cache"), module.resource(INGRESS, "cache_app")
    assert out["count"] == into["count"] == "${(var.cached) ? 1 : 0}"
    assert out["referenced_security_group_id"] == "${one(aws_security_group.cache[*].id)}"
    assert into["security_group_id"] == "${one(aws_security_group.cache[*].id)}"
    assert cache.ids != [cache.id]


def test_rules_between_two_optional_groups_need_both(group: Group, synthesize: Synthesize) -> None:
    one, other = group("one", enabled="var.one || var.all"), group("other", enabled="var.other")
    one.allow_to("other", other, port=1, description="Both")

    assert synthesize().resource(EGRESS, "one_other")["count"] == "${(var.one || var.all) && (var.other) ? 1 : 0}"


@pytest.mark.parametrize("description", ["", "The tasks' port", "a" * 256, "größer", "two\nlines"])
def test_refuses_a_description_that_ec2_does_not_take(group: Group, description: str) -> None:
    with pytest.raises(ValueError, match="EC2 does not take the description"):
        group("web").allow_from_internet("https", port=443, description=description)


def entries(module: Synthesized, acl: str, *, egress: bool) -> list[tuple[Any, ...]]:
    """The entries of an ACL in their order: action, protocol, addresses, ports."""
    mine = [
        each
        for each in module.all("aws_network_acl_rule").values()
        if each["network_acl_id"] == f"${{aws_network_acl.{acl}.id}}" and each["egress"] is egress
    ]
    return [
        (each["rule_action"], each["protocol"], each["cidr_block"], each.get("from_port"), each.get("to_port"))
        for each in sorted(mine, key=lambda each: int(each["rule_number"]))
    ]


INSIDE = ("allow", "-1", "10.0.0.0/16", None, None)
DENIED = [("deny", "tcp", "0.0.0.0/0", port, port) for port in (22, 3389)]


def test_acls_take_answers_and_refuse_remote_logins(
    part: Construct, deployment: Deployment, network: Network, synthesize: Synthesize
) -> None:
    NetworkAcls(part, "acls", props=NetworkAclsProps(deployment=deployment, network=network))

    module = synthesize()
    https = ("allow", "tcp", "0.0.0.0/0", 443, 443)
    answers = ("allow", "tcp", "0.0.0.0/0", 1024, 65535)
    assert entries(module, "acls_public", egress=False) == [
        INSIDE,
        *DENIED,
        ("allow", "tcp", "0.0.0.0/0", 80, 80),
        https,
        answers,
    ]
    assert entries(module, "acls_public", egress=True) == [INSIDE, https, answers]
    assert entries(module, "acls_private", egress=False) == [
        INSIDE,
        *DENIED,
        ("allow", "tcp", "0.0.0.0/0", 32768, 65535),
    ]
    assert entries(module, "acls_private", egress=True) == [INSIDE, https]


def test_every_subnet_gets_its_acl_once_that_has_entries(
    part: Construct, deployment: Deployment, network: Network, synthesize: Synthesize
) -> None:
    NetworkAcls(part, "acls", props=NetworkAclsProps(deployment=deployment, network=network))

    module = synthesize()
    associations = module.all("aws_network_acl_association")
    assert {(each["subnet_id"], each["network_acl_id"]) for each in associations.values()} == {
        (f"${{aws_subnet.net_{tier}_{zone}.id}}", f"${{aws_network_acl.acls_{tier}.id}}")
        for tier in ("public", "private")
        for zone in "ab"
    }
    for name, association in associations.items():
        tier = name.split("_")[1]
        rules = {rule for rule in module.all("aws_network_acl_rule") if rule.startswith(f"acls_{tier}_")}
        assert set(association["depends_on"]) == {f"aws_network_acl_rule.{rule}" for rule in rules}


def test_endpoints_are_in_the_private_subnets_for_their_clients(
    part: Construct, deployment: Deployment, network: Network, group: Group, synthesize: Synthesize
) -> None:
    props = VpcEndpointsProps(
        deployment=deployment, network=network, interfaces=Input("services"), clients=group("app")
    )
    VpcEndpoints(part, "to_aws", props=props)

    module = synthesize()
    for service in ("s3", "dynamodb"):
        gateway = module.resource("aws_vpc_endpoint", f"to_aws_{service}")
        assert gateway["vpc_endpoint_type"] == "Gateway"
        assert gateway["service_name"] == f"com.amazonaws.${{var.region}}.{service}"
        assert gateway["route_table_ids"] == [
            "${aws_route_table.net_private_a_routes.id}",
            "${aws_route_table.net_private_b_routes.id}",
        ]
    interface = module.resource("aws_vpc_endpoint", "to_aws_interfaces")
    assert interface["for_each"] == "${{ for service in toset(var.services) : service => service }}"
    assert interface["service_name"] == "com.amazonaws.${var.region}.${each.key}"
    assert interface["private_dns_enabled"] is True
    assert interface["subnet_ids"] == ["${aws_subnet.net_private_a.id}", "${aws_subnet.net_private_b.id}"]
    assert interface["security_group_ids"] == "${aws_security_group.to_aws_group[*].id}"
    assert module.resource(GROUP, "to_aws_group")["count"] == "${length(var.services) > 0 ? 1 : 0}"
    assert module.resource(GROUP, "to_aws_group")["egress"] == []
    rule = module.the(INGRESS)
    assert rule["referenced_security_group_id"] == "${aws_security_group.app.id}"
    assert (rule["from_port"], rule["to_port"]) == (443, 443)
