"""A refresh-only plan is read as what it does."""

from __future__ import annotations

from typing import Any

from tests.unit.drift.plans import three
from tooling.plan.accepting import as_accepted
from tooling.plan.summary import summarise


def refresh_only(state: dict[str, Any], there: dict[str, Any] | None) -> dict[str, Any]:
    plan = three(state, there, None)
    del plan["resource_changes"]
    kept = {"address": "aws_a.kept", "mode": "managed", "type": "aws_a", "name": "kept", "values": {"id": "k"}}
    data = {"address": "data.aws_a.read", "mode": "data", "type": "aws_a", "name": "read", "values": {}}
    root = {"resources": [kept, data], "child_modules": []}
    return {**plan, "planned_values": {"root_module": {}}, "prior_state": {"values": {"root_module": root}}}


def test_what_is_accepted_counts_as_changed() -> None:
    summary = summarise(as_accepted(refresh_only({"delay": 0}, {"delay": 5})))

    (change,) = summary.changes
    assert (change.action, change.attributes[0].path, change.attributes[0].after) == ("update", "delay", "5")


def test_what_is_gone_is_forgotten() -> None:
    summary = summarise(as_accepted(refresh_only({"delay": 0}, None)))

    assert [(change.action, change.address) for change in summary.changes] == [
        ("forget", "module.tiny.aws_sqs_queue.jobs")
    ]


def test_what_is_there_is_what_the_gate_sees() -> None:
    plan = as_accepted(refresh_only({"delay": 0}, {"delay": 5}))

    assert plan["planned_values"] == plan["prior_state"]["values"]
    assert [entry["change"]["actions"] for entry in plan["resource_changes"]] == [["update"], ["no-op"]]
    assert plan["resource_changes"][1]["address"] == "aws_a.kept"
