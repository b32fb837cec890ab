"""What this machine gives a run: cores and memory, as far as its container lets it have them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

# Where nothing says how much memory there is (macOS): what a laptop of today has to spare.
_ASSUMED_BYTES = 4 * 1024**3


def cores(root: Path = Path("/")) -> int:
    """How many processes can calculate at once: at least one.

    Args:
        root: Where ``/proc`` and ``/sys`` are looked for.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min([allowed, *_quotas(root)]))


def free_memory(root: Path = Path("/")) -> int:
    """Bytes that new processes may take before the machine, or the container around us, has none left.

    Args:
        root: Where ``/proc`` and ``/sys`` are looked for.
    """
    return max(0, min([_available(root), *_left_in_groups(root)]))


def _available(root: Path) -> int:
    for line in _text(root / "proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return _ASSUMED_BYTES


def _quotas(root: Path) -> Iterator[int]:
    """Whole cores of every limit on the processor: a job more would only be held up."""
    for group in _groups(root):
        quota, _, period = _text(group / "cpu.max").partition(" ")
        if quota.isdigit() and period.strip().isdigit():
            yield int(quota) // int(period)


def _left_in_groups(root: Path) -> Iterator[int]:
    for group in _groups(root):
        limit, used = _text(group / "memory.max").strip(), _text(group / "memory.current").strip()
        if limit.isdigit() and used.isdigit():
            yield int(limit) - int(used) + _given_back(group)


def _given_back(group: Path) -> int:
    """Files that were read and can be forgotten count as used until somebody wants the memory."""
    for line in _text(group / "memory.stat").splitlines():
        name, _, value = line.partition(" ")
        if name == "inactive_file" and value.isdigit():
            return int(value)
    return 0


def _groups(root: Path) -> Iterator[Path]:
    """The control group of this process and those around it (version 2), each of which may set a limit.

    https://docs.kernel.org/admin-guide/cgroup-v2.html
    """
    base = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        if line.startswith("0::/"):
            group = base / line.removeprefix("0::/")
            yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(base))


def _text(file: Path) -> str:
    """What a file of the kernel says; nothing where there is no such file."""
    try:
        return file.read_text(encoding="ascii")
    except OSError:
        return ""
