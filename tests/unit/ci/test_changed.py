"""Which stacks a change touches."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tests.unit.ci.workflow import places
from tooling.ci.changed import touched
from tooling.ci.places import find_places
from tooling.ci.settings import load_settings
from tooling.workspace import Workspace

ALL = places()


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("envs/dev/kefir/terraform.tfvars", {"dev/kefir"}),
        # The same commit has to be applied to dev before prod takes it.
        ("envs/prod/kefir/terraform.tfvars", {"dev/kefir", "prod/kefir"}),
        ("envs/staging/env.toml", {"staging/solemate"}),
        ("modules/kefir/removable/data.tf", {"dev/kefir"}),
        ("modules/kefir/data.tf", {"dev/kefir", "prod/kefir"}),
        ("functions/rewind/shareHandler/index.mjs", {"dev/rewind", "prod/rewind"}),
        ("containers/doomscroll/Dockerfile", {"dev/doomscroll", "prod/doomscroll"}),
        ("modules/kefir/README.md", set()),
        ("docs/cli.md", set()),
        ("tests/unit/ci/test_changed.py", set()),
        ("envs/local/kefir/terraform.tfvars", set()),
    ],
)
def test_a_file_touches_the_stacks_that_are_made_from_it(file: str, expected: set[str]) -> None:
    assert {f"{env}/{stack}" for env, stack in touched(ALL, [file])} == expected


@pytest.mark.parametrize("files", [["policies/waivers.yaml"], ["requirements.lock"], None])
def test_what_every_plan_is_made_with_touches_everything(files: list[str] | None) -> None:
    everything = {(place.env, name) for place in ALL for name in place.architectures}

    assert set(touched(ALL, files)) == everything
    assert len(everything) == 10


def test_a_push_deploys_only_what_ci_toml_says() -> None:
    found = touched(ALL, None, push=True)

    assert [stack for env, stack in found if env == "prod"] == ["doomscroll"]
    assert {stack for env, stack in found if env == "dev"} == {"kefir", "nullcheck", "rewind", "doomscroll"}


def test_by_hand_an_environment_takes_the_one_below_along() -> None:
    found = touched(places("kefir"), None, to="prod")

    assert found == (("dev", "kefir"), ("prod", "kefir"))


ENV_TOML = """\
account_id       = "111122223333"
region           = "us-east-1"
artifacts_bucket = "packages-zzz"
[state]
bucket = "state-zzz"
region = "us-east-1"
[stacks.one]
retain_data = false
[stacks.two]
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    (tmp_path / "cdktf_app").mkdir()
    project.write("envs/dev/env.toml", ENV_TOML)
    project.write("envs/dev/one/terraform.tfvars", "a = 1\n")
    git(project, "init", "-q")
    commit(project, "first")
    return project


def git(project: Project, *args: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.com")
    done = subprocess.run(["git", *who, *args], cwd=project.root, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(project: Project, message: str) -> str:
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", message)
    return git(project, "rev-parse", "HEAD")


def test_the_command_compares_the_checkout_with_a_commit(checkout: Project) -> None:
    base = git(checkout, "rev-parse", "HEAD")
    checkout.write("envs/dev/one/terraform.tfvars", "a = 2\n")
    commit(checkout, "second")

    answer = run_here(checkout, "ci", "stacks", "--base", base)
    same = run_here(checkout, "ci", "stacks", "--base", git(checkout, "rev-parse", "HEAD"))

    assert (answer.code, answer.out) == (0, "dev/one\n"), answer.said
    assert (same.code, same.out) == (0, "")


def test_a_base_that_git_does_not_know_means_every_stack(checkout: Project) -> None:
    answer = run_here(checkout, "ci", "stacks", "--base", "0" * 40, "--form", "github")

    assert answer.out.splitlines()[0] == 'dev=["one", "two"]'
    assert json.loads(answer.out.splitlines()[1].removeprefix("stacks=")) == [
        {"environment": "dev", "stack": "one"},
        {"environment": "dev", "stack": "two"},
    ]


@pytest.mark.requirement("KF-CI-03")
def test_an_environment_without_the_stack_gets_an_empty_list(checkout: Project) -> None:
    """The job of an environment whose line is missing has no matrix, and stops those that come after it."""
    checkout.write("envs/prod/env.toml", ENV_TOML.partition("[stacks.two]")[0])

    answer = run_here(checkout, "ci", "stacks", "--to", "dev", "--stack", "two", "--form", "github")

    assert answer.out.splitlines()[:2] == ['dev=["two"]', "prod=[]"], answer.said


def test_a_scope_of_environments_leaves_the_others_out(checkout: Project) -> None:
    checkout.write("envs/prod/env.toml", ENV_TOML)

    answer = run_here(checkout, "ci", "stacks", "--env", "prod", "--form", "github")

    assert [line.partition("=")[0] for line in answer.out.splitlines()] == ["prod", "stacks"]
    assert "dev" not in answer.out


def test_rejects_a_deployment_to_an_environment_that_has_no_such_stack(checkout: Project) -> None:
    checkout.write("envs/prod/env.toml", ENV_TOML.partition("[stacks.two]")[0])

    answer = run_here(checkout, "ci", "stacks", "--to", "prod", "--stack", "two")

    assert answer.code == 2
    assert "'prod' is no environment on AWS with such a stack" in answer.err
    assert "there are: dev" in answer.err


def test_a_file_that_moves_touches_where_it_was_and_where_it_is(checkout: Project) -> None:
    checkout.write("functions/one/handle/index.mjs", "export const handler = async () => ({ statusCode: 200 });\n")
    base = commit(checkout, "function")
    (checkout.root / "functions/two/handle").mkdir(parents=True)
    git(checkout, "mv", "functions/one/handle/index.mjs", "functions/two/handle/index.mjs")
    commit(checkout, "moved")

    assert run_here(checkout, "ci", "stacks", "--base", base).out == "dev/one\ndev/two\n"


@pytest.mark.parametrize("approvals", [0, 1])
def test_the_pipeline_approves_only_where_approvals_are_asked_for(checkout: Project, approvals: int) -> None:
    checkout.write("envs/dev/env.toml", f"{ENV_TOML}[approval]\napprovals = {approvals}\n")
    checkout.write("envs/ci.toml", '[environments.dev]\napproval = "environment"\n')
    workspace = Workspace(checkout.root)

    (place,) = find_places(workspace, load_settings(workspace))

    assert place.approves is (approvals > 0)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[environments.prod]\napproval = "nobody"\n', "envs/ci.toml:2: environments.prod.approval is 'nobody'"),
        ("[environments.prod]\n", "'prod' is no environment on AWS"),
        ('[environments.dev]\non_push = ["three"]\n', "'three' is no stack of dev"),
        ('branches = "main"\n', "envs/ci.toml:1: branches is 'main'"),
        ("branch = \n", "envs/ci.toml: is no valid TOML"),
    ],
)
def test_rejects_bad_settings(checkout: Project, text: str, says: str) -> None:
    checkout.write("envs/ci.toml", text)

    answer = run_here(checkout, "ci", "stacks")

    assert answer.code == 2, answer.said
    assert says in answer.err
