"""A state is copied before it is changed: to this checkout and to its bucket, and not without end."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.errors import ToolError
from tooling.session import Session, open_session
from tooling.states.backups import KEPT, backup_state, list_here, list_in_bucket, read_backup
from tooling.target import Target
from tooling.workspace import Workspace

STATE = "local/tiny.tfstate"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


@pytest.fixture
def session(tiny: Project) -> Session:
    session = open_session(Workspace(tiny.root), "local")
    session.clock = lambda: NOON
    return session


def put(s3: Any, bucket: str, serial: int) -> bytes:
    state = {"version": 4, "serial": serial, "lineage": "x", "outputs": {}, "resources": []}
    content = json.dumps(state).encode()
    s3.put_object(Bucket=bucket, Key=STATE, Body=content)
    return content


def test_there_is_nothing_to_copy_before_a_first_apply(session: Session) -> None:
    assert backup_state(session, session.stack) is None
    assert list_here(session, session.stack) == list_in_bucket(session, session.stack) == []


def test_the_copy_is_the_state_byte_for_byte_in_both_places_and_private_here(
    session: Session, s3: Any, bucket: str
) -> None:
    content = put(s3, bucket, serial=7)

    file = backup_state(session, session.stack)

    assert file == session.workspace.root / ".groundplan/backups/local/tiny/20261122T120000Z-7.tfstate"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    (here,), (there,) = list_here(session, session.stack), list_in_bucket(session, session.stack)
    assert here.serial == there.serial == 7
    assert there.key == "local/backups/tiny/20261122T120000Z-7.tfstate"
    assert read_backup(session, session.stack, here) == read_backup(session, session.stack, there) == content


def test_only_the_newest_are_kept_in_each_place(session: Session, s3: Any, bucket: str) -> None:
    for serial in range(1, KEPT + 4):
        put(s3, bucket, serial)
        session.clock = lambda serial=serial: NOON + timedelta(minutes=serial)  # type: ignore[misc]
        backup_state(session, session.stack)

    for found in (list_here(session, session.stack), list_in_bucket(session, session.stack)):
        assert [one.serial for one in found] == list(range(KEPT + 3, 3, -1))


def test_files_of_others_in_the_folder_are_left_alone(session: Session, s3: Any, bucket: str) -> None:
    put(s3, bucket, serial=1)
    file = backup_state(session, session.stack)
    assert file is not None
    mine = file.with_name("before-the-move.tfstate")
    mine.write_text("mine")

    assert [one.file for one in list_here(session, session.stack)] == [file]
    assert mine.read_text() == "mine"


def test_without_room_for_a_copy_nothing_is_changed(session: Session, s3: Any, bucket: str) -> None:
    # GIVEN a place for backups that cannot be written to
    content = put(s3, bucket, serial=1)
    (session.workspace.work / "backups").write_text("in the way")

    with pytest.raises(ToolError, match="the state could not be backed up") as refused:
        backup_state(session, session.stack)

    assert refused.value.hint == "nothing was changed; make room, then run again"
    assert s3.get_object(Bucket=bucket, Key=STATE)["Body"].read() == content
    assert list_in_bucket(session, session.stack) == []


def test_each_apply_leaves_a_copy_of_what_was_before_it(tiny: Project) -> None:
    for size in (1, 2):
        tiny.tfvars(f"size = {size}\n")
        assert run_here(tiny, "plan").code == 0
        assert run_here(tiny, "apply").code == 0

    copies = sorted(Path(tiny.root, ".groundplan/backups/local/tiny").iterdir())
    assert [json.loads(file.read_bytes())["serial"] for file in copies] == [1]
