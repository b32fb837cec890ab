"""Rows of nullcheck that a plan cannot show: what is for Terraform only."""

from __future__ import annotations

from typing import Any

import pytest

from cdktf_app.synthesis import synthesize

Json = dict[str, Any]

# The agent remembers for 90 days what nobody could tell it again.
HOLDS_DATA = {"aws_cloudformation_stack", "aws_dynamodb_table", "aws_s3_bucket"}


@pytest.fixture(scope="module")
def retained() -> Json:
    """The module for environments that keep their data."""
    return synthesize("nullcheck", retain_data=True)


@pytest.fixture(scope="module")
def removable() -> Json:
    return synthesize("nullcheck", retain_data=False)


def _protected(module: Json) -> dict[str, list[bool]]:
    """For each type, whether each of its resources refuses to be destroyed."""
    return {
        kind: [bool(each.get("lifecycle", {}).get("prevent_destroy")) for each in resources.values()]
        for kind, resources in module["resource"].items()
    }


@pytest.mark.requirement("NC-DDB-06")
def test_what_holds_data_cannot_be_destroyed_where_data_is_retained(retained: Json) -> None:
    assert {kind for kind, protected in _protected(retained).items() if any(protected)} == HOLDS_DATA
    assert all(all(_protected(retained)[kind]) for kind in HOLDS_DATA)


@pytest.mark.requirement("NC-DDB-06")
def test_nothing_stands_in_the_way_of_a_destroy_where_it_is_not(removable: Json) -> None:
    assert len(_protected(removable)) > 30
    assert not [kind for kind, protected in _protected(removable).items() if any(protected)]


def test_both_shapes_differ_in_nothing_else(retained: Json, removable: Json) -> None:
    for kind in HOLDS_DATA:
        for resource in retained["resource"][kind].values():
            del resource["lifecycle"]

    assert retained == removable


@pytest.mark.requirement("NC-DR-05")
def test_a_module_is_the_same_each_time_it_is_made(removable: Json) -> None:
    assert synthesize("nullcheck", retain_data=False) == removable
