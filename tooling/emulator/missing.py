"""The list of operations that somebody wanted and nobody implements."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from pathlib import Path

log = logging.getLogger(__name__)


class MissingOperations:
    """Appends to a JSON-lines file: one object a request, with time, service, operation, region, account."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def record(self, service: str, operation: str, *, region: str, account: str) -> None:
        entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "service": service,
            "operation": operation,
            "region": region,
            "account": account,
        }
        log.warning("missing %s:%s", service, operation)
        # One write of one line to a file opened for appending does not interleave with another thread's.
        with self._path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")
