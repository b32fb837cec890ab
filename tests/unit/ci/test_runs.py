"""What GitHub makes of the workflows: which jobs run, with which credentials, and what their scripts do."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY, Project
from tests.unit.ci.workflow import WORKSPACE, Generated, committed, places
from tooling.ci.roles import read_modules, wanted_roles
from tooling.environment.config import load_environment


@pytest.fixture(scope="module")
def all_of_them() -> Generated:
    return committed()


@pytest.mark.requirement("KF-CI-03")
def test_every_choice_by_hand_gives_each_job_its_list(all_of_them: Generated) -> None:
    """A job whose list is no list fails, and takes those with it that need it."""
    deploy = all_of_them["deploy.yml"]
    outputs = set(deploy["jobs"]["stacks"]["outputs"])
    inputs = deploy["on"]["workflow_dispatch"]["inputs"]
    there = {(place.env, name) for place in places() for name in (*place.architectures, "all")}
    project = Project(REPOSITORY)

    for stage in inputs["stage"]["options"]:
        for stack in inputs["stack"]["options"]:
            answer = run_here(project, "ci", "stacks", "--to", stage, "--stack", stack, "--form", "github")
            if (stage, stack) not in there:
                assert answer.code == 2, (stage, stack)
                continue
            lists = {
                name: json.loads(text) for name, _, text in (line.partition("=") for line in answer.out.splitlines())
            }
            assert outputs <= set(lists), (stage, stack)
            assert lists[stage] != [], (stage, stack)


def test_an_environment_waits_for_those_below_it_and_stops_with_them(all_of_them: Generated) -> None:
    deploy = all_of_them["deploy.yml"]["jobs"]

    assert deploy["deploy-prod"]["needs"] == ["check", "stacks", "deploy-dev", "deploy-staging"]
    for env in ("dev", "staging", "prod"):
        condition = " ".join(deploy[f"deploy-{env}"]["if"].split())
        # What is skipped does not stop it: an environment where nothing changed.
        assert condition == (
            "!cancelled() && !contains(needs.*.result, 'failure') && !contains(needs.*.result, 'cancelled') "
            f"&& needs.stacks.result == 'success' && needs.stacks.outputs.{env} != '[]'"
        )


def test_only_the_branch_is_deployed(all_of_them: Generated) -> None:
    """Whoever starts a workflow by hand may choose any branch for it."""
    condition = all_of_them["deploy.yml"]["jobs"]["stacks"]["if"]

    assert condition == "vars.GROUNDPLAN_CI == 'on' && github.ref == 'refs/heads/main'"


def test_credentials_outlast_the_job_that_uses_them(all_of_them: Generated) -> None:
    """An apply whose credentials end can write neither its state nor its receipt."""
    checked = 0
    for name in all_of_them.by_name:
        for job, step in all_of_them.steps(name):
            if step["name"] == "Configure AWS credentials by OIDC":
                minutes = all_of_them.jobs(name)[job]["timeout-minutes"]
                assert step["with"]["role-duration-seconds"] >= minutes * 60, (name, job)
                checked += 1
    config = load_environment(WORKSPACE, "prod")
    plan, deploy = wanted_roles("prod", config, read_modules(WORKSPACE, config), "octo-org/infra", approves=True)

    assert checked == 10
    assert (plan.session_seconds, deploy.session_seconds) == (3600, 7200)


def test_a_job_output_holds_no_value_that_may_be_a_secret(all_of_them: Generated) -> None:
    """GitHub drops such an output: with a secret AWS_REGION, every list that names the region."""
    answer = run_here(Project(REPOSITORY), "ci", "stacks", "--form", "github")

    assert answer.code == 0, answer.said
    assert not re.search(r"us-east-1|\d{12}|arn:", answer.out)
    for name in ("pr-check.yml", "drift.yml"):
        job = all_of_them[name]["jobs"]["plan" if name == "pr-check.yml" else "look"]
        fields = set(re.findall(r"matrix\.(\w+)", json.dumps(job)))
        assert fields == {"environment", "stack"}


@pytest.mark.parametrize("env", ["dev", "staging", "prod"])
def test_a_job_of_a_matrix_picks_role_and_region_of_its_environment(all_of_them: Generated, env: str) -> None:
    place = next(one for one in places() if one.env == env)
    for name in ("pr-check.yml", "drift.yml"):
        role = all_of_them.step(name, "Configure AWS credentials by OIDC")["with"]["role-to-assume"]
        region = all_of_them[name]["jobs"]["plan" if name == "pr-check.yml" else "look"]["env"]["AWS_REGION"]

        assert f"matrix.environment == '{env}' && '{place.role('plan')}'" in role
        assert f"matrix.environment == '{env}' && '{place.region}'" in region
        assert "deploy" not in role


def test_a_lock_is_waited_for_and_none_is_left_behind(all_of_them: Generated) -> None:
    """Cancelling signals the process of the step: a shell does not hand that on to what it started."""
    runs = [
        line.strip()
        for name in ("pr-check.yml", "deploy-stack.yml", "drift.yml")
        for _, step in all_of_them.steps(name)
        for line in str(step.get("run", "")).splitlines()
        if re.search(r"groundplan (plan|apply|drift) ", line)
    ]
    plan = all_of_them["pr-check.yml"]["jobs"]["plan"]

    assert len(runs) == 4
    assert [line for line in runs if "--lock-timeout 15m" not in line] == []
    assert [line for line in runs if "groundplan drift" not in line and not line.startswith("exec ")] == []
    assert plan["concurrency"]["cancel-in-progress"] is False
    assert {"github.ref", "matrix.environment", "matrix.stack"} == set(
        re.findall(r"[a-z]+\.[a-z]+", plan["concurrency"]["group"])
    )
    assert "concurrency" not in all_of_them["pr-check.yml"]


@pytest.fixture
def gh(tmp_path: Path) -> Path:
    """GitHub's command line, which writes down what it is asked for and says what ``answers`` holds."""
    file = tmp_path / "bin/gh"
    file.parent.mkdir()
    file.write_text(
        f'#!/bin/bash\necho "$@" >> {tmp_path}/asked\n'
        f'[ -f {tmp_path}/answer ] && [ "$2" = --paginate ] && cat {tmp_path}/answer\n'
        f'for one in "$@"; do case $one in body=@*) cp "${{one#body=@}}" {tmp_path}/body;; esac; done\nexit 0\n'
    )
    file.chmod(0o755)
    return tmp_path


