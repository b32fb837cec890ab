"""GP_WAIVER_1: a waiver that matches nothing, where it is fair to say so."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.gate.conftest import Judge, planted
from tests.unit.gate.test_waivers import FOR_EVER, waiver
from tooling.gate import GateResult

Json = dict[str, Any]


def unused(result: GateResult) -> list[str]:
    return [finding.message for finding in result.findings if finding.check_id == "GP_WAIVER_1"]


def in_module(name: str, plan: Json) -> Json:
    """The resources of a plan, moved into a module of that name."""
    for section in (plan["planned_values"]["root_module"]["resources"], plan["resource_changes"]):
        for resource in section:
            resource["address"] = f"module.{name}.{resource['address']}"
    plan["configuration"]["root_module"] = {
        "module_calls": {name: {"module": plan["configuration"]["root_module"]}},
    }
    return plan


def group(retention: int) -> Json:
    return planted({"aws_cloudwatch_log_group.a": {"name": "a", "retention_in_days": retention}})


def test_a_waiver_for_nothing_refuses_the_plan_and_says_where_it_stands(judge: Judge) -> None:
    # WHEN
    result = judge(FOR_EVER, waivers=waiver() + waiver(address="aws_cloudwatch_log_group.b"))

    # THEN
    (finding,) = [finding for finding in result.findings if finding.check_id == "GP_WAIVER_1"]
    assert finding in result.refused
    assert finding.address == "aws_cloudwatch_log_group.b"
    assert finding.declared_at.endswith("waivers.yaml:7")
    assert finding.message.startswith("the waiver of GP_LOGS_1 at ")
    assert finding.message.endswith("waivers.yaml:7 matches nothing: nothing in this plan has such an address")


def test_a_waiver_for_a_check_that_passes_is_for_nothing(judge: Judge) -> None:
    # WHEN
    (message,) = unused(judge(group(retention=30), waivers=waiver()))

    # THEN
    assert message.endswith("the check passes there")


def test_a_waiver_for_a_check_that_does_not_look_there_is_for_nothing(judge: Judge) -> None:
    # WHEN
    (message,) = unused(judge(FOR_EVER, waivers=waiver() + waiver(check="CKV_AWS_26")))

    # THEN
    assert message.endswith("the check does not judge what is there")


@pytest.mark.parametrize(
    ("address", "stacks", "about"),
    [
        ("module.kefir.aws_cloudwatch_log_group.b", "[dev/kefir]", True),
        ("module.k*.aws_cloudwatch_log_group.b", "['*']", True),
        ("module.rewind.aws_cloudwatch_log_group.b", "['*']", False),
        ("module.kefir.aws_cloudwatch_log_group.b", "[prod/kefir]", False),
        ("'*.aws_cloudwatch_log_group.b'", "['*']", True),
    ],
)
def test_it_is_about_the_stacks_that_have_its_module_and_that_it_names(
    judge: Judge, address: str, stacks: str, about: bool
) -> None:
    # GIVEN
    plan = in_module("kefir", group(retention=30))

    # WHEN
    result = judge(plan, waivers=waiver(address=address, stacks=stacks), stack="dev/kefir")

    # THEN
    assert bool(unused(result)) is about


def test_a_plan_that_leaves_nothing_has_no_use_for_any(judge: Judge) -> None:
    # GIVEN a destroy that still reads a document
    plan = planted({"data.aws_iam_policy_document.d": {"statement": [{"actions": ["s3:GetObject"]}]}})
    plan["resource_changes"].append(
        {"address": "aws_cloudwatch_log_group.a", "mode": "managed", "change": {"actions": ["delete"]}}
    )

    # THEN
    assert unused(judge(plan, waivers=waiver())) == []
    assert unused(judge(planted({}), waivers=waiver())) == []


def test_what_only_the_apply_will_tell_is_waited_for(judge: Judge) -> None:
    # GIVEN a group whose rules AWS has yet to show, a queue whose policy it has
    plan = planted(
        {
            "aws_security_group.g": {"name": "g", "description": "g", "unknown": {"ingress": True, "id": True}},
            "aws_sqs_queue.q": {"name": "q", "unknown": {"policy": True, "arn": True}},
        }
    )
    for change in plan["configuration"]["root_module"]["resources"]:
        change["expressions"] = {"name": {}, "description": {}}
    both = waiver(check="CKV_AWS_24", address="aws_security_group.g") + waiver(
        check="GP_IAM_1", address="aws_sqs_queue.q"
    )
    assert unused(judge(plan, waivers=both)) == []

    # WHEN it is there
    for change in plan["resource_changes"]:
        change["change"]["after_unknown"] = {}

    # THEN
    assert len(unused(judge(plan, waivers=both))) == 2


def test_one_for_undecided_values_only_may_wait_for_the_next_but_not_for_a_resource(judge: Judge) -> None:
    # WHEN the value is known, or there is no such resource
    known = judge(group(retention=30), waivers=waiver(only_undecided="true"))
    mistyped = judge(group(retention=30), waivers=waiver(only_undecided="true", address="aws_cloudwatch_log_group.b"))

    # THEN
    assert unused(known) == []
    assert len(unused(mistyped)) == 1


def test_a_rule_that_was_no_part_of_the_run_has_no_unused_waivers(judge: Judge) -> None:
    # GIVEN
    text = waiver(check="GP_COST_1", address="aws_cloudwatch_log_group.a")

    # WHEN nobody estimated the cost, or it is below the budget
    not_estimated, fine = judge(group(retention=30), waivers=text), judge(group(30), waivers=text, further=[])

    # THEN
    assert unused(not_estimated) == []
    assert len(unused(fine)) == 1


WILD = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"ses:SendEmail","Resource":"*"}]}'


def half_made_role(*, policy: str, shown: list[Json]) -> Json:
    """A role that is there, and its policy, which the plan makes or leaves."""
    plan = planted(
        {
            "aws_iam_role.r": {"name": "r", "inline_policy": shown, "expressions": {"name": {}}},
            "aws_iam_role_policy.p": {"name": "p", "role": "r", "policy": WILD},
        }
    )
    for change in plan["resource_changes"]:
        made = policy if change["type"] == "aws_iam_role_policy" else "no-op"
        change["change"] |= {"actions": [made], "after": {"name": "r", "role": "r"}, "before": None}
    return plan


def test_what_a_role_shows_of_a_policy_that_the_plan_makes_is_not_known_yet(judge: Judge) -> None:
    # GIVEN a waiver of what AWS will show of the role once its policy is there
    both = waiver(check="GP_IAM_2", address="aws_iam_role.r") + waiver(
        check="GP_IAM_2", address="aws_iam_role_policy.p"
    )
    shown = [{"name": "p", "policy": WILD}]

    # THEN it may wait for that when an apply ended before the policy was made
    assert unused(judge(half_made_role(policy="create", shown=[]), waivers=both)) == []
    # and is used once it is there, and for nothing when nothing is to come
    assert unused(judge(half_made_role(policy="no-op", shown=shown), waivers=both)) == []
    (message,) = unused(judge(half_made_role(policy="no-op", shown=[]), waivers=both))
    assert message.endswith("the check passes there")


def half_made_list(*, rule: str, shown: list[int]) -> Json:
    """A network ACL that is there and shows rules by their numbers, and two rules: one to deny, one to let in."""
    every = {"cidr_block": "0.0.0.0/0", "protocol": "6", "icmp_code": 0, "icmp_type": 0, "ipv6_cidr_block": ""}
    known = {
        100: {**every, "action": "deny", "from_port": 3389, "to_port": 3389, "rule_no": 100},
        200: {**every, "action": "allow", "from_port": 1024, "to_port": 65535, "rule_no": 200},
        666: {**every, "action": "allow", "from_port": 3389, "to_port": 3389, "rule_no": 666},
    }
    rules = {
        f"aws_network_acl_rule.r{number}": {
            "network_acl_id": "acl-1",
            "rule_number": number,
            "egress": False,
            "rule_action": known[number]["action"],
            **{key: known[number][key] for key in ("cidr_block", "protocol", "from_port", "to_port")},
        }
        for number in (100, 200)
    }
    acl = {"id": "acl-1", "ingress": [known[number] for number in shown], "expressions": {"vpc_id": {}}}
    plan = planted({"aws_network_acl.a": acl, **rules})
    for change in plan["resource_changes"]:
        made = rule if change["address"].endswith("r100") else "no-op"
        change["change"] |= {"actions": [made], "after": {}, "before": None}
    return plan


def failing(verdict: GateResult) -> list[str]:
    acl = [one for one in verdict.findings if (one.check_id, one.address) == ("CKV_AWS_231", "aws_network_acl.a")]
    return ["undecided" if one.undecided else "failed" for one in acl]


def test_rules_that_are_half_made_are_judged_by_themselves_and_what_others_added_is_not_passed_over(
    judge: Judge,
) -> None:
    # GIVEN a list that lets 3389 in as long as the rule before it is not made
    assert failing(judge(half_made_list(rule="create", shown=[200]))) == ["undecided"]

    # THEN it fails once nothing is to come, or shows a rule that is none of the plan's
    assert failing(judge(half_made_list(rule="no-op", shown=[200]))) == ["failed"]
    assert failing(judge(half_made_list(rule="create", shown=[200, 666]))) == ["failed"]


def test_what_a_security_group_shows_of_a_rule_that_the_plan_makes_is_not_known_yet(judge: Judge) -> None:
    def half_made_group(rule: str) -> Json:
        plan = planted(
            {
                "aws_security_group.g": {"id": "sg-1", "description": "d", "ingress": [], "expressions": {"name": {}}},
                "aws_vpc_security_group_ingress_rule.http": {
                    "security_group_id": "sg-1",
                    "cidr_ipv4": "0.0.0.0/0",
                    "ip_protocol": "tcp",
                    "from_port": 80,
                    "to_port": 80,
                },
            }
        )
        for change in plan["resource_changes"]:
            made = rule if change["address"].endswith("http") else "no-op"
            change["change"] |= {"actions": [made], "after": {}, "before": None}
        return plan

    waived = waiver(check="CKV_AWS_260", address="aws_security_group.g")

    assert unused(judge(half_made_group("create"), waivers=waived)) == []
    (message,) = unused(judge(half_made_group("no-op"), waivers=waived))
    assert message.endswith("the check passes there")
