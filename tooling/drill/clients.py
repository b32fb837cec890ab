"""Clients of either region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tooling.drill.pair import Side
    from tooling.session import Session


class Clients:
    """Each client is made once."""

    def __init__(self, session: Session) -> None:
        self._target = session.target
        self._made: dict[tuple[str, str, int | None], Any] = {}

    def __call__(self, service: str, side: Side, *, retries: int | None = None) -> Any:
        key = (service, side.region, retries)
        if key not in self._made:
            self._made[key] = self._target.client(service, side.region, retries=retries)
        return self._made[key]
