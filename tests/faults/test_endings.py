"""An apply over many stacks says of each how it ended, and the next one does only what is left."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import MODULE, Project
from tests.support.twin import with_twin
from tooling.target import Target

FAILS_UNLESS_THERE = """\
variable "size" {
  type = number
}

variable "seconds" {
  type = number
}

resource "terraform_data" "item" {
  input = var.size

  provisioner "local-exec" {
    command = "test -e ${abspath(path.root)}/../../../there"
  }
}
"""


@pytest.fixture
def two(tiny: Project) -> Project:
    """Of its two stacks ``twin`` fails, until a file is there."""
    with_twin(tiny, FAILS_UNLESS_THERE)
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said
    return tiny


def stacks(answer_out: str) -> dict[str, dict[str, Any]]:
    return {one["architecture"]: one for one in json.loads(answer_out)["stacks"]}


def receipts(project: Project, stack: str) -> list[Path]:
    return list(project.latest.glob(f"{stack}/receipt-*.json"))


def test_a_stack_that_fails_is_told_beside_the_one_that_was_applied(two: Project) -> None:
    answer = two.run("apply")

    assert answer.code == 1, answer.said
    table = answer.out.splitlines()
    assert table[0].startswith("local/tiny  applied        1 added, 0 changed, 0 destroyed in ")
    assert table[1].startswith("local/twin  failed         ")
    assert "local-exec provisioner error" in table[1]
    assert "local-exec provisioner error" in answer.err


def test_the_same_as_json(two: Project) -> None:
    answer = two.run("apply", "--json")

    assert answer.code == 1, answer.said
    told = stacks(answer.out)
    assert (told["tiny"]["how"], told["twin"]["how"]) == ("applied", "failed")
    assert "local-exec provisioner error" in told["twin"]["said"]
    assert told["twin"]["hint"]
    assert [one["architecture"] for one in json.loads(answer.out)["applied"]] == ["tiny"]


def test_what_failed_is_planned_again_and_what_was_applied_is_left_out(two: Project) -> None:
    # GIVEN an apply of which one stack failed, so that its state moved
    assert two.run("apply").code == 1
    (first,) = receipts(two, "tiny")
    before = first.read_bytes()

    # WHEN the same changeset is applied again
    again = two.run("apply")

    # THEN only what is left is looked at, and that is stale
    assert again.code == 4, again.said
    assert "local/tiny: left out, applied at " in again.err
    assert "error: local/twin: the state is another one than the plan was made against" in again.err
    assert "local/tiny: the state" not in again.err
    assert receipts(two, "tiny") == [first]
    assert first.read_bytes() == before


def test_a_stack_that_was_not_begun_is_applied_by_the_next_apply(two: Project) -> None:
    # GIVEN a changeset of which one stack alone was applied
    two.write("there", "")
    assert two.run("apply", "--stack", "tiny").code == 0

    # WHEN all of it is
    answer = two.run("apply", "--json")

    # THEN the other is, and this one is told to be left out
    assert answer.code == 0, answer.said
    told = stacks(answer.out)
    assert (told["tiny"]["how"], told["twin"]["how"]) == ("left out", "applied")
    assert told["tiny"]["said"].startswith("applied at ")
    assert len(receipts(two, "tiny")) == len(receipts(two, "twin")) == 1
    # and once nothing is left, it is refused as a whole
    refused = two.run("apply")
    assert refused.code == 4
    assert "this changeset was applied at" in refused.err
    assert "left out" not in refused.err


@pytest.mark.parametrize("stack", ["tiny", "tiny,twin"])
def test_a_stack_that_is_asked_for_by_name_is_not_left_out(two: Project, stack: str) -> None:
    two.write("there", "")
    assert two.run("apply", "--stack", "tiny").code == 0

    answer = two.run("apply", "--stack", stack)

    assert answer.code == 4, answer.said
    assert "error: local/tiny: this changeset was applied at" in answer.err
    assert not receipts(two, "twin")


@pytest.mark.parametrize("name", ["plan.tfplan", "plan.json", "gate.json"])
def test_the_files_of_a_stack_that_is_left_out_are_still_compared_with_the_seal(two: Project, name: str) -> None:
    two.write("there", "")
    assert two.run("apply", "--stack", "tiny").code == 0
    file = two.latest / "tiny" / name
    file.write_bytes(file.read_bytes() + b" ")

    answer = two.run("apply")

    assert answer.code == 4, answer.said
    assert "error: local/tiny: " in answer.err
    assert "changed after the plan was sealed" in answer.err
    assert not receipts(two, "twin")


def test_a_receipt_that_was_edited_leaves_nothing_out(two: Project) -> None:
    two.write("there", "")
    assert two.run("apply", "--stack", "tiny").code == 0
    (receipt,) = receipts(two, "tiny")
    receipt.write_text(receipt.read_text().replace('"add": 1', '"add": 2'))

    answer = two.run("apply")

    assert answer.code == 4, answer.said
    assert "the receipt was edited" in answer.err
    assert not receipts(two, "twin")


def test_nothing_to_do_is_said_as_such(tiny: Project) -> None:
    assert tiny.run("plan").code == 0
    assert tiny.run("apply").code == 0
    assert tiny.run("plan").code == 0

    answer = tiny.run("apply")

    assert answer.code == 0, answer.said
    assert answer.out.startswith("local/tiny  nothing to do  0 added, 0 changed, 0 destroyed")


def test_only_what_is_left_is_asked_about(two: Project) -> None:
    two.write("there", "")
    settings = two.root / "envs/local/env.toml"
    settings.write_text(settings.read_text().replace("confirm          = false", "confirm          = true"))
    two.tfvars("size = 3\n")
    assert two.run("plan").code == 0
    assert two.run("apply", "--yes", "--stack", "tiny").code == 0

    refused = two.run("apply")

    assert refused.code == 2
    assert "local/twin: nobody is there to confirm 1 to create" in refused.err


def test_an_interrupt_tells_what_ended_what_was_cut_and_what_was_not_begun(tiny: Project, target: Target) -> None:
    # GIVEN two stacks, one of which is slow, and an apply that was told to stop
    with_twin(tiny, MODULE)
    tiny.tfvars("size = 30\nseconds = 2\n")
    assert tiny.run("plan").code == 0
    apply = tiny.start("apply", "--json")
    for _ in range(400):
        if receipts(tiny, "twin"):
            break
        time.sleep(0.05)

    # WHEN it is interrupted after the quick one was done
    apply.send_signal(signal.SIGINT)
    out, err = apply.communicate(timeout=60)

    # THEN that is told apart
    assert apply.returncode == 130, out + err
    told = stacks(out)
    assert (told["tiny"]["how"], told["twin"]["how"]) == ("interrupted", "applied")