def comment(all_of_them: Generated, gh: Path, report: str | None, *, plan: str = "success") -> tuple[str, str]:
    """Run the step that comments; what GitHub was asked for, and the comment."""
    folder = gh / "checkout"
    latest = folder / ".groundplan/changesets/dev/latest"
    latest.mkdir(parents=True)
    if report is not None:
        (latest / "report.md").write_text(report)
    environ = {
        "PATH": f"{gh}/bin:{os.environ['PATH']}",
        "ENVIRONMENT": "dev",
        "STACK": "kefir",
        "RUNNER_TEMP": str(gh),
        "GITHUB_STEP_SUMMARY": str(gh / "summary"),
        "GITHUB_REPOSITORY": "octo-org/infra",
        "PULL": "7",
        "PLAN": plan,
    }
    script = all_of_them.step("pr-check.yml", "Comment the report")["run"]
    subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environ, check=True, timeout=20)
    return (gh / "asked").read_text(), (gh / "body").read_text()


def test_a_report_is_commented_once_and_then_renewed(all_of_them: Generated, gh: Path) -> None:
    (gh / "answer").write_text("41\n42\n")

    asked, body = comment(all_of_them, gh, "# Two to add\n")

    assert "--method PATCH repos/octo-org/infra/issues/comments/41 " in asked
    assert "POST" not in asked
    # Of somebody else's comment that begins so nothing is overwritten.
    assert 'select(.user.login == "github-actions[bot]"' in asked
    assert body == "<!-- groundplan dev/kefir -->\n# Two to add\n"


def test_a_long_report_is_cut_where_github_takes_no_more_and_says_so(all_of_them: Generated, gh: Path) -> None:
    _, body = comment(all_of_them, gh, "x" * 70_000)

    assert len(body) < 65_536
    assert body.endswith("(cut here: the summary of the run has the rest)\n")
    assert (gh / "summary").read_text() == "x" * 70_000


def test_a_plan_that_failed_is_commented_as_well(all_of_them: Generated, gh: Path) -> None:
    asked, body = comment(all_of_them, gh, None, plan="failure")

    assert "--method POST repos/octo-org/infra/issues/7/comments" in asked
    assert "dev/kefir: there is no plan; the log of the run says why" in body


def test_a_stack_of_which_nothing_moved_is_commented_as_that(all_of_them: Generated, gh: Path) -> None:
    _, body = comment(all_of_them, gh, None)

    assert body.endswith("dev/kefir: nothing moved since its last apply, so there is nothing to plan\n")


def test_only_a_pull_request_leaves_out_what_did_not_move(all_of_them: Generated) -> None:
    """What is deployed is planned against the account, and what drifted shows in no file."""
    pull, deploy = (all_of_them.step(name, "Plan, gate")["run"] for name in ("pr-check.yml", "deploy-stack.yml"))

    assert "groundplan plan --changed --env" in pull
    assert "--changed" not in deploy
    assert "--changed" not in all_of_them.scripts("drift.yml")


@pytest.mark.parametrize(("rules", "approved"), [("branch_policy required_reviewers", True), ("branch_policy", False)])
def test_an_environment_without_reviewers_approves_nothing(
    all_of_them: Generated, tmp_path: Path, rules: str, approved: bool
) -> None:
    """The apply job would start at once, and the deploying role would approve in nobody's name."""
    script = all_of_them.step("deploy-stack.yml", "Approve")["run"]
    for name, text in (("gh", f"echo {rules}"), (".venv/bin/groundplan", f'echo "$@" > {tmp_path}/asked')):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)
    environ = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "ENVIRONMENT": "prod", "GITHUB_REPOSITORY": "octo-org/infra"}

    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False, timeout=20
    )

    assert (done.returncode == 0) is approved, done.stderr
    assert (tmp_path / "asked").exists() is approved
    assert ("has no required reviewers" in done.stdout) is not approved


def test_an_output_that_cannot_be_read_is_no_missing_repository(all_of_them: Generated) -> None:
    """Else the stack is applied with the tag of an image that nobody pushed."""
    script = all_of_them.step("deploy-stack.yml", "Push the image")["run"]

    assert "--json)\n" in script
    assert "||" not in script


def scripts() -> Iterator[Any]:
    for name in sorted(committed().by_name):
        for job, step in committed().steps(name):
            if "run" in step:
                yield pytest.param(step["run"], id=f"{name}: {job}: {step['name']}")


def test_every_script_is_one_for_bash(tmp_path: Path) -> None:
    broken = []
    for case in scripts():
        done = subprocess.run(
            ["bash", "-n"], input=str(case.values[0]), capture_output=True, text=True, check=False, timeout=10
        )
        broken += [f"{case.id}: {done.stderr}"] if done.returncode else []

    assert len(list(scripts())) > 20
    assert broken == []
