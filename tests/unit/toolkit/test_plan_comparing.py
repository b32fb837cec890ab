"""Two plans compared: what differs between their changes is told, what is the same is not, and no secret is."""

from __future__ import annotations

import json
from typing import Any

from tooling.plan.comparing import (
    HIDDEN,
    NOT_THERE,
    OTHER_HIDDEN,
    PlanDifference,
    ResourceDifference,
    ValueDifference,
    compare_plans,
)
from tooling.plan.masking import masked
from tooling.plan.summary import UNKNOWN

ADDRESS = "module.kefir.aws_x.y"


def change(actions: list[str], address: str = ADDRESS, **parts: Any) -> dict[str, Any]:
    more: dict[str, Any] = {key: parts.pop(key) for key in ("mode", "deposed", "previous_address") if key in parts}
    return {
        "address": address,
        "type": "aws_x",
        "mode": "managed",
        **more,
        "change": {"actions": actions, "before": None, "after": None, **parts},
    }


def plan(*changes: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resource_changes": list(changes), **more}


def differing(first: dict[str, Any], second: dict[str, Any]) -> tuple[ResourceDifference, ...]:
    return compare_plans(plan(first), plan(second)).resources


def test_a_plan_equals_itself() -> None:
    one = plan(
        change(["update"], before={"a": 1}, after={"a": 2}),
        change(["create"], "x", after={"name": "n"}, after_unknown={"id": True}),
        output_changes={"size": {"actions": ["update"], "before": 1, "after": 2}},
    )

    assert compare_plans(one, json.loads(json.dumps(one))) == PlanDifference()


def test_a_resource_that_one_plan_leaves_alone_is_told_with_its_action() -> None:
    found = differing(change(["create"], after={"a": 1}), change(["no-op"]))

    assert found == (ResourceDifference(ADDRESS, "aws_x", "create", ""),)


def test_another_action_on_the_same_resource_is_told() -> None:
    first = change(["update"], before={"a": 1}, after={"a": 2})
    second = change(["delete", "create"], before={"a": 1}, after={"a": 2}, replace_paths=[["a"]])

    found = differing(first, second)

    assert (found[0].first, found[0].second) == ("update", "replace")
    assert found[0].values == (ValueDifference("(forces replacement)", NOT_THERE, '"a"'),)


def test_only_attributes_that_move_differently_are_told() -> None:
    first = change(["update"], before={"a": 1, "b": 1, "c": 1, "d": 0}, after={"a": 2, "b": 2, "c": 1, "d": 0})
    second = change(["update"], before={"a": 1, "b": 5, "c": 1, "d": 9}, after={"a": 2, "b": 2, "c": 3, "d": 9})

    found = differing(first, second)

    assert found[0].values == (
        ValueDifference("b", "1 → 2", "5 → 2"),
        ValueDifference("c", NOT_THERE, "1 → 3"),
    )


def test_what_is_made_is_compared_in_full() -> None:
    first = change(["create"], after={"rule": [{"days": 1}], "name": "n", "note": None})
    second = change(["create"], after={"rule": [{"days": 2}], "name": "n"}, after_unknown={"note": True})

    found = differing(first, second)

    assert found[0].values == (
        ValueDifference("note", NOT_THERE, UNKNOWN),
        ValueDifference("rule.0.days", "1", "2"),
    )


def test_of_two_documents_only_what_differs_in_them_is_told() -> None:
    def policy(action: str) -> dict[str, Any]:
        document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action}]}
        return change(["update"], before={"policy": "{}"}, after={"policy": json.dumps(document)})

    found = differing(policy("s3:GetObject"), policy("s3:*"))

    assert found[0].values == (ValueDifference("policy: Statement.0.Action", '"s3:GetObject"', '"s3:*"'),)


def test_two_documents_that_differ_in_their_text_alone_still_differ() -> None:
    first = change(["create"], after={"policy": '{"a": 1}'})
    second = change(["create"], after={"policy": '{"a":1}'})

    assert differing(first, second)[0].values == (ValueDifference("policy", '"{\\"a\\": 1}"', '"{\\"a\\":1}"'),)


def test_marks_without_a_true_are_no_unknown_value() -> None:
    first = change(["update"], before={"a": 1, "b": None}, after={"a": 2, "b": None}, after_unknown={"b": {"c": False}})
    second = change(["update"], before={"a": 1, "b": None}, after={"a": 2, "b": None})

    assert differing(first, second) == ()


def test_unknown_parts_of_nested_values_are_seen() -> None:
    first = change(["create"], after={"rule": [{"days": 1}]}, after_unknown={"rule": [{"id": True}]})
    second = change(["create"], after={"rule": [{"days": 1, "id": "r-1"}]})

    assert differing(first, second)[0].values == (ValueDifference("rule.0.id", UNKNOWN, '"r-1"'),)


def test_what_goes_goes_whatever_it_held() -> None:
    assert differing(change(["delete"], before={"a": 1}), change(["delete"], before={"a": 2})) == ()


def test_a_move_an_import_and_a_deposed_object_count_as_changes() -> None:
    moved = differing(change(["no-op"], previous_address="old"), change(["no-op"]))
    imported = differing(change(["no-op"], importing={"id": "i"}), change(["no-op"]))
    deposed = differing(change(["delete"], deposed="00000001"), change(["no-op"]))

    assert moved[0].first == "move (moved from old)"
    assert imported[0].first == "import"
    assert deposed[0].address == f"{ADDRESS} (deposed 00000001)"


def test_reads_of_data_sources_do_not_count() -> None:
    assert differing(change(["read"], mode="data"), change(["no-op"])) == ()


def secret(value: str) -> dict[str, Any]:
    return change(
        ["update"],
        before={"password": "was-secret", "size": 1},
        after={"password": value, "size": 2},
        before_sensitive={"password": True},
        after_sensitive={"password": True},
    )


def test_a_secret_that_differs_is_told_and_never_shown() -> None:
    found = compare_plans(plan(secret("first-secret")), plan(secret("other-secret")))

    assert found.resources[0].values == (ValueDifference("password", f"{HIDDEN} → {HIDDEN}", OTHER_HIDDEN),)
    assert "first-secret" not in repr(found)
    assert "other-secret" not in repr(found)
    assert found.hidden == 0


def test_secrets_inside_of_larger_values_are_not_shown_either() -> None:
    def with_list(value: str) -> dict[str, Any]:
        return plan(output_changes={"o": {"actions": ["create"], "after": {"a": [value]}, "after_sensitive": True}})

    found = compare_plans(with_list("first-secret"), with_list("other-secret"))

    assert found.outputs == (ValueDifference("o", HIDDEN, OTHER_HIDDEN),)


def test_secrets_of_masked_plans_are_counted_since_nobody_can_compare_them() -> None:
    first, second = masked(plan(secret("first-secret"))), masked(plan(secret("other-secret")))

    found = compare_plans(first, second)

    assert found.same
    assert found.hidden == 1


def test_outputs_that_change_differently_are_told() -> None:
    first = plan(output_changes={"a": {"actions": ["update"], "before": 1, "after": 2}, "b": {"actions": ["no-op"]}})
    second = plan(output_changes={"a": {"actions": ["update"], "before": 1, "after": 3}, "b": {"actions": ["no-op"]}})

    assert compare_plans(first, second).outputs == (ValueDifference("a", "1 → 2", "1 → 3"),)
