"""The processes of a drill are found by who started them and where they work; no other is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tooling.drill.family import descendants, end_family

# A parent in a session of its own, with a child in another, as groundplan and Terraform are.
PARENT = """\
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=tmp_path, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield process
    end_family(tmp_path)
    process.communicate()


def lives(pid: int) -> bool:
    with suppress(ProcessLookupError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_a_child_in_a_session_of_its_own_is_found_by_who_started_it(parent: subprocess.Popen[str]) -> None:
    (child,) = descendants(parent.pid)

    assert child.parent == parent.pid
    assert lives(child.pid)


def test_killing_one_leaves_the_others(parent: subprocess.Popen[str]) -> None:
    (child,) = descendants(parent.pid)

    struck = child.kill()
    again = _until_gone(child.pid) and child.kill()

    assert (struck, again) == (True, False)
    assert parent.poll() is None


def test_an_orphan_is_ended_by_the_folder_that_it_works_in_and_nobody_else_is(
    parent: subprocess.Popen[str], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    # GIVEN an orphan in the folder, and a stranger in another
    (child,) = descendants(parent.pid)
    stranger = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], cwd=tmp_path_factory.mktemp("elsewhere")
    )
    parent.kill()
    parent.wait()

    # WHEN all of the folder is ended
    end_family(tmp_path)

    # THEN the orphan is gone, and the stranger is not
    assert not lives(child.pid)
    assert lives(stranger.pid)
    stranger.kill()
    stranger.wait()


def _until_gone(pid: int) -> bool:
    for _ in range(200):
        if not lives(pid):
            return True
        time.sleep(0.01)
    return False
