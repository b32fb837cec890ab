"""`groundplan invoke`: a function is run once, and what it returns is the result."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY, Answer, Project
from tests.support.written_state import Written, write_stack
from tests.unit.toolkit.conftest import Applied
from tooling.target import Target

ECHO = """\
export const handler = async (event, context) => {
  console.log("asked by", context.functionName);
  if (event.big) return { statusCode: 200, body: "x".repeat(event.big) };
  if (event.fail) throw new RangeError(event.fail);
  if (event.hang) await new Promise(() => setInterval(() => {}, 1000));
  return { statusCode: 200, table: process.env.TABLE_NAME, endpoint: process.env.AWS_ENDPOINT_URL };
};
"""


def stack_with(project: Project, target: Target, name: str, *functions: str) -> None:
    resources = [
        Written(
            "aws_lambda_function",
            one.lower(),
            "api",
            {"function_name": f"kefir-{name}-{one}", "environment": [{"variables": {"TABLE_NAME": f"table-{name}"}}]},
        )
        for one in functions
    ]
    names = {one: f"kefir-{name}-{one}" for one in functions}
    outputs = {"function_names": names}
    write_stack(project, target, stack="kefir", bucket=f"state-{name}", resources=resources, outputs=outputs)


@pytest.fixture
def kefir(applied: Applied, target: Target, name: str) -> Project:
    """A stack whose functions have the project's own sources."""
    project = applied("kefir", {})
    shutil.copytree(REPOSITORY / "functions", project.root / "functions")
    stack_with(project, target, name, "handleAuth", "handleBatches")
    return project


@pytest.fixture
def echo(applied: Applied, target: Target, name: str) -> Project:
    """A stack of one function, which says what it was given."""
    project = applied("kefir", {})
    project.write("functions/kefir/echo/index.mjs", ECHO)
    stack_with(project, target, name, "echo")
    return project


def invoked(project: Project, *args: str) -> Answer:
    return project.run("invoke", "--stack", "kefir", *args)


@pytest.mark.requirement("KF-FN-06")
@pytest.mark.parametrize("asked", ["handleAuth", "ApiStack/handleAuth"])
def test_a_placeholder_answers_200_with_json(kefir: Project, asked: str) -> None:
    answer = invoked(kefir, asked, "--local", "--payload", '{"routeKey": "POST /auth/login", "version": "2.0"}')

    assert answer.code == 0, answer.said
    result = json.loads(answer.out)
    assert result["statusCode"] == 200
    assert json.loads(result["body"])["function"] == "handleAuth"


@pytest.mark.requirement("KF-FN-06")
def test_a_function_gets_the_deployed_ones_variables_and_the_runs_target(
    echo: Project, target: Target, name: str, tmp_path: Path
) -> None:
    event = tmp_path / "event.json"
    event.write_text("{}")

    answer = invoked(echo, "echo", "--local", "--payload", f"@{event}")

    assert answer.code == 0, answer.said
    expected = {"statusCode": 200, "table": f"table-{name}", "endpoint": target.endpoint}
    assert json.loads(answer.out) == expected
    assert f"asked by kefir-{name}-echo" in answer.err


def test_a_large_answer_comes_whole(echo: Project) -> None:
    answer = invoked(echo, "echo", "--local", "--payload", '{"big": 3000000}')

    assert answer.code == 0, answer.err[-300:]
    assert len(json.loads(answer.out)["body"]) == 3_000_000


def test_what_a_function_throws_is_told_and_fails(echo: Project) -> None:
    answer = invoked(echo, "echo", "--local", "--payload", '{"fail": "too far"}', "--json")

    assert answer.code == 1
    found = json.loads(answer.out)
    assert found["failed"] is True
    assert found["result"] == {"errorType": "RangeError", "errorMessage": "too far"}
    assert "error: local/kefir: echo failed" in answer.err


def test_a_deployed_one_on_the_emulator_says_how_to_run_it_here(echo: Project) -> None:
    answer = invoked(echo, "echo")

    assert answer.code == 1
    assert "invoking echo: Invoke was refused" in answer.err
    assert "--local" in answer.err


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("nobody",), "no function of the name 'nobody'"),
        (("data/echo",), "there are: api/echo"),
        (("echo", "--payload", "{"), "--payload: is no JSON"),
        (("echo", "--payload", "@no-such-file"), "no-such-file: cannot be read"),
    ],
)
def test_what_cannot_be_run_is_refused(echo: Project, args: tuple[str, ...], says: str) -> None:
    answer = invoked(echo, *args)

    assert answer.code == 2
    assert says in answer.err


def test_an_environment_that_asks_is_asked_before_anything_runs(applied: Applied, target: Target, name: str) -> None:
    project = applied("kefir", {}, confirm=True)
    project.write("functions/kefir/echo/index.mjs", ECHO)
    stack_with(project, target, name, "echo")

    asked = invoked(project, "echo", "--local")
    told = invoked(project, "echo", "--local", "--yes")

    assert asked.code == 2
    assert "nobody is there to confirm run kefir-" in asked.err
    assert "asked by" not in asked.err
    assert told.code == 0, told.said
