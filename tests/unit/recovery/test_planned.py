"""What a plan tells of a resource to be made, and when it is enough to enter it into a state."""

from __future__ import annotations

from typing import Any

import pytest

from tooling.recovery.draft import Draft
from tooling.recovery.planned import Planned, planned_creations, refreshed

ADDRESS = 'module.tiny.aws_sqs_queue.queue["a"]'


def plan_of(expressions: dict[str, Any], after: dict[str, Any], unknown: dict[str, Any], **more: Any) -> dict[str, Any]:
    block = {
        "address": "aws_sqs_queue.queue",
        "provider_config_key": "aws.failover",
        "schema_version": 2,
        "expressions": expressions,
    }
    change = {
        "address": ADDRESS,
        "module_address": "module.tiny",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": "queue",
        "index": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["create"], "after": after, "after_unknown": unknown, **more},
    }
    module = {"module_calls": {"tiny": {"module": {"resources": [block]}}}}
    return {"configuration": {"root_module": module}, "resource_changes": [change]}


def only(plan: dict[str, Any]) -> Planned:
    (found,) = planned_creations(plan).values()
    return found


def test_it_becomes_a_states_entry_with_its_provider_key_and_id() -> None:
    planned = only(plan_of({"name": {"constant_value": "q"}}, {"name": "q"}, {"id": True, "arn": True}))

    assert "id" not in only(plan_of({}, {"name": "q"}, {"arn": True})).instance("url", {})["attributes"]
    assert planned.entry() == {
        "module": "module.tiny",
        "mode": "managed",
        "type": "aws_sqs_queue",
        "name": "queue",
        "provider": 'provider["registry.terraform.io/hashicorp/aws"].failover',
        "instances": [],
    }
    assert planned.instance("url", {"url": "url"}) == {
        "index_key": "a",
        "schema_version": 2,
        "attributes": {"name": "q", "id": "url", "url": "url"},
    }


@pytest.mark.parametrize(
    ("expressions", "unknown", "complete"),
    [
        ({"name": {"references": ["var.name"]}}, {"id": True, "arn": True}, True),
        ({"kms_master_key_id": {"references": ["aws_kms_key.k"]}}, {"kms_master_key_id": True}, False),
        ({"rule": [{"name": {"constant_value": "a"}}]}, {"rule": [{"id": True}]}, True),
        ({"rule": [{"key": {"references": ["aws_kms_key.k"]}}]}, {"rule": [{"key": True}]}, False),
        ({"policies": {"references": ["aws_iam_policy.p"]}}, {"policies": [False, True]}, False),
        ({"policies": {"references": ["aws_iam_policy.p"]}}, {"policies": [False, False]}, True),
        ({"tags": {"references": ["local.tags"]}}, {"tags": {"owner": True}}, False),
        ({}, {"replica": [{"arn": True}]}, True),
    ],
)
def test_it_is_complete_when_all_that_the_configuration_sets_is_known(
    expressions: dict[str, Any], unknown: dict[str, Any], complete: bool
) -> None:
    assert only(plan_of(expressions, {}, unknown)).complete is complete


def test_what_is_secret_stays_so_in_the_state() -> None:
    marks = {"password": True, "tags": {}, "environment": [{"variables": {"KEY": True, "OPEN": False}}]}

    planned = only(plan_of({}, {"password": "x"}, {}, after_sensitive=marks))

    # As Terraform 1.11 writes them.
    assert planned.instance("i", {})["sensitive_attributes"] == [
        [{"type": "get_attr", "value": "password"}],
        [
            {"type": "get_attr", "value": "environment"},
            {"type": "index", "value": {"value": 0, "type": "number"}},
            {"type": "get_attr", "value": "variables"},
            {"type": "index", "value": {"value": "KEY", "type": "string"}},
        ],
    ]


def test_what_is_made_in_anothers_place_counts_and_what_is_changed_does_not() -> None:
    plan = plan_of({}, {}, {})
    change = plan["resource_changes"][0]["change"]

    found = {}
    for actions in (["delete", "create"], ["create", "delete"], ["update"], ["no-op"], ["delete"]):
        change["actions"] = actions
        found["/".join(actions)] = bool(planned_creations(plan))

    assert found == {"delete/create": True, "create/delete": True, "update": False, "no-op": False, "delete": False}


def test_the_built_in_resources_values_carry_their_types() -> None:
    value = {"n": 1, "s": "x", "b": True, "l": [None]}
    planned = Planned("terraform_data.a", "", "terraform_data", "a", None, "p", "", 0, {"input": value}, complete=True)

    attributes = planned.instance("i", {})["attributes"]

    kind = ["object", {"n": "number", "s": "string", "b": "bool", "l": ["tuple", ["dynamic"]]}]
    assert attributes["input"] == attributes["output"] == {"value": value, "type": kind}


def test_a_draft_takes_in_deposes_and_drops() -> None:
    planned = only(plan_of({}, {"name": "q"}, {"id": True}))
    draft = Draft(None, lineage="l", terraform="1.11.4")

    draft.put(planned, "one")
    assert draft.current()[ADDRESS].id == "one"

    draft.depose(ADDRESS)
    draft.put(planned, "two")
    assert draft.current()[ADDRESS].id == "two"
    assert b'"deposed"' in draft.to_bytes()

    draft.drop(ADDRESS)
    assert ADDRESS not in draft.current()
    assert b'"one"' in draft.to_bytes()


def test_a_draft_leaves_the_state_that_it_began_from_as_it_was() -> None:
    base = {"version": 4, "lineage": "l", "serial": 3, "resources": []}

    Draft(base, terraform="1.11.4").put(only(plan_of({}, {}, {})), "one")

    assert base["resources"] == []


def test_a_secret_that_only_the_provider_knows_of_is_marked_once_it_was_read() -> None:
    # GIVEN what was entered, of which no plan said that a part of it is secret, and what Terraform itself had stored
    planned = only(plan_of({}, {"name": "q"}, {"id": True}))
    kept = {"mode": "managed", "type": "aws_x", "name": "y", "instances": [{"attributes": {"id": "y"}}]}
    draft = Draft({"version": 4, "lineage": "l", "serial": 3, "resources": [kept]}, terraform="1.11.4")
    draft.put(planned, "one")

    marks = {"signing": [{"key": True, "tokens": []}], "tags": {}}
    both = [
        {"address": address, "mode": "managed", "type": kind, "values": {"id": name}, "sensitive_values": marks}
        for address, kind, name in ((ADDRESS, "aws_sqs_queue", "one"), ("aws_x.y", "aws_x", "y"))
    ]
    draft.refresh(refreshed({"prior_state": {"values": {"root_module": {"resources": both}}}}), {ADDRESS})

    there = draft.current()
    assert there[ADDRESS].body["sensitive_attributes"] == [
        [
            {"type": "get_attr", "value": "signing"},
            {"type": "index", "value": {"value": 0, "type": "number"}},
            {"type": "get_attr", "value": "key"},
        ]
    ]
    assert there["aws_x.y"].body == {"attributes": {"id": "y"}}
