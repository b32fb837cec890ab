"""`groundplan secrets init`: what a stack needs is generated, kept by its owner only, and shown nowhere."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY, Answer, Project
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import ToolError
from tooling.given_secrets import init, kept, wanted
from tooling.session import open_session
from tooling.workspace import Workspace

Applied = Callable[..., Project]
KEPT = ".groundplan/secrets/local/doomscroll.env"


@pytest.fixture
def project(applied: Applied) -> Project:
    project = applied("doomscroll")
    project.write("envs/local/doomscroll/variables.tf", (REPOSITORY / "envs/dev/doomscroll/variables.tf").read_text())
    return project


def secrets(project: Project, *args: str, **environ: str) -> Answer:
    return run_here(project, "secrets", "init", "--stack", "doomscroll", *args, environ=environ)


def values(project: Project) -> dict[str, str]:
    return dict(re.findall(r"TF_VAR_(\w+)='(.*)'", (project.root / KEPT).read_text()))


@pytest.mark.requirement("FD-RDS-22")
def test_what_is_needed_is_generated_long_enough_and_shown_nowhere(project: Project) -> None:
    answer = secrets(project)

    assert answer.code == 0, answer.said
    made = values(project)
    assert sorted(made) == ["db_password", "session_secret"]
    # The rules of modules/doomscroll/variables.tf.
    assert re.fullmatch(r"[A-Za-z0-9]{20,128}", made["db_password"])
    assert 32 <= len(made["session_secret"]) <= 4096
    assert made["db_password"] != made["session_secret"]
    assert not any(value in answer.said for value in made.values())
    assert stat.S_IMODE((project.root / KEPT).stat().st_mode) == 0o600


def test_again_keeps_all_and_rotate_gives_one_another_value(project: Project) -> None:
    secrets(project)
    first = values(project)

    again = json.loads(secrets(project, "--json").out)
    same = values(project)
    secrets(project, "--rotate", "db_password")

    assert {one["where"] for one in again["doomscroll"]} == {"kept"}
    assert same == first
    assert values(project)["db_password"] != first["db_password"]
    assert values(project)["session_secret"] == first["session_secret"]


def test_what_is_exported_or_in_the_stacks_values_is_written_nowhere(project: Project) -> None:
    project.write("envs/local/doomscroll/terraform.tfvars", 'session_secret = "an example of the emulator"\n')

    answer = secrets(project, "--json", TF_VAR_db_password="of-my-own-shell")

    assert {one["variable"]: one["where"] for one in json.loads(answer.out)["doomscroll"]} == {
        "db_password": "exported",
        "session_secret": "terraform.tfvars",
    }
    assert not (project.root / KEPT).exists()


def test_terraform_is_given_what_is_kept_and_the_shells_own_before_it(project: Project) -> None:
    secrets(project)
    session = open_session(Workspace(project.root), "local", ["doomscroll"])

    own = session.terraform(session.stack).environ
    exported = {**session.target.environ, "TF_VAR_db_password": "mine"}
    session.target = replace(session.target, environ=exported)

    assert own["TF_VAR_db_password"] == values(project)["db_password"]
    assert session.terraform(session.stack).environ["TF_VAR_db_password"] == "mine"
    # Exported without a value counts as not exported, as `secrets init` has it.
    empty = {**session.target.environ, "TF_VAR_db_password": ""}
    session.target = replace(session.target, environ=empty)
    assert session.terraform(session.stack).environ["TF_VAR_db_password"] == values(project)["db_password"]


def test_an_answer_is_kept_as_it_was_given(project: Project) -> None:
    workspace = Workspace(project.root)
    (stack,) = select_stacks(workspace, "local", load_environment(workspace, "local"), ["doomscroll"])

    init(workspace, stack, {}, ask=lambda name: f'my own {name} with $ and "')

    assert kept(workspace, stack)["db_password"] == 'my own db_password with $ and "'


def test_a_variable_that_is_no_secret_cannot_be_rotated(project: Project) -> None:
    answer = secrets(project, "--rotate", "multi_az")

    assert answer.code == 2
    assert "'multi_az' is no secret of the stack\nhint: there are: db_password, session_secret" in answer.err


def test_what_the_shell_exports_is_not_said_to_be_rotated(project: Project) -> None:
    secrets(project)
    before = values(project)

    answer = secrets(project, "--rotate", "db_password", TF_VAR_db_password="of-my-own-shell")

    assert answer.code == 2
    assert "db_password is not rotated: the shell exports it, and that comes first" in answer.err
    assert values(project) == before


def test_a_rotation_is_of_one_stack(project: Project) -> None:
    with (project.root / "envs/local/env.toml").open("a") as file:
        file.write("\n[stacks.kefir]\n")
    root = (project.root / "envs/local/doomscroll/main.tf").read_text()
    project.write("envs/local/kefir/main.tf", root.replace("doomscroll", "kefir"))
    project.write("modules/kefir/main.tf", "")

    answer = run_here(project, "secrets", "init", "--rotate", "db_password")

    assert (answer.code, answer.err) == (2, "error: local: --rotate is for one stack\nhint: say which: --stack\n")


def test_nobody_is_asked_without_a_terminal(project: Project) -> None:
    answer = project.run("secrets", "init", "--stack", "doomscroll", "--ask")

    assert answer.code == 2
    assert "nobody is there to ask" in answer.err
    assert not (project.root / KEPT).exists()


@pytest.mark.parametrize("value", ["", "it's", "two\nlines", "a\x00b"])
def test_an_answer_that_cannot_be_kept_is_refused(project: Project, value: str) -> None:
    workspace = Workspace(project.root)
    (stack,) = select_stacks(workspace, "local", load_environment(workspace, "local"), ["doomscroll"])

    with pytest.raises(ToolError, match="db_password is empty, or has a line end"):
        init(workspace, stack, {}, ask=lambda _: value)

    assert kept(workspace, stack) == {}


@pytest.mark.parametrize(
    ("stack", "needs"),
    [
        ("dev/doomscroll", ("db_password", "session_secret")),
        ("dev/nullcheck", ("encryption_key",)),
        ("staging/solemate", ("master_password",)),
        ("dev/kefir", ()),
    ],
)
def test_what_each_stack_needs_is_read_from_its_root(stack: str, needs: tuple[str, ...]) -> None:
    env, architecture = stack.split("/")
    workspace = Workspace(REPOSITORY)
    (found,) = select_stacks(workspace, env, load_environment(workspace, env), [architecture])

    assert wanted(found) == needs


def test_the_folder_is_not_in_git() -> None:
    assert ".groundplan/" in Path(REPOSITORY / ".gitignore").read_text().split()
