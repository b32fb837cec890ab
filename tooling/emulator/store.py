"""What backends of ours remember, kept apart by account and region as AWS does."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tooling.emulator.trail import Trail


class Stores:
    """Named dictionaries, one for each account, region and name, and what was written. Live as long as the process."""

    def __init__(self) -> None:
        self.trail = Trail()
        self._stores: defaultdict[tuple[str, str, str], dict[Any, Any]] = defaultdict(dict)

    def of(self, account: str, region: str, name: str) -> dict[Any, Any]:
        return self._stores[account, region, name]

    def all(self) -> list[tuple[str, str, str, dict[Any, Any]]]:
        """Account, region (empty for all of them), name and content of each."""
        return [(*key, entries) for key, entries in list(self._stores.items())]

    def clear(self) -> None:
        self.trail.clear()
        self._stores.clear()
