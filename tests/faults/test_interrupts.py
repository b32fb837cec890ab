"""Ctrl-C twice and three times, a CI job that is cancelled: told what it costs, and nothing is lost."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from typing import Any

import pytest

from tests.support.project import Project
from tests.support.under_way import in_a_terminal, locked, resources_in_state, shown, wait_until_it_applies
from tooling.interrupts import SECONDS_TO_READ
from tooling.target import Target


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


# Terraform that still has something to wait for after its first interrupt, as with calls that AWS takes long for, and
# that ends at once at the second. A provisioner would not do: Terraform stops it.
TAKES_LONG_TO_STOP = """\
#!{PYTHON}
import os, signal, subprocess, sys, threading, time
if "apply" not in sys.argv:
    os.execvp("terraform", ["terraform", *sys.argv[1:]])
child = subprocess.Popen(["terraform", *sys.argv[1:]], start_new_session=True)
asked = []
def interrupted(*_):
    asked.append(time.monotonic())
    if len(asked) > 1:
        child.kill()
signal.signal(signal.SIGINT, interrupted)
while child.poll() is None:
    if asked and time.monotonic() - asked[0] > 4:
        child.send_signal(signal.SIGINT)
        break
    time.sleep(0.02)
sys.exit(1 if child.wait() else 0)
"""


@pytest.fixture
def slow(tiny: Project) -> Project:
    """Thirty resources, ten at a time, each of which takes longer than anybody waits here."""
    tiny.tfvars("size = 30\nseconds = 30\n")
    wrapper = tiny.write("terraform-that-waits", TAKES_LONG_TO_STOP.replace("{PYTHON}", sys.executable))
    wrapper.chmod(0o755)
    tiny.environ["GROUNDPLAN_TERRAFORM"] = str(wrapper)
    planned = tiny.run("plan")
    assert planned.code == 0, planned.said
    return tiny


def test_the_second_names_what_is_under_way_and_then_waits_as_the_first(slow: Project, s3: Any, bucket: str) -> None:
    apply = slow.start("apply")
    wait_until_it_applies(slow, begun=10)

    apply.send_signal(signal.SIGINT)
    time.sleep(0.5)
    apply.send_signal(signal.SIGTERM)
    out, err = apply.communicate(timeout=60)

    assert apply.returncode == 130, out + err
    assert err.count("interrupted again; still being made, and waited for:") == 1
    assert err.count("  local/tiny: module.tiny.terraform_data.item[") == 10
    assert "(create, for " in err
    assert "these would be in doubt until: groundplan resume --env local" in err
    assert resources_in_state(s3, bucket) == 10
    assert not locked(s3, bucket)


def test_ctrl_c_at_a_terminal_reaches_terraform_once(slow: Project, s3: Any, bucket: str) -> None:
    # GIVEN an apply in the foreground of a terminal, which tells everyone there of Ctrl-C
    process, master = in_a_terminal(slow, "apply")
    wait_until_it_applies(slow, begun=10)

    # WHEN it is pressed
    os.write(master, b"\x03")

    # THEN what is under way is ended and saved
    said = ""
    while process.poll() is None:
        said += shown(master)
        time.sleep(0.1)
    said += shown(master)
    assert process.returncode == 130, said
    assert "interrupt passed on" in said
    assert resources_in_state(s3, bucket) == 10
    assert not locked(s3, bucket)


def test_three_quick_ones_end_nothing(slow: Project, s3: Any, bucket: str) -> None:
    apply = slow.start("apply")
    wait_until_it_applies(slow, begun=10)

    for _ in range(8):
        apply.send_signal(signal.SIGINT)
        time.sleep(0.05)
    out, err = apply.communicate(timeout=60)

    assert apply.returncode == 130, out + err
    assert "ended at once" not in err
    assert resources_in_state(s3, bucket) == 10


def test_a_third_ends_it_at_once_and_resume_finds_out(slow: Project, s3: Any, bucket: str) -> None:
    apply = slow.start("apply")
    wait_until_it_applies(slow, begun=10)

    apply.send_signal(signal.SIGINT)
    time.sleep(0.3)
    apply.send_signal(signal.SIGINT)
    time.sleep(SECONDS_TO_READ + 0.3)
    began = time.monotonic()
    apply.send_signal(signal.SIGINT)
    out, err = apply.communicate(timeout=60)

    # THEN it does not wait for what would take seconds more, and says what is open
    assert apply.returncode == 130, out + err
    assert time.monotonic() - began < 4
    assert "terraform is ended at once" in err
    assert "groundplan resume --env local" in err.splitlines()[-1]
    # and after a resume the next plan makes exactly what is missing
    resumed = slow.run("resume")
    assert resumed.code == 0, resumed.said
    assert not locked(s3, bucket)
    again = slow.run("plan", "--json")
    assert again.code == 0, again.said
    create = json.loads(again.out)["stacks"]["local/tiny"]["counts"]["create"]
    assert create == 30 - resources_in_state(s3, bucket)


@pytest.mark.parametrize("grace", [0.5, 2.0])
def test_a_job_that_is_cancelled_and_then_killed_is_resumed(slow: Project, s3: Any, bucket: str, grace: float) -> None:
    # GIVEN an apply in a job that gets SIGTERM, and SIGKILL when it is not gone soon after
    apply = slow.start("apply")
    wait_until_it_applies(slow, begun=10)
    apply.send_signal(signal.SIGTERM)
    time.sleep(grace)
    apply.kill()
    apply.communicate(timeout=60)

    # WHEN the next job resumes
    resumed = slow.run("resume")

    # THEN what Terraform ended by itself is in the state, and nothing is locked or made twice
    assert resumed.code == 0, resumed.said
    assert resources_in_state(s3, bucket) == 10
    assert not locked(s3, bucket)
    again = slow.run("plan", "--json")
    assert json.loads(again.out)["stacks"]["local/tiny"]["counts"]["create"] == 20, again.said
