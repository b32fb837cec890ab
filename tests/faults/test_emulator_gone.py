"""The emulator is not there, or dies in the middle: known within seconds, not after the provider's 25 retries."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from tests.support.emulated import emulator_in
from tests.support.project import Project, tiny_project
from tooling.state import make_bucket
from tooling.target import Target


def test_a_run_without_the_emulator_says_how_to_start_it(tmp_path: Path) -> None:
    project = tiny_project(tmp_path, None, "tiny-state")

    answer = project.run("plan")

    assert answer.code == 1
    assert "error: the emulator is not running" in answer.err
    assert "hint: start it: groundplan emulator up" in answer.err


def test_an_emulator_that_is_killed_in_the_middle_of_an_apply_is_noticed_within_seconds(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # GIVEN an apply that takes 20 seconds
    home = tmp_path_factory.mktemp("own-emulator")
    with emulator_in(home) as running:
        environ = {"AWS_ACCESS_KEY_ID": "123456789012", "AWS_SECRET_ACCESS_KEY": "emulator"}
        target = Target("emulator", running.endpoint, environ, "us-east-1", "123456789012")
        make_bucket(target, "tiny-state", "us-east-1")
        project: Project = tiny_project(tmp_path, home, "tiny-state")
        project.tfvars("seconds = 6\n")
        assert project.run("plan").code == 0
        apply = project.start("apply")
        time.sleep(3)

        # WHEN the emulator is killed
        os.kill(running.pid, signal.SIGKILL)
        began = time.monotonic()
        out, err = apply.communicate(timeout=120)

    # THEN the error names it, in less time than the provider's retries would take
    assert apply.returncode == 1, out + err
    assert f"the emulator at {running.endpoint} stopped answering" in err
    assert "Traceback" not in err
    assert time.monotonic() - began < 60
