"""What exists already is found by a stack's configuration, and taken over without a change."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.in_process import call_here, run_here
from tests.support.project import Project, tiny_project, with_aws
from tooling.importing.entering import enter, find_entry
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

MODULE = """\
variable "size" {
  type = number
}

variable "seconds" {
  type = number
}
"""
RESOURCES = """\
resource "aws_cloudwatch_log_group" "log" {
  name              = "/{NAME}/log"
  retention_in_days = 30
}

resource "aws_sqs_queue" "work" {
  name                      = "{NAME}-work"
  message_retention_seconds = 600
}

resource "aws_s3_bucket" "files" {
  bucket        = "{NAME}-files"
  force_destroy = true
}

resource "aws_s3_bucket_versioning" "files" {
  bucket = aws_s3_bucket.files.id
  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_iam_role" "work" {
  name               = "{NAME}-work"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy_attachment" "read" {
  role       = aws_iam_role.work.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}
"""
ADDRESSES = {
    "module.tiny.aws_cloudwatch_log_group.log",
    "module.tiny.aws_iam_role.work",
    "module.tiny.aws_iam_role_policy_attachment.read",
    "module.tiny.aws_s3_bucket.files",
    "module.tiny.aws_s3_bucket_versioning.files",
    "module.tiny.aws_sqs_queue.work",
}


def make(target: Target, name: str, *, retention: int = 30, queue: bool = True) -> None:
    """Everything that the module describes, by hand."""
    target.client("logs").create_log_group(logGroupName=f"/{name}/log")
    target.client("logs").put_retention_policy(logGroupName=f"/{name}/log", retentionInDays=retention)
    if queue:
        # The provider still assumes the limit that SQS had for long, a quarter of today's.
        attributes = {"MessageRetentionPeriod": "600", "MaximumMessageSize": "262144"}
        target.client("sqs").create_queue(QueueName=f"{name}-work", Attributes=attributes)
    target.client("s3").create_bucket(Bucket=f"{name}-files")
    target.client("s3").put_bucket_versioning(Bucket=f"{name}-files", VersioningConfiguration={"Status": "Enabled"})
    trust = json.dumps({"Version": "2012-10-17", "Statement": []})
    target.client("iam").create_role(RoleName=f"{name}-work", AssumeRolePolicyDocument=trust)
    target.client("iam").attach_role_policy(RoleName=f"{name}-work", PolicyArn="arn:aws:iam::aws:policy/ReadOnlyAccess")


@pytest.fixture
def project(tmp_path: Path, home: Path, bucket: str) -> Project:
    """A stack of nothing but what :func:`make` makes, never applied."""
    project = tiny_project(tmp_path, home, bucket)
    project.write("modules/tiny/main.tf", MODULE)
    with_aws(project, RESOURCES.replace("{NAME}", bucket))
    settings = project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text() + '\n[gate]\nfail_on = "CRITICAL"\n')
    project.write("policies/waivers.yaml", "[]\n")
    return project


def test_what_exists_is_taken_over_and_nothing_is_made_or_changed(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket)

    # WHEN
    told = run_here(project, "import", "--stack", "tiny")
    again = run_here(project, "plan", "--json")
    listed = run_here(project, "changeset", "show")
    applied = run_here(project, "apply", "--yes")

    # THEN
    assert told.code == 0, told.said
    assert "the plan with them is empty: nothing would change" in told.out
    written = (project.root / "envs/local/tiny/imports.tf").read_text()
    assert {line.split()[-1] for line in written.splitlines() if line.startswith("  to =")} == ADDRESSES
    assert f'"{bucket}-work/arn:aws:iam::aws:policy/ReadOnlyAccess"' in written
    assert again.code == 0, again.said
    counts = json.loads(again.out)["stacks"]["local/tiny"]["counts"]
    assert {action: count for action, count in counts.items() if count} == {"import": 5, "update": 1}
    assert "= module.tiny.aws_sqs_queue.work" in listed.out
    assert applied.code == 0, applied.said
    (state,) = [
        json.loads(target.client("s3").get_object(Bucket=bucket, Key=one["Key"])["Body"].read())
        for one in target.client("s3").list_objects_v2(Bucket=bucket)["Contents"]
        if one["Key"].endswith("tiny.tfstate")
    ]
    assert len(state["resources"]) == len(ADDRESSES)
    assert len(target.client("sqs").list_queues(QueueNamePrefix=bucket)["QueueUrls"]) == 1
    (project.root / "envs/local/tiny/imports.tf").unlink()
    settled = run_here(project, "plan", "--exit-code")
    assert settled.code == 0, settled.said


def test_what_differs_is_named_and_what_is_not_there_too(project: Project, target: Target, bucket: str) -> None:
    # GIVEN
    make(target, bucket, retention=7, queue=False)

    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--dry-run", "--json")

    # THEN
    assert told.code == 5, told.said
    found = json.loads(told.out)
    assert found["missing"] == {"module.tiny.aws_sqs_queue.work": "it is not there"}
    assert found["recorded"] == {"module.tiny.aws_s3_bucket.files": ["force_destroy"]}
    assert found["differences"] == [
        {
            "address": "module.tiny.aws_cloudwatch_log_group.log",
            "action": "update",
            "attributes": ["retention_in_days"],
            "unread": [],
        },
        {"address": "module.tiny.aws_sqs_queue.work", "action": "create", "attributes": [], "unread": []},
    ]
    assert not (project.root / "envs/local/tiny/imports.tf").exists()


def test_a_file_of_somebody_else_stays_as_it_is(project: Project) -> None:
    # GIVEN
    own = project.write("envs/local/tiny/imports.tf", "# by hand\n")

    # WHEN
    told = run_here(project, "import", "--stack", "tiny")

    # THEN
    assert told.code == 1, told.said
    assert "is not a file of groundplan import" in told.err
    assert own.read_text() == "# by hand\n"


def test_taking_over_is_asked_for_like_any_change_and_a_second_import_finds_nothing_left(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket)
    settings = project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace("confirm          = false", "confirm          = true"))
    run_here(project, "import", "--stack", "tiny")
    changes = run_here(project, "plan", "--exit-code")

    # WHEN
    unasked = run_here(project, "apply")
    applied = run_here(project, "apply", "--yes")
    again = run_here(project, "import", "--stack", "tiny")
    known = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_sqs_queue.work=x")

    # THEN
    assert changes.code == 5, changes.said
    assert unasked.code == 2, unasked.said
    assert "nobody is there to confirm 5 to import, 1 to update" in unasked.err
    assert applied.code == 0, applied.said
    assert again.code == 0, again.said
    assert "everything is in the state; envs/local/tiny/imports.tf may go" in again.out
    assert known.code == 2, known.said
    assert "'module.tiny.aws_sqs_queue.work' is in the state already" in known.err


def test_an_id_of_nothing_is_told_by_terraform_and_nothing_is_written(
    project: Project, target: Target, bucket: str
) -> None:
    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_iam_role.work=nobody")

    # THEN
    assert told.code == 1, told.said
    assert "Cannot import non-existent remote object" in told.err
    assert "module.tiny.aws_iam_role.work" in told.err
    assert "hint: is the id of --id right?" in told.err
    assert not (project.root / "envs/local/tiny/imports.tf").exists()


def test_an_address_that_the_configuration_does_not_make_is_refused(project: Project, target: Target) -> None:
    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--id", "module.tiny.aws_sqs_queue.other=x")

    # THEN
    assert told.code == 2, told.said
    assert "'module.tiny.aws_sqs_queue.other' is nothing that the configuration would make" in told.err


def state_keys(target: Target, bucket: str) -> list[str]:
    listed = target.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return [one["Key"] for one in listed if one["Key"].endswith(".tfstate") and "backups" not in one["Key"]]


def test_what_exists_enters_the_state_at_once_and_no_plan_would_change_it(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket)

    # WHEN
    rehearsed = run_here(project, "import", "--stack", "tiny", "--enter", "--dry-run")
    before = state_keys(target, bucket)
    entered = run_here(project, "import", "--stack", "tiny", "--enter", "--json")
    settled = run_here(project, "plan", "--exit-code")
    again = run_here(project, "import", "--stack", "tiny", "--enter")

    # THEN
    assert rehearsed.code == 0, rehearsed.said
    assert f"{len(ADDRESSES)} would enter the state" in rehearsed.out
    assert before == []
    assert entered.code == 0, entered.said
    told = json.loads(entered.out)
    assert set(told["ids"]) == ADDRESSES
    assert (told["entered"], told["missing"], told["differences"]) == (True, {}, [])
    assert settled.code == 0, settled.said
    assert not (project.root / "envs/local/tiny/imports.tf").exists()
    assert again.code == 0, again.said
    assert "nothing was found that is not in the state" in again.out


def test_what_differs_and_what_is_not_there_is_told_of_what_enters_too(
    project: Project, target: Target, bucket: str
) -> None:
    # GIVEN
    make(target, bucket, retention=7, queue=False)

    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--enter")

    # THEN
    assert told.code == 5, told.said
    assert "? module.tiny.aws_sqs_queue.work: it is not there" in told.out
    assert "! module.tiny.aws_cloudwatch_log_group.log: update\n      retention_in_days: 7 → 30" in told.out
    assert f"{len(ADDRESSES) - 1} entered, state serial 1; state and account agree" in told.out
    assert "a plan would make or change 2" in told.out


def test_nothing_enters_a_state_unasked(project: Project, target: Target, bucket: str) -> None:
    # GIVEN
    make(target, bucket)
    settings = project.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace("confirm          = false", "confirm          = true"))

    # WHEN
    told = run_here(project, "import", "--stack", "tiny", "--enter")

    # THEN
    assert told.code == 2, told.said
    assert f"nobody is there to confirm {len(ADDRESSES)} enter the state" in told.err
    assert state_keys(target, bucket) == []


def test_a_state_that_was_written_meanwhile_is_left_as_it_is(project: Project, target: Target, bucket: str) -> None:
    # GIVEN
    make(target, bucket)

    def late() -> None:
        session = open_session(Workspace(project.root), "local", ["tiny"])
        entry = find_entry(session, session.stack)
        enter(session, session.stack, replace(entry, version=replace(entry.version, serial=7)))

    # WHEN
    told = call_here(project, late)

    # THEN
    assert told.code == 4, told.said
    assert "the state was written meanwhile; nothing was entered" in told.err
    assert state_keys(target, bucket) == []
