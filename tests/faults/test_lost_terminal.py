"""Whoever reads along goes away in the middle of an apply: the apply is done to its end, and the rest is in a file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import Project
from tests.support.under_way import in_a_terminal, locked, resources_in_state, shown, wait_until_it_applies
from tooling.target import Target


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


@pytest.fixture
def planned(tiny: Project) -> Project:
    """An apply of it takes three seconds and more."""
    tiny.tfvars("size = 12\nseconds = 1\n")
    answer = tiny.run("plan")
    assert answer.code == 0, answer.said
    return tiny


def all_is_whole(project: Project, s3: Any, bucket: str) -> None:
    """State, lock and receipt are as after an apply that nobody disturbed."""
    assert resources_in_state(s3, bucket) == 12
    assert not locked(s3, bucket)
    (receipt,) = project.latest.glob("tiny/receipt-*.json")
    content = json.loads(receipt.read_bytes())
    assert content["whole"] is True
    assert len(content["resources"]) == 12


def log_of(project: Project) -> str:
    (log,) = project.latest.glob("*.log")
    assert log.stat().st_mode & 0o777 == 0o600
    return log.read_text()


def test_a_terminal_that_is_closed_in_the_middle_loses_nothing(planned: Project, s3: Any, bucket: str) -> None:
    # GIVEN an apply in a terminal
    process, master = in_a_terminal(planned, "apply")
    wait_until_it_applies(planned)
    said_before = shown(master)

    # WHEN the terminal is closed
    os.close(master)

    # THEN it is done to its end, ends as always, and says the rest in the file that it had named
    assert process.wait(timeout=60) == 0
    all_is_whole(planned, s3, bucket)
    (log,) = planned.latest.glob("*.log")
    assert log.name in said_before
    said = log_of(planned)
    assert "the terminal is gone; the run goes on to its end" in said
    assert "local/tiny  applied        12 added, 0 changed, 0 destroyed" in said
    assert "Traceback" not in said
    assert planned.run("verify").code == 0


def test_a_hang_up_alone_changes_nothing(planned: Project, s3: Any, bucket: str) -> None:
    apply = planned.start("apply")
    wait_until_it_applies(planned)

    apply.send_signal(signal.SIGHUP)
    out, err = apply.communicate(timeout=60)

    assert apply.returncode == 0, out + err
    assert "the run goes on to its end and says the rest in .groundplan/changesets/local/" in err
    assert "12 added" in out
    all_is_whole(planned, s3, bucket)
    assert not list(planned.latest.glob("*.log"))


def test_a_hang_up_that_nohup_ignores_is_not_even_told_of(planned: Project, s3: Any, bucket: str) -> None:
    apply = planned.start("apply", ignored=[signal.SIGHUP])
    wait_until_it_applies(planned)

    apply.send_signal(signal.SIGHUP)
    out, err = apply.communicate(timeout=60)

    assert apply.returncode == 0, out + err
    assert "goes on to its end" not in err
    all_is_whole(planned, s3, bucket)


@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
def test_a_reader_of_both_streams_that_ends_loses_nothing(
    planned: Project, s3: Any, bucket: str, unbuffered: str
) -> None:
    planned.environ["PYTHONUNBUFFERED"] = unbuffered
    apply = planned.start("apply", "--json")
    wait_until_it_applies(planned)
    assert apply.stdout is not None
    assert apply.stderr is not None

    apply.stdout.close()
    apply.stderr.close()

    assert apply.wait(timeout=60) == 0
    all_is_whole(planned, s3, bucket)
    said = log_of(planned)
    assert '"how": "applied"' in said
    assert json.loads(said[said.index("\n{") : said.rindex("}") + 1])["applied"][0]["counts"]["add"] == 12


def closed(number: int) -> Callable[[], None]:
    return lambda: os.close(number)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stream_that_was_closed_from_the_start_is_no_reason_to_fail(
    planned: Project, s3: Any, bucket: str, number: int
) -> None:
    process = subprocess.Popen(
        planned.command("apply"),
        cwd=planned.root,
        env=planned.environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=closed(number),
    )
    out, err = process.communicate(timeout=60)

    assert process.returncode == 0, out + err
    all_is_whole(planned, s3, bucket)


def test_a_run_that_fails_after_its_terminal_is_gone_says_so_in_the_file_and_by_its_exit_code(
    planned: Project,
) -> None:
    planned.write("modules/tiny/fails.tf", FAILS)
    assert planned.run("plan").code == 0
    process, master = in_a_terminal(planned, "apply")
    wait_until_it_applies(planned)

    os.close(master)

    assert process.wait(timeout=60) == 1
    said = log_of(planned)
    assert "local/tiny  failed" in said
    assert "error: local/tiny" in said
    assert "Traceback" not in said


def test_a_plan_whose_terminal_is_closed_ends_and_leaves_no_lock(tiny: Project, s3: Any, bucket: str) -> None:
    # GIVEN a plan that would take a while
    slow = Path(tiny.write("slow-terraform", SLOW_PLAN))
    slow.chmod(0o755)
    tiny.environ["GROUNDPLAN_TERRAFORM"] = str(slow)
    process, master = in_a_terminal(tiny, "plan")
    for _ in range(600):
        if (tiny.root / "planning").exists():
            break
        time.sleep(0.05)
    else:
        raise AssertionError(shown(master))

    os.close(master)

    assert process.wait(timeout=60) == 130
    assert not locked(s3, bucket)


FAILS = """\
resource "terraform_data" "item_last" {
  depends_on = [terraform_data.item]

  provisioner "local-exec" {
    command = "exit 1"
  }
}
"""
# Ends at an interrupt, as Terraform does.
SLOW_PLAN = """\
#!/bin/sh
if [ "$1" = plan ]; then
  touch "$GROUNDPLAN_ROOT/planning"
  trap 'exit 1' INT
  for _ in $(seq 100); do sleep 0.1; done
fi
exec terraform "$@"
"""
