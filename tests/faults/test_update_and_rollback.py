"""Changing what is applied: in one go, and back to what an earlier commit said."""

from __future__ import annotations

import json
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.applied import emulated_target
from tests.support.in_process import run_here
from tests.support.project import Answer, Project, tiny_project
from tooling.emulator.process import RunningEmulator
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import Exit, ToolError
from tooling.rolling_back import with_todays_rules
from tooling.session import open_session
from tooling.state import make_bucket, read_state
from tooling.target import Target
from tooling.workspace import Workspace

SECOND_ROOT = """\
terraform {
  backend "s3" {
    bucket       = "{BUCKET}"
    key          = "local/second.tfstate"
    region       = "us-east-1"
    encrypt      = true
    use_lockfile = true
  }
}

module "second" {
  source = "../../../modules/second"
}
"""


def items(project: Project, target: Target, stack: str = "tiny") -> int:
    """How many resources the state holds."""
    workspace = Workspace(project.root)
    config = load_environment(workspace, "local")
    state = read_state(target, config, select_stacks(workspace, "local", config, [stack])[0])
    return sum(len(one["instances"]) for one in state["resources"]) if state else 0


def must(answer: Answer) -> Answer:
    assert answer.code == 0, answer.said
    return answer


def git(project: Project, *args: str) -> str:
    who = ["-c", "user.name=t", "-c", "user.email=t@example.com"]
    done = subprocess.run(["git", *who, *args], cwd=project.root, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def committed(project: Project, size: int) -> str:
    """Commit the project with this size, and give back the commit."""
    project.tfvars(f"size = {size}\n")
    if not (project.root / ".git").is_dir():
        project.write(".gitignore", ".groundplan\n.groundplan/\n")
        git(project, "init", "-q")
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", f"size {size}")
    return git(project, "rev-parse", "HEAD")


def apply_twice(project: Project) -> Project:
    """Apply one resource from a commit, and then three from the next."""
    for size in (1, 3):
        committed(project, size)
        must(run_here(project, "plan"))
        must(run_here(project, "apply"))
    return project


@pytest.fixture
def grown(tiny: Project) -> Project:
    """A stack that was applied from two commits, for a test that takes it back."""
    return apply_twice(tiny)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Project:
    """Such a stack for all tests that leave it as it is."""
    bucket = f"kept-{secrets.token_hex(6)}"
    make_bucket(emulated_target(emulator.endpoint), bucket, "us-east-1")
    return apply_twice(tiny_project(tmp_path_factory.mktemp("kept"), home, bucket))


@contextmanager
def changed(file: Path, text: str) -> Iterator[None]:
    """Let a file say something else for a while."""
    before = file.read_text()
    file.write_text(text)
    try:
        yield
    finally:
        file.write_text(before)


@pytest.mark.requirement("SM-FS-05")
def test_an_update_plans_gates_and_applies_what_changed(tiny: Project, target: Target) -> None:
    must(run_here(tiny, "plan"))
    must(run_here(tiny, "apply"))
    tiny.tfvars("size = 3\n")

    updated = run_here(tiny, "update")
    again = run_here(tiny, "update")

    assert updated.code == 0, updated.said
    assert items(tiny, target) == 3
    assert (tiny.latest / "tiny/gate.json").is_file()
    assert again.code == 0, again.said
    assert "local: nothing to update" in again.out


@pytest.mark.requirement("SM-FS-05")
def test_an_update_refuses_a_stack_in_which_nothing_is(tiny: Project, target: Target) -> None:
    answer = run_here(tiny, "update")

    assert answer.code == 1
    assert "local/tiny: nothing is applied here" in answer.err
    assert "groundplan plan --env local && groundplan apply --env local" in answer.err
    assert items(tiny, target) == 0


@pytest.mark.requirement("SM-FS-05")
def test_an_update_that_the_gate_refuses_changes_nothing(tiny: Project, target: Target) -> None:
    must(run_here(tiny, "plan"))
    must(run_here(tiny, "apply"))
    tiny.tfvars("size = 3\n")
    (tiny.root / "policies/waivers.yaml").write_text("[]\n")

    answer = run_here(tiny, "update")

    assert answer.code == 4
    assert items(tiny, target) == 1


@pytest.mark.requirement("RW-DEP-05")
@pytest.mark.parametrize("way", ["commit", "serial"])
def test_a_rollback_applies_what_an_earlier_commit_said(grown: Project, target: Target, way: str) -> None:
    head, before = git(grown, "rev-parse", "HEAD"), git(grown, "rev-parse", "HEAD~1")
    to = "HEAD~1" if way == "commit" else str(serial_of(grown, before))

    answer = run_here(grown, "rollback", "--stack", "tiny", "--to", to)

    assert answer.code == 0, answer.said
    assert items(grown, target) == 1
    assert before[:12] in answer.err
    # The checkout stays as it was, and nothing of the earlier one is left.
    assert git(grown, "rev-parse", "HEAD") == head
    assert git(grown, "status", "--porcelain") == ""
    assert (grown.root / "envs/local/tiny/terraform.tfvars").read_text() == "size = 3\n"
    assert len(git(grown, "worktree", "list").splitlines()) == 1
    assert list((grown.root / ".groundplan/rollback").iterdir()) == []
    assert json.loads((grown.latest / "changeset.json").read_text())["commit"] == before


def serial_of(project: Project, commit: str) -> int:
    """The serial that the apply of a commit left, by its receipt."""
    for file in (project.root / ".groundplan/changesets/local").glob("*/tiny/receipt-*.json"):
        receipt = json.loads(file.read_text())
        if receipt["commit"] == commit:
            return int(receipt["serial"])
    raise AssertionError(f"no receipt of {commit}")


@pytest.mark.requirement("RW-DEP-05")
def test_a_rollback_is_held_to_todays_policies(kept: Project, target: Target) -> None:
    with changed(kept.root / "policies/waivers.yaml", "[]\n"):
        answer = run_here(kept, "rollback", "--stack", "tiny", "--to", "HEAD~1")

    assert answer.code == 4
    assert items(kept, target) == 3
    assert len(git(kept, "worktree", "list").splitlines()) == 1


def test_a_rollback_is_held_to_todays_limits(kept: Project, target: Target) -> None:
    env = kept.root / "envs/local/env.toml"
    limits = "[gate.blast_radius]\nmax_destroys = 1\n\n[stacks.tiny]"
    with changed(env, env.read_text().replace("[stacks.tiny]", limits)):
        answer = run_here(kept, "rollback", "--stack", "tiny", "--to", "HEAD~1")

    assert answer.code == 4
    assert items(kept, target) == 3


def test_a_rollback_asks_where_the_environment_asks_today(kept: Project, target: Target) -> None:
    env = kept.root / "envs/local/env.toml"
    with changed(env, env.read_text().replace("confirm          = false", "confirm          = true")):
        answer = run_here(kept, "rollback", "--stack", "tiny", "--to", "HEAD~1")

    assert answer.code == 2
    assert "nobody is there to confirm 2 to destroy" in answer.err
    assert items(kept, target) == 3


def test_a_rollback_is_held_to_todays_budget_and_promotion(kept: Project) -> None:
    env = kept.root / "envs/local/env.toml"
    earlier = open_session(Workspace(kept.root), "local", ["tiny"])
    lower = kept.write("envs/lower/env.toml", env.read_text())
    with changed(env, f'{env.read_text()}monthly_budget_usd = 5.0\npromoted_from = "lower"\n'):
        held = with_todays_rules(earlier, Workspace(kept.root)).config.stacks["tiny"]
    lower.unlink()
    lower.parent.rmdir()

    assert (held.monthly_budget_usd, held.promoted_from) == (5.0, "lower")


@pytest.mark.parametrize(("name", "then"), [("target", "aws"), ("account_id", "1" * 12), ("region", "eu-west-1")])
def test_a_commit_of_another_place_is_refused(kept: Project, name: str, then: str) -> None:
    session = open_session(Workspace(kept.root), "local", ["tiny"])
    session.config = session.config.model_copy(update={name: then})

    with pytest.raises(ToolError, match=f"{name} was {then} then") as refused:
        with_todays_rules(session, Workspace(kept.root))

    assert refused.value.exit_code == Exit.REFUSED


def test_an_environment_that_wants_approvals_is_not_rolled_back(kept: Project) -> None:
    env = kept.root / "envs/local/env.toml"
    wanted = "[approval]\napprovals = 1\non_emulator = true\n\n[stacks.tiny]"
    session = open_session(Workspace(kept.root), "local", ["tiny"])
    with changed(env, env.read_text().replace("[stacks.tiny]", wanted)), pytest.raises(ToolError) as refused:
        with_todays_rules(session, Workspace(kept.root))

    assert refused.value.exit_code == Exit.REFUSED
    assert "wants approvals" in refused.value.what
    assert "git revert, then plan, approve and apply" in str(refused.value.hint)


def test_what_was_applied_from_uncommitted_files_is_no_way_back(tiny: Project) -> None:
    commit = committed(tiny, 1)
    tiny.tfvars("size = 2\n")
    must(run_here(tiny, "plan"))
    must(run_here(tiny, "apply"))

    answer = run_here(tiny, "rollback", "--stack", "tiny", "--to", str(serial_of(tiny, commit)))

    assert answer.code == 1
    assert "was applied from files that no commit has" in answer.err


def test_a_dry_run_shows_the_way_back_and_changes_nothing(kept: Project, target: Target) -> None:
    answer = run_here(kept, "rollback", "--stack", "tiny", "--to", "HEAD~1", "--dry-run")

    assert answer.code == 0, answer.said
    assert "2 to destroy" in answer.out
    assert items(kept, target) == 3


@pytest.mark.parametrize(
    ("to", "code", "says"),
    [
        ("no-such-branch", 2, "git knows no commit 'no-such-branch'"),
        ("999", 1, "no receipt tells which commit made serial 999"),
    ],
)
def test_a_commit_or_serial_that_is_not_known_is_refused(kept: Project, to: str, code: int, says: str) -> None:
    answer = run_here(kept, "rollback", "--stack", "tiny", "--to", to)

    assert answer.code == code
    assert says in answer.err


@pytest.mark.requirement("RW-DEP-05")
def test_a_destroy_asks_and_is_refused_where_nobody_answers(tiny: Project, target: Target) -> None:
    must(run_here(tiny, "plan"))
    must(run_here(tiny, "apply"))
    env = tiny.root / "envs/local/env.toml"
    env.write_text(env.read_text().replace("confirm          = false", "confirm          = true"))

    asked = tiny.run("destroy", "--stack", "tiny")
    told = tiny.run("destroy", "--stack", "tiny", "--yes")

    assert asked.code == 2
    assert "nobody is there to confirm" in asked.err
    assert told.code == 0, told.said
    assert items(tiny, target) == 0


@pytest.mark.requirement("RW-DEP-03")
def test_one_command_applies_every_stack(tiny: Project, target: Target, bucket: str) -> None:
    env = tiny.root / "envs/local/env.toml"
    env.write_text(env.read_text() + "\n[stacks.second]\n")
    tiny.write("envs/local/second/main.tf", SECOND_ROOT.replace("{BUCKET}", bucket))
    tiny.write("envs/local/second/.terraform.lock.hcl", "")
    tiny.write("modules/second/main.tf", 'resource "terraform_data" "item" {\n  input = 1\n}\n')
    must(run_here(tiny, "plan"))

    answer = run_here(tiny, "apply")

    assert answer.code == 0, answer.said
    assert (items(tiny, target), items(tiny, target, "second")) == (1, 1)
    ended = [line.split()[:2] for line in answer.out.splitlines()]
    assert ["local/tiny", "applied"] in ended
    assert ["local/second", "applied"] in ended


@pytest.mark.requirement("RW-DEP-04")
def test_a_plan_says_what_changes_and_ends_with_5_only_where_something_does(tiny: Project) -> None:
    first = run_here(tiny, "plan", "--exit-code")
    must(run_here(tiny, "apply"))
    none = run_here(tiny, "plan", "--exit-code")
    tiny.tfvars("size = 2\n")
    more = run_here(tiny, "plan", "--exit-code", "--stack", "tiny")

    assert (first.code, none.code, more.code) == (5, 0, 5)
    assert "terraform_data.item[1]" in more.out
    assert "terraform_data.item[0]" not in more.out
