"""The world moves on between review and apply: it is said what moved, and only what was reviewed is applied."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tooling.changeset import read_changeset, sealed, write_changeset
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.state import read_state
from tooling.target import Target
from tooling.workspace import Workspace


@pytest.fixture
def planned(tiny: Project) -> Project:
    answer = run_here(tiny, "plan")
    assert answer.code == 0, answer.said
    return tiny


def items(project: Project, target: Target) -> int:
    """How many resources the state holds."""
    workspace = Workspace(project.root)
    config = load_environment(workspace, "local")
    state = read_state(target, config, select_stacks(workspace, "local", config, [])[0])
    return sum(len(one["instances"]) for one in state["resources"]) if state else 0


def changesets(project: Project) -> list[str]:
    base = project.root / ".groundplan/changesets/local"
    return sorted(path.name for path in base.iterdir() if not path.is_symlink())


def expire(project: Project) -> None:
    """As it would be after four days."""
    folder = project.latest
    then = datetime.now(UTC) - timedelta(days=4)
    old = read_changeset(folder, "it")
    new = replace(old, created=then.isoformat(timespec="seconds"), expires=(then + timedelta(days=3)).isoformat())
    write_changeset(folder.parent, sealed(new))


def test_a_script_without_replan_is_refused_and_told_of_it(planned: Project, target: Target) -> None:
    planned.tfvars("size = 2\n")

    answer = run_here(planned, "apply")

    assert answer.code == 4, answer.said
    assert "tfvars" in answer.err
    assert "groundplan apply --env local --replan" in answer.err
    assert len(changesets(planned)) == 1
    assert items(planned, target) == 0


def test_a_module_that_the_module_calls_is_part_of_what_was_sealed(tiny: Project, target: Target) -> None:
    tiny.write("modules/inner/main.tf", 'resource "terraform_data" "inner" {\n}\n')
    tiny.write("modules/tiny/calls.tf", 'module "inner" {\n  source = "../inner"\n}\n')
    assert run_here(tiny, "plan").code == 0
    tiny.write("modules/inner/main.tf", 'resource "terraform_data" "renamed" {\n}\n')

    answer = run_here(tiny, "apply")

    assert answer.code == 4, answer.said
    assert "a module that it calls changed after the plan was sealed" in answer.err
    assert items(tiny, target) == 0


def test_what_is_still_as_reviewed_is_applied_with_replan(planned: Project, target: Target) -> None:
    planned.tfvars("# a remark\n")
    old = planned.latest.name

    answer = run_here(planned, "apply", "--replan", "--json")

    assert answer.code == 0, answer.said
    assert "the changeset is stale" in answer.err
    assert "the values of the root module (tfvars) changed" in answer.err
    assert "the changes are exactly those that were reviewed" in answer.err
    assert json.loads(answer.out)["changeset"] == planned.latest.name != old
    assert items(planned, target) == 1


def test_anything_else_is_left_to_a_reviewer(planned: Project, target: Target) -> None:
    # GIVEN values that make one more resource than was reviewed
    planned.tfvars("size = 2\n")
    old = planned.latest.name

    answer = run_here(planned, "apply", "--replan", "--yes")

    # THEN the difference is shown, the new changeset is ready, and what was reviewed stays the latest
    new = changesets(planned)[-1]
    assert answer.code == 4, answer.said
    assert "module.tiny.terraform_data.item[1]: left alone → create" in answer.err
    assert "item[0]" not in answer.err
    assert f"changeset {new} is ready to be reviewed" in answer.err
    assert planned.latest.name == old
    assert items(planned, target) == 0

    # and whoever reviewed it can apply it
    assert run_here(planned, "apply", "--changeset", new).code == 0
    assert items(planned, target) == 2


def test_a_state_that_moved_is_told_with_who_moved_it(planned: Project, target: Target) -> None:
    assert run_here(planned, "apply").code == 0
    planned.tfvars("size = 2\n")
    assert run_here(planned, "plan").code == 0
    reviewed = planned.latest.name
    planned.tfvars("size = 3\n")
    assert run_here(planned, "plan").code == 0
    other = planned.latest.name
    assert run_here(planned, "apply").code == 0
    planned.tfvars("size = 2\n")

    answer = run_here(planned, "apply", "--changeset", reviewed, "--replan")

    assert answer.code == 4, answer.said
    assert "the state moved from serial 1 to 2" in answer.err
    assert f"apply of changeset {other} by arn:aws:sts::123456789012:" in answer.err
    assert "item[2]: left alone → destroy" in answer.err
    assert items(planned, target) == 3


def test_an_expired_changeset_is_planned_again(planned: Project, target: Target) -> None:
    expire(planned)

    refused = run_here(planned, "apply")
    answer = run_here(planned, "apply", "--replan")

    assert refused.code == 4, refused.said
    assert "the changeset expired at" in refused.err
    assert answer.code == 0, answer.said
    assert items(planned, target) == 1


def test_a_changeset_that_was_tampered_with_is_not_planned_again(planned: Project, target: Target) -> None:
    planned.tfvars("# a remark\n")
    file = planned.latest / "tiny/plan.tfplan"
    file.write_bytes(file.read_bytes() + b"x")

    answer = run_here(planned, "apply", "--replan", "--yes")

    assert answer.code == 4, answer.said
    assert "the plan file changed after the plan was sealed" in answer.err
    assert len(changesets(planned)) == 1
    assert items(planned, target) == 0


def test_what_the_gate_refuses_today_is_not_applied(planned: Project, target: Target) -> None:
    planned.write("policies/waivers.yaml", "[]\n")
    old = planned.latest.name

    answer = run_here(planned, "apply", "--replan", "--yes")

    assert answer.code == 4, answer.said
    assert "policies/waivers.yaml changed" in answer.err
    assert "the gate refused local/tiny" in answer.err
    assert planned.latest.name == old
    assert items(planned, target) == 0


def test_a_new_seal_needs_its_own_approval(tiny: Project, target: Target) -> None:
    file = tiny.root / "envs/local/env.toml"
    file.write_text(file.read_text() + "\n[approval]\napprovals   = 1\non_emulator = true\n")
    assert run_here(tiny, "plan").code == 0
    reviewed = set(changesets(tiny))
    tiny.tfvars("# a remark\n")

    answer = run_here(tiny, "apply", "--replan", "--yes")

    assert answer.code == 4, answer.said
    assert "has 0 of 1 approvals" in answer.err
    (new,) = set(changesets(tiny)) - reviewed
    assert f"groundplan approve --env local --changeset {new}" in answer.err
    assert items(tiny, target) == 0


def test_a_changeset_that_destroys_stays_one(tiny: Project, target: Target) -> None:
    # GIVEN a stack, and a changeset of its end that nobody was there to confirm
    file = tiny.root / "envs/local/env.toml"
    file.write_text(file.read_text().replace("confirm          = false", "confirm          = true"))
    assert run_here(tiny, "plan").code == 0
    assert run_here(tiny, "apply", "--yes").code == 0
    assert run_here(tiny, "destroy").code == 2
    tiny.tfvars("# a remark\n")

    answer = run_here(tiny, "apply", "--replan", "--yes")

    assert answer.code == 0, answer.said
    assert json.loads((tiny.latest / "changeset.json").read_text())["kind"] == "destroy"
    assert items(tiny, target) == 0


SECRET = """\
variable "word" {
  type      = string
  sensitive = true
  default   = "first-secret"
}

