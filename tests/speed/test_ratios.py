"""What groundplan takes beside what cannot be spared, in CPU seconds of one run, the sides in turn.

The smallest ratio of the rounds counts: whatever else goes on makes a side slower, never faster.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import bare
from bench.place import ENV, Place
from bench.synthesis import FORGET
from bench.table import Side
from bench.timing import by_cpu, in_turn, ratios
from tests.speed import calibration, limits

ROUNDS = 3


def least_ratio(ours: Side, theirs: Side, rounds: int = ROUNDS) -> float:
    """CPU of one side against that of another; said on stderr too."""
    samples = in_turn({side.name: side.run for side in (ours, theirs)}, rounds, warm=False)
    least, usual, most = ratios(samples[ours.name], samples[theirs.name], by_cpu)
    print(f"{ours.name} / {theirs.name}: {least:.2f} ({usual:.2f}, {most:.2f})", file=sys.stderr)
    return least


def test_a_plan_takes_little_more_than_bare_terraform(place: Place) -> None:
    shell = place.bare()
    place.run(bare.initialised(("kefir",), 1), shell)

    ratio = least_ratio(
        place.groundplan("groundplan plan", f"groundplan plan --env {ENV} --stack kefir"),
        place.plainly("bare terraform", bare.planned(("kefir",), 1, init=False, checkov=False), shell),
    )

    assert ratio <= limits.PLAN_AGAINST_BARE


def test_a_synth_from_nothing_takes_no_more_than_it_did(place: Place) -> None:
    ratio = least_ratio(
        place.groundplan("groundplan synth", f"{FORGET}\ngroundplan synth"),
        place.plainly("calibration", f"{sys.executable} {Path(calibration.__file__)}", place.environ),
    )

    assert ratio <= limits.SYNTH_AGAINST_CALIBRATION


def test_help_takes_little_more_than_an_empty_python(place: Place) -> None:
    ratio = least_ratio(
        place.groundplan("groundplan --help", "groundplan --help"),
        place.plainly("an empty Python", "python -c ''", place.environ),
        rounds=3 * ROUNDS,
    )

    assert ratio <= limits.HELP_AGAINST_PYTHON
