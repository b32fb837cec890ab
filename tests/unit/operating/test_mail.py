"""`groundplan mail prune-suppressions`: bounces leave the list after their days, as SES itself never lets them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Answer, Project
from tests.unit.operating.conftest import second_region
from tooling.target import Target

Applied = Callable[..., Project]


@pytest.fixture
def ses(target: Target) -> Any:
    client = target.client("sesv2")
    for one in client.list_suppressed_destinations()["SuppressedDestinationSummaries"]:
        client.delete_suppressed_destination(EmailAddress=one["EmailAddress"])
    return client


@pytest.fixture
def project(applied: Applied) -> Project:
    return applied("doomscroll", {"aws_sesv2_email_identity.domain": {"email_identity": "example.com"}})


def prune(project: Project, *args: str) -> Answer:
    return run_here(project, "mail", "prune-suppressions", "--stack", "doomscroll", *args)


def _suppress(ses: Any, address: str, reason: str = "BOUNCE") -> None:
    ses.put_suppressed_destination(EmailAddress=address, Reason=reason)


def _left(ses: Any) -> set[str]:
    return {one["EmailAddress"] for one in ses.list_suppressed_destinations()["SuppressedDestinationSummaries"]}


@pytest.mark.requirement("FD-SES-15")
def test_old_bounces_go_and_young_ones_stay(project: Project, ses: Any) -> None:
    _suppress(ses, "old@example.com")
    time.sleep(3)
    _suppress(ses, "young@example.com")

    answer = prune(project, "--older-than", "2s", "--json")

    assert answer.code == 0, answer.said
    result = json.loads(answer.out)
    assert (result["found"], result["pruned"]) == (1, 1)
    assert _left(ses) == {"young@example.com"}


@pytest.mark.requirement("FD-SES-15")
def test_fourteen_days_is_what_is_taken_unless_said_otherwise(project: Project, ses: Any) -> None:
    _suppress(ses, "young@example.com")

    answer = prune(project)

    assert answer.code == 0, answer.said
    assert _left(ses) == {"young@example.com"}
    (option,) = [one for one in _command().params if one.name == "age"]
    assert option.default == "14d"


def _command() -> Any:
    from tooling.cli.mail import prune_suppressions

    return prune_suppressions


def test_complaints_stay_unless_asked_for(project: Project, ses: Any) -> None:
    _suppress(ses, "bounced@example.com")
    _suppress(ses, "angry@example.com", "COMPLAINT")
    time.sleep(1)

    prune(project, "--older-than", "0s")
    first = _left(ses)
    prune(project, "--older-than", "0s", "--complaints")

    assert (first, _left(ses)) == ({"angry@example.com"}, set())


def test_a_dry_run_says_how_many_and_no_address(project: Project, ses: Any) -> None:
    _suppress(ses, "somebody@example.com")
    time.sleep(1)

    answer = prune(project, "--older-than", "0s", "--dry-run")

    assert "us-east-1: 1 since before" in answer.out
    assert "somebody" not in answer.said
    assert _left(ses) == {"somebody@example.com"}


def test_both_lists_of_a_stack_that_sends_from_two_regions_are_pruned(
    applied: Applied, ses: Any, target: Target
) -> None:
    identities = {f"aws_sesv2_email_identity.{which}": {"email_identity": "example.com"} for which in ("one", "two")}
    project = applied("doomscroll", identities, aliases={"aws_sesv2_email_identity.two": "west"})
    second_region(project, "doomscroll", "west")
    west = target.client("sesv2", "us-west-2")
    _suppress(ses, "east@example.com")
    _suppress(west, "west@example.com")
    time.sleep(1)

    answer = prune(project, "--older-than", "0s", "--json")

    assert answer.code == 0, answer.said
    assert (json.loads(answer.out)["regions"], json.loads(answer.out)["pruned"]) == (["us-east-1", "us-west-2"], 2)
    assert (_left(ses), _left(west)) == (set(), set())


def test_a_stack_that_sends_no_mail_says_so(applied: Applied) -> None:
    answer = run_here(applied("kefir"), "mail", "prune-suppressions", "--stack", "kefir")

    assert answer.code == 2
    assert "sends no mail" in answer.err
