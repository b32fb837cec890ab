"""When an alarm goes off, the same for every kind of alarm."""

from __future__ import annotations

from dataclasses import dataclass

# From the field of a limit to what CloudWatch calls it.
_OPERATORS = {
    "above": "GreaterThanThreshold",
    "at_least": "GreaterThanOrEqualToThreshold",
    "below": "LessThanThreshold",
}


@dataclass(frozen=True, kw_only=True)
class Limited:
    """Something with one limit, in the unit of what is measured.

    Attributes:
        above: It goes off when the figure is greater than this.
        at_least: Or when it is as great as this.
        below: Or when it is less than this.

    Raises:
        ValueError: There is none of the three, or more than one.
    """

    above: float | None = None
    at_least: float | None = None
    below: float | None = None

    def __post_init__(self) -> None:
        if len(self._given()) != 1:
            given = ", ".join(self._given()) or "none"
            raise ValueError(f"an alarm has one limit, got {given}: give above, at_least or below")

    @property
    def comparison_operator(self) -> str:
        (name,) = self._given()
        return _OPERATORS[name]

    @property
    def threshold(self) -> float:
        (limit,) = self._given().values()
        return limit

    def _given(self) -> dict[str, float]:
        limits = {"above": self.above, "at_least": self.at_least, "below": self.below}
        return {name: limit for name, limit in limits.items() if limit is not None}
