"""Numbers that know what they rest on: the plan, an assumption of ``usage.yaml``, or nothing that anybody said."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

#: Hours of a month, as AWS's own calculator has them (365 days * 24 / 12).
HOURS = 730
#: Seconds of such a month.
SECONDS = HOURS * 3600


@dataclass(frozen=True)
class Amount:
    """A quantity of something that is paid for.

    Attributes:
        value: The number; None when something that it hangs on is not known.
        assumed: The assumptions in it, as sentences; empty for what the plan alone says.
        missing: What the plan does not say, as sentences.
        unassumed: What ``usage.yaml`` does not say, as sentences.
    """

    value: Decimal | None
    assumed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unassumed: tuple[str, ...] = ()

    def __mul__(self, other: Amount | Decimal | int) -> Amount:
        right = amount(other)
        return self._with(right, None if self.value is None or right.value is None else self.value * right.value)

    def __add__(self, other: Amount | Decimal | int) -> Amount:
        right = amount(other)
        return self._with(right, None if self.value is None or right.value is None else self.value + right.value)

    def __truediv__(self, other: Decimal | int) -> Amount:
        return self._with(amount(0), None if self.value is None else self.value / Decimal(other))

    def _with(self, other: Amount, value: Decimal | None) -> Amount:
        """An amount that rests on both."""
        return Amount(
            value,
            _both(self.assumed, other.assumed),
            _both(self.missing, other.missing),
            _both(self.unassumed, other.unassumed),
        )


def amount(value: Amount | Decimal | int | float | str) -> Amount:
    """A number as the plan says it; an amount stays what it is."""
    return value if isinstance(value, Amount) else Amount(Decimal(str(value)))


def missing(what: str) -> Amount:
    """The amount of which nobody says how much it is."""
    return Amount(None, missing=(what,))


def _both(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))
