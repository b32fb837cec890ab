"""What was measured of growth, as tables and curves of docs/growth.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from bench.curves import Curve, picture
from tests.support.project import REPOSITORY

DOCUMENT = REPOSITORY / "docs/growth.md"
PICTURES = REPOSITORY / "docs/pictures"
#: Stacks of the estate that change before ``plan --changed``.
MOVED = 3
#: How often that is measured; what counts is the median.
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """What one command took.

    Attributes:
        seconds: By the clock.
        own: CPU seconds of groundplan itself.
        all: CPU seconds of groundplan and of every Terraform that it started.
        peak: Most memory of groundplan itself, MiB.
    """

    seconds: float
    own: float
    all: float
    peak: float


@dataclass(frozen=True)
class OfEstate:
    """The plan of an estate: the first one, which initialises every stack, and one after it."""

    stacks: int
    first: Run
    plan: Run
    report_bytes: int


@dataclass(frozen=True)
class OfPlan:
    """One plan of many resources."""

    resources: int
    plan: Run
    gate: Run
    report: Run
    report_bytes: int


@dataclass(frozen=True)
class OfChanged:
    """``plan --changed`` of an estate in which a few stacks moved, and the plan of only those.

    Attributes:
        applied: The apply of all before.
        looked: ``plan --changed --list`` after it, which fetches every receipt.
    """

    stacks: int
    applied: Run
    looked: Run
    changed: Run
    named: Run

    @property
    def ratio(self) -> float:
        return self.changed.all / self.named.all


@dataclass(frozen=True)
class Growth:
    """All that was measured."""

    estates: tuple[OfEstate, ...]
    plans: tuple[OfPlan, ...]
    changed: OfChanged | None


def write(growth: Growth, document: Path = DOCUMENT, pictures: Path = PICTURES) -> None:
    """Write the figures between their markers in the page, and the curves."""
    text = document.read_text(encoding="utf-8")
    for part, lines in figures(growth).items():
        begin, end = markers(part)
        block = "\n".join([begin, "", *lines, "", end])
        before, _, rest = text.partition(begin)
        text = f"{before}{block}{rest.partition(end)[2]}"
    document.write_text(text, encoding="utf-8")
    for name, drawn in drawings(growth).items():
        (pictures / name).write_text(drawn, encoding="utf-8")


def markers(part: str) -> tuple[str, str]:
    return f"<!-- figures of {part}, written by python -m bench.growth -->", f"<!-- end of {part} -->"


def figures(growth: Growth) -> dict[str, list[str]]:
    """Tables of Markdown, by part; a part that was not measured stays as it is."""
    machine = f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}."
    found: dict[str, list[str]] = {}
    if growth.estates:
        own, whole = further(growth.estates, "own"), further(growth.estates, "all")
        found["estates"] = [
            "| stacks | plan, s | CPU s of groundplan | with Terraform's | each further stack, ms of groundplan "
            "| with Terraform's | groundplan, MiB | first plan, s | CPU s of groundplan | MiB | report, MB |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(
                f"| {one.stacks:,} | {one.plan.seconds:.1f} | {one.plan.own:.1f} | {one.plan.all:.1f} "
                f"| {_known(own.get(one.stacks))} | {_known(whole.get(one.stacks))} | {one.plan.peak:.0f} "
                f"| {one.first.seconds:.1f} | {one.first.own:.1f} | {one.first.peak:.0f} "
                f"| {one.report_bytes / 1e6:.1f} |"
                for one in growth.estates
            ),
            "",
            machine,
            *_shown(growth, "growth-stacks.svg", "CPU of each further stack over the number of stacks"),
            *_shown(growth, "growth-memory.svg", "Memory of groundplan over the number of stacks"),
        ]
    if growth.plans:
        found["plans"] = [
            "| resources | gate, CPU s | report, CPU s | each further resource, ms of both | gate, MiB | report, MiB "
            "| all of groundplan plan, CPU s | MiB | report, MB |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(
                f"| {one.resources:,} | {one.gate.own:.1f} | {one.report.own:.1f} "
                f"| {_known(_of_resources(growth.plans).get(one.resources), 2)} "
                f"| {one.gate.peak:.0f} | {one.report.peak:.0f} | {one.plan.own:.1f} | {one.plan.peak:.0f} "
                f"| {one.report_bytes / 1e6:.1f} |"
                for one in growth.plans
            ),
            "",
            machine,
            *_shown(growth, "growth-resources.svg", "CPU of gate and report over the resources of a plan"),
            *_shown(growth, "growth-plan-memory.svg", "Memory of groundplan over the resources of a plan"),
        ]
    if growth.changed is not None:
        changed = growth.changed
        found["changed"] = [
            f"| {MOVED} of {changed.stacks:,} stacks moved | s | CPU s of groundplan | with Terraform's | MiB |",
            "|---|--:|--:|--:|--:|",
            _row("`plan --changed`", changed.changed),
            _row("`plan --stack` with their names", changed.named),
            _row("the apply of all, before", changed.applied),
            _row("`plan --changed --list` after it: nothing moved, every receipt is fetched", changed.looked),
            "",
            f"Ratio of CPU {changed.ratio:.2f} (at most 1.5), medians of {ROUNDS} rounds. The receipts are "
            "those of the apply.",
            "",
            machine,
        ]
    return found


def further(estates: Sequence[OfEstate], name: str) -> dict[int, float]:
    """CPU milliseconds of each further stack, by the size of the larger estate: what a run takes anyhow is not in it.

    Args:
        estates: By size.
        name: Of the figure of a :class:`Run`.
    """
    return {
        more.stacks: 1000 * (getattr(more.plan, name) - getattr(less.plan, name)) / (more.stacks - less.stacks)
        for less, more in pairwise(estates)
    }


def _of_resources(plans: Sequence[OfPlan]) -> dict[int, float]:
    return {
        more.resources: 1000
        * (more.gate.own + more.report.own - less.gate.own - less.report.own)
        / (more.resources - less.resources)
        for less, more in pairwise(plans)
    }


def _known(value: float | None, places: int = 0) -> str:
    return "" if value is None else f"{value:.{places}f}"


def _row(what: str, took: Run) -> str:
    return f"| {what} | {took.seconds:.1f} | {took.own:.1f} | {took.all:.1f} | {took.peak:.0f} |"


def _shown(growth: Growth, name: str, told: str) -> list[str]:
    return ["", f"![{told}](pictures/{name})"] if name in drawings(growth) else []


def drawings(growth: Growth) -> dict[str, str]:
    """The curves, by file name."""
    found = {}
    if len(growth.estates) > 2:
        found["growth-stacks.svg"] = picture(
            "Each further stack (CPU, ms)",
            "stacks",
            [
                Curve("groundplan", further(growth.estates, "own")),
                Curve("with Terraform", further(growth.estates, "all")),
            ],
        )
    if len(growth.estates) > 1:
        found["growth-memory.svg"] = picture(
            "Memory of groundplan (MiB)",
            "stacks",
            [
                Curve("first plan", {one.stacks: one.first.peak for one in growth.estates}),
                Curve("later plan", {one.stacks: one.plan.peak for one in growth.estates}),
            ],
        )
    if len(growth.plans) > 1:
        found["growth-resources.svg"] = picture(
            "One plan (CPU, s)",
            "resources",
            [
                Curve("gate", {one.resources: one.gate.own for one in growth.plans}),
                Curve("report", {one.resources: one.report.own for one in growth.plans}),
            ],
        )
        found["growth-plan-memory.svg"] = picture(
            "One plan (memory of groundplan, MiB)",
            "resources",
            [
                Curve("plan", {one.resources: one.plan.peak for one in growth.plans}),
                Curve("report alone", {one.resources: one.report.peak for one in growth.plans}),
            ],
        )
    return found
