"""A mutant in the plans: the change, and what follows from it."""

from __future__ import annotations

import json

import pytest

from tests.mutation.applying import apply
from tests.mutation.mutants import Defaults, mutants_of
from tests.mutation.view import View
from tests.unit.mutation.small import DOCUMENT, SCHEMA, after, mutant_named, small_plan, small_views, values

TABLE = "aws_dynamodb_table.table"
READER = "aws_lambda_function.reader"


def test_every_mutant_changes_a_plan() -> None:
    views = small_views()
    idle = []
    for mutant in mutants_of(views, SCHEMA):
        fresh = small_views()
        if not apply(mutant, fresh, Defaults(fresh, SCHEMA)) or fresh[0].raw == small_plan():
            idle.append(mutant.id)

    assert idle == []


def test_flag_is_flipped_in_values_changes_and_configuration() -> None:
    view = after(f"{TABLE}:stream_enabled:flip")

    assert values(view, TABLE)["stream_enabled"] is False
    assert view.configured[TABLE]["expressions"]["stream_enabled"] == {"constant_value": False}
    (change,) = [each for each in view.raw["resource_changes"] if each["address"] == f"module.small.{TABLE}"]
    assert change["change"]["after"]["stream_enabled"] is False


def test_dropped_argument_has_the_value_that_others_have_without_it() -> None:
    view = after(f"{TABLE}:stream_enabled:drop")

    assert values(view, TABLE)["stream_enabled"] is False
    assert "stream_enabled" not in view.configured[TABLE]["expressions"]


def test_dropped_block_is_in_neither() -> None:
    view = after(f"{TABLE}:ttl.0:drop")

    assert values(view, TABLE)["ttl"] == []
    assert view.configured[TABLE]["expressions"]["ttl"] == []


def test_block_of_a_set_is_the_same_one_in_both() -> None:
    view = after(f"{TABLE}:attribute.0:drop")

    assert [each["name"] for each in values(view, TABLE)["attribute"]] == ["SK"]
    assert [each["name"]["constant_value"] for each in view.configured[TABLE]["expressions"]["attribute"]] == ["SK"]


def test_another_name_reaches_who_refers_to_it() -> None:
    view = after(f"{TABLE}:name:text")

    assert values(view, READER)["environment"][0]["variables"]["TABLE"] == "Items-mutant"
    assert values(view, DOCUMENT)["statement"][0]["resources"][0].endswith("table/Items-mutant")
    assert "table/Items-mutant" in values(view, "aws_iam_role_policy.reader")["policy"]
    assert view.raw["planned_values"]["outputs"]["table_name"]["value"] == "Items-mutant"
    assert values(view, "aws_dynamodb_table.other")["name"] == "Others"


def test_wider_action_reaches_the_policy_that_is_made_from_it() -> None:
    view = after(f"{DOCUMENT}:statement.0.actions.0:widen-action")

    (statement,) = json.loads(values(view, "aws_iam_role_policy.reader")["policy"])["Statement"]
    assert values(view, DOCUMENT)["statement"][0]["actions"] == ["dynamodb:*", "dynamodb:Query"]
    assert statement["Action"] == ["dynamodb:*", "dynamodb:Query"]
    # The plan sorts the actions, the configuration does not.
    actions = view.configured[DOCUMENT]["expressions"]["statement"][0]["actions"]
    assert actions == {"constant_value": ["dynamodb:Query", "dynamodb:*"]}


def test_redirected_reference_takes_the_other_ones_value() -> None:
    view = after(f"{READER}:environment.0.variables:reference:{TABLE} -> aws_dynamodb_table.other")

    assert values(view, READER)["environment"][0]["variables"]["TABLE"] == "Others"
    assert view.configured[READER]["expressions"]["environment"][0]["variables"]["references"] == [
        "aws_dynamodb_table.other.name",
        "aws_dynamodb_table.other",
    ]


def test_text_of_json_is_changed_inside() -> None:
    view = after("aws_cloudwatch_event_rule.ended:event_pattern.{}.detail.status.1:element")

    pattern = json.loads(values(view, "aws_cloudwatch_event_rule.ended")["event_pattern"])
    assert pattern == {"detail": {"status": ["COMPLETE"]}, "source": ["aws.mediaconvert"]}


def test_other_default_holds_where_none_is_given() -> None:
    views = small_views()

    changed = apply(mutant_named("var.timeout:default:figure+1"), views, Defaults(views, SCHEMA))

    assert changed == 2
    assert [view.variables["timeout"]["default"] for view in views] == [11, 11]
    assert [values(view, READER)["timeout"] for view in views] == [11, 20]


def test_dropped_resource_is_nowhere() -> None:
    view = after(f"{TABLE}:resource")

    assert TABLE not in view.configured
    assert f'"module.small.{TABLE}"' not in json.dumps(view.raw)


def test_dropped_output_is_nowhere() -> None:
    view = after("output.table_name:output")

    assert "table_name" not in json.dumps(view.raw["output_changes"])
    assert view.outputs == {}


def test_resource_that_is_made_always_is_planned_where_it_was_not() -> None:
    without = View("without", small_plan(), "small")
    without.remove("aws_dynamodb_table.other")
    # Its block is there, with a count of 0.
    entry = {"address": "aws_dynamodb_table.other", "provider_config_key": "aws", "expressions": {}}
    without.configured["aws_dynamodb_table.other"] = entry
    views = [*small_views(), without]
    (always,) = [mutant for mutant in mutants_of(views, SCHEMA) if mutant.kind == "always"]

    assert apply(always, views, Defaults(views, SCHEMA)) == 1
    assert values(without, "aws_dynamodb_table.other")["name"] == "Others"


def test_tags_of_a_resource_are_among_all_its_tags() -> None:
    view = after(f"{TABLE}:tags.Team:text")

    assert values(view, TABLE)["tags_all"] == {"Team": "a-mutant", "Root": "b"}


@pytest.mark.parametrize("known", [True, False])
def test_resource_of_a_statement_is_widened_whether_it_is_known_or_not(known: bool) -> None:
    view = View("plain", small_plan(), "small")
    statement = view.resources[DOCUMENT][0]["values"]["statement"][0]
    if not known:
        statement["resources"] = [None]
        del view.resources[DOCUMENT][0]["values"]["json"]
    (mutant,) = [each for each in mutants_of([view], SCHEMA) if each.kind == "widen-resource"]

    apply(mutant, [view], Defaults([view], SCHEMA))

    assert values(view, DOCUMENT)["statement"][0]["resources"] == ["*"]
