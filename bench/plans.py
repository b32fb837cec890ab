"""Five stacks from an empty state to a sealed report, against what Terraform, checkov and cdktf-cli take for less."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench import bare, cdktf_cli
from bench.place import ENV, STACKS, Place
from bench.table import LeftOut, Side, Table, Target, measured
from bench.timing import Sample
from tooling.errors import ToolError

PLAN = "groundplan plan"
BARE = "terraform plan and show"
SCRIPTED = "terraform init, plan and show, and checkov"
KIND = "cdktf synth, diff --skip-synth, and checkov"
USUAL = "cdktf diff, and checkov"
_PLAN = f"groundplan plan --env {ENV}"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    jobs = os.cpu_count() or 1
    shell = place.bare()
    place.run(_PLAN, place.environ)
    place.run(bare.initialised(STACKS, jobs), shell)
    by_hand = measured(
        "Plan of five stacks",
        "Every root is initialised and no state holds anything yet. groundplan plans, prices and gates each stack with "
        "checkov and its own policies, and writes and seals the report; the first other side only plans and shows. As "
        "many stacks at a time everywhere as there are cores.",
        [
            place.groundplan(PLAN, _PLAN),
            place.plainly(BARE, bare.planned(STACKS, jobs, init=False, checkov=False), shell),
            place.plainly(SCRIPTED, bare.planned(STACKS, jobs, init=True, checkov=True), shell),
        ],
        rounds,
        targets=_against_bare,
        warm=False,
    )
    planned = {stack: resources(place.out / f"{stack}.json") for stack in STACKS}
    rival = cdktf_cli.prepared(place)
    if isinstance(rival, LeftOut):
        return [by_hand, rival]
    return [by_hand, _against_cdktf(place, rival, planned, rounds, jobs)]


def _against_cdktf(
    place: Place, rival: cdktf_cli.Installed, planned: dict[str, Counter[str]], rounds: int, jobs: int
) -> Table:
    from_code = f"groundplan synth && {_PLAN}"
    script = rival.gated(STACKS, jobs, skip_synth=True)

    def same_plans() -> Sample:
        sample = place.run(script, rival.environ)
        for stack in STACKS:
            if (found := resources(place.out / f"{stack}.json")) != planned[stack]:
                raise ToolError(f"the equal app plans other resources of {stack}: {found} and not {planned[stack]}")
        return sample

    sides = [place.groundplan("groundplan synth and plan", from_code), Side(KIND, script, same_plans)]
    # This takes minutes: once, and only where there is more than one round of the others.
    if rounds > 1:
        usual = rival.gated(STACKS, jobs, skip_synth=False)
        sides.append(replace(place.plainly(USUAL, usual, rival.environ), most=1))
    return measured(
        "From Python to five gated plans",
        "The same constructs on both sides, and as many resources planned of each type: that is checked. By "
        "itself `cdktf diff` synthesises the whole app for each stack; the second side spares it that.",
        sides,
        rounds,
        targets=_against_rival,
        warm=False,
    )


def resources(file: Path) -> Counter[str]:
    """How many resources of each type a plan, as JSON, makes."""
    plan: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Counter(change["type"] for change in plan["resource_changes"] if change["mode"] == "managed")


def _against_bare(table: Table) -> tuple[Target, ...]:
    _, usual, _ = table.against_first(BARE)
    return (
        Target("groundplan against bare Terraform alone", 1 / usual, 1.08, "x"),
        Target("memory of groundplan itself", table.middle(PLAN).own, 250, "MiB"),
    )


def _against_rival(table: Table) -> tuple[Target, ...]:
    return tuple(
        Target(f"{name}, against groundplan", table.against_first(name)[1], 3.0, "x", least=True)
        for name in (KIND, USUAL)
        if name in table.sides
    )
