"""Code, state and account come apart: it is said where, which of them moved, and who did it; and it can be mended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import MODULE, ROOT, Answer, Project, tiny_project, with_aws
from tooling.changeset import read_changeset
from tooling.emulator.identity import user_key
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.state import make_bucket, read_state
from tooling.target import Target
from tooling.workspace import Workspace

ACCOUNT = "123456789012"
RESOURCES = """\
variable "retention" {
  type    = number
  default = 30
}

resource "aws_s3_bucket" "data" {
  bucket = "{NAME}"
  tags   = { owner = "team" }
}

resource "aws_cloudwatch_log_group" "log" {
  name              = "/{NAME}/log"
  retention_in_days = var.retention
}

resource "aws_ssm_parameter" "word" {
  name  = "/{NAME}/word"
  type  = "SecureString"
  value = "a-first-secret"
}

resource "aws_sns_topic" "gone" {
  name = "{NAME}-gone"
}
"""
RETENTION = """\
variable "retention" {
  type    = number
  default = 30
}
"""


def drift(project: Project, *args: str) -> Answer:
    return run_here(project, "drift", *args)


def looked(project: Project) -> tuple[int, dict[str, Any]]:
    """The exit code and the report of a look."""
    answer = drift(project, "--json")
    assert answer.out, answer.said
    return answer.code, json.loads(answer.out)


def state_of(project: Project, target: Target) -> dict[str, Any]:
    workspace = Workspace(project.root)
    config = load_environment(workspace, "local")
    state = read_state(target, config, select_stacks(workspace, "local", config, ["tiny"])[0])
    assert state is not None
    return state


def edit_state(project: Project, target: Target, bucket: str, edit: Callable[[dict[str, Any]], object]) -> None:
    """As somebody does who works around groundplan."""
    state = state_of(project, target)
    edit(state)
    state["serial"] += 1
    target.client("s3").put_object(Bucket=bucket, Key="local/tiny.tfstate", Body=json.dumps(state).encode())


@pytest.fixture
def applied(tiny: Project) -> Project:
    for verb in ("plan", "apply"):
        answer = run_here(tiny, verb)
        assert answer.code == 0, answer.said
    return tiny


def test_what_is_as_it_was_applied_has_no_drift_and_looking_changes_nothing(applied: Project, target: Target) -> None:
    before = state_of(applied, target)
    changesets = sorted((applied.root / ".groundplan/changesets/local").iterdir())

    answer = drift(applied)

    assert answer.code == 0, answer.said
    assert "no drift in 1 stack, 1 resources" in answer.out
    assert state_of(applied, target) == before
    assert sorted((applied.root / ".groundplan/changesets/local").iterdir()) == changesets
    assert list((applied.root / ".groundplan/stacks").rglob("*.tfplan")) == []


def test_code_that_moved_is_named_with_what_moved_in_it(applied: Project) -> None:
    applied.tfvars("size = 2\n")

    answer = drift(applied)

    assert answer.code == 5, answer.said
    assert "module.tiny.terraform_data.item[1]: code moved; a plan would make it" in answer.out
    assert "the code moved since the last apply, the values of the root module (tfvars)" in answer.out


def test_code_that_moved_without_effect_is_told_and_is_no_drift(applied: Project) -> None:
    applied.tfvars("# a remark\n")

    answer = drift(applied)

    assert answer.code == 0, answer.said
    assert (
        "the values of the root module (tfvars) changed since the last apply, which changes no resource" in answer.out
    )


def test_a_state_that_somebody_else_wrote_is_told_with_what_left_it(
    applied: Project, target: Target, bucket: str
) -> None:
    edit_state(applied, target, bucket, lambda state: state["resources"].clear() or state["resources"].extend(KEPT))

    answer = drift(applied)

    assert answer.code == 5, answer.said
    assert "the state moved from serial 1 to 2 since the last run, written last at" in answer.out
    assert "left the state: module.tiny.terraform_data.item[0]" in answer.out
    assert "module.tiny.terraform_data.item[0]: state moved; a plan would make it" in answer.out


KEPT = [
    {
        "module": "module.tiny",
        "mode": "managed",
        "type": "terraform_data",
        "name": "other",
        "provider": 'provider["terraform.io/builtin/terraform"]',
        "instances": [{"schema_version": 0, "attributes": {"id": "x"}, "sensitive_attributes": []}],
    }
]


def test_a_state_that_was_written_and_differs_in_nothing_is_drift_all_the_same(
    applied: Project, target: Target, bucket: str
) -> None:
    edit_state(applied, target, bucket, lambda _state: None)

    code, report = looked(applied)

    (stack,) = report["stacks"]
    assert code == 5
    assert (stack["resources"], stack["state"]["then"], stack["state"]["now"]) == ([], 1, 2)
    assert (stack["state"]["joined"], stack["state"]["left"], stack["state"]["changed"]) == ([], [], [])


def test_a_stack_without_receipts_blames_neither_code_nor_state(applied: Project, target: Target, bucket: str) -> None:
    client = target.client("s3")
    for entry in client.list_objects_v2(Bucket=bucket, Prefix="local/receipts/")["Contents"]:
        client.delete_object(Bucket=bucket, Key=entry["Key"])
    applied.tfvars("size = 2\n")

    code, report = looked(applied)

    assert code == 5
    assert report["stacks"][0]["resources"][0]["moved"] == ["unexplained"]
    assert "no receipt of an apply" in report["stacks"][0]["notes"][0]


def test_a_run_that_died_is_told_and_hinders_nobody(applied: Project, target: Target, bucket: str) -> None:
    target.client("s3").put_object(Bucket=bucket, Key="local/journals/tiny/run-1.jsonl", Body=b"{}\n")

    answer = drift(applied)

    assert answer.code == 0, answer.said
    assert "the run run-1 has not ended; if it died: groundplan resume --env local --stack tiny" in answer.out


@pytest.fixture
def three_stacks(tiny: Project, bucket: str) -> Project:
    """``tiny``, ``bad`` and ``fine``, all applied; ``tiny`` drifts, ``bad`` cannot be planned any more."""
    toml = tiny.root / "envs/local/env.toml"
    toml.write_text(toml.read_text() + "\n[stacks.bad]\n\n[stacks.fine]\n")
    waivers = tiny.root / "policies/waivers.yaml"
    first = waivers.read_text()
    for name in ("bad", "fine"):
        tiny.write(f"envs/local/{name}/main.tf", ROOT.replace("tiny", name).replace("{BUCKET}", bucket))
        tiny.write(f"envs/local/{name}/.terraform.lock.hcl", "")
        tiny.write(f"modules/{name}/main.tf", MODULE)
        waivers.write_text(waivers.read_text() + first.replace("module.tiny", f"module.{name}"))
    for verb in ("plan", "apply"):
        answer = run_here(tiny, verb)
        assert answer.code == 0, answer.said
    tiny.tfvars("size = 2\n")
    tiny.write("envs/local/bad/terraform.tfvars", "size = 500\n")
    return tiny


def test_a_stack_that_fails_does_not_hide_the_others(three_stacks: Project) -> None:
    answer = drift(three_stacks, "--json")

    report = json.loads(answer.out)
    assert answer.code == 2, answer.said
    assert {stack["name"]: stack["drifted"] for stack in report["stacks"]} == {"local/tiny": True, "local/fine": False}
    assert [failed["name"] for failed in report["failed"]] == ["local/bad"]
    assert "size must be below 100." in report["failed"][0]["why"]
    assert "size must be below 100." in answer.err


def test_stacks_that_can_be_looked_at_end_with_drift(three_stacks: Project) -> None:
    answer = drift(three_stacks, "--stack", "tiny", "--stack", "fine")

    assert answer.code == 5, answer.said
    assert answer.out.rstrip().endswith("drift in local/tiny")


def test_nothing_is_mended_while_a_stack_cannot_be_looked_at(three_stacks: Project) -> None:
    answer = drift(three_stacks, "revert", "--yes")

    assert answer.code == 2, answer.said
    assert "size must be below 100." in answer.err


def test_a_stack_that_was_never_applied_fails_with_what_to_do(tiny: Project) -> None:
    answer = drift(tiny)

    assert answer.code == 1, answer.said
    assert "local/tiny: nothing is applied here" in answer.err


def with_account(project: Project, name: str) -> Project:
    """Let the project hold resources of AWS, applied."""
    with_aws(project, RESOURCES.replace("{NAME}", name))
    root = project.root / "envs/local/tiny/main.tf"
    text = root.read_text().replace(
        "  seconds = var.seconds\n", "  seconds   = var.seconds\n  retention = var.retention\n"
    )
    root.write_text(text + RETENTION)
    toml = project.root / "envs/local/env.toml"
    toml.write_text(toml.read_text() + '\n[gate]\nfail_on = "CRITICAL"\n')
    for verb in ("plan", "apply"):
        answer = run_here(project, verb)
        assert answer.code == 0, answer.said
    return project


def alice(emulator: RunningEmulator) -> Target:
    """Somebody of the same account, at work by hand."""
    environ = {"AWS_ACCESS_KEY_ID": user_key(ACCOUNT, "alice"), "AWS_SECRET_ACCESS_KEY": "emulator"}
    return Target("emulator", emulator.endpoint, environ, "us-east-1", ACCOUNT)


def change_by_hand(target: Target, name: str) -> None:
    tags = [{"Key": "owner", "Value": "team"}, {"Key": "by", "Value": "hand"}]
    target.client("s3").put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    target.client("logs").put_retention_policy(logGroupName=f"/{name}/log", retentionInDays=7)
    target.client("ssm").put_parameter(
        Name=f"/{name}/word", Value="another-secret", Overwrite=True, Type="SecureString"
    )
    target.client("sns").delete_topic(TopicArn=f"arn:aws:sns:us-east-1:{ACCOUNT}:{name}-gone")


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    """A stack that alice changed behind everybody's back; only to be looked at."""
    target = alice(emulator)
    make_bucket(target, "drift-looked-at-state", "us-east-1")
    project = tiny_project(tmp_path_factory.mktemp("project"), home, "drift-looked-at-state")
    with_account(project, "drift-looked-at")
    change_by_hand(target, "drift-looked-at")
    return project


