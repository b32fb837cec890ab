"""Which stacks a change touches."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.in_process import run_here
from tests.support.project import Project
from tests.unit.ci.workflow import places
from tooling.ci.changed import touched

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
    found = touched(places("kefir"), None, envs=["prod"])

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
    assert '"plan_role": "arn:aws:iam::111122223333:role/groundplan-dev-plan"' in answer.out.splitlines()[1]


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
