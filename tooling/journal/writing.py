"""Writing a journal while Terraform runs."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tooling.errors import ToolError
from tooling.journal.reading import compact

if TYPE_CHECKING:
    from tooling.changeset.store import Store
    from tooling.journal.model import Header
    from tooling.process import ProcessId
    from tooling.terraform.events import Event

# Seconds between two copies to the bucket.
_INTERVAL = 2.0


class Journaling:
    """One run's journal, open.

    The header is on the disk, and a copy in the bucket, before anything else happens. Terraform's output is appended
    to :attr:`path` by Terraform itself; each event, once read, is passed here, which has the disk take it and the copy
    grow.

    Args:
        path: The journal beside the changeset; must not be there yet.
        header: Who begins what.
        store: The environment's state bucket.
        key: The copy's key in it.
        note: Told when the copy falls behind.

    Raises:
        OSError: The disk does not take the header.
        ToolError: The bucket does not take its copy.
    """

    def __init__(self, path: Path, header: Header, store: Store, key: str, note: Callable[[str], None]) -> None:
        self.path = path
        self._store, self._key, self._note = store, key, note
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        self._lines: list[bytes] = []
        self._lock, self._over, self._behind = threading.Lock(), threading.Event(), False
        self._copied = 0
        try:
            self._append(header.to_json())
            self._copy()
        except BaseException:
            os.close(self._descriptor)
            path.unlink(missing_ok=True)
            raise
        self._thread = threading.Thread(target=self._keep_copying, daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """One of Terraform's events was read from the file."""
        trimmed = compact(event.body)
        if trimmed is None:
            return
        if event.kind.startswith("apply_"):
            self._sync()
        with self._lock:
            self._lines.append(_line(trimmed))

    def terraform_started(self, process: ProcessId) -> None:
        """So that whoever finds this journal knows whether Terraform still runs."""
        self._append({"groundplan": "terraform", "pid": process.pid, "birth": process.birth, "host": process.host})

    def end(self, error: str, ended: datetime) -> None:
        """Say how it ended, on the disk and in the copy; a full disk or a bucket that is gone is told, not raised."""
        self._over.set()
        self._thread.join()
        try:
            self._append({"groundplan": "ended", "error": error, "ended": ended.astimezone(UTC).isoformat()})
        except OSError as problem:
            self._note(f"the journal {self.path.name} has no end: {problem.strerror}")
        self._try_to_copy()
        os.close(self._descriptor)

    def _append(self, content: dict[str, Any]) -> None:
        line = _line(content)
        with self._lock:
            # Terraform appends to the same file: one write, so that lines never mix.
            if os.write(self._descriptor, line) != len(line):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            self._lines.append(line)
        os.fsync(self._descriptor)

    def _sync(self) -> None:
        try:
            os.fsync(self._descriptor)
        except OSError as problem:
            self._say_behind(f"the disk does not take the journal: {problem.strerror}")

    def _keep_copying(self) -> None:
        while not self._over.wait(_INTERVAL):
            if len(self._lines) != self._copied:
                self._try_to_copy()

    def _try_to_copy(self) -> None:
        try:
            self._copy()
        except ToolError as problem:
            self._say_behind(f"the journal's copy is behind: {problem}")

    def _copy(self) -> None:
        with self._lock:
            lines = list(self._lines)
        self._store.put(self._key, b"".join(lines))
        self._copied = len(lines)

    def _say_behind(self, what: str) -> None:
        if not self._behind:
            self._behind = True
            self._note(what)


def _line(content: dict[str, Any]) -> bytes:
    return (json.dumps(content, separators=(",", ":")) + "\n").encode()
