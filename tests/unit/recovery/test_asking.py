"""Asking AWS: pages, what is not there, and what a name tells."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tooling.recovery.asking import answer, at_milliseconds, each, fits, named_at


def refusal(code: str, message: str = "") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "GetThing")


class Pages:
    """A client whose list has three pages, the last of them empty."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def list_things(self, **asked: Any) -> Mapping[str, Any]:
        self.asked.append(asked)
        page = int(asked.get("Marker", "0"))
        items = [[{"Id": "a"}, {"Id": "b"}], [{"Id": "c"}], None][page]
        return {"List": {"Items": items, **({"NextMarker": str(page + 1)} if page < 2 else {})}}


def test_a_list_without_a_paginator_is_read_to_its_end() -> None:
    # GIVEN an operation that botocore cannot page through
    client = Pages()

    # WHEN its items are asked for
    found = [
        item["Id"] for item in each(client, "list_things", "List.Items", token=("Marker", "List.NextMarker"), Type="t")
    ]

    # THEN all pages are read, each with the same question
    assert found == ["a", "b", "c"]
    assert [dict(asked) for asked in client.asked] == [
        {"Type": "t"},
        {"Type": "t", "Marker": "1"},
        {"Type": "t", "Marker": "2"},
    ]


@pytest.mark.parametrize(
    "code",
    [
        "404",
        "NoSuchBucket",
        "NoSuchHostedZone",
        "NotFoundException",
        "PipelineNotFoundException",
        "ReplicationGroupNotFoundFault",
        "ResourceNotFoundException",
        "StateMachineDoesNotExist",
        "WAFNonexistentItemException",
    ],
)
def test_what_is_not_there_is_no_error(code: str) -> None:
    def refuse(**_asked: Any) -> Mapping[str, Any]:
        raise refusal(code)

    assert answer(refuse, Name="n") is None


def test_a_stack_that_is_not_there_is_no_error() -> None:
    def refuse(**_asked: Any) -> Mapping[str, Any]:
        raise refusal("ValidationError", "Stack with id s does not exist")

    assert answer(refuse) is None


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("AccessDenied", "not allowed"),
        ("AccessDeniedException", "the role does not exist or is not allowed"),
        ("Throttling", "slow down"),
        ("ValidationError", "the name is too long"),
        ("NotImplementedByEmulator", "the emulator has no such operation"),
    ],
)
def test_another_refusal_goes_up(code: str, message: str) -> None:
    def refuse(**_asked: Any) -> Mapping[str, Any]:
        raise refusal(code, message)

    class Client:
        list_things = staticmethod(refuse)

    with pytest.raises(ClientError, match=code):
        answer(refuse)
    with pytest.raises(ClientError, match=code):
        list(each(Client(), "list_things", "Items", token=("NextToken", "NextToken")))


def test_a_caller_reference_of_terraform_tells_when_it_was_made() -> None:
    made = datetime(2026, 11, 22, 0, 5, 30, 534800, UTC)

    assert named_at("terraform-20261122000530534800000004") == made
    assert named_at("named-by-me-terraform-20261122000530534800000004") == made


@pytest.mark.parametrize("reference", ["", "by hand", "terraform-", "terraform-20261399000530534800000004"])
def test_another_caller_reference_tells_no_time(reference: str) -> None:
    assert named_at(reference) is None


def test_milliseconds_become_a_time_with_a_zone() -> None:
    assert at_milliseconds(1795305926593) == datetime(2026, 11, 22, 0, 5, 26, 593000, UTC)
    assert at_milliseconds(None) is None


def test_what_was_left_open_fits_everything() -> None:
    planned = {"name": "n", "description": "", "uri": None}

    assert fits(planned, {"name": "n", "description": "d", "uri": "u", "never_planned": 1})
    assert not fits(planned, {"name": "m"})
    # What was planned and is not told of is otherwise.
    assert not fits(planned, {"name": None})
