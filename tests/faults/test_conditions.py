"""What env.toml asks for before a changeset is applied: approvals and committed files."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.conditions import ask_for, commit, in_git, run
from tests.support.in_process import call_here
from tests.support.project import Project
from tooling.approving import request_approval
from tooling.workspace import Workspace


@pytest.fixture
def committed(tiny: Project) -> Project:
    return in_git(tiny)


# Approvals

TWO_PAIRS_OF_EYES = "[approval]\napprovals = 1\non_emulator = true\n\n[stacks.tiny]\n"


@pytest.fixture
def to_approve(tiny: Project) -> Project:
    ask_for(tiny, TWO_PAIRS_OF_EYES)
    planned = run(tiny, "plan", user="paula")
    assert planned.code == 0, planned.said
    assert "apply asks for an approval by another identity" in planned.err
    return tiny


def test_without_an_approval_nothing_is_applied(to_approve: Project) -> None:
    answer = run(to_approve, "apply")

    assert answer.code == 4
    assert "has 0 of 1 approvals by others than arn:aws:iam::123456789012:user/paula" in answer.err
    assert f"groundplan approve --env local --changeset {to_approve.latest.name}" in answer.err


def test_nobody_approves_what_they_planned(to_approve: Project) -> None:
    answer = run(to_approve, "approve", "--yes", user="paula")

    assert answer.code == 4
    assert "was planned by you" in answer.err
    assert run(to_approve, "apply").code == 4


def test_an_approval_is_of_one_seal_and_lands_in_the_receipt(to_approve: Project) -> None:
    # GIVEN an approval of the newest changeset
    approved = run(to_approve, "approve", "--yes", "--json", user="alice")
    assert approved.code == 0, approved.said
    assert "1 to create" in approved.err
    alice = "arn:aws:iam::123456789012:user/alice"
    assert json.loads(approved.out)["by"] == alice
    first = to_approve.latest.name

    # WHEN another one is planned
    assert run(to_approve, "plan", user="paula").code == 0
    refused = run(to_approve, "apply")
    applied = run(to_approve, "apply", "--changeset", first)

    assert refused.code == 4
    assert applied.code == 0, applied.said
    (receipt,) = (to_approve.root / f".groundplan/changesets/local/{first}/tiny").glob("receipt-*.json")
    assert json.loads(receipt.read_bytes())["approved_by"] == [alice]


def test_the_same_person_counts_once(tiny: Project) -> None:
    ask_for(tiny, TWO_PAIRS_OF_EYES.replace("approvals = 1", "approvals = 2"))
    assert run(tiny, "plan", user="paula").code == 0

    codes = []
    for who in ("alice", "alice", "bob"):
        assert run(tiny, "approve", "--yes", user=who).code == 0
        codes.append(run(tiny, "apply").code)

    assert codes == [4, 4, 0]


def test_what_was_edited_cannot_be_approved(to_approve: Project) -> None:
    file = to_approve.latest / "tiny/plan.json"
    file.write_bytes(file.read_bytes() + b" ")

    answer = run(to_approve, "approve", "--yes", user="alice")

    assert answer.code == 4
    assert "the plan's JSON changed after the plan was sealed" in answer.err


def test_what_expired_cannot_be_approved(to_approve: Project) -> None:
    later = datetime.now(UTC) + timedelta(hours=73)

    answer = call_here(to_approve, lambda: request_approval(Workspace(to_approve.root), "local", now=later))

    assert answer.code == 4
    assert "the changeset expired at" in answer.err


def test_an_approval_is_asked_about(to_approve: Project) -> None:
    answer = to_approve.run("approve", environ={"EMULATOR_USER": "alice"})

    assert answer.code == 2
    assert "nobody is there to confirm its approval by arn:aws:iam::123456789012:user/alice" in answer.err


def test_on_the_emulator_it_is_a_rehearsal_unless_asked_for(tiny: Project) -> None:
    ask_for(tiny, TWO_PAIRS_OF_EYES.replace("on_emulator = true", "clean_tree = true"))

    planned, applied = run(tiny, "plan"), run(tiny, "apply")

    assert (planned.code, applied.code) == (0, 0), applied.said
    for answer in (planned, applied):
        assert "a rehearsal on the emulator: on AWS apply asks for an approval by another identity, " in answer.err
        assert "committed files only" in answer.err


def test_a_destroy_needs_its_approval_too(tiny: Project) -> None:
    assert run(tiny, "plan").code == 0
    assert run(tiny, "apply").code == 0
    ask_for(tiny, TWO_PAIRS_OF_EYES)

    refused = run(tiny, "destroy", "--yes")
    approved = run(tiny, "approve", "--yes", user="alice")
    applied = run(tiny, "apply")

    assert refused.code == 4, refused.said
    assert "has 0 of 1 approvals" in refused.err
    assert approved.code == 0, approved.said
    assert applied.code == 0, applied.said
    assert "1 destroyed" in applied.out


# Committed files

CLEAN = "[approval]\nclean_tree = true\non_emulator = true\n\n[stacks.tiny]\n"


@pytest.mark.requirement("RW-NOTE-03")
def test_uncommitted_files_are_refused_where_the_environment_wants_none(committed: Project) -> None:
    ask_for(committed, CLEAN)

    dirty = run(committed, "plan")
    commit(committed)
    clean = run(committed, "plan")
    applied = run(committed, "apply")

    assert dirty.code == 4
    assert "files differ from the commit" in dirty.err
    assert clean.code == 0, clean.said
    assert applied.code == 0, applied.said


@pytest.mark.requirement("RW-NOTE-03")
def test_apply_warns_of_uncommitted_files_elsewhere(committed: Project) -> None:
    committed.tfvars("size = 2\n")
    assert run(committed, "plan").code == 0

    answer = run(committed, "apply")

    assert answer.code == 0, answer.said
    assert "warning: planned from files that differ from commit" in answer.err


def test_outside_of_git_there_is_no_clean_tree(tiny: Project) -> None:
    ask_for(tiny, CLEAN)

    answer = run(tiny, "plan")

    assert answer.code == 4
    assert "the commit is unknown" in answer.err


def test_a_changeset_of_another_commit_is_stale(committed: Project) -> None:
    assert run(committed, "plan").code == 0
    commit(committed)

    answer = run(committed, "apply")

    assert answer.code == 4
    assert "the checkout is at commit" in answer.err
