"""The processes of a drill: which there are, who started whom, and their end. No other is touched."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tooling.process import process_birth

# Seconds for the kernel to clear away what was killed.
_PATIENCE = 5.0


@dataclass(frozen=True)
class Relative:
    """One process.

    Attributes:
        pid, parent: Its id and that of whoever started it.
        birth: When it was started; another process that gets the same id has another.
        name: Its program, without folders.
    """

    pid: int
    parent: int
    birth: str
    name: str

    def kill(self) -> bool:
        """SIGKILL; False when it is gone already."""
        if process_birth(self.pid) != self.birth:
            return False
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            return True
        return False


def descendants(pid: int) -> list[Relative]:
    """Whoever a process started, and they in turn, nearest first."""
    everybody = _everybody()
    found: list[Relative] = []
    parents = {pid}
    while parents:
        children = [one for one in everybody if one.parent in parents]
        found += children
        parents = {one.pid for one in children}
    return found


def terraform_of(family: Iterable[Relative]) -> list[Relative]:
    return [one for one in family if one.name.startswith("terraform") and not _is_provider(one)]


def providers_of(family: Iterable[Relative]) -> list[Relative]:
    return [one for one in family if _is_provider(one)]


def end_family(folder: Path) -> None:
    """Kill every process that works in ``folder`` or below and wait until they are gone.

    A process whose parent was killed belongs to nobody; the folder that it works in still tells whose it is. Where the
    system does not tell folders (no ``/proc``), what this process and its children started is found, and no orphan.
    """
    for _ in range(3):
        family = _working_in(folder)
        if not family:
            return
        for one in family:
            one.kill()
        _await_end(family)


def _await_end(family: Sequence[Relative]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while any(process_birth(one.pid) == one.birth for one in family) and time.monotonic() < deadline:
        time.sleep(0.02)


def _working_in(folder: Path) -> list[Relative]:
    if not Path("/proc/self/cwd").exists():
        return terraform_of(family := descendants(os.getpid())) + providers_of(family)
    found = []
    for one in _everybody():
        with suppress(OSError):
            if one.pid != os.getpid() and Path(f"/proc/{one.pid}/cwd").readlink().is_relative_to(folder):
                found.append(one)
    return found


def _everybody() -> list[Relative]:
    if not Path("/proc/self/stat").exists():
        return _by_ps()
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError):
                stat = (entry / "stat").read_text(encoding="utf-8", errors="replace")
                # The name in parentheses may hold anything, and the kernel cuts it after 15 characters.
                parent = int(stat.rpartition(")")[2].split()[1])
                program = (entry / "cmdline").read_bytes().partition(b"\0")[0].decode(errors="replace")
                if (birth := process_birth(int(entry.name))) is not None:
                    found.append(Relative(int(entry.name), parent, birth, Path(program).name))
    return found


def _by_ps() -> list[Relative]:
    answer = subprocess.run(["ps", "-axo", "pid=,ppid=,comm="], capture_output=True, text=True, check=False)
    found = []
    for line in answer.stdout.splitlines():
        pid, parent, name = line.split(None, 2)
        found.append(Relative(int(pid), int(parent), process_birth(int(pid)) or "", Path(name.strip()).name))
    return found


def _is_provider(one: Relative) -> bool:
    return one.name.startswith("terraform-provider-")
