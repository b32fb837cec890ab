"""Synth: all modules and roots from nothing, once more with nothing changed, and the same constructs as a plain app."""

from __future__ import annotations

from bench import cdktf_cli
from bench.place import Place
from bench.table import LeftOut, Table, Target, measured

COLD, AGAIN = "groundplan synth, cold", "groundplan synth, nothing changed"
# Whatever a run may have kept, but for the emulator.
FORGET = "find .groundplan -mindepth 1 -maxdepth 1 ! -name emulator -exec rm -rf {} +"
_SYNTH = "groundplan synth"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    sides = [place.groundplan(COLD, f"{FORGET}\n{_SYNTH}"), place.groundplan(AGAIN, _SYNTH)]
    rival = cdktf_cli.prepared(place)
    if isinstance(rival, cdktf_cli.Installed):
        sides.append(place.plainly("cdktf synth", rival.synth, rival.environ))
    table = measured(
        "Synth of the five architectures",
        "groundplan writes both shapes of each module as formatted HCL, their pages, and a root for every stack of "
        "every environment; an equal app under cdktf-cli writes one stack an architecture as JSON.",
        sides,
        rounds,
        targets=_targets,
    )
    return [table, *([rival] if isinstance(rival, LeftOut) else [])]


def _targets(table: Table) -> tuple[Target, ...]:
    return (
        Target(COLD, table.middle(COLD).seconds, 4.0, "s"),
        Target(AGAIN, table.middle(AGAIN).seconds, 0.3, "s"),
    )
