"""Whatever somebody does to a changeset, or to what it was made from: it is refused, and nothing is applied."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.forging import approvals, receipts
from tests.support.in_process import call_here, run_here
from tests.support.sandbox import STACKS, Sandbox, make_sandbox
from tests.support.tampering import Case, exchanged, fields, files_of_the_changeset, replayed, sources
from tooling.applying import apply_changeset
from tooling.changeset.checking import check_changeset
from tooling.emulator.process import RunningEmulator
from tooling.session import open_changeset
from tooling.state import make_bucket
from tooling.target import Target
from tooling.workspace import Workspace

# The same in every run.
CASES: list[Case] = [
    *files_of_the_changeset(),
    *exchanged(),
    *replayed(),
    *sources(),
    *fields(),
    *receipts(),
    *approvals(),
]
# Seconds from the moment of the plan; the changeset holds for 24 hours.
CLOCKS = (-365 * 86400, -86400, -3600, -600, 86400, 86401, 2 * 86400, 365 * 86400)
ACCOUNT = "123456789012"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Sandbox:
    environ = {"AWS_ACCESS_KEY_ID": ACCOUNT, "AWS_SECRET_ACCESS_KEY": "emulator"}
    target = Target("emulator", emulator.endpoint, environ, "us-east-1", ACCOUNT)
    bucket = f"tampering-{secrets.token_hex(6)}"
    make_bucket(target, bucket, "us-east-1")
    return make_sandbox(tmp_path_factory.mktemp("tampering"), home, target, bucket)


@pytest.fixture
def box(made: Sandbox) -> Iterator[Sandbox]:
    yield made
    made.restore()


def arguments(box: Sandbox, case: Case) -> list[str]:
    return [{"first": box.first, "idle": box.idle}.get(word, word) for word in case.args]


def test_there_are_at_least_two_hundred_ways() -> None:
    names = [case.name for case in CASES]

    assert len(names) + len(CLOCKS) >= 200
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_tampering_is_refused_and_nothing_is_applied(box: Sandbox, case: Case) -> None:
    case.tamper(box)
    before = box.keys()
    assert box.changed_files() or before != box.etags or case.args

    answer = run_here(box.project, "apply", *arguments(box, case))

    assert answer.code in (2, 4), answer.said
    assert "error: " in answer.err
    assert box.keys() == before


@pytest.mark.parametrize("seconds", CLOCKS)
def test_a_clock_that_was_set_is_refused_and_nothing_is_applied(box: Sandbox, seconds: int) -> None:
    when = datetime.strptime(box.newest[:16], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) + timedelta(seconds=seconds)

    def apply() -> None:
        session, changeset, folder = open_changeset(Workspace(box.project.root), "local", (), "latest")
        session.clock = lambda: when
        apply_changeset(session, changeset, folder, check_changeset(session, changeset, folder))

    answer = call_here(box.project, apply)

    assert answer.code == 4, answer.said
    assert ("in the future" if seconds < 0 else "expired") in answer.err
    assert box.keys() == box.etags


@pytest.mark.parametrize("number", range(0, len(CASES), max(1, len(CASES) // 4)))
def test_a_process_of_its_own_refuses_it_too(box: Sandbox, number: int) -> None:
    CASES[number].tamper(box)
    before = box.keys()

    answer = box.project.run("apply", *arguments(box, CASES[number]))

    assert answer.code in (2, 4), answer.said
    assert box.keys() == before


def test_what_nobody_touched_is_applied(box: Sandbox) -> None:
    # The last of this file: after it the changeset is one that was applied.
    answer = run_here(box.project, "apply")

    assert answer.code == 0, answer.said
    now = box.keys()
    assert [now[f"local/{stack}.tfstate"] != box.etags[f"local/{stack}.tfstate"] for stack in STACKS] == [True, True]
