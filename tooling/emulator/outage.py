"""A region that is gone: what is signed for it fails, as when AWS has an outage there."""

from __future__ import annotations

from tooling.emulator.identity import Identity

# Run from everywhere, whatever region their requests are signed for.
_GLOBAL = frozenset({"budgets", "ce", "cloudfront", "iam", "route53", "sts"})


class Outage:
    """Which region is down, if any.

    Attributes:
        region: The region, or None.
    """

    def __init__(self) -> None:
        self.region: str | None = None

    def hits(self, identity: Identity) -> bool:
        """Whether a request of ``identity`` cannot be answered."""
        return identity.region == self.region and identity.service not in _GLOBAL
