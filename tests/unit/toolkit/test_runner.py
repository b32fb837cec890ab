"""Interrupts on their way to Terraform. A small process that counts them stands in for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from tooling.terraform.running import Running

COUNTS_INTERRUPTS = """
import signal, sys, time
seen = []
signal.signal(signal.SIGINT, lambda *_: seen.append(1))
signal.signal(signal.SIGTERM, lambda *_: (print(len(seen), flush=True), sys.exit(0)))
print("ready", flush=True)
while True:
    time.sleep(0.05)
"""


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    counting = subprocess.Popen([sys.executable, "-c", COUNTS_INTERRUPTS], stdout=subprocess.PIPE, text=True)
    assert counting.stdout is not None
    assert counting.stdout.readline() == "ready\n"
    yield counting
    counting.kill()
    counting.wait()


def interrupts_seen_by(process: subprocess.Popen[str]) -> int:
    # Signals of one kind merge while they wait: let the first be handled before the question is asked.
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    process.terminate()
    return int(process.communicate()[0])


def test_two_interrupts_reach_terraform_as_one(process: subprocess.Popen[str]) -> None:
    """At a second one Terraform gives up what is under way and may lose its state."""
    running = Running()
    running.add(process)

    running.interrupt()
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.3)
    running.interrupt()

    assert interrupts_seen_by(process) == 1


def test_a_process_that_starts_after_the_interrupt_is_told_as_well(process: subprocess.Popen[str]) -> None:
    running = Running()
    running.interrupt()

    running.add(process)

    assert interrupts_seen_by(process) == 1


def test_a_process_that_has_ended_is_left_alone(process: subprocess.Popen[str]) -> None:
    running = Running()
    running.add(process)
    running.remove(process)

    running.interrupt()

    assert interrupts_seen_by(process) == 0
