"""An apply or a destroy that died: found out, entered into the state, gone on with; refused until then."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import Project
from tooling.target import Target

STATE_KEY, LOCK_KEY, JOURNALS = "local/tiny.tfstate", "local/tiny.tfstate.tflock", "local/journals/tiny/"
SIZE = 12


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


def objects(s3: Any, bucket: str, prefix: str) -> list[str]:
    return [entry["Key"] for entry in s3.list_objects_v2(Bucket=bucket, Prefix=prefix).get("Contents", [])]


def state(s3: Any, bucket: str) -> dict[str, Any]:
    return dict(json.loads(s3.get_object(Bucket=bucket, Key=STATE_KEY)["Body"].read()))


def count(s3: Any, bucket: str) -> int:
    return sum(len(resource["instances"]) for resource in state(s3, bucket)["resources"])


def journals(project: Project) -> set[Path]:
    # ``latest`` leads to one of the folders as well.
    return {file.resolve() for file in project.root.glob(".groundplan/changesets/local/*/tiny/run-*.jsonl")}


@contextmanager
def under_way(project: Project, *command: str, after: int) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A command whose Terraform has done so much, and the id of its Terraform."""
    before, process = journals(project), project.start(*command)
    deadline, children, done = time.monotonic() + 60, set[int](), -1
    while done < after or not children:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it never got that far"
        time.sleep(0.05)
        lists = Path(f"/proc/{process.pid}/task").glob("*/children")
        children = {int(pid) for task in lists for pid in task.read_text().split()}
        done = sum(file.read_text().count('"type":"apply_complete"') for file in journals(project) - before)
    (terraform,) = children
    try:
        yield process, terraform
    finally:
        process.communicate(timeout=60)


def planned(project: Project, *, seconds: int = 1) -> None:
    project.tfvars(f"size = {SIZE}\nseconds = {seconds}\n")
    answer = project.run("plan")
    assert answer.code == 0, answer.said


def killed(project: Project) -> None:
    """An apply whose Terraform was killed after ten of twelve."""
    planned(project)
    with under_way(project, "apply", after=10) as (_, terraform):
        os.kill(terraform, signal.SIGKILL)


def test_a_killed_terraform_is_told_of_and_nothing_goes_on_before_it_is_resumed(
    tiny: Project, s3: Any, bucket: str
) -> None:
    # GIVEN an apply whose Terraform was killed after ten of twelve
    planned(tiny)
    with under_way(tiny, "apply", after=10) as (process, terraform):
        os.kill(terraform, signal.SIGKILL)
        _, said = process.communicate(timeout=60)

    # THEN it says what is not known, and what finds it out; there is no state, and the lock is still there
    assert process.returncode == 1, said
    assert "terraform apply was ended by SIGKILL" in said
    assert "hint: nothing is lost: groundplan resume --env local --stack tiny" in said
    assert not objects(s3, bucket, STATE_KEY + "$")
    assert objects(s3, bucket, LOCK_KEY)
    # and neither plan nor apply nor destroy goes on, also not when somebody takes the lock away
    for command in ("plan", "apply", "destroy"):
        refused = tiny.run(command)
        assert refused.code == 1, refused.said
        assert "groundplan resume --env local --stack tiny" in refused.err
    s3.delete_object(Bucket=bucket, Key=LOCK_KEY)
    refused = tiny.run("plan")
    assert refused.code == 1, refused.said
    assert "ended without anybody knowing all that it did" in refused.err


