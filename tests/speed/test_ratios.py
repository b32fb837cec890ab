"""What groundplan takes beside what cannot be spared, in CPU seconds of one run, the sides in turn.

The least that each side took in any round counts: whatever else goes on makes a process take more CPU, never less. The
smallest ratio of a round would not do, since it is that of the round in which the other side was disturbed most.
"""

from __future__ import annotations

import sys
from pathlib import Path

from bench import bare
from bench.place import ENV, Place
from bench.synthesis import FORGET
from bench.table import Side
from bench.timing import in_turn
from tests.speed import calibration, limits

ROUNDS = 3


def cpu_ratio(ours: Side, theirs: Side, rounds: int = ROUNDS) -> float:
    """The least CPU of one side against the least of another; said on stderr too."""
    samples = in_turn({side.name: side.run for side in (ours, theirs)}, rounds, warm=False)
    our_least, their_least = (min(sample.cpu for sample in samples[side.name]) for side in (ours, theirs))
    print(f"  {ours.name} / {theirs.name}: {our_least / their_least:.2f}", file=sys.stderr)
    return our_least / their_least


def test_a_plan_takes_little_more_than_bare_terraform(place: Place) -> None:
    shell = place.bare()
    place.run(bare.initialised(("kefir",), 1), shell)

    ratio = cpu_ratio(
        place.groundplan("groundplan plan", f"groundplan plan --env {ENV} --stack kefir"),
        place.plainly("bare terraform", bare.planned(("kefir",), 1, init=False, checkov=False), shell),
    )

    assert ratio <= limits.PLAN_AGAINST_BARE


def test_a_synth_from_nothing_takes_no_more_than_it_did(place: Place) -> None:
    ratio = cpu_ratio(
        place.groundplan("groundplan synth", f"{FORGET}\ngroundplan synth"),
        place.plainly("calibration", f"{sys.executable} {Path(calibration.__file__)}", place.environ),
    )

    assert ratio <= limits.SYNTH_AGAINST_CALIBRATION


def test_help_takes_little_more_than_an_empty_python(place: Place) -> None:
    ratio = cpu_ratio(
        place.groundplan("groundplan --help", "groundplan --help"),
        place.plainly("an empty Python", "python -c ''", place.environ),
        rounds=3 * ROUNDS,
    )

    assert ratio <= limits.HELP_AGAINST_PYTHON
