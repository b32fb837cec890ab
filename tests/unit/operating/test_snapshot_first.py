"""`groundplan apply --snapshot-first`: the databases are copied before anything changes, or nothing does."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.applied import emulated_target
from tests.support.changesets import a_changeset
from tests.support.in_process import run_here
from tests.support.project import Project, tiny_project
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.databases.snapshots import snapshot_before
from tooling.emulator.process import RunningEmulator
from tooling.session import open_session
from tooling.state import make_bucket
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]


@pytest.fixture
def stack(applied: Applied, target: Target, name: str) -> WithDatabase:
    return with_database(applied, target, name)


def _copied(project: Project, changes: dict[str, int]) -> list[str]:
    workspace = Workspace(project.root)
    session = open_session(workspace, "local", [STACK])
    plans: dict[str, dict[str, Any]] = {STACK: {"resource_changes": []}, "another": {"resource_changes": []}}
    changeset, _ = a_changeset(workspace, "local", plans, part={"changes": changes}, id="20261121T100000Z-abcdef")
    return [one.name for one in snapshot_before(session, changeset)]


@pytest.mark.requirement("FD-DR-01")
def test_every_database_that_is_there_is_copied_and_the_reason_kept(stack: WithDatabase) -> None:
    taken = _copied(stack.project, {"create": 0, "update": 1})

    (found,) = stack.manual_snapshots()
    assert taken == [found["DBSnapshotIdentifier"]]
    assert {"Key": "groundplan", "Value": "before 20261121T100000Z-abcdef"} in found["TagList"]


def test_a_stack_that_is_left_as_it_is_needs_no_snapshot(stack: WithDatabase) -> None:
    assert _copied(stack.project, {"create": 0, "update": 0}) == []
    assert stack.manual_snapshots() == []


def test_a_stack_without_a_database_has_nothing_to_copy(applied: Applied) -> None:
    assert _copied(applied(STACK), {"update": 1}) == []


@pytest.mark.requirement("FD-DR-01")
def test_apply_takes_the_snapshot_first_and_changes_nothing_without_it(
    tmp_path: Path, home: Path, emulator: RunningEmulator, name: str
) -> None:
    # GIVEN an applied stack, a plan that changes it, and in its state a database that RDS does not know
    target, bucket = emulated_target(emulator.endpoint), f"tiny-{secrets.token_hex(6)}"
    make_bucket(target, bucket, "us-east-1")
    project = tiny_project(tmp_path, home, bucket)
    for verb in ("plan", "apply"):
        answer = run_here(project, verb)
        assert answer.code == 0, answer.said
    project.tfvars("size = 2\n")
    assert run_here(project, "plan").code == 0
    s3, place = target.client("s3"), {"Bucket": bucket, "Key": "local/tiny.tfstate"}
    state = json.loads(s3.get_object(**place)["Body"].read())
    database = {
        "mode": "managed",
        "type": "aws_db_instance",
        "name": "database",
        # Built in: Terraform would want another provider to be installed.
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": {"identifier": name, "replicate_source_db": ""}}],
    }
    body = json.dumps({**state, "resources": [*state["resources"], database]}).encode()
    s3.put_object(**place, Body=body)

    # WHEN no snapshot can be taken
    refused = run_here(project, "apply", "--snapshot-first")

    # THEN nothing is changed
    assert refused.code == 1
    assert f"the database {name}: DescribeDBInstances was refused: DBInstanceNotFound" in refused.err
    assert s3.get_object(**place)["Body"].read() == body

    # WHEN it can
    rds = target.client("rds")
    rds.create_db_instance(
        DBInstanceIdentifier=name, DBInstanceClass="db.t4g.micro", Engine="postgres", AllocatedStorage=20
    )
    done = run_here(project, "apply", "--snapshot-first")

    # THEN it is taken, named, and the change follows
    assert done.code == 0, done.said
    (taken,) = rds.describe_db_snapshots(DBInstanceIdentifier=name, SnapshotType="manual")["DBSnapshots"]
    assert f"snapshot {taken['DBSnapshotIdentifier']} of {name}\n" in done.err
    assert json.loads(s3.get_object(**place)["Body"].read())["serial"] > state["serial"]


def test_the_question_names_the_snapshot(applied: Applied) -> None:
    from tooling.cli.confirm import confirm
    from tooling.errors import ToolError

    project = applied(STACK, confirm=True)
    session = open_session(Workspace(project.root), "local", [STACK])
    changeset, _ = a_changeset(session.workspace, "local", {STACK: {}}, part={"changes": {"update": 1}})

    with pytest.raises(ToolError, match="to confirm a snapshot of every database, then 1 to update"):
        confirm(session, changeset, first="a snapshot of every database", yes=False)
