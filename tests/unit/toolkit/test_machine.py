"""What a run may take of the machine, on given files of the kernel."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tooling.machine import cores, free_memory
from tooling.session import BYTES_PER_APPLY, BYTES_PER_PLAN, apply_jobs, plan_jobs

_GIB = 1024**3


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A machine with 8 GiB to spare, and no container around us."""
    _write(tmp_path / "proc/meminfo", f"MemTotal: 999 kB\nMemAvailable:    {8 * 1024**2} kB\n")
    _write(tmp_path / "proc/self/cgroup", "0::/tasks/job\n")
    return tmp_path


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_memory_is_what_the_machine_has_to_spare(machine: Path) -> None:
    assert free_memory(machine) == 8 * _GIB


def test_memory_is_bounded_by_the_limit_of_the_container(machine: Path) -> None:
    group = machine / "sys/fs/cgroup/tasks/job"
    _write(group / "memory.max", f"{2 * _GIB}\n")
    _write(group / "memory.current", f"{_GIB}\n")

    assert free_memory(machine) == _GIB


def test_files_that_the_kernel_can_forget_count_as_free(machine: Path) -> None:
    group = machine / "sys/fs/cgroup/tasks/job"
    _write(group / "memory.max", f"{2 * _GIB}\n")
    _write(group / "memory.current", f"{2 * _GIB}\n")
    _write(group / "memory.stat", f"anon 5\ninactive_file {_GIB}\nactive_file 7\n")

    assert free_memory(machine) == _GIB


def test_the_limit_of_a_group_further_out_holds_as_well(machine: Path) -> None:
    _write(machine / "sys/fs/cgroup/tasks/job/memory.max", "max\n")
    _write(machine / "sys/fs/cgroup/tasks/job/memory.current", "5\n")
    _write(machine / "sys/fs/cgroup/tasks/memory.max", f"{3 * _GIB}\n")
    _write(machine / "sys/fs/cgroup/tasks/memory.current", "0\n")

    assert free_memory(machine) == 3 * _GIB


def test_no_memory_is_never_less_than_none(machine: Path) -> None:
    _write(machine / "sys/fs/cgroup/tasks/job/memory.max", "1000\n")
    _write(machine / "sys/fs/cgroup/tasks/job/memory.current", "2000\n")

    assert free_memory(machine) == 0


def test_a_machine_that_does_not_say_its_memory_is_taken_for_a_laptop(tmp_path: Path) -> None:
    assert free_memory(tmp_path) == 4 * _GIB


def test_cores_are_those_that_this_process_may_use(machine: Path) -> None:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()

    assert cores(machine) == allowed


@pytest.mark.parametrize(
    ("quota", "expected"), [("100000 100000", 1), ("50000 100000", 1), ("6400000 100000", None), ("max 100000", None)]
)
def test_cores_are_bounded_by_the_quota_of_the_container(machine: Path, quota: str, expected: int | None) -> None:
    without = cores(machine)
    _write(machine / "sys/fs/cgroup/tasks/job/cpu.max", f"{quota}\n")

    assert cores(machine) == (expected or without)


def test_as_many_plans_run_at_once_as_there_are_cores() -> None:
    assert plan_jobs(15, cores=4, memory=64 * _GIB) == 4


def test_no_more_plans_run_at_once_than_memory_holds() -> None:
    assert plan_jobs(15, cores=8, memory=3 * BYTES_PER_PLAN) == 3


def test_no_more_plans_run_at_once_than_there_are_stacks() -> None:
    assert plan_jobs(2, cores=8, memory=64 * _GIB) == 2


def test_one_plan_runs_however_little_there_is() -> None:
    assert plan_jobs(5, cores=1, memory=0) == 1


def test_applies_wait_more_than_they_calculate_and_are_bounded_by_memory_only() -> None:
    assert apply_jobs(15, memory=6 * BYTES_PER_APPLY) == 6
