"""Parts of a plan by themselves: the gate held against the newest changeset once more, and its report written again."""

from __future__ import annotations

from bench.place import ENV, Place
from bench.table import LeftOut, Table, Target, measured
from tooling.changeset import LATEST

GATE, REPORT = "groundplan gate", "groundplan report"
GATE_OF_ONE = "groundplan gate, one stack"
CHECKOV = "checkov, a stack after the other"
_CHECKOV = (
    "for stack in {stacks}; do\n  checkov -f .groundplan/changesets/{env}/latest/$stack/plan.json"
    " --framework terraform_plan --output json --soft-fail --skip-download >/dev/null\ndone"
)


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    if not (place.workspace.changesets(ENV) / LATEST).exists():
        place.run(f"groundplan plan {place.chosen}", place.environ)
    checkov = _CHECKOV.format(stacks=" ".join(place.stacks), env=ENV)
    one = [place.groundplan(GATE_OF_ONE, f"groundplan gate --env {ENV} --stack {place.stacks[0]}")]
    table = measured(
        f"Gate and report of {place.counted}",
        "On plans that are there. checkov's own command line reads the same plans, without the project's policies, "
        "waivers, prices and limits. A command begins by loading Python and checkov, which a plan does while Terraform "
        "runs; what each further stack takes is the difference to the gate of one.",
        [
            place.groundplan(GATE, f"groundplan gate {place.chosen}"),
            place.groundplan(REPORT, f"groundplan report --env {ENV}"),
            *(one if len(place.stacks) > 1 else []),
            place.plainly(CHECKOV, checkov, place.environ),
        ],
        rounds,
        targets=lambda table: _targets(table, len(place.stacks)),
    )
    return [table]


def _targets(table: Table, stacks: int) -> tuple[Target, ...]:
    gate, report = (table.middle(name).seconds for name in (GATE, REPORT))
    further = []
    if stacks > 1:
        each = (gate - table.middle(GATE_OF_ONE).seconds) / (stacks - 1)
        further.append(Target("the gate, each further stack", each, 0.3, "s"))
    return (
        Target("the gate, a stack, start of the command included", gate / stacks, 0.3, "s"),
        *further,
        Target("the report, a stack, start of the command included", report / stacks, 0.2, "s"),
        Target("the gate, against checkov alone", table.against_first(CHECKOV)[1], 1.0, "x", least=True, other=CHECKOV),
    )
