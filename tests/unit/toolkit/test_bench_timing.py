"""What a comparison notes of a process and of all that it starts."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from bench.cdktf_cli import node_home
from bench.timing import run_once
from tooling.errors import ToolError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

HOLDS_AND_FORKS = """
import os, time
held = bytearray(os.urandom(1)) * 200_000_000
child = os.fork()
time.sleep(1)
if child:
    os.wait()
"""


def test_a_process_that_does_not_end_in_time_is_ended_with_what_it_started(tmp_path: Path) -> None:
    script = 'sleep 60 & echo "$!" >child; sleep 60'

    with pytest.raises(ToolError, match=r"did not end within 0\.5 s"):
        run_once(["/bin/sh", "-c", script], os.environ, tmp_path, bound=0.5)

    assert not Path("/proc", (tmp_path / "child").read_text().strip()).exists()


def test_a_process_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=r"ended with 3: no such stack"):
        run_once(["/bin/sh", "-c", "echo no such stack >&2; exit 3"], os.environ, tmp_path)


def test_what_processes_share_counts_once(tmp_path: Path) -> None:
    sample = run_once([sys.executable, "-c", HOLDS_AND_FORKS], os.environ, tmp_path)

    assert 200 <= sample.memory < 300
    assert sample.own == sample.memory


def test_python_is_told_apart_from_the_node_that_it_starts(tmp_path: Path) -> None:
    code = (
        "import subprocess, sys; held = bytearray(60_000_000); "
        "subprocess.run([sys.argv[1], '-e', 'const held = Buffer.alloc(80e6, 1); setTimeout(() => held, 700)'])"
    )

    sample = run_once([sys.executable, "-c", code, str(node_home() / "bin/node")], os.environ, tmp_path)

    assert 60 <= sample.python < 100
    assert sample.own - sample.python > 80


def test_what_a_process_leaves_running_adds_the_cpu_that_it_takes(tmp_path: Path) -> None:
    burns = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"

    sample = run_once(["/bin/sh", "-c", f"{sys.executable} -c '{burns}' & sleep 0.1"], os.environ, tmp_path)

    assert sample.cpu >= 0.3
