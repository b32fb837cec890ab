"""Apply takes exactly what was sealed: whatever moved, it refuses with exit 4 and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from tests.support.project import Project, with_aws
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.state import NO_STATE, read_state, version_of
from tooling.target import Target
from tooling.workspace import Workspace


def serial(project: Project, target: Target) -> int:
    workspace = Workspace(project.root)
    config = load_environment(workspace, "local")
    return version_of(read_state(target, config, select_stacks(workspace, "local", config, [])[0])).serial


@pytest.fixture
def planned(tiny: Project) -> Project:
    answer = tiny.run("plan")
    assert answer.code == 0, answer.said
    return tiny


def flip_a_byte(name: str) -> Callable[[Project], None]:
    def flip(project: Project) -> None:
        file = project.latest / "tiny" / name
        content = bytearray(file.read_bytes())
        content[len(content) // 2] ^= 1
        file.write_bytes(bytes(content))

    return flip


def append(path: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        file = project.root / path
        file.write_text(file.read_text() + "\n# one more line\n")

    return change


def edit_seal(key: str, value: object) -> Callable[[Project], None]:
    def edit(project: Project) -> None:
        file = project.latest / "changeset.json"
        content = json.loads(file.read_text())
        target = content["stacks"][0] if key in content["stacks"][0] else content
        assert target[key] != value
        target[key] = value
        file.write_text(json.dumps(content))

    return edit


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        pytest.param(flip_a_byte("plan.tfplan"), "the plan file changed", id="plan file"),
        pytest.param(flip_a_byte("plan.json"), "the plan's JSON changed", id="plan JSON"),
        pytest.param(flip_a_byte("gate.json"), "the gate's result changed", id="gate result"),
        pytest.param(append("modules/tiny/main.tf"), "the module changed", id="module"),
        pytest.param(append("envs/local/tiny/main.tf"), "the root module changed", id="root"),
        pytest.param(append("envs/local/tiny/.terraform.lock.hcl"), "the lock file changed", id="lock file"),
        pytest.param(append("envs/local/env.toml"), "changed after the plan was sealed", id="settings"),
        pytest.param(edit_seal("gate_passed", False), "the changeset was edited", id="verdict in the seal"),
        pytest.param(edit_seal("module", "0" * 64), "the changeset was edited", id="digest in the seal"),
        pytest.param(edit_seal("env", "prod"), "the changeset was edited", id="environment in the seal"),
    ],
)
def test_a_part_that_moved_is_named_and_nothing_is_applied(
    planned: Project, target: Target, tamper: Callable[[Project], None], says: str
) -> None:
    tamper(planned)

    answer = planned.run("apply")

    assert answer.code == 4, answer.said
    assert says in answer.err
    assert serial(planned, target) == NO_STATE.serial


def test_new_tfvars_after_the_plan_are_refused(planned: Project, target: Target) -> None:
    planned.tfvars("size = 2\n")

    answer = planned.run("apply")

    assert answer.code == 4
    assert "the values of the root module (tfvars) changed" in answer.err
    assert serial(planned, target) == 0


def test_a_plan_older_than_the_state_is_refused(planned: Project, target: Target) -> None:
    first = planned.latest.name
    planned.tfvars("size = 2\n")
    assert planned.run("plan").code == 0
    assert planned.run("apply").code == 0
    before = serial(planned, target)
    (planned.root / "envs/local/tiny/terraform.tfvars").unlink()

    answer = planned.run("apply", "--changeset", first)

    assert answer.code == 4, answer.said
    assert f"the state moved from serial 0 to {before}" in answer.err or "the state is another one" in answer.err
    assert serial(planned, target) == before


def test_an_untouched_changeset_applies_and_leaves_a_receipt(planned: Project, target: Target) -> None:
    answer = planned.run("apply", "--json")

    assert answer.code == 0, answer.said
    assert json.loads(answer.out)["applied"][0]["counts"] == {"add": 1, "change": 0, "remove": 0}
    receipts = list(planned.latest.glob("tiny/receipt-*.json"))
    assert len(receipts) == 1
    receipt = json.loads(receipts[0].read_text())
    assert receipt["seal"] == json.loads((planned.latest / "changeset.json").read_text())["seal"]
    assert receipt["serial"] == serial(planned, target)
    assert receipt["whole"]
    (item,) = receipt["resources"]
    assert (item["address"], item["action"], item["result"]) == ("module.tiny.terraform_data.item[0]", "create", "done")
    assert item["id"]


def test_the_receipt_lies_beside_the_state_as_well(planned: Project, target: Target, bucket: str) -> None:
    assert planned.run("apply").code == 0

    (local,) = planned.latest.glob("tiny/receipt-*.json")
    client = target.client("s3")
    (entry,) = client.list_objects_v2(Bucket=bucket, Prefix="local/receipts/tiny/")["Contents"]
    stored = client.get_object(Bucket=bucket, Key=entry["Key"])["Body"].read()

    assert local.name == f"receipt-{entry['Key'].rpartition('/')[2]}"
    assert stored == local.read_bytes()


def test_a_changeset_is_applied_once_only(planned: Project) -> None:
    assert planned.run("apply").code == 0

    answer = planned.run("apply")

    assert answer.code == 4
    assert "this changeset was applied at" in answer.err
    assert "plan again" in answer.err


def test_a_changeset_without_changes_is_applied_once_only_too(planned: Project, target: Target) -> None:
    # GIVEN a changeset that does nothing, so that the state does not move when it is applied
    assert planned.run("apply").code == 0
    assert planned.run("plan").code == 0
    before = serial(planned, target)
    assert planned.run("apply").code == 0
    assert serial(planned, target) == before

    answer = planned.run("apply")

    assert answer.code == 4, answer.said
    assert "this changeset was applied at" in answer.err


UNTAGGED_LOG_GROUP = """\
provider "aws" {
  region = "us-east-1"
}

resource "aws_cloudwatch_log_group" "bad" {
  name = "bad"
}
"""


def test_what_the_gate_refused_cannot_be_applied(tiny: Project, target: Target) -> None:
    # GIVEN a module with a log group that the own policies refuse (no retention, no tags)
    with_aws(tiny, UNTAGGED_LOG_GROUP)

    refused = tiny.run("plan")
    answer = tiny.run("apply")

    assert refused.code == 4, refused.said
    assert "the gate refused local/tiny" in refused.err
    assert answer.code == 4
    assert "the gate has not passed this plan" in answer.err
    assert serial(tiny, target) == 0


def test_plans_and_masked_json_are_readable_by_their_owner_only(planned: Project) -> None:
    for name in ("plan.tfplan", "plan.json", "gate.json"):
        assert (planned.latest / "tiny" / name).stat().st_mode & 0o777 == 0o600
    assert planned.latest.stat().st_mode & 0o777 == 0o700


def test_a_non_local_environment_asks_before_it_changes(planned: Project, target: Target) -> None:
    file = planned.root / "envs/local/env.toml"
    file.write_text(file.read_text().replace("confirm          = false", "confirm          = true"))
    assert planned.run("plan").code == 0

    refused = planned.run("apply")
    allowed = planned.run("apply", "--yes")

    assert refused.code == 2
    assert "nobody is there to confirm 1 to create" in refused.err
    assert "--yes" in refused.err
    assert allowed.code == 0, allowed.said
    assert serial(planned, target) > 0
