"""From Python to gated plans, against cdktf-cli and the command line of checkov on an equal app."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

from bench import cdktf_cli
from bench.place import ENV, Place
from bench.plans import JUDGE_ANEW
from bench.synthesis import FORGET
from bench.table import LeftOut, Side, Table, Target, measured
from bench.timing import Sample
from tooling.changeset import LATEST, PLAN_JSON
from tooling.errors import ToolError

OURS = "groundplan synth and plan"
COLD = "groundplan synth and plan, nothing remembered"
USUAL = "cdktf diff of each stack, and checkov"
KIND = "cdktf synth once, diff --skip-synth, and checkov"
_TOLD = """\
What one does before an apply: make sure that the stacks are those of the Python, plan them, gate the plans. As many
stacks at a time on all sides as there are cores; roots are initialised, from the same mirror of the provider, and no
state holds anything yet.

- **groundplan** looks whether anything that synth reads has moved; the second side has forgotten all that it knew,
  writes every module and root anew and initialises the roots again. Both gate with checkov and the project's own
  policies, estimate costs, write and seal the report.
- **cdktf-cli** runs an app of the same constructs with a root for each architecture and no module that would have to be
  fetched. `cdktf diff` asks about one stack and synthesises the whole app for it; as several at a time would write into
  one folder, each stack has an output folder of its own. The last side spares it all but one synth, as a script can
  where nobody changes anything meanwhile; most of what is left is then Terraform's own work, which no side can spare.
  It reports its use to nobody, locks no provider anew, and its bindings check types as cheaply as they do for
  groundplan. checkov's command line then reads each plan.

Each of its plans was held against groundplan's: as many resources of each type, and the same done with them. A side of
it takes minutes, so it runs less often than groundplan. What it found there, before anything was measured:

```sh
{found}
```"""


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    rival = cdktf_cli.prepared(place)
    if isinstance(rival, LeftOut):
        return [rival]
    jobs, few = os.cpu_count() or 1, max(1, rounds // 2)
    script, found = (
        f"{JUDGE_ANEW}\ngroundplan synth && groundplan plan {place.chosen}",
        rival.initialised(place.stacks, jobs),
    )
    place.run(script, place.environ)
    place.run(found, rival.environ)

    def the_same(name: str, command: str) -> Side:
        def run() -> Sample:
            sample = place.run(command, rival.environ)
            for stack in place.stacks:
                latest = place.workspace.changesets(ENV) / LATEST / stack / PLAN_JSON
                reject_another_plan(stack, ours=changes(latest), theirs=changes(place.out / f"{stack}.json"))
                (place.out / f"{stack}.json").unlink()
            return sample

        return Side(name, command, run, most=few)

    table = measured(
        f"From Python to gated plans of {place.counted}",
        _TOLD.format(found=found),
        [
            place.groundplan(OURS, script),
            place.groundplan(COLD, f"{FORGET}\n{script}"),
            the_same(USUAL, rival.gated(place.stacks, jobs)),
            the_same(KIND, rival.gated_at_once(place.stacks, jobs)),
        ],
        rounds,
        targets=_targets,
        warm=False,
    )
    return [table]


def changes(file: Path) -> Counter[tuple[str, str]]:
    """How many resources of each type a plan, as JSON, does what with: ``("aws_s3_bucket", "create")``."""
    plan: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return Counter(
        (change["type"], " ".join(change["change"]["actions"]))
        for change in plan["resource_changes"]
        if change["mode"] == "managed"
    )


def reject_another_plan(stack: str, *, ours: Counter[tuple[str, str]], theirs: Counter[tuple[str, str]]) -> None:
    """What does not do the same is not compared.

    Raises:
        ToolError: A plan does something else than the other, or both do nothing.
    """
    if not ours:
        raise ToolError(f"groundplan's plan of {stack} changes nothing, so there is nothing to compare")
    if ours != theirs:
        more, less = theirs - ours, ours - theirs
        raise ToolError(
            f"the equal app's plan of {stack} has {_listed(more)} that groundplan's has not, and lacks {_listed(less)}"
        )


def _listed(counted: Counter[tuple[str, str]]) -> str:
    return ", ".join(f"{count} {kind} ({action})" for (kind, action), count in sorted(counted.items())) or "nothing"


def _targets(table: Table) -> tuple[Target, ...]:
    says = "from Python to gated plans, against cdktf-cli and checkov"
    return (
        Target(says, table.against_first(USUAL)[1], 3.0, "x", least=True, other=USUAL),
        Target(
            "the same, with one synth for all stacks", table.against_first(KIND)[1], 3.0, "x", least=True, other=KIND
        ),
    )
