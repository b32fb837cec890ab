"""One thing that the emulator holds, as ``GET /_groundplan/inventory`` lists it."""

from __future__ import annotations

from dataclasses import dataclass

BETWEEN = " / "


@dataclass(frozen=True, order=True)
class Holding:
    """One thing.

    Attributes:
        account, region: Where it is; region ``aws`` where a service is the same everywhere.
        service: In moto's spelling, as ``cognito-idp``.
        kind: What it is: moto's name of its class, or our store's, as ``Queue``.
        within: Names of what it is a part of, outermost first, with `` / `` between; empty for what stands alone.
        name: Its name where it has one, else its id.
    """

    account: str
    region: str
    service: str
    kind: str
    within: str
    name: str
