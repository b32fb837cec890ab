"""Whether a process that a lock or a journal names still runs: proven, disproven, or not to be known from here."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

from tooling.process import ProcessId, parse_process, process_birth, processes_with, this_process


def test_this_process_lives_and_one_that_had_its_id_before_does_not() -> None:
    me = this_process()
    birth, _, place = me.birth.partition("/")

    assert me.lives() is True
    assert replace(me, birth=f"{int(birth) - 1}/{place}").lives() is False


def test_a_process_that_ended_does_not_live() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    identity = ProcessId(this_process().host, child.pid, process_birth(child.pid) or "")
    assert identity.lives() is True

    child.communicate(b"\n")

    assert identity.lives() is False


def test_of_another_machine_boot_or_container_nothing_is_known() -> None:
    me = this_process()
    birth, _, place = me.birth.partition("/")
    boot, _, space = place.partition("-")

    assert replace(me, host="build-7").lives() is None
    assert replace(me, birth=f"{birth}/00000000-{space}").lives() is None
    assert replace(me, birth=f"{birth}/{boot}-1").lives() is None


def test_it_is_read_again_from_a_line_of_text() -> None:
    me = this_process()

    assert parse_process(f"groundplan apply, run r, {me.to_text()}") == me
    assert parse_process("somebody at some time") is None


def test_processes_are_found_by_what_is_in_their_environment() -> None:
    code = "import sys; print(flush=True); input()"
    environ = {**os.environ, "GROUNDPLAN_TEST_MARK": "one"}
    with subprocess.Popen(
        [sys.executable, "-c", code], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        child.stdout.readline()

        found = processes_with("GROUNDPLAN_TEST_MARK", "one")

        child.communicate(b"\n")

    assert list(found) == [child.pid]
    assert found[child.pid].startswith("python")
    assert not processes_with("GROUNDPLAN_TEST_MARK", "one")
