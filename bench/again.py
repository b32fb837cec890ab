"""Parts of a plan by themselves: the gate held against the newest changeset once more, and its report written again."""

from __future__ import annotations

from bench.place import ENV, Place
from bench.table import LeftOut, Table, Target, measured
from bench.timing import Sample

GATE, REPORT = "groundplan gate", "groundplan report"
_CHECKOV = (
    "for stack in {stacks}; do\n  checkov -f .groundplan/changesets/{env}/latest/$stack/plan.json"
    " --framework terraform_plan --output json --soft-fail --skip-download >/dev/null\ndone"
)


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    place.run(f"groundplan plan {place.chosen}", place.environ)
    checkov = _CHECKOV.format(stacks=" ".join(place.stacks), env=ENV)
    table = measured(
        f"Gate and report of {place.counted}",
        "On plans that are there. checkov's own command line reads the same plans, without the project's policies, "
        "waivers, prices and limits.",
        [
            place.groundplan(GATE, f"groundplan gate {place.chosen}"),
            place.groundplan(REPORT, f"groundplan report --env {ENV}"),
            place.plainly("checkov, a stack after the other", checkov, place.environ),
        ],
        rounds,
        targets=lambda table: _targets(table, len(place.stacks)),
    )
    return [table]


def _targets(table: Table, stacks: int) -> tuple[Target, ...]:
    def a_stack(sample: Sample) -> float:
        return sample.seconds / stacks

    return (
        Target("the gate, a stack, start of the command included", a_stack(table.middle(GATE)), 0.3, "s"),
        Target("the report, a stack, start of the command included", a_stack(table.middle(REPORT)), 0.2, "s"),
    )
