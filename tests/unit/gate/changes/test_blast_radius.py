"""How much a plan may take away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.gate.changes.conftest import Look, plan_of, refused
from tooling.gate.changes import Loss
from tooling.gate.changes.blast_radius import gone
from tooling.gate.model import BrokenGlass, ChangeLimits

GOES: dict[str, Any] = {"before": {}}
REPLACED: dict[str, Any] = {"before": {}, "after": {}, "actions": ["delete", "create"]}


def rules(count: int, change: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {f"aws_cloudwatch_event_rule.r{number}": change for number in range(count)}


def glass(*addresses: str) -> tuple[BrokenGlass, ...]:
    return tuple(BrokenGlass(address=address, reason="no longer called by anybody") for address in addresses)


@pytest.mark.parametrize(("change", "check_id"), [(GOES, "GP_BLAST_1"), (REPLACED, "GP_BLAST_2")])
def test_as_many_as_the_limit_may_go_and_one_more_may_not(look: Look, change: dict[str, Any], check_id: str) -> None:
    assert refused(look(rules(5, change)), check_id) == []

    changes = look(rules(6, change))

    (finding,) = [finding for finding in changes.findings if finding.check_id == check_id]
    assert finding.address == "aws_cloudwatch_event_rule.r0"
    assert "6, max_" in finding.message
    assert "r4 and 1 more" in finding.message


def test_a_create_before_a_delete_is_a_replace_too(look: Look) -> None:
    changes = look(rules(6, {**REPLACED, "actions": ["create", "delete"]}))

    assert len(changes.replaces) == 6
    assert refused(changes, "GP_BLAST_2")


def test_what_is_named_when_the_glass_is_broken_does_not_count(look: Look) -> None:
    # GIVEN two more than may go
    seven = rules(7, GOES)

    # WHEN one of them is named
    changes = look(seven, glass=glass("aws_cloudwatch_event_rule.r3"))

    # THEN there is a finding for it, which that excuses, and one for the others, which are still too many
    assert refused(changes, "GP_BLAST_1") == ["aws_cloudwatch_event_rule.r3", "aws_cloudwatch_event_rule.r0"]

    # AND with both named only these are left to excuse
    changes = look(seven, glass=glass("aws_cloudwatch_event_rule.r3", "aws_cloudwatch_event_rule.r4"))
    assert refused(changes, "GP_BLAST_1") == ["aws_cloudwatch_event_rule.r3", "aws_cloudwatch_event_rule.r4"]


def test_a_glass_that_is_not_needed_excuses_nothing(look: Look) -> None:
    changes = look(rules(5, GOES), glass=glass("aws_cloudwatch_event_rule.r3"))

    assert changes.findings == ()


def test_a_plan_to_destroy_is_not_counted_and_still_keeps_data(look: Look) -> None:
    limits = ChangeLimits(max_destroys=0, max_replaces=0, destroying=True, protected=("aws_lb.*",))

    changes = look({**rules(9, GOES), "aws_dynamodb_table.t": GOES, "aws_lb.web": GOES}, limits)

    assert refused(changes, "GP_BLAST_1") == []
    assert refused(changes, "GP_BLAST_3") == ["aws_dynamodb_table.t"]
    assert refused(changes, "GP_BLAST_4") == ["aws_lb.web"]


@pytest.mark.parametrize(
    ("address", "before", "what"),
    [
        ("aws_dynamodb_table.t", {}, "a table and its items"),
        ("aws_s3_bucket.b", {"force_destroy": True}, "a bucket, its name and its objects"),
        ("aws_s3_bucket.b", {}, "a bucket and its name (AWS refuses while it has objects)"),
        ("aws_db_instance.d", {"skip_final_snapshot": True}, "a database and its data, without a last snapshot"),
        ("aws_db_instance.d", {"skip_final_snapshot": False}, "a database and its data, after a snapshot"),
        ("aws_db_instance.d", {"replicate_source_db": "main"}, "a read replica"),
        ("aws_db_snapshot.s", {}, "a snapshot"),
        ("aws_cognito_user_pool.p", {}, "a user pool and its users"),
        ("aws_kms_key.k", {}, "a key, and with it all that it encrypts"),
        ("aws_route53_zone.z", {}, "a zone and its names, and the name servers that the parent points to"),
        ("aws_fsx_ontap_volume.f", {}, "a file system and its files"),
        ("aws_cloudwatch_log_group.l", {}, "a log group and its logs"),
        ("aws_sqs_queue.q", {}, "a queue and the messages in it"),
    ],
)
def test_what_holds_data_is_told_with_what_goes(look: Look, address: str, before: dict[str, Any], what: str) -> None:
    for change in ({"before": before}, {"before": before, "after": before, "actions": ["delete", "create"]}):
        changes = look({address: change})

        assert changes.stateful == (Loss(address=address, what=what),)
        assert refused(changes, "GP_BLAST_3") == [address]


@pytest.mark.parametrize(
    "address",
    [
        "aws_s3_bucket_versioning.v",
        "aws_s3_bucket_policy.p",
        "aws_sfn_state_machine.m",
        "aws_lambda_function.f",
        "aws_secretsmanager_secret_version.v",
        "aws_cloudwatch_log_metric_filter.f",
        "aws_kms_alias.a",
    ],
)
def test_what_the_configuration_makes_again_holds_nothing(look: Look, address: str) -> None:
    assert look({address: GOES}).stateful == ()


def test_only_the_types_that_the_environment_lets_go_may_go(look: Look) -> None:
    limits = ChangeLimits(max_destroys=5, max_replaces=5, stateful_may_go=("aws_dynamodb_*", "aws_s3_bucket"))

    changes = look({"aws_dynamodb_table.t": GOES, "aws_s3_bucket.b": GOES, "aws_sqs_queue.q": GOES}, limits)

    assert [loss.allowed for loss in changes.stateful] == [True, True, False]
    assert refused(changes, "GP_BLAST_3") == ["aws_sqs_queue.q"]


def test_what_is_forgotten_is_shown_and_loses_nothing(look: Look) -> None:
    changes = look({f"aws_dynamodb_table.t{number}": {**GOES, "actions": ["forget"]} for number in range(9)})

    assert len(changes.forgets) == 9
    assert (changes.destroys, changes.stateful, changes.findings) == ((), (), ())


def test_protected_addresses_are_globs_in_which_brackets_are_literal(look: Look) -> None:
    limits = ChangeLimits(max_destroys=5, max_replaces=5, protected=("module.*.aws_lb.*", 'aws_eip.e["a"]'))

    changes = look(
        {
            "module.shop.aws_lb.web": REPLACED,
            "module.shop.aws_lb_listener.web": REPLACED,
            'aws_eip.e["a"]': GOES,
            'aws_eip.e["b"]': GOES,
            "aws_eip.a": GOES,
        },
        limits,
    )

    assert sorted(refused(changes, "GP_BLAST_4")) == ['aws_eip.e["a"]', "module.shop.aws_lb.web"]


def test_what_an_earlier_replace_left_over_counts_as_well() -> None:
    # GIVEN a table whose old one is still there, since the last apply did not get to it
    plan = plan_of({"aws_dynamodb_table.t": {"before": {}, "after": {}}})
    (entry,) = plan["resource_changes"]
    left_over = {**entry, "deposed": "0a1b2c3d", "change": {"actions": ["delete"], "before": {}, "after": None}}
    plan["resource_changes"].append(left_over)

    # THEN it goes, and that is told
    assert gone(plan) == ("aws_dynamodb_table.t",)


def test_a_plan_that_changes_nothing_has_no_blast_radius(look: Look) -> None:
    changes = look({"aws_dynamodb_table.t": {"before": {"id": "t"}, "after": {"id": "t"}}})

    assert changes.quiet
    assert changes.findings == ()
