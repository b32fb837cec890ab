"""What a plan with import blocks would only enter into the state, and the ids that the blocks want."""

from __future__ import annotations

from typing import Any

import pytest

from tooling.importing.finding import Existing
from tooling.importing.ids import import_id
from tooling.importing.writing import judge


def planned(address: str, before: dict[str, Any], after: dict[str, Any], forcing: str = "") -> dict[str, Any]:
    """A plan with one import that moves something."""
    actions = ["delete", "create"] if forcing else ["update"]
    change: dict[str, Any] = {"actions": actions, "before": before, "after": after, "importing": {"id": "x"}}
    if forcing:
        change["replace_paths"] = [[forcing]]
    entry = {"address": address, "type": address.split(".")[0], "mode": "managed", "change": change}
    return {"resource_changes": [entry]}


@pytest.mark.parametrize(("digest", "same"), [("abc=", True), ("xyz=", False)])
def test_a_function_is_the_same_where_the_digest_of_its_code_is(digest: str, same: bool) -> None:
    before = {"code_sha256": digest, "source_code_hash": "", "s3_key": None, "last_modified": "1"}
    plan = planned("aws_lambda_function.f", before, {**before, "source_code_hash": "abc=", "s3_key": "k"})

    recorded, differences = judge(plan, Existing({"aws_lambda_function.f": "f"}))

    assert recorded == ({"aws_lambda_function.f": ("s3_key", "source_code_hash")} if same else {})
    assert [one.address for one in differences] == ([] if same else ["aws_lambda_function.f"])


@pytest.mark.parametrize(("owner", "same"), [("me", True), ("you", False)])
def test_tags_that_are_defaults_of_the_provider_too_move_nothing(owner: str, same: bool) -> None:
    before = {"tags": {}, "tags_all": {"Owner": "me"}}
    plan = planned("aws_budgets_budget.b", before, {"tags": {"Owner": owner}, "tags_all": {"Owner": owner}})

    recorded, differences = judge(plan, Existing({"aws_budgets_budget.b": "b"}))

    assert recorded == ({"aws_budgets_budget.b": ("tags",)} if same else {})
    assert len(differences) == (0 if same else 1)


def test_what_an_import_cannot_read_and_would_replace_is_named() -> None:
    plan = planned("aws_cognito_user_pool_client.c", {"secret": None}, {"secret": False}, forcing="secret")

    recorded, differences = judge(plan, Existing({"aws_cognito_user_pool_client.c": "c"}))

    assert recorded == {}
    assert [(one.action, one.unread) for one in differences] == [("replace", ("secret",))]


@pytest.mark.parametrize("equal", [frozenset({"aws_iam_role_policy.p"}), frozenset()])
def test_what_is_worked_out_anew_is_what_it_was_where_the_copy_says_so(equal: frozenset[str]) -> None:
    plan = planned("aws_iam_role_policy.p", {"policy": "{}"}, {})
    plan["resource_changes"][0]["change"]["after_unknown"] = {"policy": True}
    existing = Existing({"aws_iam_role_policy.p": "p", "aws_cognito_user_pool_client.c": "c"}, equal=equal)
    gone = planned("aws_cognito_user_pool_client.c", {"secret": None}, {"secret": False}, forcing="secret")

    recorded, differences = judge(plan, existing)
    beside = judge({"resource_changes": [*plan["resource_changes"], *gone["resource_changes"]]}, existing)

    assert recorded == ({"aws_iam_role_policy.p": ("policy",)} if equal else {})
    assert len(differences) == (0 if equal else 1)
    # What it is worked out from may be what is made anew.
    assert beside[0] == {}
    assert {one.address for one in beside[1]} == set(existing.ids)


def test_what_has_no_import_and_is_there_moves_nothing() -> None:
    address = "aws_acm_certificate_validation.site"
    plan = planned(address, {}, {})
    plan["resource_changes"][0]["change"] = {"actions": ["create"], "before": None, "after": {}}

    assert judge(plan, Existing({}, remade=frozenset({address}))) == ({address: ()}, ())
    assert [one.action for one in judge(plan, Existing({}))[1]] == ["create"]


@pytest.mark.parametrize(
    ("kind", "attributes", "wanted"),
    [
        ("aws_sqs_queue", {"id": "https://q"}, "https://q"),
        (
            "aws_route",
            {"id": "r-1", "route_table_id": "rtb-1", "destination_cidr_block": "0.0.0.0/0"},
            "rtb-1_0.0.0.0/0",
        ),
        ("aws_route", {"route_table_id": "rtb-1", "destination_ipv6_cidr_block": "::/0"}, "rtb-1_::/0"),
        ("aws_route", {"route_table_id": "rtb-1"}, ""),
        ("aws_lambda_permission", {"id": "s", "function_name": "f", "statement_id": "s"}, "f/s"),
        (
            "aws_lambda_permission",
            {"id": "s", "function_name": "f", "statement_id": "s", "qualifier": "live"},
            "f:live/s",
        ),
        ("aws_ecs_service", {"cluster": "arn:aws:ecs:eu-west-1:1:cluster/c", "name": "s"}, "c/s"),
        (
            "aws_cloudwatch_query_definition",
            {"account_id": "1", "region": "eu-west-1", "id": "q"},
            "arn:aws:logs:eu-west-1:1:query-definition:q",
        ),
        ("aws_backup_restore_testing_selection", {"name": "s", "restore_testing_plan_name": "p"}, "s:p"),
        (
            "aws_network_acl_rule",
            {"network_acl_id": "acl-1", "rule_number": 100, "protocol": "6", "egress": False},
            "acl-1:100:6:false",
        ),
        ("aws_api_gateway_stage", {"rest_api_id": "a", "stage_name": ""}, ""),
    ],
)
def test_an_id_is_what_the_providers_import_wants(kind: str, attributes: dict[str, Any], wanted: str) -> None:
    assert import_id(kind, attributes) == wanted
