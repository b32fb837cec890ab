"""Our lock is Terraform's: each heeds the other's, says who holds it, and breaks it only when its owner is dead."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import replace
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.locks import LOCK, gone, of, put_lock
from tests.support.project import Project
from tooling.errors import Exit, ToolError
from tooling.initialising import ensure_initialised
from tooling.lock_object import APPLY, PLAN
from tooling.locking import held, new_lock, read_lock, release, take_over
from tooling.process import ProcessId, this_process
from tooling.session import Session, open_session
from tooling.target import Target
from tooling.workspace import Workspace


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


@pytest.fixture
def session(tiny: Project) -> Session:
    return open_session(Workspace(tiny.root), "local")


def terraform(session: Session, *args: str) -> subprocess.CompletedProcess[str]:
    """Plain Terraform in the stack's root, as somebody without the toolkit runs it."""
    ensure_initialised(session, session.stack)
    plain = session.terraform(session.stack)
    return subprocess.run(
        [session.binary.path, *args, "-no-color"],
        cwd=plain.root,
        env=plain.environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(session: Session) -> ToolError:
    """Why the lock cannot be had."""
    with (
        pytest.raises(ToolError) as refused,
        held(session, session.stack, new_lock(session, session.stack, PLAN)),
    ):
        raise AssertionError("two hold one lock")
    return refused.value


def test_terraform_heeds_our_lock_and_reads_it(session: Session) -> None:
    stack = session.stack
    lock = new_lock(session, stack, APPLY, run="r-1")

    with held(session, stack, lock):
        refused = terraform(session, "plan")
    planned = terraform(session, "plan")

    assert refused.returncode == 1
    assert "Error acquiring the state lock" in refused.stderr
    for line in (
        f"ID:        {lock.id}",
        f"Path:      {lock.path}",
        "Operation: OperationTypeApply",
        f"Who:       {lock.who}",
        f"run r-1, {this_process().to_text()}",
    ):
        assert line in refused.stderr
    assert planned.returncode == 0, planned.stderr


def test_terraform_breaks_our_lock_by_its_id(session: Session) -> None:
    stack = session.stack
    lock = new_lock(session, stack, PLAN)
    with held(session, stack, lock) as ours:
        ours.keep()

    done = terraform(session, "force-unlock", "-force", lock.id)

    assert done.returncode == 0, done.stderr
    assert read_lock(session, stack) is None


def test_we_heed_terraforms_lock(session: Session) -> None:
    # GIVEN plain Terraform at work
    ensure_initialised(session, session.stack)
    plain = session.terraform(session.stack)
    process = subprocess.Popen(
        [session.binary.path, "apply", "-auto-approve", "-var", "seconds=3"],
        cwd=plain.root,
        env=plain.environ,
        stdout=subprocess.DEVNULL,
    )
    try:
        while (lock := read_lock(session, session.stack)) is None:
            assert process.poll() is None
            time.sleep(0.05)

        # WHEN we want the lock
        refused = refusal(session)
    finally:
        process.wait(timeout=60)

    # THEN we are told who has it, and get it when that is over
    assert str(refused) == (f"local/tiny: the state is locked by {lock.who} since {lock.since} (OperationTypeApply)")
    with held(session, session.stack, new_lock(session, session.stack, PLAN)) as ours:
        assert read_lock(session, session.stack) == ours.lock


def test_a_lock_is_waited_for_and_it_is_said_for_whose(session: Session, s3: Any, bucket: str) -> None:
    # GIVEN a lock of another machine that is given back after a second
    notes: list[str] = []
    session.progress, session.lock_timeout = Notes(notes), "1m"
    other = of(ProcessId("build-7", 4711, "99"), replace(new_lock(session, session.stack, APPLY), who="ada@build-7"))
    put_lock(s3, bucket, other)
    timer = threading.Timer(1, lambda: s3.delete_object(Bucket=bucket, Key=LOCK))
    timer.start()

    with held(session, session.stack, new_lock(session, session.stack, PLAN)) as ours:
        timer.join()
        assert read_lock(session, session.stack) == ours.lock

    assert notes == [f"local/tiny: waits up to 1m for the lock of ada@build-7 since {other.since} (OperationTypeApply)"]


def test_waiting_has_a_bound(session: Session) -> None:
    stack = session.stack
    session.lock_timeout = "1s"
    began = time.monotonic()

    with held(session, stack, new_lock(session, stack, PLAN)):
        refused = refusal(session)

    assert 1 <= time.monotonic() - began < 5
    assert f"{this_process().to_text()}, which still runs" in str(refused)


def test_waiting_ends_at_an_interrupt(session: Session) -> None:
    stack = session.stack
    session.lock_timeout = "5m"
    session.running.interrupt()

    with held(session, stack, new_lock(session, stack, PLAN)):
        ended = refusal(session)

    assert ended.exit_code == Exit.INTERRUPTED


@pytest.mark.parametrize("duration", ["", "5", "5 minutes", "-1s", "soon"])
def test_a_duration_that_is_none_is_wrong_usage(tiny: Project, duration: str) -> None:
    answer = run_here(tiny, "plan", f"--lock-timeout={duration}")

    assert answer.code == 2, answer.said
    assert "is no duration" in answer.err


def test_a_run_that_failed_gives_its_lock_back_and_one_in_doubt_keeps_it(session: Session) -> None:
    stack = session.stack
    lock = new_lock(session, stack, APPLY)

    with pytest.raises(ValueError, match="broken"), held(session, stack, new_lock(session, stack, APPLY)):
        raise ValueError("broken")
    after_failure = read_lock(session, stack)
    with held(session, stack, lock) as ours:
        ours.keep()

    assert after_failure is None
    assert read_lock(session, stack) == lock


def test_a_lock_that_was_taken_away_meanwhile_is_told_and_the_new_one_stays(session: Session, s3: Any) -> None:
    notes: list[str] = []
    stack = session.stack
    session.progress = Notes(notes)
    other = new_lock(session, stack, APPLY)

    with held(session, stack, new_lock(session, stack, APPLY)) as ours:
        release(session, stack, ours.lock.id)
        put_lock(s3, session.config.state.bucket, other)

    assert read_lock(session, stack) == other
    assert len(notes) == 1
    assert "the lock could not be given back" in notes[0]


class Notes:
    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def tick(self, tick: object) -> None:
        """Not looked at."""

    def note(self, text: str) -> None:
        self._notes.append(text)


def test_a_lock_that_was_written_by_a_call_whose_answer_was_lost_is_ours(session: Session, s3: Any) -> None:
    lock = new_lock(session, session.stack, PLAN)
    put_lock(s3, session.config.state.bucket, lock)

    with held(session, session.stack, lock):
        assert read_lock(session, session.stack) == lock

    assert read_lock(session, session.stack) is None


def test_a_dead_lock_is_taken_over_and_a_living_one_is_not(session: Session, s3: Any, bucket: str) -> None:
    stack = session.stack
    mine, dead, living = (new_lock(session, stack, APPLY) for _ in range(3))
    dead = of(gone(), dead)

    put_lock(s3, bucket, living)
    with pytest.raises(ToolError, match="which still runs"):
        take_over(session, stack, living.id, mine)
    put_lock(s3, bucket, dead)
    with pytest.raises(ToolError, match="which is dead"):
        take_over(session, stack, "another-id", mine)
    take_over(session, stack, dead.id, mine)
    with held(session, stack, mine):
        assert read_lock(session, stack) == mine

    assert read_lock(session, stack) is None
    with pytest.raises(ToolError, match="is gone"):
        take_over(session, stack, dead.id, mine)
