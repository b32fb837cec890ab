"""Fifteen applied stacks of which nothing moved: what ``plan --changed`` takes to say so."""

from __future__ import annotations

from dataclasses import replace

from bench.estate import make_estate
from bench.place import ENV, Place
from bench.table import LeftOut, Table, Target, measured

STACKS = 15
CHANGED = "groundplan plan --changed"
ASKED = "groundplan plan"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    root = place.out / "estate"
    make_estate(root, STACKS, emulator_home=place.workspace.emulator_home, bucket="groundplan-bench-estate")
    there = replace(place, root=root, environ={**place.environ, "GROUNDPLAN_ROOT": str(root)})
    for step in ("emulator ready", "plan", "apply --yes"):
        there.run(f"groundplan {step} --env {ENV}", there.environ)
    table = measured(
        f"{STACKS} unchanged stacks",
        "A generated project of built-in resources, applied. The second side asks the cloud about each stack all the "
        "same.",
        [
            there.groundplan(CHANGED, f"groundplan plan --env {ENV} --changed"),
            there.groundplan(ASKED, f"groundplan plan --env {ENV}"),
        ],
        rounds,
        targets=lambda table: (Target(f"{STACKS} unchanged stacks", table.middle(CHANGED).seconds, 1.0, "s"),),
    )
    return [table]
