"""Where a Terraform process writes: through a pipe to us, or into a file that outlives us."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

# How often a file that Terraform writes to is looked at.
_POLL_SECONDS = 0.05


@dataclass(frozen=True)
class Record:
    """A file that Terraform appends its events to by itself.

    Attributes:
        path: The file; it is there.
        started: Told the id of Terraform's process as soon as there is one.
    """

    path: Path
    started: Callable[[int], None]


@contextlib.contextmanager
def opened(record: Record | None) -> Iterator[tuple[int, int]]:
    """Where the process writes: a pipe, or the record, whose end until now comes second."""
    if record is None:
        yield subprocess.PIPE, 0
        return
    descriptor = os.open(record.path, os.O_RDWR | os.O_APPEND)
    try:
        yield descriptor, os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def appended(descriptor: int, place: int, process: subprocess.Popen[str]) -> Iterator[str]:
    """Whole lines of a file from ``place`` on, as a process appends them, to the last that it wrote."""
    rest = b""
    while True:
        ended = process.poll() is not None
        while chunk := os.pread(descriptor, 1 << 16, place):
            place += len(chunk)
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode("utf-8", errors="replace") + "\n" for line in lines)
        if ended:
            break
        time.sleep(_POLL_SECONDS)
    if rest:
        yield rest.decode("utf-8", errors="replace")


class Log:
    """What Terraform prints, on disk. A disk that is full must not cut short an apply: then there is no log."""

    def __init__(self, path: Path | None) -> None:
        self._file: IO[str] | None = None
        if path is None:
            return
        with contextlib.suppress(OSError):
            self._file = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8")

    def __enter__(self) -> Log:
        return self

    def write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text)
            self._file.flush()
        except OSError:
            self._close()

    def __exit__(self, *_: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            # Closing writes what is left, which a full disk refuses again.
            with contextlib.suppress(OSError):
                file.close()
