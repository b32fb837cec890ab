"""How groundplan grows: with the stacks of an estate, and with the resources of one plan.

Run with ``python -m bench.growth``. ``SIZES`` (default 10,50,200,1000) are the stacks, ``RESOURCES`` (default
500,1000,2500,5000) the resources, ``CHANGED`` (default: the largest of SIZES, 0 for none) the estate that is applied
once so that ``plan --changed`` has something to compare with. ``ONLY`` is one part that is to run alone: ``estates``,
``plans`` or ``changed``; the page keeps the figures of the others. It writes the figures of docs/growth.md and its
curves.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

from bench.curves import Curve, picture
from bench.estate import ENV, UNIT, Estate, make_estate, make_wide
from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY
from tooling.errors import Exit, ToolError

DOCUMENT = REPOSITORY / "docs/growth.md"
PICTURES = REPOSITORY / "docs/pictures"
#: What can be measured by itself.
PARTS = ("estates", "plans", "changed")
#: Stacks of the estate that change before ``plan --changed``.
MOVED = 3
#: Seconds that a single command may take.
_BOUND = 4 * 3600
_REFUSED = 4
_TICKS = os.sysconf("SC_CLK_TCK")


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
    """``plan --changed`` of an estate in which a few stacks moved, and the plan of only those."""

    stacks: int
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


def main() -> None:
    sizes = _numbers("SIZES", "10,50,200,1000")
    named = os.environ.get("CHANGED")
    growth = measure(
        sizes=sizes,
        resources=_numbers("RESOURCES", "500,1000,2500,5000"),
        changed=int(named) if named else max(sizes, default=0),
        only=os.environ.get("ONLY") or None,
    )
    print(json.dumps(asdict(growth)))
    write(growth)
    print(f"written: {DOCUMENT.relative_to(REPOSITORY)} and its pictures")


def measure(*, sizes: Sequence[int], resources: Sequence[int], changed: int, only: str | None = None) -> Growth:
    """Generate and plan estates and plans of these sizes, on an emulator of their own.

    Args:
        sizes: Stacks of the estates.
        resources: Resources of the plans, tens.
        changed: Stacks of the estate that is applied for ``plan --changed``; 0: none.
        only: One of ``PARTS``. Default: all of them.

    Raises:
        ToolError: A command failed, so that its time means nothing. Exit 2: there is no such part.
    """
    if only is not None and only not in PARTS:
        raise ToolError(f"'{only}' is no part", hint=f"there are: {', '.join(PARTS)}", exit_code=Exit.USAGE)
    sizes = sizes if only in (None, "estates") else ()
    resources = resources if only in (None, "plans") else ()
    changed = changed if only in (None, "changed") else 0
    with tempfile.TemporaryDirectory() as folder:
        work, home = Path(folder), Path(folder) / "emulator"
        with emulator_in(home):
            estates = tuple(of_estate(work / f"estate-{size}", size, home) for size in sizes)
            plans = tuple(of_plan(work / f"plan-{count}", count, home) for count in resources)
            moved = of_changed(work / "changed", changed, home) if changed else None
    return Growth(estates, plans, moved)


def of_estate(root: Path, stacks: int, home: Path) -> OfEstate:
    estate = make_estate(root, stacks, emulator_home=home, bucket=f"growth-{stacks}")
    run(estate, "bootstrap", "--env", ENV, "--yes")
    first = run(estate, "plan", "--env", ENV)
    again = run(estate, "plan", "--env", ENV)
    print(f"{stacks} stacks: {again}", file=sys.stderr)
    return OfEstate(stacks, first, again, (estate.project.latest / "report.html").stat().st_size)


def of_plan(root: Path, resources: int, home: Path) -> OfPlan:
    estate = make_wide(root, emulator_home=home, bucket=f"growth-plan-{resources}")
    estate.change("wide", resources // UNIT)
    run(estate, "bootstrap", "--env", ENV, "--yes")
    # Buckets without lifecycle and the like are refused: what is refused is sealed and reported like the rest.
    plan = run(estate, "plan", "--env", ENV, codes=(0, _REFUSED))
    gate = run(estate, "gate", "--env", ENV, codes=(0, _REFUSED))
    report = run(estate, "report", "--env", ENV)
    print(f"{resources} resources: gate {gate}, report {report}", file=sys.stderr)
    return OfPlan(resources, plan, gate, report, (estate.project.latest / "report.html").stat().st_size)


def of_changed(root: Path, stacks: int, home: Path) -> OfChanged | None:
    """None where ``plan`` knows no ``--changed``."""
    estate = make_estate(root, stacks, emulator_home=home, bucket=f"growth-changed-{stacks}")
    if "--changed" not in estate.project.run("plan", "--help").out:
        return None
    run(estate, "bootstrap", "--env", ENV, "--yes")
    run(estate, "plan", "--env", ENV)
    run(estate, "apply", "--env", ENV, "--yes")
    moved = [estate.names[index * (stacks - 1) // (MOVED - 1)] for index in range(MOVED)]
    for name in moved:
        estate.change(name, 2)
    named = run(estate, "plan", "--env", ENV, "--stack", ",".join(moved))
    changed = run(estate, "plan", "--env", ENV, "--changed")
    document = json.loads((estate.project.latest / "changeset.json").read_text(encoding="utf-8"))
    planned = sorted(part["architecture"] for part in document["stacks"])
    if planned != sorted(moved):
        raise ToolError(f"plan --changed planned {', '.join(planned)}, and {', '.join(moved)} had moved")
    return OfChanged(stacks, changed, named)


def run(estate: Estate, *command: str, codes: Sequence[int] = (0,)) -> Run:
    """Run a command of groundplan in an estate to its end.

    Raises:
        ToolError: It ended with none of the ``codes``.
    """
    project = estate.project
    with tempfile.TemporaryFile() as errors:
        began = perf_counter()
        process = subprocess.Popen(
            project.command(*command),
            cwd=project.root,
            env=project.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        watch = threading.Timer(_BOUND, process.kill)
        watch.start()
        own, peak = _follow(process.pid)
        _, status, usage = os.wait4(process.pid, 0)
        watch.cancel()
        seconds = perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in codes:
            errors.seek(0)
            said = errors.read().decode(errors="replace")[-600:]
            raise ToolError(f"groundplan {' '.join(command)} ended with {process.returncode}: {said}")
    return Run(seconds, own, usage.ru_utime + usage.ru_stime, peak)


def _follow(pid: int) -> tuple[float, float]:
    """CPU seconds and most MiB of a process, without its children; looked at until it ends."""
    peak = 0.0
    pause = threading.Event()
    while True:
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        if stat[0] == "Z":
            # What has ended and was not waited for still says what it took.
            return (int(stat[11]) + int(stat[12])) / _TICKS, peak
        found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
        peak = max(peak, int(found[1]) / 1024) if found else peak
        pause.wait(0.02)


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
        found["estates"] = [
            "| stacks | plan, s | a stack, s | groundplan's CPU a stack, ms | with Terraform's, ms | groundplan, MiB "
            "| first plan, s | report, MB |",
            "|--:|--:|--:|--:|--:|--:|--:|--:|",
            *(
                f"| {one.stacks:,} | {one.plan.seconds:.1f} | {one.plan.seconds / one.stacks:.2f} "
                f"| {1000 * one.plan.own / one.stacks:.0f} | {1000 * one.plan.all / one.stacks:.0f} "
                f"| {one.plan.peak:.0f} | {one.first.seconds:.1f} | {one.report_bytes / 1e6:.1f} |"
                for one in growth.estates
            ),
            "",
            machine,
            *_shown(growth, "growth-stacks.svg", "CPU a stack over the number of stacks"),
            *_shown(growth, "growth-memory.svg", "Memory of groundplan over the number of stacks"),
        ]
    if growth.plans:
        found["plans"] = [
            "| resources | gate, CPU s | report, CPU s | both, ms a resource | groundplan plan, MiB | report, MB |",
            "|--:|--:|--:|--:|--:|--:|",
            *(
                f"| {one.resources:,} | {one.gate.own:.1f} | {one.report.own:.1f} "
                f"| {1000 * (one.gate.own + one.report.own) / one.resources:.1f} | {one.plan.peak:.0f} "
                f"| {one.report_bytes / 1e6:.1f} |"
                for one in growth.plans
            ),
            "",
            machine,
            *_shown(growth, "growth-resources.svg", "CPU of gate and report over the resources of a plan"),
        ]
    if growth.changed is not None:
        changed = growth.changed
        found["changed"] = [
            f"| {MOVED} of {changed.stacks:,} stacks moved | s | CPU s, with Terraform's |",
            "|---|--:|--:|",
            f"| `plan --changed` | {changed.changed.seconds:.1f} | {changed.changed.all:.1f} |",
            f"| `plan --stack` with their names | {changed.named.seconds:.1f} | {changed.named.all:.1f} |",
            "",
            f"Ratio of CPU {changed.ratio:.2f} (at most 1.5).",
        ]
    return found


def _shown(growth: Growth, name: str, told: str) -> list[str]:
    return ["", f"![{told}](pictures/{name})"] if name in drawings(growth) else []


def drawings(growth: Growth) -> dict[str, str]:
    """The curves, by file name."""
    found = {}
    if len(growth.estates) > 1:
        found["growth-stacks.svg"] = picture(
            "Time a stack (CPU, ms)",
            "stacks",
            [
                Curve("groundplan", {one.stacks: 1000 * one.plan.own / one.stacks for one in growth.estates}),
                Curve("with Terraform", {one.stacks: 1000 * one.plan.all / one.stacks for one in growth.estates}),
            ],
        )
        found["growth-memory.svg"] = picture(
            "Memory of groundplan (MiB)",
            "stacks",
            [Curve("groundplan", {one.stacks: one.plan.peak for one in growth.estates})],
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
    return found


def _numbers(name: str, default: str) -> list[int]:
    return [int(part) for part in os.environ.get(name, default).split(",") if part]


if __name__ == "__main__":
    main()
