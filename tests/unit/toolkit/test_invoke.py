"""`groundplan invoke`: a function is run once, and what it returns is the result."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar

import pytest

from tests.support.project import REPOSITORY, Answer, Project
from tests.support.written_state import Written, write_stack
from tests.unit.toolkit.conftest import Applied
from tooling.errors import ToolError
from tooling.functions.finding import find_function
from tooling.functions.invoking import invoke, invoke_here
from tooling.live import LiveStack, live_stack
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

ECHO = """\
export const handler = async (event, context) => {
  console.log("asked by", context.functionName);
  if (event.big) return { statusCode: 200, body: "x".repeat(event.big) };
  if (event.fail) throw new RangeError(event.fail);
  if (event.crash) setTimeout(() => { throw new TypeError("late"); }, 1);
  if (event.steer) console.log("\\x1b]0;mine\\x07done");
  if (event.crash || event.hang) await new Promise(() => setInterval(() => {}, 1000));
  const { TABLE_NAME: table, AWS_ENDPOINT_URL: endpoint, OWN_TOKEN: shell } = process.env;
  return { statusCode: 200, table, endpoint, shell };
};
"""


def stack_with(project: Project, target: Target, name: str, *functions: str) -> None:
    resources = [
        Written(
            "aws_lambda_function",
            one.lower(),
            "api",
            {
                "function_name": f"kefir-{name}-{one}",
                "environment": [{"variables": {"TABLE_NAME": f"table-{name}"}}],
                "timeout": 7,
            },
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


def live_of(project: Project) -> LiveStack:
    session = open_session(Workspace(project.root), "local", ["kefir"])
    return live_stack(session, session.stack)


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

    args = ("invoke", "--stack", "kefir", "echo", "--local", "--payload", f"@{event}")
    answer = echo.run(*args, environ={"OWN_TOKEN": "of whoever runs it"})

    assert answer.code == 0, answer.said
    # What else the shell holds is none of the function's business.
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


def test_what_a_function_logs_cannot_steer_the_terminal(echo: Project) -> None:
    answer = invoked(echo, "echo", "--local", "--payload", '{"steer": true}')

    assert answer.code == 0, answer.said
    assert "]0;mine" in answer.err
    assert "\x1b" not in answer.err


def test_a_crash_is_told_by_its_error(echo: Project) -> None:
    answer = invoked(echo, "echo", "--local", "--payload", '{"crash": true}')

    assert answer.code == 1
    assert "echo: ended with 1 before it answered: TypeError: late" in answer.err


def test_a_function_has_as_long_here_as_where_it_is_deployed(echo: Project) -> None:
    live = live_of(echo)
    hanging = replace(find_function(live, "echo"), seconds=1)

    with pytest.raises(ToolError, match="took longer than the 1 seconds that the deployed one has"):
        invoke_here(live, hanging, {"hang": True}, start=1)

    assert find_function(live, "echo").seconds == 7


@dataclass(frozen=True)
class Lambda(Target):
    """Where Lambda answers, and with what patience it was asked."""

    asked: list[tuple[int | None, float | None]] = field(default_factory=list)

    def client(
        self, service: str, region: str | None = None, *, retries: int | None = None, read: float | None = None
    ) -> Any:
        if service == "lambda":
            self.asked.append((retries, read))
        return super().client(service, region, retries=retries, read=read)


class Answering(BaseHTTPRequestHandler):
    """Answers as Lambda does: what the event says it should."""

    events: ClassVar[list[Any]] = []

    def do_POST(self) -> None:
        event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.events.append(event)
        self.send_response(event["status"])
        if event.get("error"):
            self.send_header("X-Amz-Function-Error", event["error"])
        self.send_header("X-Amz-Log-Result", base64.b64encode(b"START\nsaid\n").decode())
        self.end_headers()
        self.wfile.write(event["body"].encode())

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def answering(echo: Project) -> Iterator[LiveStack]:
    """The stack, whose functions are run by a Lambda of this machine."""
    Answering.events.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    live = live_of(echo)
    own = live.session.target
    endpoint = f"http://127.0.0.1:{server.server_port}"
    live.session.target = Lambda("emulator", endpoint, own.environ, own.region, own.account_id)
    yield live
    server.shutdown()
    server.server_close()


@pytest.mark.requirement("KF-FN-06")
def test_a_deployed_function_returns_what_lambda_says(answering: LiveStack) -> None:
    event = {"status": 200, "body": '{"statusCode": 200, "body": "{}"}'}

    done = invoke(answering, find_function(answering, "echo"), event)

    assert (done.result, done.failed, done.log) == ({"statusCode": 200, "body": "{}"}, False, "START\nsaid\n")
    assert Answering.events == [event]


@pytest.mark.parametrize(
    ("body", "result"),
    [('{"errorMessage": "too far"}', {"errorMessage": "too far"}), ("no JSON", "no JSON"), ("", None)],
)
def test_a_deployed_function_that_throws_has_failed(answering: LiveStack, body: str, result: object) -> None:
    event = {"status": 200, "error": "Unhandled", "body": body}

    done = invoke(answering, find_function(answering, "echo"), event)

    assert (done.result, done.failed) == (result, True)


def test_a_deployed_function_is_run_once_and_waited_for(answering: LiveStack) -> None:
    with pytest.raises(ToolError, match="invoking echo: Invoke was refused"):
        invoke(answering, find_function(answering, "echo"), {"status": 500, "body": "{}"})

    assert len(Answering.events) == 1
    # It may take 7 seconds; the answer has its way and a start beside that.
    assert isinstance(answering.session.target, Lambda)
    assert answering.session.target.asked == [(0, 17)]


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
        (("echo", "--payload", '{"a": NaN}'), "--payload: is no JSON: NaN"),
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
