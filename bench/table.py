"""What a comparison is: its sides, each with the command that was run, their figures, and what they are held to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench.timing import Sample, by_clock, in_turn, median, ratios


def amount(figure: float, unit: str) -> str:
    """A figure with its unit, as exact as it is."""
    return f"{figure:.0f} {unit}" if unit == "MB" else f"{figure:.2f} {unit}"


@dataclass(frozen=True)
class Side:
    """One side of a comparison.

    Attributes:
        name: As the table calls it.
        script: What a shell runs, as the page shows it.
        run: Runs it once.
        most: Rounds in which it runs at most. Default: all.
    """

    name: str
    script: str
    run: Callable[[], Sample]
    most: int | None = None


@dataclass(frozen=True)
class Target:
    """What a figure is held to.

    Attributes:
        says: The figure in words, ``groundplan against bare Terraform``.
        found: The figure.
        limit: Its limit.
        unit: ``s``, ``x``, ``MB``.
        least: Whether it has to be at least the limit. Default: at most.
        other: The side that groundplan is compared with, where it is.
    """

    says: str
    found: float
    limit: float
    unit: str
    least: bool = False
    other: str = ""

    @property
    def wanted(self) -> str:
        return f"{'at least' if self.least else 'at most'} {self.limit:g} {self.unit}"

    @property
    def met(self) -> bool:
        return self.found >= self.limit if self.least else self.found <= self.limit

    def __str__(self) -> str:
        found = amount(self.found, self.unit)
        return f"{self.says}: {found}, wanted {self.wanted}: {'**met**' if self.met else '**not met**'}"


@dataclass(frozen=True)
class Table:
    """A comparison that was made.

    Attributes:
        title: Its heading.
        told: What is compared, for the reader.
        sides: Every side's script by its name; the first is groundplan's.
        samples: What each side took, a sample a round.
        targets: What the figures are held to.
        pictured: Whether the page draws it.
    """

    title: str
    told: str
    sides: Mapping[str, str]
    samples: Mapping[str, Sequence[Sample]]
    targets: tuple[Target, ...] = ()
    pictured: bool = True

    def middle(self, name: str) -> Sample:
        return median(self.samples[name])

    def against_first(self, name: str, of: Callable[[Sample], float] = by_clock) -> tuple[float, float, float]:
        """How many times what the first side took another took: smallest, median and largest over the rounds."""
        first = next(iter(self.samples.values()))
        rounds = min(len(first), len(self.samples[name]))
        return ratios(self.samples[name][:rounds], first[:rounds], of)


@dataclass(frozen=True)
class LeftOut:
    """A comparison that could not be made.

    Attributes:
        title: Its heading.
        reason: Why not.
    """

    title: str
    reason: str


def measured(
    title: str,
    told: str,
    sides: Sequence[Side],
    rounds: int,
    *,
    targets: Callable[[Table], tuple[Target, ...]],
    warm: bool = True,
    pictured: bool = True,
) -> Table:
    """Run the sides in turn and hold what they took to the targets."""
    most = {side.name: side.most for side in sides if side.most is not None}
    samples = in_turn({side.name: side.run for side in sides}, rounds, warm=warm and rounds > 1, most=most)
    scripts = {side.name: side.script for side in sides}
    table = Table(title, told, scripts, samples, pictured=pictured)
    return Table(title, told, scripts, samples, targets(table), pictured)
