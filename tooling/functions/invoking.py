"""Running a function: the deployed one by Lambda, or the package of its sources on this machine."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from tooling.errors import Exit, ToolError
from tooling.functions.node import find_node

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tooling.functions.finding import LiveFunction
    from tooling.live import LiveStack

# Beyond the function's own time: for the way there and back, and a cold start.
_START_SECONDS = 10
_RUNNER = Path(__file__).with_name("run_handler.js")
# What a function gets of this machine, and of the run's target: its region, credentials and endpoint.
_PASSED_ON = ("PATH", "HOME", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "NODE_EXTRA_CA_CERTS")


@dataclass(frozen=True)
class Invocation:
    """What came of running a function once.

    Attributes:
        function: Its name: Lambda's, or that of the sources.
        result: What it returned; what it threw, as Lambda tells it, where it failed.
        failed: Whether it threw, or ran out of time or memory.
        log: What it logged, as far as that is told.
        seconds: How long the call took.
    """

    function: str
    result: Any
    failed: bool
    log: str
    seconds: float


def parse_payload(text: str) -> Any:
    """The event that ``text`` is as JSON, or the file holds that it names as ``@file``.

    Raises:
        ToolError: Exit 2: there is no such file, or it is no JSON.
    """
    where = "--payload"
    if text.startswith("@"):
        where = text[1:]
        try:
            text = Path(where).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ToolError(f"cannot be read: {error}", where=where, exit_code=Exit.USAGE) from error
    try:
        return json.loads(text, parse_constant=_no_json)
    except (ValueError, RecursionError) as error:
        raise ToolError(f"is no JSON: {error}", where=where, exit_code=Exit.USAGE) from error


def invoke(live: LiveStack, function: LiveFunction, event: Any) -> Invocation:
    """Have Lambda run a deployed function once, and wait for it.

    Raises:
        ToolError: Lambda refuses, and nothing was run; or it gives no answer, and nobody knows.
    """
    # A second try would run it a second time, and Lambda answers only once the function is done.
    client = live.session.target.client("lambda", function.region, retries=0, read=function.seconds + _START_SECONDS)
    started = monotonic()
    hint = "the emulator runs no function: run its sources on this machine with --local"
    with live.asking(f"invoking {function.key}", hint=hint if live.session.target.emulated else None):
        answer = client.invoke(FunctionName=function.name, Payload=json.dumps(event).encode(), LogType="Tail")
        body = answer["Payload"].read()
    return Invocation(
        function.name,
        _result(body),
        bool(answer.get("FunctionError")),
        base64.b64decode(answer.get("LogResult") or "").decode("utf-8", errors="replace"),
        monotonic() - started,
    )


def invoke_here(live: LiveStack, function: LiveFunction, event: Any, *, start: float = _START_SECONDS) -> Invocation:
    """Run the package that the function's sources make in Node.js on this machine, with the deployed one's variables.

    Packages that Lambda brings, as the AWS SDK, are found only in ``functions/node_modules``.

    Args:
        live: The stack.
        function: Whose sources are run.
        event: What it is given.
        start: Seconds that Node.js may take to start, which Lambda does not count.

    Raises:
        ToolError: There are no such sources, no Node.js, or it took longer than the deployed one may.
    """
    from cdktf_app.packages import PackageError, build

    sources = live.session.workspace.functions
    try:
        packages = build(live.stack.architecture, sources=sources)
    except PackageError as error:
        where = live.session.workspace.relative(error.where)
        raise ToolError(error.what, where=where, hint=error.hint) from error
    if function.key not in packages:
        there = ", ".join(packages)
        raise ToolError(f"there are no sources of {function.key}", where=str(sources), hint=f"there are: {there}")
    started = monotonic()
    with tempfile.TemporaryDirectory(prefix="groundplan-invoke-") as temporary:
        folder = str(Path(temporary, "package"))
        ZipFile(BytesIO(packages[function.key].content)).extractall(folder)
        if (sources / "node_modules").is_dir():
            Path(folder, "node_modules").symlink_to(sources / "node_modules")
        outcome, log = _run(function, event, folder, _environment(live, function), start)
    took = monotonic() - started
    return Invocation(function.key, outcome.get("error", outcome.get("result")), "error" in outcome, log, took)


def _no_json(word: str) -> Any:
    raise ValueError(f"{word} is none of its values")


def _result(body: bytes) -> Any:
    """What a function returned; a runtime of somebody's own may return what is no JSON."""
    text = body.decode("utf-8", errors="replace")
    try:
        return json.loads(text) if text else None
    except ValueError:
        return text


def _run(
    function: LiveFunction, event: Any, folder: str, environ: Mapping[str, str], start: float
) -> tuple[dict[str, Any], str]:
    """The outcome of the handler, and what it logged."""
    outcome = Path(folder).with_name("outcome.json")
    given = {
        "folder": folder,
        "outcome": str(outcome),
        "event": event,
        "milliseconds": function.seconds * 1000,
        "name": function.name,
    }
    try:
        done = subprocess.run(
            [str(find_node()), "--input-type=module", "-e", _RUNNER.read_text(encoding="utf-8")],
            input=json.dumps(given),
            cwd=folder,
            env=dict(environ),
            capture_output=True,
            text=True,
            errors="replace",
            timeout=function.seconds + start,
            check=False,
        )
    except OSError as error:
        raise ToolError(f"Node.js did not run: {error}", where=str(find_node())) from error
    except subprocess.TimeoutExpired as error:
        what = f"took longer than the {function.seconds} seconds that the deployed one has, and was ended"
        raise ToolError(what, where=function.key, hint="what is it waiting for?") from error
    if not outcome.is_file():
        said = done.stderr.strip().splitlines()
        # Node.js ends a crash with its own version, which tells nothing.
        telling = next((line for line in reversed(said) if "Error" in line), said[-1] if said else "without a word")
        raise ToolError(f"ended with {done.returncode} before it answered: {telling}", where=function.key)
    return dict(json.loads(outcome.read_text(encoding="utf-8"))), done.stderr


def _environment(live: LiveStack, function: LiveFunction) -> dict[str, str]:
    own = live.session.target.environ
    passed = {key: value for key, value in own.items() if key in _PASSED_ON or key.startswith("AWS_")}
    return {
        **passed,
        **function.environment,
        "AWS_REGION": function.region,
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
    }
