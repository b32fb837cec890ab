"""How groundplan grows: with the stacks of an estate, and with the resources of one plan.

Run with ``python -m bench.growth``. ``SIZES`` (default 10,50,200,1000) are the stacks, ``RESOURCES`` (default
500,1000,2500,5000) the resources, ``CHANGED`` (default: the largest of SIZES, 0 for none) the estate that is applied
so that ``plan --changed`` has something to compare with; one of SIZES is planned only once for both. ``ONLY`` is one
part that is to run alone: ``estates``, ``plans`` or ``changed``; the page keeps the figures of the others. It writes
the figures of docs/growth.md and its curves, and says on standard error what it does. All of it takes a quarter of an
hour on two quiet cores.
"""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from time import perf_counter

from bench.estate import ENV, UNIT, Estate, make_estate, make_wide
from bench.growth_page import DOCUMENT, MOVED, ROUNDS, Growth, OfChanged, OfEstate, OfPlan, Run, write
from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY
from tooling.errors import Exit, ToolError

#: What can be measured by itself.
PARTS = ("estates", "plans", "changed")
#: Seconds that a single command may take.
_BOUND = 4 * 3600
_REFUSED = 4
_TICKS = os.sysconf("SC_CLK_TCK")


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
            planned = {}
            estates = []
            for size in sizes:
                planned[size] = estate_of(work, size, home)
                estates.append(of_estate(planned[size]))
            moved = None
            if changed:
                if changed not in planned:
                    planned[changed] = estate_of(work, changed, home)
                    told(planned[changed], "plan", "--env", ENV)
                moved = of_changed(planned[changed])
            plans = tuple(of_plan(work / f"plan-{count}", count, home) for count in resources)
    return Growth(tuple(estates), plans, moved)


def estate_of(work: Path, stacks: int, home: Path) -> Estate:
    """An estate of so many stacks whose state bucket is there."""
    estate = make_estate(work / f"estate-{stacks}", stacks, emulator_home=home, bucket=f"growth-{stacks}")
    run(estate, "bootstrap", "--env", ENV, "--yes")
    return estate


def of_estate(estate: Estate) -> OfEstate:
    first = told(estate, "plan", "--env", ENV)
    again = told(estate, "plan", "--env", ENV)
    return OfEstate(len(estate.names), first, again, (estate.project.latest / "report.html").stat().st_size)


def of_plan(root: Path, resources: int, home: Path) -> OfPlan:
    estate = make_wide(root, emulator_home=home, bucket=f"growth-plan-{resources}")
    estate.change("wide", resources // UNIT)
    run(estate, "bootstrap", "--env", ENV, "--yes")
    # Buckets without lifecycle and the like are refused: what is refused is sealed and reported like the rest.
    plan = told(estate, "plan", "--env", ENV, codes=(0, _REFUSED), of=f"{resources:,} resources")
    gate = told(estate, "gate", "--env", ENV, codes=(0, _REFUSED), of=f"{resources:,} resources")
    report = told(estate, "report", "--env", ENV, of=f"{resources:,} resources")
    return OfPlan(resources, plan, gate, report, (estate.project.latest / "report.html").stat().st_size)


def of_changed(estate: Estate) -> OfChanged:
    """Of an estate whose latest changeset is fresh, and is applied first, so that the receipts are an apply's own.

    Each plan is of other values, so that each has to be judged: what one took over from the other would be no measure.
    """
    applied = told(estate, "apply", "--env", ENV, "--yes")
    looked = told(estate, "plan", "--env", ENV, "--changed", "--list")
    stacks = len(estate.names)
    moved = [estate.names[index * (stacks - 1) // (MOVED - 1)] for index in range(MOVED)]
    named, changed = [], []
    size = 1
    for _ in range(ROUNDS):
        size = _grow(estate, moved, size)
        named.append(told(estate, "plan", "--env", ENV, "--stack", ",".join(moved)))
        size = _grow(estate, moved, size)
        changed.append(told(estate, "plan", "--env", ENV, "--changed"))
        document = json.loads((estate.project.latest / "changeset.json").read_text(encoding="utf-8"))
        planned = sorted(part["architecture"] for part in document["stacks"])
        if planned != sorted(moved):
            raise ToolError(f"plan --changed planned {', '.join(planned)}, and {', '.join(moved)} had moved")
    return OfChanged(stacks, applied, looked, _median(changed), _median(named))


def _grow(estate: Estate, names: Sequence[str], size: int) -> int:
    for name in names:
        estate.change(name, size + 1)
    return size + 1


def _median(runs: Sequence[Run]) -> Run:
    return Run(**{name: statistics.median(asdict(one)[name] for one in runs) for name in asdict(runs[0])})


def told(estate: Estate, *command: str, codes: Sequence[int] = (0,), of: str = "") -> Run:
    """The same as :func:`run`, with a line on standard error once it is over."""
    took = run(estate, *command, codes=codes)
    words = " ".join(word for word in command if word not in ("--env", ENV, "--yes"))
    print(
        f"{of or f'{len(estate.names):,} stacks'}: {words[:60]}: {took.seconds:.1f} s, CPU {took.own:.1f} s, "
        f"with Terraform {took.all:.1f} s, {took.peak:.0f} MiB",
        file=sys.stderr,
        flush=True,
    )
    return took


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


def _numbers(name: str, default: str) -> list[int]:
    return [int(part) for part in os.environ.get(name, default).split(",") if part]


if __name__ == "__main__":
    main()
