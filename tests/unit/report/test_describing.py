"""One resource's change, told in the way that fits each attribute."""

from __future__ import annotations

import json
from typing import Any

from tests.support.report_plans import SECRET, Json, create, entry, plan_of, policy, statement, update
from tooling.plan.masking import MASK
from tooling.report.semantic import Context, Meaning, Section, describe


def meaning(change: Json, *others: Json, **more: Any) -> Meaning:
    plan = plan_of(change, *others, **more)
    return describe(plan["resource_changes"][0], Context(plan))


def by_kind(found: Meaning) -> dict[str, Section]:
    return {section.kind: section for section in found.sections}


def labels(section: Section) -> list[tuple[str, str]]:
    return [(each.sign, each.label) for each in section.entries]


def test_an_environment_is_told_by_key() -> None:
    before = {"environment": [{"variables": {"A": "1", "B": "1"}}]}

    found = by_kind(meaning(update("aws_lambda_function.f", before, {"environment": [{"variables": {"A": "2"}}]})))

    assert labels(found["environment"]) == [("~", "environment.variables.A"), ("-", "environment.variables.B")]


def test_a_document_is_told_by_path() -> None:
    states = [{"definition": json.dumps({"StartAt": name})} for name in ("A", "B")]

    found = by_kind(meaning(update("aws_sfn_state_machine.m", *states)))

    assert labels(found["document"]) == [("~", "definition.StartAt")]


def test_a_policy_is_told_by_statement_and_nowhere_else() -> None:
    before, after = policy(statement("S", "a:A")), policy(statement("S", "a:A"), statement("T", "b:B"))

    found = meaning(update("aws_sqs_queue_policy.q", {"policy": before}, {"policy": after}))

    assert [section.kind for section in found.sections] == ["policy"]
    assert labels(found.sections[0]) == [("+", "T: Allow: b:B on *")]


def test_a_policy_that_only_another_resource_makes_known_is_read_from_its_data_source() -> None:
    role = entry(
        "aws_iam_role_policy.r",
        ["update"],
        {"policy": policy(statement("S", "a:A", "arn:x"))},
        {},
        after_unknown={"policy": True},
    )
    blocks = [{"sid": "S", "effect": "Allow", "actions": ["a:A", "a:B"], "resources": ["arn:x"]}]
    source = entry(
        "data.aws_iam_policy_document.d", ["read"], None, {"statement": blocks}, after_unknown={"json": True}
    )
    source |= {"mode": "data", "type": "aws_iam_policy_document", "name": "d"}
    expressions = {"policy": {"references": ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"]}}
    configured = {"mode": "managed", "type": "aws_iam_role_policy", "name": "r", "expressions": expressions}

    found = by_kind(meaning(role, source, configuration={"root_module": {"resources": [configured]}}))

    (changed,) = found["policy"].entries
    assert [(part.sign, part.label, part.after) for part in changed.parts] == [("+", "action", "a:B")]


def test_a_policy_of_which_nothing_is_known_says_so() -> None:
    change = entry(
        "aws_iam_role_policy.r",
        ["update"],
        {"policy": policy(statement("S", "a:A"))},
        {},
        after_unknown={"policy": True},
    )

    found = by_kind(meaning(change))

    assert [each.label for each in found["policy"].entries] == ["the whole policy is known after apply"]


def test_who_may_call_a_function_is_a_grant() -> None:
    permission = {"action": "lambda:InvokeFunction", "function_name": "f", "principal": "s3.amazonaws.com"}

    found = meaning(update("aws_lambda_permission.p", {**permission, "source_arn": "arn:b"}, {"source_arn": None}))

    (changed,) = found.sections[0].entries
    assert [(part.sign, part.label, part.before) for part in changed.parts] == [
        ("-", "condition", "source_arn is arn:b")
    ]


def test_tags_come_once_and_last() -> None:
    tags = {"tags": {"A": "1"}, "tags_all": {"A": "1", "B": "1"}}
    newer = {"tags": {"A": "2"}, "tags_all": {"A": "2", "B": "1"}, "size": 2}

    found = meaning(update("aws_x.y", {**tags, "size": 1}, newer))

    assert [(section.kind, section.minor) for section in found.sections] == [("attributes", False), ("tags", True)]
    assert labels(found.sections[1]) == [("~", "tags.A")]


def test_what_forces_the_replacement_is_marked() -> None:
    change = entry(
        "aws_x.y",
        ["delete", "create"],
        {"name": "a", "size": 1, "body": '{"v": 1}'},
        {"name": "b", "size": 2, "body": '{"v": 2}'},
        replace_paths=[["name"], ["body"]],
    )

    found = by_kind(meaning(change))

    assert {each.label: each.note for each in found["attributes"].entries} == {"name": "forces replacement", "size": ""}
    assert found["document"].title == "body (forces replacement)"


def test_what_aws_gives_is_one_line() -> None:
    change = update("aws_x.y", {"size": 1, "arn": "a", "id": "i"}, {"size": 2}, after_unknown={"arn": True, "id": True})

    found = by_kind(meaning(change))

    assert labels(found["computed"]) == [("~", "arn, id")]
    assert found["computed"].minor


def test_a_secret_is_named_and_not_shown() -> None:
    marks = {"password": True}
    change = update(
        "aws_db_instance.d",
        {"password": SECRET, "size": 1},
        {"size": 2},
        before_sensitive=marks,
        after_sensitive=marks,
    )

    # Not masked beforehand: the marks of the plan are enough.
    found = describe(change, Context({"resource_changes": [change]}))

    assert SECRET not in repr(found)
    assert labels(by_kind(found)["hidden"]) == [("~", "password")]


def test_what_is_made_is_told_whole_with_what_it_will_be() -> None:
    change = create(
        "aws_x.y",
        {"name": "n", "rule": [{"days": 3, "none": None}], "empty": [], "tags_all": {"A": "1"}, "secret": SECRET},
        after_unknown={"role": True, "arn": True},
        after_sensitive={"secret": True},
    )
    configured = {
        "mode": "managed",
        "type": "aws_x",
        "name": "y",
        "expressions": {"role": {"references": ["aws_r.r.arn"]}},
    }

    found = meaning(change, configuration={"root_module": {"resources": [configured]}})

    assert found.settled.splitlines() == [
        'name   = "n"',
        "role   = ⟨aws_r.r.arn⟩",
        "rule {",
        "  days = 3",
        "}",
        f"secret = {MASK}",
    ]


def test_another_spelling_of_the_same_is_told_as_that() -> None:
    found = meaning(update("aws_x.y", {"body": '{"a": 1}'}, {"body": '{"a":1}'}))

    assert [each.label for each in found.sections[0].entries] == [
        "the same in another spelling: nothing that a reader could tell apart"
    ]
