"""A drill's sandbox: a project and an emulator of its own, of which nothing is left, however the drill ends."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.project import Project, tiny_project
from tooling.drill.sandbox import PREFIX, clear_left_behind, sandbox
from tooling.emulator.process import status
from tooling.errors import ToolError
from tooling.workspace import Workspace


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    root.mkdir()
    project = tiny_project(root, None, "tiny-of-the-sandbox")
    project.tfvars("size = 20\nseconds = 2\n")
    return project


@pytest.fixture
def places(tmp_path: Path, project: Project) -> Path:
    """Where sandboxes of this test are made."""
    folder = tmp_path / "places"
    folder.mkdir()
    project.environ["TMPDIR"] = str(folder)
    return folder


def files(project: Project) -> set[str]:
    return {str(file.relative_to(project.root)) for file in project.root.rglob("*")}


def test_the_real_command_runs_in_it_and_the_project_is_left_alone(project: Project) -> None:
    before = files(project)

    with sandbox(Workspace(project.root), "local") as box:
        planned = box.json("plan", "--stack", "tiny")
        endpoint = box.emulator.endpoint
        root = box.root

    assert planned["stacks"]["local/tiny"]["counts"]["create"] == 20
    assert endpoint.startswith("http://127.0.0.1:")
    assert not root.exists()
    assert status(root / ".groundplan/emulator") is None
    assert files(project) == before


def test_an_environment_that_is_not_there_is_refused_before_anything_is_copied(project: Project) -> None:
    with pytest.raises(ToolError, match="nowhere"), sandbox(Workspace(project.root), "nowhere"):
        pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupted_drill_leaves_nothing(project: Project, places: Path, number: signal.Signals) -> None:
    # GIVEN a drill whose sandbox is at work
    drill = project.start("drill", "kill", "--stack", "tiny", "--seed", "1")
    (box,) = _await_sandbox(places)
    emulator = _await_emulator(box)

    # WHEN it is interrupted
    drill.send_signal(number)
    _, said = drill.communicate(timeout=60)

    # THEN it ends as interrupted commands do, and neither folder nor emulator is left
    assert drill.returncode == 130, said
    assert "Traceback" not in said
    assert list(places.iterdir()) == []
    assert not _lives(emulator)


def test_what_a_killed_drill_left_is_cleared_away_by_the_next_and_what_is_kept_stays(
    project: Project, places: Path
) -> None:
    # GIVEN the sandbox of a drill that was killed, and one that is kept
    drill = project.start("drill", "kill", "--stack", "tiny", "--seed", "1")
    (box,) = _await_sandbox(places)
    emulator = _await_emulator(box)
    drill.kill()
    drill.communicate()
    kept = places / f"{PREFIX}kept"
    kept.mkdir()
    (kept / "owner").write_text((box / "owner").read_text())
    (kept / "kept").touch()

    # WHEN somebody clears away
    removed = clear_left_behind(places)

    # THEN that one is gone with its emulator, and the kept one is there
    assert removed == [box]
    assert list(places.iterdir()) == [kept]
    assert not _lives(emulator)


def _await_sandbox(places: Path) -> list[Path]:
    for _ in range(600):
        if found := list(places.glob(f"{PREFIX}*")):
            return found
        time.sleep(0.05)
    raise AssertionError("no sandbox was made")


def _await_emulator(box: Path) -> int:
    for _ in range(1200):
        if running := status(box / ".groundplan/emulator"):
            return running.pid
        time.sleep(0.05)
    raise AssertionError("its emulator did not start")


def _lives(pid: int) -> bool:
    answer = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(answer.stdout.strip()) and not answer.stdout.startswith("Z")


@pytest.fixture(autouse=True)
def _nothing_is_left(tmp_path: Path) -> Iterator[None]:
    yield
    clear_left_behind(tmp_path / "places")