def test_what_was_changed_by_hand_is_told_with_who_did_it(by_hand: Project) -> None:
    answer = drift(by_hand)

    assert answer.code == 5, answer.said
    for line in (
        'reality     tags.by: (nothing) → "hand"',
        "by arn:aws:iam::123456789012:user/alice: PutBucketTagging at",
        "reality     retention_in_days: 30 → 7",
        "by arn:aws:iam::123456789012:user/alice: PutRetentionPolicy at",
        "module.tiny.aws_sns_topic.gone: reality moved (gone: in the state, not in the account)",
        "by arn:aws:iam::123456789012:user/alice: DeleteTopic at",
        "reality     value: (sensitive value) → (another sensitive value)",
    ):
        assert line in answer.out, answer.out
    assert "tags_all" not in answer.out


def test_no_form_of_a_report_shows_a_secret(by_hand: Project) -> None:
    page = by_hand.root / "drift.html"
    forms = [drift(by_hand, "--json", "--report", str(page)), drift(by_hand, "--format", "markdown")]

    assert [form.code for form in forms] == [5, 5]
    report = json.loads(forms[0].out)
    moved = {resource["address"]: resource for resource in report["stacks"][0]["resources"]}
    assert moved["module.tiny.aws_ssm_parameter.word"]["deeds"][0]["event"] == "PutParameter"
    assert report["counts"]["reality"] == len(moved) == 4
    assert "user/alice" in forms[1].out
    assert "user/alice" in page.read_text()
    for text in (*(form.said for form in forms), page.read_text()):
        assert "a-first-secret" not in text
        assert "another-secret" not in text


