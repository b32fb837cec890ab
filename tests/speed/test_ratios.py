"""What groundplan takes beside what cannot be spared, in CPU seconds of one run, the sides in turn.

Whatever else goes on makes a process take more CPU, never less. Where that comes and goes, the least that each side
took in any round is the truth. Where it stays, the least is that of a lucky moment, which a short process has sooner
than a long one, and the sums of all rounds are. So the lower of both ratios counts: what really takes more raises both.
The smallest ratio of a round would not do, since it is that of the round in which the other side was disturbed most.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from bench import bare
from bench.place import ENV, Place
from bench.plans import JUDGE_ANEW
from bench.synthesis import FORGET
from bench.table import Side
from bench.timing import Sample, in_turn
from tests.speed import calibration, limits

ROUNDS = 3
PLAN, BARE = "groundplan plan", "bare terraform"
COLD, AGAIN, FIXED = "groundplan synth from nothing", "groundplan synth, unchanged", "calibration"
HELP, EMPTY = "groundplan --help", "an empty Python"

Samples = Mapping[str, Sequence[Sample]]


def taken(*sides: Side, rounds: int = ROUNDS) -> Samples:
    return in_turn({side.name: side.run for side in sides}, rounds, warm=False)


def cpu_ratio(samples: Samples, ours: str, theirs: str) -> float:
    """CPU of one side against that of another: of the least that each took or of all, whichever is lower; said too."""
    our, their = ([sample.cpu for sample in samples[name]] for name in (ours, theirs))
    of_least, of_all = min(our) / min(their), sum(our) / sum(their)
    print(f"  {ours} / {theirs}: {of_least:.3f} of the least, {of_all:.3f} of all", file=sys.stderr)
    return min(of_least, of_all)


def test_a_plan_takes_little_more_than_bare_terraform(place: Place) -> None:
    shell = place.bare()
    place.run(bare.initialised(("kefir",), 1), shell)

    samples = taken(
        place.groundplan(PLAN, f"{JUDGE_ANEW}\ngroundplan plan --env {ENV} --stack kefir"),
        place.plainly(BARE, bare.planned(("kefir",), 1, init=False, checkov=False), shell),
    )

    assert cpu_ratio(samples, PLAN, BARE) <= limits.PLAN_AGAINST_BARE


@pytest.fixture(scope="module")
def synths(place: Place) -> Samples:
    """Synth from nothing, once more with nothing changed, and the fixed piece of work."""
    return taken(
        place.groundplan(COLD, f"{FORGET}\ngroundplan synth"),
        place.groundplan(AGAIN, "groundplan synth"),
        place.plainly(FIXED, f"{sys.executable} {Path(calibration.__file__)}", place.environ),
    )


def test_a_synth_from_nothing_takes_no_more_than_it_did(synths: Samples) -> None:
    assert cpu_ratio(synths, COLD, FIXED) <= limits.SYNTH_AGAINST_CALIBRATION


def test_a_synth_of_which_nothing_changed_takes_a_small_part_of_one_from_nothing(synths: Samples) -> None:
    assert cpu_ratio(synths, AGAIN, COLD) <= limits.SYNTH_AGAIN_AGAINST_COLD


def test_help_takes_little_more_than_an_empty_python(place: Place) -> None:
    samples = taken(
        place.groundplan(HELP, "groundplan --help"),
        place.plainly(EMPTY, "python -c ''", place.environ),
        rounds=3 * ROUNDS,
    )

    assert cpu_ratio(samples, HELP, EMPTY) <= limits.HELP_AGAINST_PYTHON
