"""From Python to gated plans, against cdktf-cli and the command line of checkov on an equal app."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import cdktf_cli
from bench.place import ENV, Place
from bench.synthesis import FORGET
from bench.table import LeftOut, Side, Table, Target, measured
from bench.timing import Sample
from tooling.changeset import LATEST, PLAN_JSON
from tooling.errors import ToolError

OURS = "groundplan synth and plan"
KIND = "cdktf synth, diff --skip-synth, and checkov"
USUAL = "cdktf diff, and checkov"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    rival = cdktf_cli.prepared(place)
    if isinstance(rival, LeftOut):
        return [rival]
    jobs = os.cpu_count() or 1
    script = rival.gated(place.stacks, jobs, skip_synth=True)

    def same_plans() -> Sample:
        sample = place.run(script, rival.environ)
        for stack in place.stacks:
            planned = resources(place.workspace.changesets(ENV) / LATEST / stack / PLAN_JSON)
            if (theirs := resources(place.out / f"{stack}.json")) != planned:
                raise ToolError(f"the equal app plans other resources of {stack}: {theirs} and not {planned}")
        return sample

    # A round of it takes minutes, and of the usual way as many for each stack.
    sides = [
        place.groundplan(OURS, f"{FORGET}\ngroundplan synth && groundplan plan {place.chosen}"),
        Side(KIND, script, same_plans, most=max(1, rounds // 2)),
    ]
    if rounds > 2:
        usual = rival.gated(place.stacks, jobs, skip_synth=False)
        sides.append(replace(place.plainly(USUAL, usual, rival.environ), most=1))
    table = measured(
        f"From Python to gated plans of {place.counted}",
        "The same constructs on both sides, and as many resources planned of each type: that is checked. By itself "
        "`cdktf diff` synthesises the whole app for each stack; the second side spares it that. Nothing is remembered "
        "on either side. cdktf-cli runs in fewer rounds than groundplan.",
        sides,
        rounds,
        targets=_targets,
        warm=False,
    )
    return [table]


def resources(file: Path) -> Counter[str]:
    """How many resources of each type a plan, as JSON, makes."""
    plan: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Counter(change["type"] for change in plan["resource_changes"] if change["mode"] == "managed")


def _targets(table: Table) -> tuple[Target, ...]:
    says = "from Python to gated plans, against cdktf-cli and checkov"
    return tuple(
        Target(says, table.against_first(name)[1], 3.0, "x", least=True, other=name)
        for name in (KIND, USUAL)
        if name in table.sides
    )
