"""A disk that is full at the wrong moment, a clock that jumps, an emulator that takes the state with it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.emulated import emulator_in
from tests.support.in_process import call_here
from tests.support.project import Project, tiny_project
from tests.support.under_way import locked, resources_in_state, wait_until_it_applies
from tooling.applying import apply_changeset
from tooling.changeset.checking import check_changeset
from tooling.session import open_changeset
from tooling.state import make_bucket
from tooling.target import Target
from tooling.workspace import Workspace


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


@contextmanager
def small_disk(folder: Path, size: str = "400k") -> Iterator[Callable[[], None]]:
    """A disk of its own under a folder; gives back what fills it to the last byte."""
    folder.mkdir(parents=True, exist_ok=True)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode != 0:
        pytest.fail(f"this test needs the right to mount a disk (root): {mounted.stderr.strip()}")

    def fill() -> None:
        descriptor = os.open(folder / ".ballast", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        chunk = 4096
        while chunk:
            try:
                os.write(descriptor, b"x" * chunk)
            except OSError:
                chunk //= 2
        os.close(descriptor)

    try:
        yield fill
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def no_traceback(said: str) -> None:
    assert "Traceback" not in said, said


def test_a_plan_whose_changeset_finds_no_room_leaves_the_newest_one_as_it_was(tiny: Project) -> None:
    with small_disk(tiny.root / ".groundplan/changesets/local", "2m") as fill:
        assert tiny.run("plan").code == 0
        before = tiny.latest
        fill()

        answer = tiny.run("plan")

        assert answer.code == 1, answer.said
        assert "no space left on the device" in answer.err
        no_traceback(answer.said)
        assert tiny.latest == before


def test_an_apply_whose_journal_finds_no_room_is_not_begun(tiny: Project, s3: Any, bucket: str) -> None:
    with small_disk(tiny.root / ".groundplan/changesets/local", "2m") as fill:
        assert tiny.run("plan").code == 0
        fill()

        answer = tiny.run("apply")

        assert answer.code == 1, answer.said
        assert "no space left on the device" in answer.err
        no_traceback(answer.said)
        assert "local/tiny  failed" in answer.out
        assert not s3.list_objects_v2(Bucket=bucket, Prefix="local/tiny.tfstate").get("KeyCount")
        # and once there is room, it is
        (tiny.root / ".groundplan/changesets/local/.ballast").unlink()
        again = tiny.run("apply")
        assert again.code == 0, again.said
        assert resources_in_state(s3, bucket) == 1


def test_a_disk_that_fills_up_in_the_middle_costs_the_receipt_here_and_nothing_else(
    tiny: Project, s3: Any, bucket: str
) -> None:
    # GIVEN an apply whose journal was begun
    with small_disk(tiny.root / ".groundplan/changesets/local", "2m") as fill:
        tiny.tfvars("size = 12\nseconds = 2\n")
        assert tiny.run("plan").code == 0
        apply = tiny.start("apply")
        wait_until_it_applies(tiny)

        # WHEN the disk is full from then on
        fill()
        out, err = apply.communicate(timeout=120)

        # THEN the apply is done and saved, and what could not be kept here is in the bucket
        no_traceback(err)
        assert resources_in_state(s3, bucket) == 12
        assert apply.returncode == 1, out + err
        assert "applied, but the receipt of tiny is not whole" in err
        (entry,) = s3.list_objects_v2(Bucket=bucket, Prefix="local/receipts/tiny/")["Contents"]
        receipt = json.loads(s3.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read())
        assert receipt["whole"] is True
        assert not locked(s3, bucket)

    # and nothing is open, though the journal was cut short
    assert "no run died here" in tiny.run("resume").out
    assert tiny.run("plan", "--exit-code").code == 0


def test_a_state_that_cannot_be_backed_up_is_not_changed(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN a state, and no room for a copy of it
    for command in ("plan", "apply"):
        assert tiny.run(command).code == 0
    tiny.tfvars("size = 2\n")
    assert tiny.run("plan").code == 0
    with small_disk(tiny.root / ".groundplan/backups", "64k") as fill:
        (tiny.root / ".groundplan/backups/local/tiny").mkdir(parents=True)
        fill()

        answer = tiny.run("apply")

    assert answer.code == 1, answer.said
    assert "the state could not be backed up: No space left on device" in answer.err
    no_traceback(answer.said)
    assert resources_in_state(s3, bucket) == 1
    assert not locked(s3, bucket)
    assert tiny.run("apply").code == 0


def applied_with(project: Project, clock: Callable[[], datetime]) -> Any:
    def apply() -> None:
        session, changeset, folder = open_changeset(Workspace(project.root), "local", (), "latest")
        session.clock = clock
        apply_changeset(session, changeset, folder, check_changeset(session, changeset, folder))

    return call_here(project, apply)


@pytest.mark.parametrize("step", [timedelta(seconds=-30), timedelta(hours=5)], ids=["back", "forward"])
def test_a_clock_that_jumps_during_an_apply_changes_nothing_of_it(
    tiny: Project, s3: Any, bucket: str, step: timedelta
) -> None:
    # GIVEN a clock that has jumped each time that somebody looks
    tiny.tfvars("size = 3\n")
    assert tiny.run("plan").code == 0
    moments = iter(datetime.now(UTC) + step * number for number in range(1000))

    answer = applied_with(tiny, lambda: next(moments))

    assert answer.code == 0, answer.said
    assert resources_in_state(s3, bucket) == 3
    assert not locked(s3, bucket)
    (receipt,) = tiny.latest.glob("tiny/receipt-*.json")
    assert json.loads(receipt.read_bytes())["whole"] is True
    again = tiny.run("apply")
    assert again.code == 4
    assert "this changeset was applied at" in again.err
    assert tiny.run("plan", "--exit-code").code == 0


def test_a_changeset_from_the_future_is_refused(tiny: Project, s3: Any, bucket: str) -> None:
    assert tiny.run("plan").code == 0

    answer = applied_with(tiny, lambda: datetime.now(UTC) - timedelta(minutes=6))

    assert answer.code == 4
    assert "which is in the future of this machine's clock" in answer.err
    assert not s3.list_objects_v2(Bucket=bucket, Prefix="local/tiny.tfstate").get("KeyCount")


def test_a_state_that_went_with_the_emulator_comes_back_from_the_last_backup_here(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # GIVEN a state, and an apply in the middle when the emulator is killed
    home = tmp_path_factory.mktemp("own-emulator")
    with emulator_in(home) as running:
        project = with_bucket(tmp_path, home, running.endpoint)
        project.tfvars("size = 3\n")
        for command in ("plan", "apply"):
            assert project.run(command).code == 0
        project.tfvars("size = 9\nseconds = 5\n")
        assert project.run("plan").code == 0
        apply = project.start("apply")
        wait_until_it_applies(project)
        os.kill(running.pid, signal.SIGKILL)
        _, err = apply.communicate(timeout=120)
        assert apply.returncode == 1, err
        assert "stopped answering" in err

    # WHEN another takes its place, and the newest backup is restored
    with emulator_in(home) as again:
        with_bucket(None, home, again.endpoint)
        backups = sorted((project.root / ".groundplan/backups/local/tiny").glob("*.tfstate"))
        restored = project.run("state", "restore", "--stack", "tiny", "--yes", str(backups[-1]))
        planned = project.run("plan", "--json")

    # THEN the state is the one before that apply, and a plan makes what is missing
    assert restored.code == 0, restored.said
    assert planned.code == 0, planned.said
    assert json.loads(planned.out)["stacks"]["local/tiny"]["counts"]["create"] == 6


def with_bucket(root: Path | None, home: Path, endpoint: str) -> Project:
    environ = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "emulator"}
    make_bucket(Target("emulator", endpoint, environ, "us-east-1", "123456789012"), "tiny-state", "us-east-1")
    return tiny_project(root, home, "tiny-state") if root is not None else Project(home)
