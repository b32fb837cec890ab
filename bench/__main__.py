"""All comparisons side by side in one run, and docs/benchmarks.md from it.

Run with ``make bench``. ``ROUNDS`` (default 3) sets how often each side runs; those that take minutes run less often.
``ONLY`` names one comparison or several, separated by commas; then they are shown and the page is not written. ``SKIP``
leaves some out of it. ``STACK`` plans fewer stacks than all of local.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from time import perf_counter

from bench import again, applies, changed, from_code, machine, page, plans, startup, synthesis
from bench.place import Place, a_place
from bench.table import LeftOut, Table
from tests.support.project import REPOSITORY
from tooling.errors import ToolError

Comparison = Callable[[Place, int], Sequence[Table | LeftOut]]
COMPARISONS: Mapping[str, Comparison] = {
    "help": startup.compare,
    "synth": synthesis.compare,
    "plan": plans.compare,
    "cdktf": from_code.compare,
    "gate": again.compare,
    "changed": changed.compare,
    "apply": applies.compare,
}

# Whatever a tool that does not do what it should may end a comparison with.
FAILURES = (ToolError, OSError, LookupError, ValueError, subprocess.SubprocessError)


def main() -> None:
    try:
        skipped = _named("SKIP")
        chosen = [name for name in _named("ONLY") or COMPARISONS if name not in skipped]
        _run(_rounds(os.environ.get("ROUNDS") or "3"), chosen)
    except ToolError as error:
        sys.exit(f"error: {error}")


def _run(rounds: int, chosen: Sequence[str]) -> None:
    began = perf_counter()
    found = machine.described()
    parts: list[Table | LeftOut] = [LeftOut(f"`{name}`", "it was skipped") for name in _named("SKIP")]
    with a_place(os.environ.get("STACK", "all").split(",")) as place:
        for number, name in enumerate(chosen, 1):
            print(f"{name}, {number} of {len(chosen)} ({perf_counter() - began:.0f} s)", file=sys.stderr)
            try:
                parts += COMPARISONS[name](place, rounds)
            except FAILURES as error:
                # What one comparison lacks is no reason to lose the others; the page says it.
                told = f"{type(error).__name__}: {error}"
                print(f"  left out: {told}", file=sys.stderr)
                parts.append(LeftOut(f"`{name}`", " ".join(told.split())[-400:]))
            if not os.environ.get("ONLY"):
                # After each, so that a run which is ended early leaves what it has found.
                waiting = [LeftOut(f"`{one}`", "the run was ended before it") for one in chosen[number:]]
                page.write([*parts, *waiting], found, _command(rounds), list(COMPARISONS))
    if os.environ.get("ONLY"):
        print(page.as_page(parts, found, _command(rounds), list(COMPARISONS)))
    else:
        print(f"written: {page.PAGE.relative_to(REPOSITORY)} ({perf_counter() - began:.0f} s)", file=sys.stderr)


def _command(rounds: int) -> str:
    asked = {"ROUNDS": str(rounds), **{name: os.environ.get(name, "") for name in ("STACK", "SKIP", "ONLY")}}
    return " ".join(["make bench", *(f"{name}={value}" for name, value in asked.items() if value not in ("", "all"))])


def _rounds(given: str) -> int:
    if not given.isdecimal() or int(given) < 1:
        raise ToolError(f"ROUNDS is '{given}'", hint="a whole number of 1 or more")
    return int(given)


def _named(variable: str) -> list[str]:
    names = [name for name in os.environ.get(variable, "").split(",") if name]
    for name in names:
        if name not in COMPARISONS:
            raise ToolError(
                f"there is no comparison '{name}'", where=variable, hint=f"use some of {', '.join(COMPARISONS)}"
            )
    return names


if __name__ == "__main__":
    main()
