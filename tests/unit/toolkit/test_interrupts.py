"""One interrupt is passed on, a second says what a third would cost, and nobody ends Terraform by accident."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tooling.interrupts import SECONDS_TO_READ, Interrupts
from tooling.terraform.events import Event
from tooling.terraform.running import Running

# Writes a line for each interrupt, as Terraform acts on each.
COUNTS = """\
import signal, sys, time
count = 0
def one_more(*_):
    global count
    count += 1
    print(count, flush=True)
signal.signal(signal.SIGINT, one_more)
print("ready", flush=True)
while count < 2:
    time.sleep(0.02)
"""


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Watched:
    """Interrupts over one process, and what was said, in the order in which it was."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.said: list[str] = []
        self.clock = Clock()
        self.running = Running()
        self.running.under_way.clock = self.clock
        self.running.add(process)
        self.interrupts = Interrupts(self.running, self.said.append, "groundplan resume --env dev", self.clock)

    def interrupt(self, times: int = 1) -> None:
        for _ in range(times):
            others = set(threading.enumerate())
            self.interrupts.arrived()
            # It is said by a thread of its own.
            for thread in set(threading.enumerate()) - others:
                thread.join()

    def begin(self, address: str) -> None:
        self.running.under_way.heard("dev/kefir", event("apply_start", address))


def event(kind: str, address: str) -> Event:
    return Event(kind, "", {"hook": {"resource": {"addr": address}, "action": "create"}})


@pytest.fixture
def process() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen([sys.executable, "-c", COUNTS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


@pytest.fixture
def watched(process: subprocess.Popen[str]) -> Watched:
    return Watched(process)


def test_the_first_is_passed_on(watched: Watched, process: subprocess.Popen[str]) -> None:
    watched.interrupt()

    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    assert watched.said == [
        "interrupt passed on; terraform ends what is under way and saves its state, please wait",
    ]


def test_the_second_names_what_is_being_made_for_how_long_and_what_finds_out_afterwards(watched: Watched) -> None:
    # GIVEN two resources under way, one of which is through
    watched.begin("module.kefir.aws_s3_bucket.photos")
    watched.begin("module.kefir.aws_dynamodb_table.cultures")
    watched.running.under_way.heard("dev/kefir", event("apply_complete", "module.kefir.aws_s3_bucket.photos"))
    watched.clock.now += 42

    watched.interrupt(2)

    assert watched.said[1].splitlines() == [
        "interrupted again; still being made, and waited for:",
        "  dev/kefir: module.kefir.aws_dynamodb_table.cultures (create, for 42 s)",
        "a third interrupt ends terraform at once; these would be in doubt until: groundplan resume --env dev",
    ]


def test_the_second_is_not_passed_on(watched: Watched, process: subprocess.Popen[str]) -> None:
    watched.interrupt(2)
    time.sleep(0.2)

    assert process.poll() is None
    assert not watched.running.cut_short


def test_a_key_that_is_held_down_ends_nothing(watched: Watched, process: subprocess.Popen[str]) -> None:
    watched.interrupt(2)
    watched.clock.now += SECONDS_TO_READ - 0.01

    for _ in range(50):
        watched.interrupts.arrived()
    time.sleep(0.2)

    assert process.poll() is None
    assert len(watched.said) == 2


def test_a_third_after_the_warning_could_be_read_ends_terraform_at_once(
    watched: Watched, process: subprocess.Popen[str]
) -> None:
    watched.interrupt(2)
    assert process.stdout is not None
    assert process.stdout.readline() == "1\n"
    watched.clock.now += SECONDS_TO_READ

    watched.interrupt()

    assert process.wait(timeout=10) == 0
    assert watched.running.cut_short
    assert watched.said[2] == (
        "terraform is ended at once; find out what became of what was being made: groundplan resume --env dev"
    )


def test_what_nothing_was_made_of_may_be_ended_without_cost(watched: Watched) -> None:
    watched.interrupt(2)

    assert watched.said[1] == "nothing was changed so far: a third interrupt ends terraform at once and costs nothing"


def test_many_resources_are_counted_after_the_first_twenty(watched: Watched) -> None:
    for number in range(23):
        watched.begin(f"module.kefir.terraform_data.item[{number}]")

    watched.interrupt(2)

    lines = watched.said[1].splitlines()
    assert len(lines) == 23
    assert lines[21] == "  and 3 more"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_each_signal_counts(watched: Watched, process: subprocess.Popen[str], number: signal.Signals) -> None:
    before = signal.getsignal(number)

    with watched.interrupts.caught():
        signal.raise_signal(number)
        caught_after_the_first = signal.getsignal(number)

    # Once interrupted, the handler stays: what the run has still to say is not cut short.
    assert signal.getsignal(number) is caught_after_the_first
    for each, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGTERM, signal.SIG_DFL)):
        signal.signal(each, handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(number, before)
    assert watched.running.interrupted


def test_without_a_signal_the_handlers_are_as_before(watched: Watched) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]

    with watched.interrupts.caught():
        pass

    assert [signal.getsignal(number) for number in numbers] == before
