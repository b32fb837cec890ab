"""Synth: all modules and roots from nothing, once more with nothing changed, and the same constructs as a plain app."""

from __future__ import annotations

from bench import cdktf_cli
from bench.place import Place
from bench.table import LeftOut, Table, Target, measured

COLD, AGAIN = "groundplan synth, cold", "groundplan synth, nothing changed"
# Whatever a run may have kept, but for the emulator.
FORGET = "find .groundplan -mindepth 1 -maxdepth 1 ! -name emulator -exec rm -rf {} +"
CDKTF = "cdktf synth"
_SYNTH = "groundplan synth"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    sides = [place.groundplan(COLD, f"{FORGET}\n{_SYNTH}"), place.groundplan(AGAIN, _SYNTH)]
    rival = cdktf_cli.prepared(place)
    if isinstance(rival, cdktf_cli.Installed):
        sides.append(place.plainly(CDKTF, rival.synth, rival.environ))
    table = measured(
        "Synth of the five architectures",
        "groundplan writes both shapes of each module as formatted HCL, their pages, and a root for every stack of "
        "every environment, with a process of Python and one of Node for each core; the column of memory has both, "
        "and most of it is the Node in which cdktf runs. An equal app under cdktf-cli writes one stack an architecture "
        "as JSON.",
        sides,
        rounds,
        targets=_targets,
        warm=False,
    )
    return [table, *([rival] if isinstance(rival, LeftOut) else [])]


def _targets(table: Table) -> tuple[Target, ...]:
    rival = (
        [Target("synth, cold, against cdktf-cli", table.against_first(CDKTF)[1], 1.0, "x", least=True, other=CDKTF)]
        if CDKTF in table.sides
        else []
    )
    return (
        Target("synth, cold", table.middle(COLD).seconds, 4.0, "s"),
        Target("synth, nothing changed", table.middle(AGAIN).seconds, 0.3, "s"),
        *rival,
        Target("memory of groundplan itself in a cold synth, its Python", table.middle(COLD).python, 250, "MB"),
    )
