"""What a plan would change is drift, and it is told whether code, state or reality moved."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.unit.drift.plans import APPLIED, AS_APPLIED, CODE_MOVED, STATE_MOVED, three
from tooling.drift.comparing import drifted, gone_and_unwanted
from tooling.drift.history import History
from tooling.drift.model import CODE, FOLLOWS, REALITY, STATE, UNEXPLAINED, Moved


def test_what_was_changed_in_the_account_is_told_from_the_state_to_what_is_there() -> None:
    plan = three({"delay": 0, "name": "jobs"}, {"delay": 5, "name": "jobs"}, {"delay": 0, "name": "jobs"})

    (resource,) = drifted(plan, AS_APPLIED, {"module.tiny.aws_sqs_queue.jobs": "modules/tiny/main.tf:3"})

    assert resource.moved == (REALITY,)
    assert resource.attributes == (Moved("delay", "0", "5", REALITY),)
    assert (resource.plan, resource.gone, resource.declared_at) == ("update", False, "modules/tiny/main.tf:3")


def test_what_aws_filled_in_and_nobody_wrote_is_no_drift() -> None:
    # GIVEN a value that differs from the state, and that no plan would change
    plan = three({"delay": 0, "policy": None}, {"delay": 0, "policy": "{}"}, {"delay": 0, "policy": "{}"})

    assert drifted(plan, AS_APPLIED) == ()


def test_of_a_drifted_resource_only_what_a_plan_would_change_is_told() -> None:
    plan = three(
        {"delay": 0, "version": 1, "tags": None},
        {"delay": 5, "version": 2, "tags": {}},
        {"delay": 0, "tags": {}},
        unknown={"version": True},
    )

    (resource,) = drifted(plan, AS_APPLIED)

    assert [moved.path for moved in resource.attributes] == ["delay"]


def test_a_tag_is_told_once() -> None:
    had, has = {"owner": "a"}, {"owner": "a", "by": "alice"}
    plan = three({"tags": had, "tags_all": had}, {"tags": has, "tags_all": has}, {"tags": had, "tags_all": had})

    (resource,) = drifted(plan, AS_APPLIED)

    assert resource.attributes == (Moved("tags.by", "", '"alice"', REALITY),)


def test_a_tag_that_only_the_default_tags_have_is_told() -> None:
    plan = three({"tags_all": {"env": "dev"}}, {"tags_all": {}}, {"tags_all": {"env": "dev"}})

    (resource,) = drifted(plan, AS_APPLIED)

    assert resource.attributes == (Moved("tags_all.env", '"dev"', "", REALITY),)


def test_paths_lead_into_documents() -> None:
    def policy(action: str) -> dict[str, str]:
        return {"policy": json.dumps({"Statement": [{"Sid": "Read", "Action": action}]})}

    (resource,) = drifted(three(policy("s3:Get"), policy("s3:*"), policy("s3:Get")), AS_APPLIED)

    assert resource.attributes == (Moved("policy.Statement[Read].Action", '"s3:Get"', '"s3:*"', REALITY),)


def test_a_resource_that_is_gone_is_told_as_such() -> None:
    plan = three({"name": "jobs", "id": "q-1"}, None, {"name": "jobs"})

    (resource,) = drifted(plan, CODE_MOVED)

    assert (resource.gone, resource.moved, resource.plan) == (True, (REALITY,), "create")
    assert resource.names == ("jobs", "q-1")


def test_what_is_gone_and_not_wanted_either_is_no_drift() -> None:
    plan = three({"name": "jobs"}, None, None)

    assert drifted(plan, AS_APPLIED) == ()
    assert gone_and_unwanted(plan) == ("module.tiny.aws_sqs_queue.jobs",)


def test_code_that_moved_is_told_from_what_was_applied_to_what_it_says() -> None:
    (resource,) = drifted(three({"delay": 0}, {"delay": 0}, {"delay": 9}), CODE_MOVED)

    assert resource.attributes == (Moved("delay", "0", "9", CODE),)


def test_code_and_reality_that_both_moved_are_told_apart() -> None:
    (resource,) = drifted(three({"delay": 0}, {"delay": 5}, {"delay": 9}), CODE_MOVED)

    assert resource.moved == (REALITY, CODE)
    assert resource.attributes == (Moved("delay", "0", "5", REALITY), Moved("delay", "0", "9", CODE))


def test_reality_that_code_has_followed_is_no_drift() -> None:
    assert drifted(three({"delay": 0}, {"delay": 5}, {"delay": 5}), CODE_MOVED) == ()


def test_a_state_that_somebody_else_wrote_explains_what_no_file_explains() -> None:
    (resource,) = drifted(three({"delay": 7}, {"delay": 7}, {"delay": 0}), STATE_MOVED)

    assert resource.moved == (STATE,)


def test_an_old_state_tells_what_moved_in_it_from_what_moved_in_the_code() -> None:
    # GIVEN a state that was written outside, in one attribute, and code that moved in another
    then = {"module.tiny.aws_sqs_queue.jobs": {"delay": 0, "size": 1}}
    history = replace(CODE_MOVED, state=STATE_MOVED.state, then=then)

    (resource,) = drifted(three({"delay": 7, "size": 1}, {"delay": 7, "size": 1}, {"delay": 0, "size": 2}), history)

    assert {(one.path, one.mover) for one in resource.attributes} == {("delay", STATE), ("size", CODE)}


@pytest.mark.parametrize(
    ("then", "mover"), [({"module.tiny.aws_sqs_queue.jobs": {"delay": 0}}, STATE), ({}, CODE)], ids=["left", "new"]
)
def test_a_resource_that_left_the_state_is_told_from_one_that_is_new(
    then: dict[str, dict[str, int]], mover: str
) -> None:
    history = replace(CODE_MOVED, state=STATE_MOVED.state, then=then)

    (resource,) = drifted(three(None, None, {"delay": 0}), history)

    assert resource.moved == (mover,)


def test_a_tainted_resource_is_what_an_apply_left_half_made() -> None:
    (resource,) = drifted(three({"delay": 0}, {"delay": 0}, {"delay": 9}, reason="replace_because_tainted"), CODE_MOVED)

    assert resource.moved == (STATE, CODE)
    assert "half made" in resource.note


def test_a_value_that_another_resource_gives_follows() -> None:
    plan = three({"key": "arn:1"}, {"key": "arn:1"}, {}, unknown={"key": True}, written=("key",))

    (resource,) = drifted(plan, AS_APPLIED)

    assert resource.moved == (FOLLOWS,)


@pytest.mark.parametrize(
    ("history", "mover"),
    [
        (AS_APPLIED, UNEXPLAINED),
        (replace(AS_APPLIED, last=replace(APPLIED, error="refused")), CODE),
        (replace(AS_APPLIED, adopted=True), CODE),
        (History(), UNEXPLAINED),
    ],
    ids=["nothing moved", "half applied", "adopted", "no receipt"],
)
def test_what_nothing_explains_is_not_blamed_on_anybody(history: History, mover: str) -> None:
    (resource,) = drifted(three({"delay": 0}, {"delay": 0}, {"delay": 9}), history)

    assert resource.moved == (mover,)


def test_secrets_are_told_apart_and_never_shown() -> None:
    plan = three(
        {"value": "first-secret", "note": "has first-secret in it"},
        {"value": "other-secret", "note": "has other-secret in it"},
        {"value": "third-secret", "note": "has first-secret in it"},
        secret={"value": True},
    )

    (resource,) = drifted(plan, CODE_MOVED)

    told = {(one.path, one.mover): (one.before, one.after) for one in resource.attributes}
    assert told["value", REALITY] == ("(sensitive value)", "(another sensitive value)")
    assert told["value", CODE] == ("(sensitive value)", "(a third sensitive value)")
    assert "-secret" not in str(resource)


def test_a_name_that_is_a_secret_is_not_asked_for() -> None:
    plan = three({"id": "first-secret", "arn": "arn:a"}, None, {"delay": 0}, secret={"id": True})

    (resource,) = drifted(plan, AS_APPLIED)

    assert resource.names == ("arn:a",)


def test_data_sources_are_nobodys_drift() -> None:
    plan = three({"delay": 0}, {"delay": 5}, {"delay": 0})
    plan["resource_changes"][0]["mode"] = "data"

    assert drifted(plan, AS_APPLIED) == ()


def test_what_was_changed_by_hand_comes_first() -> None:
    one = three({"delay": 0}, {"delay": 0}, {"delay": 9}, address="module.tiny.aws_sqs_queue.a")
    other = three({"delay": 0}, None, {"delay": 0}, address="module.tiny.aws_sqs_queue.b")
    both = {**one, "resource_drift": other["resource_drift"]}
    both["resource_changes"] = one["resource_changes"] + other["resource_changes"]

    found = drifted(both, CODE_MOVED)

    assert [resource.address[-1] for resource in found] == ["b", "a"]