def test_what_was_not_changed_cannot_be_mended(by_hand: Project) -> None:
    answer = drift(by_hand, "revert", "--resource", "module.tiny.aws_s3_bucket.dat", "--yes")

    assert answer.code == 2, answer.said
    assert "did you mean module.tiny.aws_s3_bucket.data?" in answer.err


def test_what_is_there_is_adopted_and_the_code_is_told_to_follow(
    tiny: Project, emulator: RunningEmulator, target: Target
) -> None:
    # GIVEN a stack that was changed by hand in four places
    name = f"adopt-{tiny.root.name[:20].replace('_', '-')}"
    with_account(tiny, name)
    change_by_hand(alice(emulator), name)

    # WHEN two of them are accepted
    log, topic = "module.tiny.aws_cloudwatch_log_group.log", "module.tiny.aws_sns_topic.gone"
    answer = drift(tiny, "adopt", "--resource", log, "--resource", topic, "--yes")

    # THEN it went through the gate, the account is as it was, and the state says what is there
    assert answer.code == 0, answer.said
    assert "this changes nothing in the account" in answer.err
    changeset = read_changeset(tiny.latest, "it")
    assert (changeset.kind, changeset.stacks[0].targets, changeset.changes) == ("adopt", (topic, log), 2)
    assert (
        target.client("logs").describe_log_groups(logGroupNamePrefix=f"/{name}/")["logGroups"][0]["retentionInDays"]
        == 7
    )
    held = {entry["type"]: entry["instances"][0]["attributes"] for entry in state_of(tiny, target)["resources"]}
    assert held["aws_cloudwatch_log_group"]["retention_in_days"] == 7
    assert "aws_sns_topic" not in held
    assert held["aws_s3_bucket"]["tags"] == {"owner": "team"}

    # and where the code has to follow is said
    assert f"{log} retention_in_days: 7" in answer.out
    assert "retention, to be set in envs/local/tiny/terraform.tfvars" in answer.out
    assert "take it out of the code, or the next plan makes it again: modules/tiny/aws.tf:" in answer.out

    # and until it does, it is the code that differs, no longer reality; who changed the rest is still known
    _, report = looked(tiny)
    found = {resource["address"]: resource for resource in report["stacks"][0]["resources"]}
    assert (found[log]["moved"], found[topic]["moved"]) == (["code"], ["code"])
    assert found["module.tiny.aws_s3_bucket.data"]["moved"] == ["reality"]
    assert found["module.tiny.aws_s3_bucket.data"]["deeds"][0]["user"].endswith("user/alice")
    tiny.tfvars("retention = 7\n")
    _, report = looked(tiny)
    assert log not in {resource["address"] for resource in report["stacks"][0]["resources"]}


