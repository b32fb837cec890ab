"""A state that was deleted, cut short or overwritten is brought back from its versions or a backup; rehearsed here."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import emulated_target
from tests.support.in_process import run_here
from tests.support.project import Answer, Project, tiny_project
from tooling.emulator.process import RunningEmulator
from tooling.errors import Exit, ToolError
from tooling.locking import read_lock
from tooling.session import open_session
from tooling.state import make_bucket
from tooling.states.backups import list_here
from tooling.states.restoring import prepare, restore
from tooling.target import Target
from tooling.workspace import Workspace

STATE = "local/tiny.tfstate"
OPTIONS = ("--stack", "tiny")
SECRET = """\
variable "word" {
  type      = string
  sensitive = true
}

resource "terraform_data" "secret" {
  input = var.word
}

resource "terraform_data" "copy" {
  triggers_replace = nonsensitive("open ${var.word} open")
}
"""


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


def ran(project: Project, *args: str) -> Answer:
    answer = run_here(project, *args)
    assert answer.code == 0, answer.said
    return answer


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> list[bytes]:
    """Two states as Terraform writes them. Serial 1: one resource. Serial 2: three."""
    target = emulated_target(emulator.endpoint)
    bucket = f"tiny-{secrets.token_hex(6)}"
    make_bucket(target, bucket, "us-east-1")
    project = tiny_project(tmp_path_factory.mktemp("written"), home, bucket)
    states = []
    for size in (1, 3):
        project.tfvars(f"size = {size}\n")
        ran(project, "plan")
        ran(project, "apply")
        states.append(target.client("s3").get_object(Bucket=bucket, Key=STATE)["Body"].read())
    return states


@pytest.fixture
def applied(tiny: Project, written: list[bytes], s3: Any, bucket: str) -> Project:
    """A stack of three resources that had one before; its bucket holds a version of each."""
    for state in written:
        s3.put_object(Bucket=bucket, Key=STATE, Body=state)
    tiny.tfvars("size = 3\n")
    return tiny


def state_of(s3: Any, bucket: str) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(s3.get_object(Bucket=bucket, Key=STATE)["Body"].read())
    return state


def changes(project: Project) -> dict[str, int]:
    """What a plan would do now."""
    counts: dict[str, int] = json.loads(ran(project, "plan", "--json").out)["stacks"]["local/tiny"]["counts"]
    return {action: count for action, count in counts.items() if count}


def test_the_history_says_when_what_and_which_is_current(applied: Project, s3: Any, bucket: str) -> None:
    found = json.loads(ran(applied, "state", "history", *OPTIONS, "--json").out)
    text = ran(applied, "state", "history", *OPTIONS).out

    versions = found["versions"]
    assert [one["serial"] for one in versions if one["status"] == "sound"] == sorted(
        (one["serial"] for one in versions), reverse=True
    )
    assert [one["current"] for one in versions] == [True] + [False] * (len(versions) - 1)
    assert versions[0]["serial"] == state_of(s3, bucket)["serial"]
    assert [versions[0]["resources"], versions[-1]["resources"]] == [3, 1]
    assert "3 resources" in text


def test_what_differs_is_told_by_resource_and_attribute(applied: Project) -> None:
    found = json.loads(ran(applied, "state", "diff", *OPTIONS, "1", "--json").out)
    differs = run_here(applied, "state", "diff", *OPTIONS, "1", "--exit-code")
    same = run_here(applied, "state", "diff", *OPTIONS, "current", "last-good", "--exit-code")

    assert [(one["address"], one["first"], one["second"]) for one in found["resources"]] == [
        ("module.tiny.terraform_data.item[1]", "", "there"),
        ("module.tiny.terraform_data.item[2]", "", "there"),
    ]
    assert found["outputs"] == [{"path": "size", "first": "1", "second": "3"}]
    assert (differs.code, same.code) == (5, 0)
    assert "+ module.tiny.terraform_data.item[2]" in differs.out


def test_secrets_are_compared_and_never_shown(tiny: Project) -> None:
    tiny.write("envs/local/tiny/secret.tf", SECRET)
    for word in ("first-secret", "other-secret"):
        tiny.tfvars(f'word = "{word}"\n')
        ran(tiny, "plan")
        ran(tiny, "apply")

    answer = ran(tiny, "state", "diff", *OPTIONS, "1")
    as_json = ran(tiny, "state", "diff", *OPTIONS, "1", "--json")

    assert "terraform_data.secret" in answer.out
    assert "(another sensitive value)" in answer.out
    assert "terraform_data.copy" in answer.out
    assert "first-secret" not in answer.said + as_json.said
    assert "other-secret" not in answer.said + as_json.said


DAMAGES = {
    "deleted": None,
    "empty": b"",
    "cut short": b'{"version": 4, "terraform_version": "1.11.4", "serial": 2, "lin',
    "garbage": b"\x00\xff\x1f\x8b not a state",
    "another document": b'{"serial": 7, "lineage": "x"}',
    "a list": b"[1, 2, 3]",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_state_that_is_lost_is_refused_and_brought_back(applied: Project, s3: Any, bucket: str, damage: str) -> None:
    # GIVEN a stack of three resources whose state object is deleted or damaged
    before = state_of(s3, bucket)
    content = DAMAGES[damage]
    if content is None:
        s3.delete_object(Bucket=bucket, Key=STATE)
    else:
        s3.put_object(Bucket=bucket, Key=STATE, Body=content)

    # WHEN it is planned, looked at, verified
    planned = run_here(applied, "plan")
    verified = run_here(applied, "verify")
    history = json.loads(ran(applied, "state", "history", *OPTIONS, "--json").out)["versions"]

    # THEN nothing is planned from nothing, and it is said what to do
    for refused in (planned, verified):
        assert refused.code == 1, refused.said
        assert "groundplan state restore --env local --stack tiny last-good" in refused.err
    assert [one["status"] for one in history[:2]] == ["deleted" if content is None else "damaged", "sound"]

    # and that brings it back, under a serial that no plan knows
    restored = json.loads(ran(applied, "state", "restore", *OPTIONS, "last-good", "--yes", "--json").out)
    now = state_of(s3, bucket)
    assert now["serial"] == restored["serial"] == before["serial"] + 1
    assert {key: value for key, value in now.items() if key != "serial"} == {
        key: value for key, value in before.items() if key != "serial"
    }
    assert changes(applied) == {}
    # and what was there before is kept
    if content is not None:
        assert (applied.root / restored["backup"]).read_bytes() == content
        assert (applied.root / restored["backup"]).stat().st_mode & 0o777 == 0o600


def test_an_earlier_serial_is_restored_and_older_changesets_are_refused(applied: Project, s3: Any, bucket: str) -> None:
    # GIVEN a changeset planned against serial 2
    applied.tfvars("size = 4\n")
    ran(applied, "plan")

    # WHEN serial 1 is brought back
    answer = ran(applied, "state", "restore", *OPTIONS, "1", "--yes")

    # THEN the state holds what it held then, the changeset is stale, and a plan makes what the state forgot
    assert "- module.tiny.terraform_data.item[2]" in answer.err
    assert state_of(s3, bucket)["serial"] == 3
    stale = run_here(applied, "apply")
    assert stale.code == 4, stale.said
    assert "the state moved from serial 2 to 3" in stale.err
    assert changes(applied) == {"create": 3}
    history = ran(applied, "state", "history", *OPTIONS).out
    assert "serial 1 restored by arn:aws:" in history


def test_a_run_that_is_still_open_is_named_where_its_state_is_set_back(applied: Project, s3: Any, bucket: str) -> None:
    s3.put_object(Bucket=bucket, Key="local/journals/tiny/20261121T100000Z-abc123.jsonl", Body=b"{}")

    answer = ran(applied, "state", "restore", *OPTIONS, "1", "--yes")

    assert "the run 20261121T100000Z-abc123 died and is still open" in answer.out
    assert "groundplan resume --env local --stack tiny" in answer.out


def test_what_is_there_already_is_not_restored(applied: Project, s3: Any, bucket: str) -> None:
    answer = ran(applied, "state", "restore", *OPTIONS, "last-good", "--yes")

    assert "nothing was restored" in answer.out
    assert state_of(s3, bucket)["serial"] == 2


def test_a_backup_in_this_checkout_outlives_the_bucket(applied: Project, s3: Any, bucket: str) -> None:
    # GIVEN a backup, and a bucket that lost the state and every version of it
    ran(applied, "state", "restore", *OPTIONS, "1", "--yes")
    (backup,) = (applied.root / ".groundplan/backups/local/tiny").glob("*-2.tfstate")
    listed = s3.list_object_versions(Bucket=bucket)
    for one in [*listed["Versions"], *listed.get("DeleteMarkers", [])]:
        s3.delete_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])

    # WHEN the last good state is brought back
    ran(applied, "state", "restore", *OPTIONS, "last-good", "--yes")

    # THEN it is the one of the backup
    assert len(state_of(s3, bucket)["resources"][0]["instances"]) == 3
    assert state_of(s3, bucket)["serial"] > json.loads(backup.read_bytes())["serial"]
    assert changes(applied) == {}


def test_the_state_of_another_stack_is_refused(applied: Project, s3: Any, bucket: str, tmp_path: Path) -> None:
    other = state_of(s3, bucket) | {"lineage": "00000000-0000-4000-8000-000000000000"}
    file = tmp_path / "other.tfstate"
    file.write_text(json.dumps(other))

    refused = run_here(applied, "state", "restore", *OPTIONS, str(file), "--yes")
    meant = ran(applied, "state", "restore", *OPTIONS, str(file), "--yes", "--other-lineage")

    assert refused.code == 1, refused.said
    assert "is of lineage 00000000-0000-4000-8000-000000000000" in refused.err
    assert "--other-lineage" in refused.err
    assert meant.code == 0
    assert state_of(s3, bucket)["lineage"] == other["lineage"]


@pytest.mark.parametrize(
    ("which", "says"),
    [("99", "no state of serial 99 is known"), ("no-such-version", "no version of the state has the id")],
)
def test_what_is_not_there_is_not_restored(applied: Project, s3: Any, bucket: str, which: str, says: str) -> None:
    answer = run_here(applied, "state", "restore", *OPTIONS, which, "--yes")

    assert answer.code == 1, answer.said
    assert says in answer.err
    assert "groundplan state history" in answer.err
    assert state_of(s3, bucket)["serial"] == 2


def test_nothing_is_restored_under_the_lock_of_another(applied: Project, s3: Any, bucket: str) -> None:
    lock = {"ID": "1", "Operation": "OperationTypeApply", "Who": "ada@build-7", "Created": "2026-01-02T03:04:05Z"}
    s3.put_object(Bucket=bucket, Key=f"{STATE}.tflock", Body=json.dumps(lock).encode())

    answer = run_here(applied, "state", "restore", *OPTIONS, "1", "--yes")

    assert answer.code == 1, answer.said
    assert "the state is locked by ada@build-7" in answer.err
    assert state_of(s3, bucket)["serial"] == 2


def test_a_state_that_moved_since_it_was_shown_is_not_written_over(applied: Project, s3: Any, bucket: str) -> None:
    # GIVEN a restoration that was looked at, and another run that wrote the state since
    session = open_session(Workspace(applied.root), "local")
    shown = prepare(session, session.stack, "1")
    assert shown is not None
    newer = json.dumps(state_of(s3, bucket) | {"serial": 9}).encode()
    s3.put_object(Bucket=bucket, Key=STATE, Body=newer)

    with pytest.raises(ToolError, match="the state was written meanwhile") as refused:
        restore(session, session.stack, shown)

    assert refused.value.exit_code == Exit.REFUSED
    assert s3.get_object(Bucket=bucket, Key=STATE)["Body"].read() == newer
    assert list_here(session, session.stack) == []
    assert read_lock(session, session.stack) is None


def test_a_restoration_is_asked_about(applied: Project, s3: Any, bucket: str) -> None:
    file = applied.root / "envs/local/env.toml"
    file.write_text(file.read_text().replace("confirm          = false", "confirm          = true"))

    answer = run_here(applied, "state", "restore", *OPTIONS, "1")

    assert answer.code == 2, answer.said
    assert "nobody is there to confirm restore version" in answer.err
    assert state_of(s3, bucket)["serial"] == 2


def test_a_stack_that_was_destroyed_may_lose_its_state(applied: Project, s3: Any, bucket: str) -> None:
    ran(applied, "destroy", "--yes")
    s3.delete_object(Bucket=bucket, Key=STATE)

    assert changes(applied) == {"create": 3}
