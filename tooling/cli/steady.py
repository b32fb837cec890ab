"""Standard output and error that outlast whoever reads them: what cannot be said there any more goes to a file."""

from __future__ import annotations

import io
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click

Elsewhere = Callable[[], int]


class Steady(io.TextIOBase):
    """A stream that never fails: once it is gone (a closed terminal, a reader that ended), it goes on elsewhere.

    Args:
        stream: Where it writes first; of the process itself, so that it has a descriptor.
        elsewhere: Opens what takes its place; asked at most once.
    """

    def __init__(self, stream: TextIO, elsewhere: Elsewhere) -> None:
        self._descriptor = stream.fileno()
        self._encoding = stream.encoding
        self._elsewhere = elsewhere
        self._lock = threading.Lock()
        self.lost = False
        try:
            stream.flush()
        except OSError:
            self._lose()
            # What the stream still holds goes there too, instead of failing when the interpreter ends.
            stream.flush()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def fileno(self) -> int:
        return self._descriptor

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return not self.lost and os.isatty(self._descriptor)

    def write(self, text: str) -> int:
        data = text.encode(self._encoding, errors="backslashreplace")
        with self._lock:
            while data:
                try:
                    data = data[os.write(self._descriptor, data) :]
                except BlockingIOError:
                    select.select([], [self._descriptor], [], 1.0)
                except OSError:
                    if self.lost:
                        # The file has no room either: nothing that is said is worth an apply.
                        break
                    self._lose()
        return len(text)

    def _lose(self) -> None:
        self.lost = True
        descriptor = self._elsewhere()
        # On the same descriptor, so that whatever else writes there, at the very end as well, finds the new place.
        os.dup2(descriptor, self._descriptor)
        os.close(descriptor)


@contextmanager
def never_failing() -> Iterator[None]:
    """Progress, warnings and errors are dropped once nobody can read them."""
    with _replaced(_nowhere, "stderr"):
        yield


@contextmanager
def outlasting(log: Path, shown_as: str) -> Iterator[None]:
    """Whatever happens to the terminal, to standard output or error, the block is done to its end.

    Args:
        log: Made when one of them is gone; gets what would have been said there.
        shown_as: How it is named to the user.
    """

    def elsewhere() -> int:
        try:
            descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError:
            return _nowhere()
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with suppress(OSError):
            os.write(descriptor, f"{now} nobody reads the terminal (or a pipe) any more; the run goes on\n".encode())
        return descriptor

    def hung_up() -> None:
        click.echo(f"the terminal is gone; the run goes on to its end and says the rest in {shown_as}", err=True)

    with _replaced(elsewhere, "stdout", "stderr"), _hang_up(hung_up):
        if sys.stderr is not None and sys.stderr.isatty():
            click.secho(
                f"if this terminal is lost, the run goes on and says the rest in {shown_as}", dim=True, err=True
            )
        yield


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)


@contextmanager
def _replaced(elsewhere: Elsewhere, *names: str) -> Iterator[None]:
    before = {name: getattr(sys, name) for name in names}
    try:
        for name, stream in before.items():
            if _of_the_process(stream):
                setattr(sys, name, Steady(stream, elsewhere))
        yield
    finally:
        for name, stream in before.items():
            setattr(sys, name, stream)


def _of_the_process(stream: TextIO | None) -> bool:
    """Whether it has a descriptor and is not steady already; None is a stream that was closed from the start."""
    if stream is None or isinstance(stream, Steady):
        return False
    try:
        stream.fileno()
    except (OSError, ValueError):
        return False
    return True


@contextmanager
def _hang_up(then: Callable[[], None]) -> Iterator[None]:
    """Do ``then`` when the terminal is gone, instead of ending; nohup's wish to hear nothing of it is respected."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL:
        yield
        return
    # The main thread may be in the middle of writing: say it from another.
    signal.signal(signal.SIGHUP, lambda *_: threading.Thread(target=then, daemon=True).start())
    try:
        yield
    finally:
        # What is left is the last sentence and the exit code: still no reason to end otherwise.
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
