"""``plan --changed``: a stack whose state or receipts say that nobody can tell counts as changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from time import sleep

import pytest

from tests.support.changed_estate import BEGAN, LOCAL, Estate, put
from tooling.changeset.document import written


def test_a_state_that_somebody_else_wrote_counts(estate: Estate) -> None:
    put(estate.target, estate.bucket, "local/one.tfstate", b'{"serial": 2}')

    ((name, (reason,)),) = estate.reasons().items()
    assert name == "local/one"
    assert reason.startswith("its state was written since the apply of 2026-11-22")


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda e: e.target.client("s3").delete_object(Bucket=e.bucket, Key="local/one.tfstate"), "its state is gone"),
        (lambda e: put(e.target, e.bucket, "local/one.tfstate.tflock", b"{}"), "its state is locked"),
        (lambda e: put(e.target, e.bucket, "local/journals/one/R1.jsonl", b"{}"), "the run R1 is not over"),
        (lambda e: e.apply("local/one", whole=False, error="no", state_tag=""), "ended half way"),
        (lambda e: e.apply("local/one", kind="destroy"), "was destroyed at"),
        (lambda e: e.apply("local/one", kind="adopt"), "was no apply of the whole stack"),
        (lambda e: e.apply("local/one", kind="revert"), "was no apply of the whole stack"),
        (lambda e: e.apply("local/one", sources={"module": "m"}), "left no digests"),
        (lambda e: e.apply("local/one", state_tag=""), "left no digests"),
        (lambda e: e.apply("local/one", env="side"), "of another stack"),
        (lambda e: e.keep(e.receipt(e.stack("local/one")), e.stack("local/one"), b"{}"), "was edited, or is none"),
        (lambda e: e.keep(e.receipt(e.stack("local/one")), e.stack("local/two")), "of another stack"),
    ],
)
def test_what_nobody_can_tell_counts_as_changed(estate: Estate, edit: Callable[[Estate], object], why: str) -> None:
    edit(estate)

    ((name, (reason,)),) = estate.reasons().items()
    assert name in LOCAL
    assert why in reason


def test_a_stack_that_was_never_applied_counts(estate: Estate) -> None:
    for key in estate.store().keys("local/receipts/one/"):
        estate.store().delete(key)

    assert estate.reasons() == {"local/one": ("was never applied, as far as receipts say",)}


def test_an_old_receipt_is_read_and_says_too_little(estate: Estate) -> None:
    stack = estate.stack("local/one")
    content = estate.receipt(stack).to_json()
    del content["state_tag"], content["sources"]

    estate.keep(estate.receipt(stack), stack, written(content))

    assert estate.reasons() == {"local/one": ("its last apply left no digests to compare with",)}


def test_the_newest_receipt_counts(estate: Estate) -> None:
    estate.append("modules/two/removable/main.tf")
    assert estate.changed() == {"local/two"}

    estate.apply("local/two", began=BEGAN + timedelta(hours=1))
    assert estate.reasons() == {}

    estate.apply("local/two", began=BEGAN + timedelta(hours=2), whole=False)
    assert estate.changed() == {"local/two"}


def test_clocks_that_differ_make_the_last_apply_uncertain(estate: Estate) -> None:
    # S3 tells times in whole seconds.
    sleep(1.1)
    estate.apply("local/two", began=BEGAN - timedelta(hours=1))

    ((name, (reason,)),) = estate.reasons().items()
    assert (name, "clocks" in reason) == ("local/two", True)
