"""Network rules as who can reach what."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.report_plans import Json, create, entry, plan_of, update
from tooling.report.semantic import Context, describe
from tooling.report.semantic.reach import whole

WEB, APP = "aws_security_group.web", "aws_security_group.app"
GROUPS = (entry(WEB, ["no-op"], {"id": "sg-1"}, {"id": "sg-1"}), entry(APP, ["no-op"], {"id": "sg-2"}, {"id": "sg-2"}))
RULE = "aws_vpc_security_group_ingress_rule.r"
OPEN = {"security_group_id": "sg-1", "ip_protocol": "tcp", "from_port": 443, "to_port": 443, "cidr_ipv4": "0.0.0.0/0"}


def told(*changes: Json, **more: Any) -> list[str]:
    return [f"{each.sign} {each.label}" for each in whole(Context(plan_of(*GROUPS, *changes, **more)))]


@pytest.mark.parametrize(
    ("address", "values", "says"),
    [
        (RULE, {}, f"the internet (0.0.0.0/0) can reach {WEB} on TCP 443"),
        (RULE, {"cidr_ipv4": None, "cidr_ipv6": "::/0"}, f"the internet (::/0) can reach {WEB} on TCP 443"),
        (RULE, {"cidr_ipv4": "10.0.0.0/8"}, f"10.0.0.0/8 can reach {WEB} on TCP 443"),
        (RULE, {"cidr_ipv4": None, "referenced_security_group_id": "sg-2"}, f"{APP} can reach {WEB} on TCP 443"),
        (RULE, {"to_port": 8443}, f"the internet (0.0.0.0/0) can reach {WEB} on TCP 443–8443"),
        (
            RULE,
            {"ip_protocol": "-1", "from_port": None, "to_port": None},
            f"the internet (0.0.0.0/0) can reach {WEB} on every protocol",
        ),
        (
            "aws_vpc_security_group_egress_rule.r",
            {"ip_protocol": "udp", "from_port": 53, "to_port": 53},
            f"{WEB} can reach the internet (0.0.0.0/0) on UDP 53",
        ),
        (
            "aws_security_group_rule.r",
            {"type": "ingress", "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"], "cidr_ipv4": None},
            f"the internet (0.0.0.0/0) can reach {WEB} on TCP 443",
        ),
        (
            "aws_network_acl_rule.r",
            {"network_acl_id": "acl-1", "protocol": "6", "cidr_block": "0.0.0.0/0", "rule_action": "deny"}
            | {"egress": False, "rule_number": 100},
            "the internet (0.0.0.0/0) cannot reach the subnets of acl-1 on TCP 443 (rule 100)",
        ),
    ],
)
def test_a_rule_is_a_sentence(address: str, values: Json, says: str) -> None:
    assert told(create(address, {**OPEN, **values})) == [f"+ {says}"]


def test_rules_inside_of_a_group_count_as_well() -> None:
    ingress = [{"protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_blocks": ["0.0.0.0/0"], "self": True}]

    assert told(create("aws_security_group.old", {"ingress": ingress, "egress": []})) == [
        "+ aws_security_group.old can reach aws_security_group.old on TCP 22",
        "+ the internet (0.0.0.0/0) can reach aws_security_group.old on TCP 22",
    ]


def test_a_rule_that_moves_to_another_name_opens_and_closes_nothing() -> None:
    gone = entry("aws_vpc_security_group_ingress_rule.old", ["delete"], OPEN)

    assert told(gone, create(RULE, OPEN)) == []


def test_what_opens_and_what_closes_is_told_of_an_update() -> None:
    assert told(update(RULE, OPEN, {"from_port": 80, "to_port": 80})) == [
        f"+ the internet (0.0.0.0/0) can reach {WEB} on TCP 80",
        f"- the internet (0.0.0.0/0) can reach {WEB} on TCP 443",
    ]


def test_a_group_that_is_made_with_it_is_named_by_the_configuration() -> None:
    rule = create(RULE, {**OPEN, "security_group_id": None}, after_unknown={"security_group_id": True})
    expressions = {"security_group_id": {"references": [f"{WEB}.id", WEB]}}
    resource = {"mode": "managed", "type": RULE.split(".")[0], "name": "r", "expressions": expressions}

    assert told(rule, configuration={"root_module": {"resources": [resource]}}) == [
        f"+ the internet (0.0.0.0/0) can reach {WEB} on TCP 443"
    ]


def test_a_resource_tells_its_ways_and_not_its_ports_once_more() -> None:
    change = update(RULE, OPEN, {"from_port": 80, "to_port": 80, "description": "new"})
    context = Context(plan_of(*GROUPS, change))

    meaning = describe(change, context)

    assert [section.kind for section in meaning.sections] == ["reach", "attributes"]
    assert [each.label for each in meaning.sections[1].entries] == ["description"]