resource "terraform_data" "secret" {
  input = var.word
}
"""


def test_another_secret_is_not_what_was_reviewed(tiny: Project, target: Target) -> None:
    # GIVEN a reviewed plan with a secret, of which the masked plan shows nothing
    tiny.write("envs/local/tiny/secret.tf", SECRET)
    assert run_here(tiny, "plan").code == 0
    tiny.tfvars('word = "other-secret"\n')

    answer = run_here(tiny, "apply", "--replan", "--yes")

    assert answer.code == 4, answer.said
    assert "terraform_data.secret: create" in answer.err
    assert "(another sensitive value)" in answer.err
    assert "first-secret" not in answer.said
    assert "other-secret" not in answer.said
    assert items(tiny, target) == 0


def at_a_terminal(project: Project, answer: str, *args: str) -> tuple[int, str]:
    """Run a command at a terminal and answer its first question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        project.command(*args),
        cwd=project.root,
        env=project.environment({"TERM": "xterm"}),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    said, answered, ends = b"", False, time.monotonic() + 120
    while time.monotonic() < ends:
        if not select.select([ours], [], [], 1)[0]:
            continue
        try:
            said += os.read(ours, 65536)
        except OSError:
            break
        if not answered and b"with these differences?" in said:
            os.write(ours, f"{answer}\n".encode())
            answered = True
    os.close(ours)
    return process.wait(timeout=30), said.decode(errors="replace")


@pytest.mark.parametrize(("answer", "code", "made"), [("y", 0, 2), ("n", 1, 0)])
def test_at_a_terminal_the_difference_is_shown_and_asked_about(
    planned: Project, target: Target, answer: str, code: int, made: int
) -> None:
    planned.tfvars("size = 2\n")

    ended, said = at_a_terminal(planned, answer, "apply")

    assert ended == code, said
    assert "item[1]: left alone → create" in said
    assert "with these differences?" in said
    assert items(planned, target) == made


def test_at_a_terminal_nobody_is_asked_about_what_was_reviewed(planned: Project, target: Target) -> None:
    planned.tfvars("# a remark\n")

    ended, said = at_a_terminal(planned, "n", "apply")

    assert ended == 0, said
    assert "with these differences?" not in said
    assert items(planned, target) == 1


def test_a_file_of_the_repository_that_changed_is_named(tiny: Project, home: Path) -> None:
    # GIVEN a plan of a commit
    tiny.write(".gitignore", ".groundplan/\n")
    for args in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *args]
        subprocess.run(command, cwd=tiny.root, check=True, timeout=60)
    assert run_here(tiny, "plan").code == 0

    # WHEN a file of the module changes, and one that has nothing to do with the stack
    tiny.write("modules/tiny/more.tf", "# a remark\n")
    module = tiny.root / "modules/tiny/main.tf"
    module.write_text(module.read_text() + "\n# a remark\n")
    tiny.write("README.md", "not of the stack\n")
    answer = run_here(tiny, "apply", "--replan")

    # THEN both files of the module are named
    assert answer.code == 0, answer.said
    assert "modules/tiny/main.tf" in answer.err
    assert "modules/tiny/more.tf" in answer.err
    assert "README.md" not in answer.err