def test_resume_enters_what_was_made_and_goes_on_with_what_is_left(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN an apply whose Terraform was killed after ten of twelve
    killed(tiny)

    # WHEN it is resumed
    resumed = tiny.run("resume", "--json")

    # THEN what was made is in the state under the ids of the journal, and nothing else is open
    assert resumed.code == 0, resumed.said
    (found,) = json.loads(resumed.out)
    journal = next(tiny.root.glob(".groundplan/changesets/local/*/tiny/run-*.jsonl")).read_text()
    ids = {i["attributes"]["id"] for r in state(s3, bucket)["resources"] for i in r["instances"]}
    assert len(found["recovered"]) == len(ids) >= 10
    assert all(identifier in journal for identifier in ids)
    assert found["lock"] == "ours"
    assert not objects(s3, bucket, LOCK_KEY)
    assert not objects(s3, bucket, JOURNALS)
    # and the rest is made by a plan and an apply, what was there stays what it was
    for command in ("plan", "apply"):
        answer = tiny.run(command)
        assert answer.code == 0, answer.said
    assert count(s3, bucket) == SIZE
    now = {i["attributes"]["id"] for r in state(s3, bucket)["resources"] for i in r["instances"]}
    assert ids <= now
    assert tiny.run("plan", "--exit-code").code == 0


def test_resume_can_go_on_by_itself(tiny: Project, s3: Any, bucket: str) -> None:
    killed(tiny)

    resumed = tiny.run("resume", "--apply", "--yes")

    assert resumed.code == 0, resumed.said
    assert count(s3, bucket) == SIZE
    assert tiny.run("plan", "--exit-code").code == 0


def test_the_dead_run_gets_its_receipt(tiny: Project, s3: Any, bucket: str) -> None:
    killed(tiny)
    assert tiny.run("resume").code == 0

    receipts = [
        json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        for key in objects(s3, bucket, "local/receipts/tiny/")
    ]

    assert receipts
    assert not any(receipt["whole"] for receipt in receipts)
    assert any("resumed by arn:aws" in receipt["error"] for receipt in receipts)
    done = [entry for entry in receipts[-1]["resources"] if entry["result"] == "done"]
    assert len(done) >= 10


def test_killing_groundplan_leaves_terraform_to_its_end_and_resume_waits_for_it(
    tiny: Project, s3: Any, bucket: str
) -> None:
    # GIVEN an apply whose groundplan was killed while twelve seconds of work were left
    planned(tiny, seconds=6)
    process = tiny.start("apply")
    while not objects(s3, bucket, JOURNALS):
        time.sleep(0.05)
    time.sleep(1)
    process.kill()
    process.communicate()

    # WHEN it is resumed at once
    resumed = tiny.run("resume", "--json")

    # THEN Terraform came to its own end first, and stored its state itself
    assert resumed.code == 0, resumed.said
    assert "outlived its groundplan" in resumed.err
    (found,) = json.loads(resumed.out)
    assert found["complete"] == SIZE
    assert found["recovered"] == []
    assert count(s3, bucket) == SIZE
    assert not objects(s3, bucket, LOCK_KEY)
    assert tiny.run("plan", "--exit-code").code == 0


def test_a_run_that_goes_on_is_not_resumed(tiny: Project, s3: Any, bucket: str) -> None:
    planned(tiny, seconds=4)
    with under_way(tiny, "apply", after=0) as (process, _):
        while not objects(s3, bucket, JOURNALS):
            time.sleep(0.05)
        refused = tiny.run("resume")

        assert refused.code == 1, refused.said
        assert f"goes on: process {process.pid}" in refused.err
    assert process.returncode == 0
    assert count(s3, bucket) == SIZE


def test_a_destroy_that_died_is_resumed_likewise(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN a destroy whose Terraform was killed when ten of twelve were gone
    module = tiny.root / "modules/tiny/main.tf"
    module.write_text(
        module.read_text().replace("command =", "when = destroy\n    command =").replace("${var.seconds}", "1")
    )
    planned(tiny)
    assert tiny.run("apply").code == 0
    with under_way(tiny, "destroy", after=10) as (_, terraform):
        os.kill(terraform, signal.SIGKILL)
    assert count(s3, bucket) == SIZE

    # WHEN it is resumed, and goes on
    resumed = tiny.run("resume", "--apply", "--yes")

    # THEN nothing is left, in the state or open
    assert resumed.code == 0, resumed.said
    assert "groundplan destroy, begun at" in resumed.out
    assert count(s3, bucket) == 0
    assert not objects(s3, bucket, LOCK_KEY)
    assert not objects(s3, bucket, JOURNALS)


def test_a_run_of_another_machine_needs_a_word_from_somebody_who_knows(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN the journal of a run that died elsewhere, as this machine finds it in the bucket
    killed(tiny)
    (key,) = objects(s3, bucket, JOURNALS)
    lines = s3.get_object(Bucket=bucket, Key=key)["Body"].read().split(b"\n")
    header = json.loads(lines[0])
    header["process"]["host"] = "build-7"
    s3.put_object(Bucket=bucket, Key=key, Body=b"\n".join([json.dumps(header).encode(), *lines[1:]]))
    shutil.rmtree(tiny.root / ".groundplan/changesets")

    refused = tiny.run("resume")
    resumed = tiny.run("resume", "--host-is-gone", "build-7", "--json")

    assert refused.code == 1, refused.said
    assert "was begun on build-7" in refused.err
    assert "--host-is-gone build-7" in refused.err
    # and the copy in the bucket is enough to find everything again
    assert resumed.code == 0, resumed.said
    assert len(json.loads(resumed.out)[0]["recovered"]) >= 10
    assert count(s3, bucket) >= 10


def test_another_configuration_than_the_one_that_was_applied_is_refused(tiny: Project, s3: Any, bucket: str) -> None:
    killed(tiny)
    tiny.tfvars(f"size = {SIZE - 1}\nseconds = 1\n")

    refused = tiny.run("resume")

    assert refused.code == 1, refused.said
    assert "the values of the root module (tfvars) changed since the run" in refused.err
    assert objects(s3, bucket, JOURNALS)
    assert not objects(s3, bucket, "local/tiny.tfstate")[1:]


def test_resuming_where_nothing_died_says_so_and_changes_nothing(tiny: Project, s3: Any, bucket: str) -> None:
    planned(tiny, seconds=0)
    assert tiny.run("apply").code == 0
    before = state(s3, bucket)

    answer = tiny.run("resume")

    assert answer.code == 0, answer.said
    assert "local/tiny: no run died here" in answer.out
    assert state(s3, bucket) == before


def test_a_state_that_terraform_could_not_store_is_stored_first(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN a state beside the root module that is newer than the bucket's, as Terraform leaves it when S3 is gone
    planned(tiny, seconds=0)
    assert tiny.run("apply").code == 0
    newer = state(s3, bucket)
    newer["serial"] += 1
    newer["outputs"]["size"]["value"] = 99
    left = tiny.write("envs/local/tiny/errored.tfstate", json.dumps(newer))

    answer = tiny.run("resume")

    assert answer.code == 0, answer.said
    assert "its state is stored again, from envs/local/tiny/errored.tfstate" in answer.out
    assert state(s3, bucket)["outputs"]["size"]["value"] == 99
    assert not left.exists()


def test_a_state_of_another_lineage_is_not_stored(tiny: Project, s3: Any, bucket: str) -> None:
    planned(tiny, seconds=0)
    assert tiny.run("apply").code == 0
    before = state(s3, bucket)
    left = tiny.write("envs/local/tiny/errored.tfstate", json.dumps({**before, "lineage": "other", "serial": 99}))

    answer = tiny.run("resume")

    assert answer.code == 1, answer.said
    assert "is of another lineage" in answer.err
    assert left.exists()
    assert state(s3, bucket) == before


def test_the_journals_copy_holds_no_secret_and_is_gone_after_a_whole_apply(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN an apply that prints a secret
    module = tiny.root / "modules/tiny/main.tf"
    module.write_text(
        module.read_text().replace('"sleep ${var.seconds}"', '"echo hunter2-hunter2; sleep ${var.seconds}"')
    )
    planned(tiny, seconds=3)

    with under_way(tiny, "apply", after=5):
        (key,) = objects(s3, bucket, JOURNALS)
        time.sleep(2.2)
        copy = s3.get_object(Bucket=bucket, Key=key)["Body"].read()

    assert copy.count(b'"apply_complete"') >= 5
    assert b"hunter2" not in copy
    local = next(tiny.root.glob(".groundplan/changesets/local/*/tiny/run-*.jsonl"))
    assert b"hunter2" in local.read_bytes()
    assert local.stat().st_mode & 0o777 == 0o600
    assert not objects(s3, bucket, JOURNALS)
