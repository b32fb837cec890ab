"""All stacks from an empty state to a sealed report, against Terraform that only plans, and against a script."""

from __future__ import annotations

import os

from bench import bare
from bench.place import Place
from bench.table import LeftOut, Table, Target, measured

PLAN, AGAIN = "groundplan plan", "groundplan plan, of which every verdict is known"
# Verdicts and estimates of earlier plans.
JUDGE_ANEW = "rm -rf .groundplan/kept"
BARE = "terraform plan and show"
SCRIPTED = "terraform init, plan and show, and checkov"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    jobs = os.cpu_count() or 1
    shell, script = place.bare(), f"groundplan plan {place.chosen}"
    place.run(script, place.environ)
    place.run(bare.initialised(place.stacks, jobs), shell)
    table = measured(
        f"Plan of {place.counted}",
        "Every root is initialised and no state holds anything yet. groundplan plans, prices and gates each stack with "
        "checkov and its own policies, and writes and seals the report, with every verdict of earlier plans forgotten; "
        "the second side takes them over, since the plans say the same again. The first other side only plans and "
        "shows. As many stacks at a time everywhere as there are cores.",
        [
            place.groundplan(PLAN, f"{JUDGE_ANEW}\n{script}"),
            place.groundplan(AGAIN, script),
            place.plainly(BARE, bare.planned(place.stacks, jobs, init=False, checkov=False), shell),
            place.plainly(SCRIPTED, bare.planned(place.stacks, jobs, init=True, checkov=True), shell),
        ],
        rounds,
        targets=_targets,
        warm=False,
    )
    return [table]


def _targets(table: Table) -> tuple[Target, ...]:
    ours = 1 / table.against_first(BARE)[1]
    scripted = table.against_first(SCRIPTED)[1]
    return (
        Target("plan to sealed report, against bare Terraform alone", ours, 1.08, "x", other=BARE),
        Target("the same, against Terraform and checkov", scripted, 1.0, "x", least=True, other=SCRIPTED),
        Target("memory of groundplan itself", table.middle(PLAN).own, 250, "MB"),
    )
