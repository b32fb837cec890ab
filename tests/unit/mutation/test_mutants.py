"""Which mutants a plan has."""

from __future__ import annotations

import copy

import pytest

from tests.mutation.mutants import mutants_of
from tests.mutation.view import View
from tests.unit.mutation.small import DOCUMENT, SCHEMA, small_plan, small_views


@pytest.fixture(scope="module")
def ids() -> list[str]:
    return [mutant.id for mutant in mutants_of(small_views(), SCHEMA)]


def test_each_mutant_is_there_once_and_always_in_the_same_order(ids: list[str]) -> None:
    assert len(ids) == len(set(ids))
    assert ids == [mutant.id for mutant in mutants_of(small_views(), SCHEMA)]


@pytest.mark.parametrize(
    "identifier",
    [
        "aws_dynamodb_table.table:resource",
        "aws_dynamodb_table.table:stream_enabled:flip",
        "aws_dynamodb_table.table:stream_enabled:drop",
        "aws_dynamodb_table.table:name:text",
        "aws_dynamodb_table.table:ttl.0:drop",
        "aws_dynamodb_table.table:ttl.0.enabled:flip",
        "aws_dynamodb_table.table:attribute.1:drop",
        "aws_dynamodb_table.table:tags.Team:drop",
        "aws_lambda_function.reader:timeout:figure:+1",
        "aws_lambda_function.reader:environment.0.variables.TABLE:drop",
        "aws_lambda_function.reader:environment.0.variables.TTL_SECONDS:figure:*10",
        "aws_lambda_function.reader:environment.0.variables:reference:"
        "aws_dynamodb_table.table -> aws_dynamodb_table.other",
        "aws_lambda_function.reader:role:reference:aws_iam_role.reader -> aws_iam_role.elsewhere",
        "aws_cloudwatch_event_rule.ended:event_pattern.{}.detail.status.1:element",
        f"{DOCUMENT}:statement.0.actions.0:widen-action",
        f"{DOCUMENT}:statement.0.resources.0:widen-resource",
        "var.timeout:default:figure+1",
        "output.table_name:output",
    ],
)
def test_there_is(ids: list[str], identifier: str) -> None:
    assert identifier in ids


@pytest.mark.parametrize(
    "part",
    [
        # Terraform would refuse a module without what is required.
        "aws_dynamodb_table.table:name:drop",
        "attribute.0.name:drop",
        # Left out by the module, so nothing of it.
        "aws_dynamodb_table.other:stream_enabled",
        # Made from a policy document: changed there.
        "policy.{}",
        # Made from tags.
        "tags_all",
        f"{DOCUMENT}:resource",
    ],
)
def test_there_is_none_of(ids: list[str], part: str) -> None:
    assert [identifier for identifier in ids if part in identifier] == []


def test_dropping_what_the_provider_would_take_anyway_is_no_mutant() -> None:
    views = small_views()
    for view in views:
        view.resources["aws_dynamodb_table.other"][0]["values"]["table_class"] = "STANDARD"

    found = [mutant.id for mutant in mutants_of(views, SCHEMA) if "table_class" in mutant.id]

    assert found == ["aws_dynamodb_table.table:table_class:text"]


def test_what_only_some_plans_have_may_be_made_always() -> None:
    without = View("without", small_plan(), "small")
    without.remove("aws_dynamodb_table.other")

    found = [mutant.id for mutant in mutants_of([*small_views(), without], SCHEMA) if mutant.kind == "always"]

    assert found == ["aws_dynamodb_table.other:always"]


def test_what_a_dynamic_block_made_has_mutants() -> None:
    view = View("plain", small_plan(), "small")
    del view.configured["aws_dynamodb_table.table"]["expressions"]["ttl"]

    found = {mutant.id for mutant in mutants_of([view], SCHEMA) if ":ttl" in mutant.id}

    assert "aws_dynamodb_table.table:ttl.0:drop" in found
    assert "aws_dynamodb_table.table:ttl.0.attribute_name:text" in found


def test_looking_for_mutants_changes_no_plan() -> None:
    raw = small_plan()
    for part in raw["configuration"]["root_module"]["module_calls"]["small"]["module"]["resources"]:
        if part["address"] == "aws_dynamodb_table.other":
            del part["expressions"]
    before = copy.deepcopy(raw)

    mutants_of([View("plain", raw, "small")], SCHEMA)

    assert raw == before


def test_block_without_arguments_may_be_left_out_too() -> None:
    raw = small_plan()
    resources = raw["configuration"]["root_module"]["module_calls"]["small"]["module"]["resources"]
    (entry,) = [each for each in resources if each["address"] == "aws_dynamodb_table.other"]
    del entry["expressions"]

    found = [mutant.id for mutant in mutants_of([View("plain", raw, "small")], SCHEMA)]

    assert [identifier for identifier in found if "aws_dynamodb_table.other:" in identifier] == [
        "aws_dynamodb_table.other:resource"
    ]
