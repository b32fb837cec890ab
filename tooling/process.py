"""Which process it is: an id alone may be another's by now."""

from __future__ import annotations

import os
import re
import socket
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_TEXT = re.compile(r"process (\d+) \(born ([^)]*)\) on (\S+)")


@dataclass(frozen=True)
class ProcessId:
    """One process of one machine.

    Attributes:
        host: The machine's name.
        pid: Its id there.
        birth: When the operating system started it, in its own words; a later process of the same id has another.
            Behind a slash, where it is known, which boot of the machine and which space of ids: containers may share
            a name.
    """

    host: str
    pid: int
    birth: str

    def lives(self) -> bool | None:
        """Whether that very process still runs; None where it cannot be known, as it is of another machine."""
        birth, _, place = self.birth.partition("/")
        if self.host != socket.gethostname() or (place and place != _place()):
            return None
        return process_birth(self.pid) == birth

    def to_text(self) -> str:
        return f"process {self.pid} (born {self.birth}) on {self.host}"


def this_process() -> ProcessId:
    birth, place = process_birth(os.getpid()) or "", _place()
    return ProcessId(socket.gethostname(), os.getpid(), f"{birth}/{place}" if place else birth)


def parse_process(text: str) -> ProcessId | None:
    """The process that a text names as :meth:`ProcessId.to_text` does; None when it names none."""
    found = _TEXT.search(text)
    return ProcessId(found[3], int(found[1]), found[2]) if found else None


@cache
def _place() -> str:
    """This boot of this machine, and the space in which its process ids count; empty where there is no /proc."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        space = str(Path("/proc/self/ns/pid").readlink())
        return f"{boot[:8]}-{space.removeprefix('pid:[').removesuffix(']')}"
    except OSError:
        return ""


def processes_with(variable: str, value: str) -> dict[int, str]:
    """Processes of this machine whose environment holds ``variable=value``, by id, each with its executable's name.

    Linux only: elsewhere nothing is found.
    """
    found, wanted = {}, f"{variable}={value}".encode()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0") and process_birth(int(folder.name)):
                found[int(folder.name)] = (folder / "exe").readlink().name
        except OSError:
            # Gone meanwhile, or somebody else's.
            continue
    return found


def process_birth(pid: int) -> str | None:
    """When a process started, in the operating system's own words; None when it is gone or a zombie."""
    stat = Path(f"/proc/{pid}/stat")
    if Path("/proc/self/stat").exists():
        try:
            # The name in parentheses may hold anything; after it come state (3rd field) and start time (22nd).
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return None if fields[0] == "Z" else fields[19]
    answer = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, birth = answer.stdout.strip().partition(" ")
    return None if not state or state.startswith("Z") else birth.strip()
