"""What the command says."""

from __future__ import annotations

import json

from tests.support.changed_estate import Estate
from tests.support.in_process import run_here


def test_with_nothing_changed_the_command_says_so_and_plans_nothing(estate: Estate) -> None:
    text = run_here(estate.project, "plan", "--changed")
    as_json = run_here(estate.project, "plan", "--changed", "--json")

    assert (text.code, as_json.code) == (0, 0), text.said + as_json.said
    assert text.out.splitlines() == [
        "unchanged since the last apply: one, two",
        "nothing moved: there is nothing to plan (without --changed, plan asks the account)",
    ]
    assert json.loads(as_json.out) == {
        "changeset": None,
        "folder": None,
        "stacks": {},
        "changed": {},
        "unchanged": ["local/one", "local/two"],
    }
    assert not (estate.workspace.work / "changesets").exists()


def test_the_list_names_what_is_changed_and_why(estate: Estate) -> None:
    estate.append("modules/two/removable/main.tf")

    text = run_here(estate.project, "plan", "--changed", "--list")
    as_json = run_here(estate.project, "plan", "--changed", "--list", "--json")
    one = run_here(estate.project, "plan", "--changed", "--list", "--stack", "one", "--json")

    assert text.out == "local/two: the module moved\nunchanged since the last apply: one\n", text.said
    assert json.loads(as_json.out) == {"changed": {"local/two": ["the module moved"]}, "unchanged": ["local/one"]}
    assert json.loads(one.out) == {"changed": {}, "unchanged": ["local/one"]}
    assert not (estate.workspace.work / "changesets").exists()


def test_a_list_of_everything_is_wrong_usage(estate: Estate) -> None:
    answer = run_here(estate.project, "plan", "--list")

    assert answer.code == 2
    assert "--list goes with --changed" in answer.err
