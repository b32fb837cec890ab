"""What a reviewer reads of a plan: actions, what moves, and no secret."""

from __future__ import annotations

from typing import Any

from tooling.plan.masking import MASK, masked
from tooling.plan.summary import UNKNOWN, AttributeChange, summarise


def change(actions: list[str], **parts: Any) -> dict[str, Any]:
    return {
        "address": "module.kefir.aws_x.y",
        "type": "aws_x",
        "mode": "managed",
        "change": {"actions": actions, "before": None, "after": None, **parts},
    }


def plan(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resource_changes": list(changes), **more}


def test_every_action_is_named_in_terraforms_words() -> None:
    entries = [["create"], ["update"], ["delete"], ["delete", "create"], ["create", "delete"], ["forget"]]

    summary = summarise(plan(*(change(actions) for actions in entries)))

    assert summary.counts == {"create": 1, "update": 1, "replace": 2, "destroy": 1, "forget": 1}


def test_no_op_and_data_sources_are_no_changes() -> None:
    read = change(["read"]) | {"mode": "data"}

    summary = summarise(plan(change(["no-op"]), read))

    assert summary.empty


def test_what_is_taken_over_as_it_is_counts_as_an_import_and_as_no_change_otherwise() -> None:
    taken = change(["no-op"])
    taken["change"]["importing"] = {"id": "x"}
    moved = change(["update"])
    moved["change"]["importing"] = {"id": "y"}

    summary = summarise(plan(taken, moved))

    assert {action: count for action, count in summary.counts.items() if count} == {"import": 1, "update": 1}
    assert not summary.empty
    assert "import" not in summarise(plan(change(["no-op"]))).counts


def test_an_update_lists_what_moves_and_nothing_else() -> None:
    summary = summarise(
        plan(
            change(
                ["update"],
                before={"same": 1, "size": 1, "tags": {"a": "x"}, "rule": [{"days": 1}]},
                after={"same": 1, "size": 2, "tags": {"a": "y"}, "rule": [{"days": 2}]},
                after_unknown={"id": True},
            )
        )
    )

    assert summary.changes[0].attributes == (
        AttributeChange("id", "null", UNKNOWN),
        AttributeChange("rule.0.days", "1", "2"),
        AttributeChange("size", "1", "2"),
        AttributeChange("tags.a", '"x"', '"y"'),
    )


def test_what_forces_a_replacement_is_marked() -> None:
    summary = summarise(
        plan(
            change(
                ["delete", "create"],
                before={"name": "a", "x": 1},
                after={"name": "b", "x": 2},
                replace_paths=[["name"]],
            )
        )
    )

    forced = {attribute.path: attribute.forces_replacement for attribute in summary.changes[0].attributes}
    assert forced == {"name": True, "x": False}


def test_false_zero_and_empty_are_values_not_gaps() -> None:
    summary = summarise(
        plan(change(["update"], before={"a": True, "b": 5, "c": "x"}, after={"a": False, "b": 0, "c": ""}))
    )

    assert [attribute.after for attribute in summary.changes[0].attributes] == ["false", "0", '""']


def test_a_sensitive_value_is_never_in_the_summary() -> None:
    summary = summarise(
        plan(
            change(
                ["update"],
                before={"password": "hunter2"},
                after={"password": "hunter3"},
                before_sensitive={"password": True},
                after_sensitive={"password": True},
            )
        )
    )

    assert "hunter" not in repr(summary)
    # The masked values are equal: that the secret moves is Terraform's to say, not ours to guess from the text.
    assert summary.counts["update"] == 1


SECRET = "correct-horse"


def test_masking_reaches_every_place_where_a_plan_keeps_values() -> None:
    secret_resource = {"values": {"a": {"b": [SECRET, "plain"]}}, "sensitive_values": {"a": {"b": [True, False]}}}
    content = plan(
        change(
            ["update"], before={"p": SECRET}, after={"p": SECRET}, before_sensitive={"p": True}, after_sensitive=True
        ),
        resource_drift=[change(["update"], before=SECRET, after=SECRET, before_sensitive=True, after_sensitive=True)],
        output_changes={"o": {"before": SECRET, "after": SECRET, "before_sensitive": True, "after_sensitive": True}},
        planned_values={
            "outputs": {"o": {"sensitive": True, "value": SECRET}},
            "root_module": {"resources": [secret_resource], "child_modules": [{"resources": [secret_resource]}]},
        },
        prior_state={"values": {"root_module": {"child_modules": [{"resources": [secret_resource]}]}}},
        variables={"token": {"value": SECRET}, "plain": {"value": "kept"}},
        configuration={"root_module": {"variables": {"token": {"sensitive": True}, "plain": {}}}},
    )

    copy = masked(content)

    assert SECRET not in repr(copy)
    assert copy["variables"]["plain"] == {"value": "kept"}
    assert copy["planned_values"]["root_module"]["resources"][0]["values"] == {"a": {"b": [MASK, "plain"]}}
    assert SECRET in repr(content), "the original is left as it was"
