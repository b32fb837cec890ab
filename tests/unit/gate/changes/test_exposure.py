"""Which doors to the internet a plan has, kind by kind, at the first plan and once everything is known."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.gate.changes.conftest import ACCOUNT, STAYS, Look, refers_to, refused
from tooling.gate.changes import Changes, Door
from tooling.gate.model import ChangeLimits

INTERNET = "the internet"
SHOWN = ChangeLimits(max_destroys=5, max_replaces=5, new_exposure="show")
HALF_MADE = ChangeLimits(max_destroys=5, max_replaces=5, half_made=True)
ELSEWHERE = "999988887777"


def made(**values: Any) -> dict[str, Any]:
    return {"after": values}


def doors(changes: Changes) -> set[tuple[str, str]]:
    return {(door.address, door.reached_from) for door in changes.doors}


def only(changes: Changes) -> Door:
    (door,) = changes.doors
    return door


def policy(action: str, **more: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, **more}]})


# Security groups.


@pytest.mark.parametrize(
    ("given", "reached_from"),
    [
        ({"cidr_ipv4": "0.0.0.0/0"}, INTERNET),
        ({"cidr_ipv6": "::/0"}, INTERNET),
        ({"cidr_ipv4": "0.0.0.0/1"}, "0.0.0.0/1"),
        ({"cidr_ipv4": "203.0.113.7/32"}, "203.0.113.7/32"),
        ({"cidr_ipv4": "172.0.0.0/8"}, "172.0.0.0/8"),
        ({"prefix_list_id": "pl-3b927c52"}, "prefix list pl-3b927c52"),
    ],
)
def test_a_rule_that_lets_public_addresses_in_is_a_door(look: Look, given: dict[str, str], reached_from: str) -> None:
    door = only(
        look({"aws_vpc_security_group_ingress_rule.r": made(ip_protocol="tcp", from_port=22, to_port=22, **given)})
    )

    assert door.reached_from == reached_from
    assert door.what.startswith("tcp/22 to ")
    assert door.undecided == ("prefix_list_id" in given)


@pytest.mark.parametrize("cidr", ["10.0.0.0/8", "172.16.0.0/12", "192.168.7.0/24", "100.64.0.0/10", "169.254.1.1/32"])
def test_private_addresses_are_nobody_from_outside(look: Look, cidr: str) -> None:
    assert look({"aws_vpc_security_group_ingress_rule.r": made(cidr_ipv4=cidr, ip_protocol="-1")}).doors == ()


def test_rules_of_every_form_are_read(look: Look) -> None:
    inline = {"protocol": "tcp", "from_port": 1, "to_port": 9, "cidr_blocks": ["10.0.0.0/8", "0.0.0.0/0"]}

    found = look(
        {
            "aws_security_group.inline": made(ingress=[inline]),
            "aws_default_security_group.default": made(
                ingress=[{**inline, "cidr_blocks": [], "ipv6_cidr_blocks": ["::/0"]}]
            ),
            "aws_security_group_rule.old": made(type="ingress", protocol="-1", cidr_blocks=["0.0.0.0/0"]),
            "aws_security_group_rule.out": made(type="egress", protocol="-1", cidr_blocks=["0.0.0.0/0"]),
            "aws_vpc_security_group_egress_rule.out": made(ip_protocol="-1", cidr_ipv4="0.0.0.0/0"),
        }
    )

    assert {door.address for door in found.doors} == {
        "aws_security_group.inline",
        "aws_default_security_group.default",
        "aws_security_group_rule.old",
    }


def test_a_group_that_lets_in_another_group_is_no_door(look: Look) -> None:
    rule = {"after": {"ip_protocol": "-1", "referenced_security_group_id": "sg-2"}}

    assert look({"aws_vpc_security_group_ingress_rule.r": rule}).doors == ()


def test_a_prefix_list_of_the_plan_is_read(look: Look) -> None:
    lists = {
        "aws_ec2_managed_prefix_list.l": made(id="pl-1", entry=[{"cidr": "10.0.0.0/8"}, {"cidr": "198.51.100.0/24"}])
    }
    rule = {"aws_vpc_security_group_ingress_rule.r": made(ip_protocol="-1", prefix_list_id="pl-1")}

    door = only(look({**lists, **rule}))

    assert (door.reached_from, door.undecided) == ("198.51.100.0/24", False)


def test_addresses_that_are_not_known_yet_are_an_undecided_door(look: Look) -> None:
    rule = {
        "after": {"ip_protocol": "-1"},
        "unknown": {"cidr_ipv4": True},
        "expressions": {"cidr_ipv4": refers_to("aws_eip.office.public_ip", "aws_eip.office")},
    }

    assert only(look({"aws_vpc_security_group_ingress_rule.r": rule})).undecided


def test_what_aws_shows_in_a_group_of_a_separate_rule_is_not_told_twice_nor_after_it_is_gone(look: Look) -> None:
    # GIVEN a group in which AWS shows two rules that are resources of their own, and one that nobody declares
    shown = [
        {"protocol": "tcp", "from_port": port, "to_port": port, "cidr_blocks": ["0.0.0.0/0"]} for port in (80, 443, 22)
    ]
    group = {"id": "sg-1", "ingress": shown}
    rules = {
        port: {
            "security_group_id": "sg-1",
            "ip_protocol": "tcp",
            "from_port": port,
            "to_port": port,
            "cidr_ipv4": "0.0.0.0/0",
        }
        for port in (80, 443)
    }

    # WHEN one of the two goes
    found = look(
        {
            "aws_security_group.g": {"before": group, "after": group, "expressions": {"name": {}}},
            "aws_vpc_security_group_ingress_rule.https": {"before": rules[443], "after": rules[443]},
            "aws_vpc_security_group_ingress_rule.http": {"before": rules[80]},
        }
    )

    # THEN there are the one that stays, and the one that nobody declares
    assert [(door.address, door.what.partition(" ")[0], door.new) for door in found.doors] == [
        ("aws_security_group.g", "tcp/22", False),
        ("aws_vpc_security_group_ingress_rule.https", "tcp/443", False),
    ]


def test_a_door_says_what_is_behind_it_by_reference_and_by_id(look: Look) -> None:
    # GIVEN a database in a group that has no id yet
    group = refers_to("aws_security_group.db.id", "aws_security_group.db")
    database = {
        "after": {"engine": "postgres"},
        "unknown": {"vpc_security_group_ids": True},
        "expressions": {"vpc_security_group_ids": group},
    }
    rule: dict[str, Any] = {
        "after": {"cidr_ipv4": "0.0.0.0/0", "ip_protocol": "tcp", "from_port": 5432, "to_port": 5432},
        "unknown": {"security_group_id": True},
        "expressions": {"security_group_id": group, "cidr_ipv4": {}},
    }
    first = {"aws_security_group.db": made(), "aws_db_instance.d": database}
    later = {"aws_security_group.db": made(id="sg-1"), "aws_db_instance.d": made(vpc_security_group_ids=["sg-1"])}
    known = {**rule["after"], "security_group_id": "sg-1"}

    # THEN both plans tell the same
    one = only(look({**first, "aws_vpc_security_group_ingress_rule.r": rule}))
    other = only(look({**later, "aws_vpc_security_group_ingress_rule.r": {"after": known}}))
    assert one == other
    assert one.leads_to == ("aws_db_instance.d",)
    assert one.what == "tcp/5432 to what has the security group db"


# Public addresses.

NETWORK: dict[str, Any] = {
    "aws_internet_gateway.igw": made(id="igw-1"),
    "aws_route_table.public": made(id="rtb-1"),
    "aws_route_table.private": made(id="rtb-2"),
    "aws_route.out": made(route_table_id="rtb-1", gateway_id="igw-1", destination_cidr_block="0.0.0.0/0"),
    "aws_route.nat": made(route_table_id="rtb-2", nat_gateway_id="nat-1", destination_cidr_block="0.0.0.0/0"),
    "aws_subnet.public": made(id="subnet-1", map_public_ip_on_launch=True),
    "aws_subnet.private": made(id="subnet-2"),
    "aws_route_table_association.public": made(subnet_id="subnet-1", route_table_id="rtb-1"),
    "aws_route_table_association.private": made(subnet_id="subnet-2", route_table_id="rtb-2"),
    "aws_security_group.open": made(id="sg-open", ingress=[{"protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]),
    "aws_security_group.shut": made(id="sg-shut"),
}


def service(public: bool, group: str, subnet: str) -> dict[str, Any]:
    network = {"assign_public_ip": public, "security_groups": [group], "subnets": [subnet]}
    return {"aws_ecs_service.s": made(network_configuration=[network])}


@pytest.mark.parametrize(
    ("resource", "is_door"),
    [
        (service(True, "sg-open", "subnet-1"), True),
        (service(True, "sg-shut", "subnet-1"), False),
        (service(True, "sg-open", "subnet-2"), False),
        (service(False, "sg-open", "subnet-1"), False),
        ({"aws_instance.i": made(vpc_security_group_ids=["sg-open"], subnet_id="subnet-1")}, True),
        ({"aws_instance.i": made(vpc_security_group_ids=["sg-open"], subnet_id="subnet-2")}, False),
        (
            {
                "aws_instance.i": made(
                    vpc_security_group_ids=["sg-open"], subnet_id="subnet-1", associate_public_ip_address=False
                )
            },
            False,
        ),
        (
            {
                "aws_instance.i": made(
                    id="i-1",
                    vpc_security_group_ids=["sg-open"],
                    subnet_id="subnet-1",
                    associate_public_ip_address=False,
                ),
                "aws_eip.e": made(instance="i-1"),
            },
            True,
        ),
        (
            {
                "aws_launch_template.t": made(
                    network_interfaces=[{"associate_public_ip_address": "true", "security_groups": ["sg-open"]}]
                )
            },
            True,
        ),
        (
            {
                "aws_launch_template.t": made(
                    network_interfaces=[{"associate_public_ip_address": "false", "security_groups": ["sg-open"]}]
                )
            },
            False,
        ),
        (
            {
                "aws_launch_template.t": made(id="lt-1", vpc_security_group_ids=["sg-open"]),
                "aws_autoscaling_group.a": made(launch_template=[{"id": "lt-1"}], vpc_zone_identifier=["subnet-1"]),
            },
            True,
        ),
    ],
)
def test_a_public_address_is_a_door_if_a_group_and_a_route_let_the_internet_to_it(
    look: Look, resource: dict[str, Any], is_door: bool
) -> None:
    found = look({**NETWORK, **resource})

    of_it = [door for door in found.doors if door.address in resource]
    assert [door.what for door in of_it] == (["a public address of its own"] if is_door else [])


@pytest.mark.parametrize(("group", "says"), [("sg-open", False), ("sg-shut", True)])
def test_a_public_address_of_a_database_is_a_door_whoever_is_let_in(look: Look, group: str, says: bool) -> None:
    found = look({**NETWORK, "aws_db_instance.d": made(publicly_accessible=True, vpc_security_group_ids=[group])})

    (door,) = [door for door in found.doors if door.address == "aws_db_instance.d"]
    assert ("let nobody in yet" in door.what) is says


# Load balancers.


def balancer(**values: Any) -> dict[str, Any]:
    return {
        **NETWORK,
        "aws_lb.web": made(**{"arn": "arn:lb", "subnets": ["subnet-1"], "security_groups": ["sg-open"], **values}),
        "aws_lb_listener.https": made(load_balancer_arn="arn:lb", protocol="HTTPS", port=443),
    }


@pytest.mark.parametrize(
    ("values", "count"),
    [
        ({}, 1),
        ({"internal": True}, 0),
        ({"security_groups": ["sg-shut"]}, 0),
        ({"security_groups": [], "load_balancer_type": "network"}, 1),
        ({"subnets": ["subnet-2"]}, 0),
    ],
)
def test_a_listener_is_a_door_as_far_as_its_load_balancer_is_reached(
    look: Look, values: dict[str, Any], count: int
) -> None:
    found = look(balancer(**values))

    assert len([door for door in found.doors if door.address == "aws_lb_listener.https"]) == count


def test_a_listener_says_where_it_leads_and_whether_it_asks_who_is_there(look: Look) -> None:
    resources = {
        **balancer(),
        "aws_lb_listener.https": made(
            load_balancer_arn="arn:lb",
            protocol="HTTPS",
            port=443,
            default_action=[{"type": "authenticate-cognito"}, {"type": "forward", "target_group_arn": "arn:tg"}],
        ),
        "aws_lb_target_group.t": made(arn="arn:tg"),
        "aws_ecs_service.app": made(load_balancer=[{"target_group_arn": "arn:tg"}]),
    }

    (door,) = [door for door in look(resources).doors if door.address == "aws_lb_listener.https"]

    assert door.leads_to == ("aws_ecs_service.app",)
    assert door.authenticated is True


def test_a_listener_of_a_load_balancer_that_nobody_sees_is_undecided(look: Look) -> None:
    assert only(look({"aws_lb_listener.l": made(load_balancer_arn="arn:other", protocol="TCP", port=22)})).undecided


# APIs, functions, distributions.


def test_a_route_without_an_authorizer_is_a_door_and_the_others_are_one_together(look: Look) -> None:
    found = look(
        {
            "aws_apigatewayv2_api.a": made(id="a1"),
            "aws_apigatewayv2_route.open": made(api_id="a1", route_key="GET /p", authorization_type="NONE"),
            "aws_apigatewayv2_route.unsaid": made(api_id="a1", route_key="GET /q"),
            "aws_apigatewayv2_route.jwt": made(api_id="a1", route_key="GET /r", authorization_type="JWT"),
            "aws_apigatewayv2_route.iam": made(api_id="a1", route_key="GET /s", authorization_type="AWS_IAM"),
        }
    )

    assert {(door.address, door.authenticated, door.leads_to) for door in found.doors} == {
        ("aws_apigatewayv2_route.open", False, ()),
        ("aws_apigatewayv2_route.unsaid", False, ()),
        ("aws_apigatewayv2_api.a", True, ("GET /r", "GET /s")),
    }


def test_a_preflight_that_the_gateway_answers_itself_leads_nowhere(look: Look) -> None:
    of_api = {"rest_api_id": "a1", "resource_id": "r1"}

    found = look(
        {
            "aws_api_gateway_rest_api.a": made(id="a1", endpoint_configuration=[{"types": ["REGIONAL"]}]),
            "aws_api_gateway_resource.r": made(id="r1", path_part="episodes"),
            "aws_api_gateway_method.options": made(http_method="OPTIONS", authorization="NONE", **of_api),
            "aws_api_gateway_method.get": made(http_method="GET", authorization="NONE", **of_api),
            "aws_api_gateway_integration.options": made(http_method="OPTIONS", type="MOCK", **of_api),
            "aws_api_gateway_integration.get": made(http_method="GET", type="AWS_PROXY", **of_api),
        }
    )

    assert only(found).what == "GET /episodes of aws_api_gateway_rest_api.a"


def test_a_private_api_is_no_door(look: Look) -> None:
    api = made(id="a1", endpoint_configuration=[{"types": ["PRIVATE"]}])
    method = made(rest_api_id="a1", http_method="GET", authorization="NONE")

    assert look({"aws_api_gateway_rest_api.a": api, "aws_api_gateway_method.m": method}).doors == ()


@pytest.mark.parametrize(
    ("address", "values", "authenticated", "undecided"),
    [
        ("aws_lambda_function_url.u", {"authorization_type": "NONE"}, False, False),
        ("aws_lambda_function_url.u", {"authorization_type": "AWS_IAM"}, True, False),
        ("aws_cloudfront_distribution.d", {"enabled": True}, None, False),
        ("aws_api_gateway_rest_api.a", {"body": "{}"}, None, True),
        ("aws_cognito_user_pool.p", {}, False, False),
        ("aws_cognito_identity_pool.p", {"allow_unauthenticated_identities": True}, False, False),
        ("aws_opensearch_domain.d", {}, None, True),
        (
            "aws_cloudformation_stack.s",
            {"template_body": '{"Resources": {"A": {"Type": "AWS::EC2::Instance"}}}'},
            None,
            True,
        ),
        ("aws_cloudformation_stack.s", {"template_body": "Resources: {}"}, None, True),
    ],
)
def test_what_is_on_the_internet_by_itself_is_a_door(
    look: Look, address: str, values: dict[str, Any], authenticated: bool | None, undecided: bool
) -> None:
    door = only(look({address: made(**values)}))

    assert (door.authenticated, door.undecided) == (authenticated, undecided)


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("aws_cloudfront_distribution.d", {"enabled": False}),
        ("aws_cognito_user_pool.p", {"admin_create_user_config": [{"allow_admin_create_user_only": True}]}),
        ("aws_cognito_identity_pool.p", {"allow_unauthenticated_identities": False}),
        ("aws_cloudformation_stack.s", {"template_body": '{"Resources": {"A": {"Type": "AWS::Personalize::Schema"}}}'}),
        ("terraform_data.d", {}),
    ],
)
def test_what_is_not_on_the_internet_is_none(look: Look, address: str, values: dict[str, Any]) -> None:
    assert look({address: made(**values)}).doors == ()


# Policies.


@pytest.mark.parametrize(
    ("statement", "who"),
    [
        ({"Principal": "*"}, INTERNET),
        ({"Principal": {"AWS": "*"}}, INTERNET),
        ({"Principal": {"AWS": ["*"]}, "Condition": {"Bool": {"aws:SecureTransport": "true"}}}, INTERNET),
        ({"NotPrincipal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}, "everybody but NotPrincipal"),
        ({"Principal": {"AWS": f"arn:aws:iam::{ELSEWHERE}:role/r"}}, f"account {ELSEWHERE}"),
        ({"Principal": {"AWS": ELSEWHERE}}, f"account {ELSEWHERE}"),
        ({"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ELSEWHERE}}}, f"account {ELSEWHERE}"),
        ({"Principal": "*", "Condition": {"StringLike": {"aws:SourceArn": "*"}}}, INTERNET),
        ({"Principal": "*", "Condition": {"StringEqualsIfExists": {"aws:SourceAccount": ACCOUNT}}}, INTERNET),
        ({"Principal": "*", "Condition": {"StringNotEquals": {"aws:SourceAccount": ACCOUNT}}}, INTERNET),
        ({"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}}, "198.51.100.0/24"),
        ({"Principal": {"Federated": "accounts.google.com"}}, "whoever accounts.google.com signs in"),
    ],
)
def test_a_policy_that_lets_in_everybody_or_another_account_is_a_door(
    look: Look, statement: dict[str, Any], who: str
) -> None:
    found = look({"aws_sqs_queue_policy.p": made(queue_url="q", policy=policy("sqs:SendMessage", **statement))})

    assert doors(found) == {("aws_sqs_queue_policy.p", who)}


@pytest.mark.parametrize(
    "statement",
    [
        {"Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}},
        {"Principal": {"AWS": ACCOUNT}},
        {"Principal": {"Service": "events.amazonaws.com"}},
        {"Principal": "*", "Effect": "Deny"},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}}},
        {"Principal": "*", "Condition": {"ArnLike": {"aws:SourceArn": f"arn:aws:sns:*:{ACCOUNT}:*"}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}},
        {"Principal": "*", "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
        {"Principal": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["10.0.0.0/8"]}}},
        {"Principal": {"Federated": "token.ci"}, "Condition": {"StringLike": {"token.ci:sub": "repo:a/b:*"}}},
    ],
)
def test_a_policy_for_those_of_the_account_is_none(look: Look, statement: dict[str, Any]) -> None:
    text = policy("sqs:SendMessage", **statement)

    assert look({"aws_sqs_queue_policy.p": made(queue_url="q", policy=text)}).doors == ()


@pytest.mark.parametrize(
    "address",
    [
        "aws_ecr_repository_policy.p",
        "aws_iam_role.p",
        "aws_kms_key.p",
        "aws_s3_bucket_policy.p",
        "aws_secretsmanager_secret_policy.p",
        "aws_sns_topic_policy.p",
    ],
)
def test_policies_of_every_kind_of_resource_are_read(look: Look, address: str) -> None:
    attribute = "assume_role_policy" if "role" in address else "policy"

    assert doors(look({address: made(**{attribute: policy("x:*", Principal="*")})})) == {(address, INTERNET)}


def test_a_policy_that_is_not_known_yet_is_read_from_its_data_source(look: Look) -> None:
    # GIVEN a policy whose text waits for an ARN, while its data source says who may come
    statement = {"actions": ["sqs:*"], "principals": [{"type": "*", "identifiers": ["*"]}]}
    source = {
        "after": {"statement": [statement]},
        "actions": ["read"],
        "unknown": {"json": True, "statement": [{"resources": True, "principals": [{"identifiers": [False]}]}]},
    }
    policy_ = {
        "after": {"queue_url": "q"},
        "unknown": {"policy": True},
        "expressions": {"policy": refers_to("data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d")},
    }

    found = look({"data.aws_iam_policy_document.d": source, "aws_sqs_queue_policy.p": policy_})

    assert doors(found) == {("aws_sqs_queue_policy.p", INTERNET)}


def test_a_policy_of_which_nothing_is_known_is_an_undecided_door(look: Look) -> None:
    waiting = {"after": {}, "unknown": {"policy": True}, "expressions": {"policy": refers_to("local.text")}}

    assert only(look({"aws_sqs_queue_policy.p": waiting})).undecided


@pytest.mark.parametrize(
    ("values", "who"),
    [
        ({"principal": "*"}, INTERNET),
        ({"principal": ELSEWHERE}, f"account {ELSEWHERE}"),
        ({"principal": "apigateway.amazonaws.com"}, "apigateway.amazonaws.com in any account"),
        ({"principal": "apigateway.amazonaws.com", "source_arn": "arn:aws:execute-api:x"}, None),
        ({"principal": "s3.amazonaws.com", "source_account": ACCOUNT}, None),
        ({"principal": "*", "principal_org_id": "o-1"}, None),
        ({"principal": ACCOUNT}, None),
    ],
)
def test_a_permission_of_a_function_is_a_door_unless_it_says_for_what(
    look: Look, values: dict[str, str], who: str | None
) -> None:
    found = look({"aws_lambda_permission.p": made(action="lambda:InvokeFunction", function_name="f", **values)})

    assert doors(found) == ({("aws_lambda_permission.p", who)} if who else set())


def test_buckets_are_doors_by_acl_and_where_nothing_blocks_public_access(look: Look) -> None:
    whole = dict.fromkeys(
        ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets"), True
    )

    found = look(
        {
            "aws_s3_bucket.blocked": made(bucket="one"),
            "aws_s3_bucket_public_access_block.one": made(bucket="one", **whole),
            "aws_s3_bucket.half": made(bucket="two"),
            "aws_s3_bucket_public_access_block.two": made(bucket="two", **{**whole, "ignore_public_acls": False}),
            "aws_s3_bucket.bare": made(bucket="three"),
            "aws_s3_bucket_acl.read": made(bucket="one", acl="public-read"),
        }
    )

    assert {(door.address, door.undecided) for door in found.doors} == {
        ("aws_s3_bucket.half", True),
        ("aws_s3_bucket.bare", True),
        ("aws_s3_bucket_acl.read", False),
    }


# New or not.


def test_a_door_is_new_if_it_was_not_there_word_for_word(look: Look) -> None:
    was = {"cidr_ipv4": "198.51.100.0/24", "ip_protocol": "tcp", "from_port": 22, "to_port": 22}

    changes = look(
        {
            "aws_vpc_security_group_ingress_rule.same": {"before": was, "after": was},
            "aws_vpc_security_group_ingress_rule.wider": {"before": was, "after": {**was, "cidr_ipv4": "0.0.0.0/0"}},
            "aws_vpc_security_group_ingress_rule.shut": {"before": was, "after": {**was, "cidr_ipv4": "10.0.0.0/8"}},
        }
    )

    assert [door.address for door in changes.new_doors] == ["aws_vpc_security_group_ingress_rule.wider"]
    assert refused(changes, "GP_EXPOSURE_2") == ["aws_vpc_security_group_ingress_rule.wider"]
    assert sorted(refused(changes, "GP_EXPOSURE_1")) == [
        "aws_vpc_security_group_ingress_rule.same",
        "aws_vpc_security_group_ingress_rule.wider",
    ]


def test_new_doors_of_a_new_stack_and_where_they_are_only_shown_are_left_to_the_waivers(look: Look) -> None:
    opened = {"aws_lambda_function_url.u": made(authorization_type="NONE")}

    for changes in (look(opened), look({**STAYS, **opened}, SHOWN)):
        assert [door.new for door in changes.doors] == [True]
        assert refused(changes, "GP_EXPOSURE_2") == []
        assert refused(changes, "GP_EXPOSURE_1") == ["aws_lambda_function_url.u"]

    assert refused(look({**STAYS, **opened}), "GP_EXPOSURE_2") == ["aws_lambda_function_url.u"]


def test_what_a_first_apply_left_undone_opens_no_new_door_and_grants_no_wider(look: Look) -> None:
    opened = {"aws_lambda_function_url.u": made(authorization_type="NONE")}

    changes = look({**STAYS, **opened}, HALF_MADE)

    assert not changes.existing
    assert changes.grants == ()
    assert refused(changes, "GP_EXPOSURE_2") == []
    assert refused(changes, "GP_EXPOSURE_1") == ["aws_lambda_function_url.u"]


def test_a_door_whose_ids_are_only_made_anew_is_not_a_new_one(look: Look) -> None:
    # GIVEN a listener whose load balancer is replaced, so that its ARN is not known
    group = {"id": "sg-1", "ingress": [{"protocol": "-1", "cidr_blocks": ["0.0.0.0/0"]}]}
    balancer_ = {"arn": "arn:lb", "security_groups": ["sg-1"]}
    listener = {"load_balancer_arn": "arn:lb", "protocol": "HTTPS", "port": 443}

    changes = look(
        {
            "aws_security_group.g": {"before": group, "after": group},
            "aws_lb.web": {
                "before": balancer_,
                "after": {"security_groups": ["sg-1"]},
                "unknown": {"arn": True},
                "actions": ["delete", "create"],
            },
            "aws_lb_listener.https": {
                "before": listener,
                "after": {"protocol": "HTTPS", "port": 443},
                "unknown": {"load_balancer_arn": True},
                "expressions": {"load_balancer_arn": refers_to("aws_lb.web.arn", "aws_lb.web")},
                "actions": ["delete", "create"],
            },
        }
    )

    assert len(changes.doors) == 2
    assert changes.new_doors == ()


def test_a_policy_whose_actions_are_only_in_another_order_is_the_same_door(look: Look) -> None:
    def sending(*actions: str) -> dict[str, str]:
        statement = {"Effect": "Allow", "Principal": "*", "Action": list(actions), "Resource": "*"}
        return {"queue_url": "q", "policy": json.dumps({"Statement": [statement]})}

    turned = {"before": sending("sqs:SendMessage", "sqs:Get*"), "after": sending("sqs:Get*", "sqs:SendMessage")}

    assert look({"aws_sqs_queue_policy.p": turned}).new_doors == ()
