"""The Terraform processes that live at this moment."""

from __future__ import annotations

import signal
import subprocess
import threading
from dataclasses import dataclass, field

from tooling.terraform.under_way import UnderWay


@dataclass
class Running:
    """The Terraform processes of this run, so that an interrupt reaches each of them once."""

    _processes: set[subprocess.Popen[str]] = field(default_factory=set)
    _told: set[int] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    interrupted: bool = False
    cut_short: bool = False
    under_way: UnderWay = field(default_factory=UnderWay)

    def add(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._processes.add(process)
            late = self.interrupted
        if late:
            self._tell(process)

    def remove(self, process: subprocess.Popen[str]) -> None:
        with self._lock:
            self._processes.discard(process)

    def interrupt(self) -> None:
        """Pass one interrupt on: Terraform ends what is under way, saves its state and releases its lock."""
        with self._lock:
            self.interrupted = True
            processes = list(self._processes)
        for process in processes:
            self._tell(process)

    def give_up(self) -> None:
        """Interrupt once more: Terraform ends at once, and what it made since it last saved is in no state.

        Only where nothing is left to save to, or where a user was told what it costs and wants it all the same.
        """
        with self._lock:
            processes = [process for process in self._processes if process.pid in self._told]
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)

    def _tell(self, process: subprocess.Popen[str]) -> None:
        # A second interrupt makes Terraform give up at once and lose state.
        if process.pid not in self._told and process.poll() is None:
            self._told.add(process.pid)
            process.send_signal(signal.SIGINT)
