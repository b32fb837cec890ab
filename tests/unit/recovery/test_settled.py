"""What a run did and its state does not show."""

from __future__ import annotations

from typing import Any

from tests.unit.journal.journals import HEADER, error, hook, journal
from tooling.journal import Journal, read_journal
from tooling.recovery.settled import unsettled

POOL = "module.kefir.aws_cognito_user_pool.users"


def state_of(**more: Any) -> dict[str, Any]:
    instance = {"attributes": {"id": "pool-1"}, **more}
    entry = {"mode": "managed", "module": "module.kefir", "type": "aws_cognito_user_pool", "name": "users"}
    return {"resources": [{**entry, "instances": [instance]}]}


def run(*events: dict[str, Any]) -> Journal:
    return read_journal(journal(*events), "j")


MADE = run(hook("apply_start", POOL), hook("apply_complete", POOL, id_value="pool-1"))
BEGUN = run(hook("apply_start", POOL))
FAILED = run(hook("apply_start", POOL), hook("apply_errored", POOL))


def test_what_was_made_and_is_in_the_state_is_settled() -> None:
    assert not unsettled(MADE, state_of())


def test_what_was_made_and_is_in_no_state_is_not() -> None:
    assert list(unsettled(MADE, None).made) == [POOL]


def test_another_object_at_the_same_address_is_not_what_was_made() -> None:
    other = run(hook("apply_start", POOL), hook("apply_complete", POOL, id_value="pool-2"))

    assert list(unsettled(other, state_of()).made) == [POOL]


def test_what_only_began_is_in_doubt_also_where_the_state_has_its_predecessor() -> None:
    assert list(unsettled(BEGUN, None).doubts) == [POOL]
    assert list(unsettled(BEGUN, state_of()).doubts) == [POOL]


def test_what_failed_and_terraform_kept_as_tainted_is_settled() -> None:
    assert list(unsettled(FAILED, None).doubts) == [POOL]
    assert list(unsettled(FAILED, state_of()).doubts) == [POOL]
    assert not unsettled(FAILED, state_of(status="tainted"))


def test_what_aws_refused_is_in_doubt_only_where_nobody_saw_the_run_end() -> None:
    refused = [hook("apply_start", POOL), hook("apply_errored", POOL), error(POOL, "StatusCode: 403, tagging it")]
    ended = {"groundplan": "ended", "error": "terraform apply failed", "ended": "2026-11-21T10:00:09+00:00"}

    assert list(unsettled(run(*refused), None).doubts) == [POOL]
    assert not unsettled(run(*refused), state_of(status="tainted"))
    assert not unsettled(run(*refused, ended), None)


def test_a_deletion_that_the_state_does_not_show_is_behind() -> None:
    gone = run(hook("apply_start", POOL, "delete", id_value="pool-1"), hook("apply_complete", POOL, "delete"))
    going = run(hook("apply_start", POOL, "delete", id_value="pool-1"))

    assert unsettled(gone, state_of()).behind == unsettled(going, state_of()).behind == (POOL,)
    assert not unsettled(gone, {"resources": []})


def test_a_deletion_that_failed_is_behind_unless_aws_refused_it() -> None:
    began = hook("apply_start", POOL, "delete", id_value="pool-1")
    failed = run(began, hook("apply_errored", POOL, "delete"))
    refused = run(began, hook("apply_errored", POOL, "delete"), error(POOL, "StatusCode: 409, DeleteConflict"))

    assert unsettled(failed, state_of()).behind == (POOL,)
    assert not unsettled(refused, state_of())


def test_a_deletion_of_the_object_before_says_nothing_of_the_one_that_is_there() -> None:
    replaced = run(hook("apply_start", POOL, "delete", id_value="pool-0"), hook("apply_complete", POOL, "delete"))

    assert not unsettled(replaced, state_of())


def test_what_was_replaced_by_one_of_the_same_name_is_settled_once_the_state_was_stored() -> None:
    again = run(
        hook("apply_start", POOL, "delete", id_value="pool-1"),
        hook("apply_complete", POOL, "delete"),
        hook("apply_start", POOL),
        hook("apply_complete", POOL, id_value="pool-1"),
    )
    before = {**state_of(), "lineage": HEADER.lineage, "serial": HEADER.serial}

    assert not unsettled(again, {**before, "serial": HEADER.serial + 1})
    assert unsettled(again, before).behind == (POOL,)


def test_a_change_is_behind_when_it_did_not_end_or_the_state_was_not_stored_since() -> None:
    begun = run(hook("apply_start", POOL, "update"))
    done = run(hook("apply_start", POOL, "update"), hook("apply_complete", POOL, "update", id_value="pool-1"))
    before = {**state_of(), "lineage": HEADER.lineage, "serial": HEADER.serial}

    assert unsettled(begun, state_of()).behind == (POOL,)
    assert unsettled(done, before).behind == (POOL,)
    assert not unsettled(done, {**before, "serial": HEADER.serial + 1})


def test_what_was_made_and_has_no_id_is_looked_for() -> None:
    named = run(hook("apply_start", POOL), hook("apply_complete", POOL, id_key="name", id_value="users"))

    assert list(unsettled(named, None).doubts) == [POOL]
    assert not unsettled(named, state_of())


def test_it_is_told_in_words() -> None:
    both = run(
        hook("apply_start", POOL),
        hook("apply_complete", POOL, id_value="pool-1"),
        hook("apply_start", "aws_sqs_queue.q"),
    )

    assert unsettled(both, None).in_words() == "1 made and in no state, 1 in doubt"
    assert unsettled(MADE, None).in_words() == "1 made and in no state"
    assert unsettled(BEGUN, None).in_words() == "1 in doubt"