def changed_on_both_sides(tiny: Project, emulator: RunningEmulator, prefix: str) -> str:
    """A stack that was changed by hand, and code that moved on elsewhere; gives back what it is called."""
    name = f"{prefix}-{tiny.root.name[:20].replace('_', '-')}"
    with_account(tiny, name)
    change_by_hand(alice(emulator), name)
    tiny.tfvars("size = 2\n")
    return name


def test_what_the_code_says_is_put_back_without_what_else_it_says(
    tiny: Project, emulator: RunningEmulator, target: Target
) -> None:
    name = changed_on_both_sides(tiny, emulator, "revert")

    answer = drift(tiny, "revert", "--yes")

    # THEN all four are as the code says, and what else the code says was not applied
    assert answer.code == 0, answer.said
    changeset = read_changeset(tiny.latest, "it")
    assert (changeset.kind, len(changeset.stacks[0].targets), changeset.changes) == ("revert", 4, 4)
    tags = target.client("s3").get_bucket_tagging(Bucket=name)["TagSet"]
    assert tags == [{"Key": "owner", "Value": "team"}]
    word = target.client("ssm").get_parameter(Name=f"/{name}/word", WithDecryption=True)["Parameter"]["Value"]
    assert word == "a-first-secret"
    code, report = looked(tiny)
    (resource,) = report["stacks"][0]["resources"]
    assert (code, resource["address"], resource["moved"]) == (5, "module.tiny.terraform_data.item[1]", ["code"])


def test_the_whole_of_what_the_code_says_is_put_back_when_asked_for(tiny: Project, emulator: RunningEmulator) -> None:
    changed_on_both_sides(tiny, emulator, "whole")

    answer = drift(tiny, "revert", "--whole", "--yes")

    # THEN it was an apply as any other, and nothing differs any more, the code's own change included
    assert answer.code == 0, answer.said
    changeset = read_changeset(tiny.latest, "it")
    assert (changeset.kind, len(changeset.stacks[0].targets), changeset.changes) == ("apply", 0, 5)
    code, report = looked(tiny)
    assert (code, report["stacks"][0]["resources"]) == (0, [])


def test_what_the_gate_refuses_is_not_adopted(tiny: Project, emulator: RunningEmulator, target: Target) -> None:
    # GIVEN a gate that is stricter by now than what is there
    name = f"refuse-{tiny.root.name[:20].replace('_', '-')}"
    with_account(tiny, name)
    change_by_hand(alice(emulator), name)
    toml = tiny.root / "envs/local/env.toml"
    toml.write_text(toml.read_text().replace('fail_on = "CRITICAL"', 'fail_on = "LOW"'))
    before = state_of(tiny, target)

    answer = drift(tiny, "adopt", "--yes")

    assert answer.code == 4, answer.said
    assert "the gate refused local/tiny" in answer.err
    assert state_of(tiny, target) == before
