"""How long the command line takes to say anything at all."""

from __future__ import annotations

from bench.place import Place
from bench.table import LeftOut, Table, Target, measured

HELP = "groundplan --help"


def compare(place: Place, rounds: int) -> list[Table | LeftOut]:
    sides = [
        place.groundplan(HELP, HELP),
        place.plainly("terraform -help", "terraform -help >/dev/null", place.environ),
        place.plainly("an empty Python", "python -c ''", place.environ),
    ]
    table = measured(
        "Help",
        "What every command begins with.",
        sides,
        # Each takes a fraction of a second.
        3 * rounds,
        targets=lambda table: (Target(HELP, table.middle(HELP).seconds, 0.15, "s"),),
    )
    return [table]
