"""What backends of ours remember, kept apart by account and region as AWS does."""

from __future__ import annotations

from collections import defaultdict
from typing import Any


class Stores:
    """Named dictionaries, one for each account, region and name. They live as long as the process."""

    def __init__(self) -> None:
        self._stores: defaultdict[tuple[str, str, str], dict[Any, Any]] = defaultdict(dict)

    def of(self, account: str, region: str, name: str) -> dict[Any, Any]:
        return self._stores[account, region, name]

    def clear(self) -> None:
        self._stores.clear()
