"""`state unlock` breaks the lock of a run that is dead, as far as can be known; `state locks` tells who is at work."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.locks import LOCK, gone, of, put_lock
from tests.support.project import Project
from tooling.journal import Journal, read_journal
from tooling.lock_object import PLAN
from tooling.locking import new_lock, read_lock
from tooling.process import ProcessId
from tooling.session import Session, open_session
from tooling.target import Target
from tooling.workspace import Workspace

OPTIONS = ("--stack", "tiny")


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


@pytest.fixture
def session(tiny: Project) -> Session:
    return open_session(Workspace(tiny.root), "local")


@contextmanager
def applying(tiny: Project, session: Session, seconds: int) -> Iterator[subprocess.Popen[str]]:
    """A run of the command line that holds the lock, for as long as its one resource takes."""
    tiny.tfvars(f"seconds = {seconds}\n")
    assert run_here(tiny, "plan").code == 0
    process = tiny.start("apply")
    try:
        ends = time.monotonic() + 60
        while read_lock(session, session.stack) is None:
            assert time.monotonic() < ends
            time.sleep(0.05)
        yield process
    finally:
        process.kill()
        process.communicate()


def test_the_lock_of_a_living_run_is_never_broken(tiny: Project, session: Session) -> None:
    with applying(tiny, session, seconds=8) as process:
        lock = read_lock(session, session.stack)
        assert lock is not None
        refused = run_here(tiny, "plan", "--lock-timeout", "0s")
        kept = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--force", lock.id)
        shown = json.loads(run_here(tiny, "state", "locks", "--json").out)
        assert process.poll() is None

    assert lock.owner is not None
    assert lock.owner.pid == process.pid
    assert "groundplan apply --env local" in lock.info
    assert kept.code == 1, kept.said
    assert "its owner still runs: groundplan apply --env local" in kept.err
    assert f"process {process.pid} (born" in refused.err
    assert "which still runs" in refused.err
    assert [(one["stack"], one["locked"], one["state"]) for one in shown] == [("local/tiny", True, "runs")]


def test_a_lock_left_by_a_plan_that_was_killed_is_proven_dead_and_broken(
    tiny: Project, session: Session, s3: Any, bucket: str
) -> None:
    put_lock(s3, bucket, of(gone(), new_lock(session, session.stack, PLAN)))

    refused = run_here(tiny, "plan", "--lock-timeout", "5m")
    unasked = run_here(tiny, "state", "unlock", *OPTIONS)
    shown = run_here(tiny, "state", "locks")
    broken = run_here(tiny, "state", "unlock", *OPTIONS, "--yes")
    again = run_here(tiny, "state", "unlock", *OPTIONS, "--yes")

    assert refused.code == 1, refused.said
    assert "which is dead" in refused.err
    assert "groundplan state unlock --env local --stack tiny" in refused.err
    assert unasked.code == 2, unasked.said
    assert "nobody is there to confirm break its lock" in unasked.err
    assert "owner: dead" in shown.out
    assert broken.code == 0, broken.said
    assert "the lock is gone" in broken.out
    assert again.code == 0, again.said
    assert "nobody holds it" in again.out
    assert run_here(tiny, "plan").code == 0


def test_a_lock_of_another_machine_takes_somebody_who_vouches_for_it_by_name(
    tiny: Project, session: Session, s3: Any, bucket: str
) -> None:
    put_lock(s3, bucket, of(ProcessId("build-7", 4711, "99"), new_lock(session, session.stack, PLAN)))

    refused = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--force")
    wrong = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--host-is-gone", socket.gethostname())
    broken = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--host-is-gone", "build-7")

    for answer in (refused, wrong):
        assert answer.code == 1, answer.said
        assert "--host-is-gone build-7" in answer.err
    assert broken.code == 0, broken.said
    assert read_lock(session, session.stack) is None


@pytest.mark.parametrize("content", [b"", b"garbage", b"[]", b'{"ID": 7}'])
def test_an_object_that_is_no_lock_locks_until_somebody_says_force(
    tiny: Project, s3: Any, bucket: str, content: bytes
) -> None:
    s3.put_object(Bucket=bucket, Key=LOCK, Body=content)

    refused = run_here(tiny, "plan")
    kept = run_here(tiny, "state", "unlock", *OPTIONS, "--yes")
    broken = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--force")

    assert refused.code == 1, refused.said
    assert "the state is locked by an object that is no lock" in refused.err
    assert kept.code == 1, kept.said
    assert broken.code == 0, broken.said
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=LOCK)


def test_another_lock_than_the_one_that_was_meant_is_left_alone(
    tiny: Project, session: Session, s3: Any, bucket: str
) -> None:
    lock = of(gone(), new_lock(session, session.stack, PLAN))
    put_lock(s3, bucket, lock)

    answer = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--force", "6d5b9a3e-0000-4000-8000-000000000001")

    assert answer.code == 1, answer.said
    assert "another lock is there by now" in answer.err
    assert read_lock(session, session.stack) == lock


def test_what_a_killed_apply_left_is_finished_and_not_merely_unlocked(tiny: Project, session: Session) -> None:
    # GIVEN an apply that was killed while Terraform works on
    with applying(tiny, session, seconds=6) as process:
        while not any(journal.terraform for journal in journals(tiny)):
            assert process.poll() is None
            time.sleep(0.05)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=10)
        lock = read_lock(session, session.stack)
        assert lock is not None

        # WHEN it is unlocked
        refused = run_here(tiny, "state", "unlock", *OPTIONS, "--yes", "--force")

        # THEN it is not, for Terraform would go on without a lock
        assert refused.code == 1, refused.said
        assert "its Terraform still works" in refused.err
        assert read_lock(session, session.stack) == lock
    assert "groundplan resume --env local --stack tiny" in refused.err


def journals(tiny: Project) -> list[Journal]:
    return [read_journal(path.read_bytes(), path.name) for path in tiny.latest.glob("tiny/run-*.jsonl")]


def test_where_there_is_no_bucket_it_is_said_how_to_make_one(tiny: Project) -> None:
    for path in (tiny.root / "envs/local/env.toml", tiny.root / "envs/local/tiny/main.tf"):
        path.write_text(path.read_text().replace('"tiny-', '"absent-'))

    answer = run_here(tiny, "state", "locks")

    assert answer.code == 1, answer.said
    assert "groundplan bootstrap --env local" in answer.err
