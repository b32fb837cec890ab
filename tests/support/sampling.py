"""A sample of the slower tests, another one for each seed."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

SEED_VARIABLE, SHARE_VARIABLE = "GROUNDPLAN_SEED", "GROUNDPLAN_SHARE"
# Never left out: whoever looks for what a kill loses looks each time.
_ALWAYS = "test_kills.py"


def leave_out(items: list[pytest.Item], share: float, seed: str) -> list[pytest.Item]:
    """The tests that are not of the sample.

    Each test is drawn by its own name, so that all workers of a run draw alike. One that proves a requirement is always
    of the sample: the trace counts on it.

    Args:
        items: All that there are.
        share: Of them that the sample has about, 0 to 1.
        seed: Draws another sample.
    """
    return [item for item in items if not _stays(item) and random.Random(f"{seed}/{item.nodeid}").random() >= share]


def _stays(item: pytest.Item) -> bool:
    return item.path.name == _ALWAYS or item.get_closest_marker("requirement") is not None


def sample_of(config: pytest.Config, items: list[pytest.Item], folder: Path, environ: Mapping[str, str]) -> None:
    """Leave out of a run what is not of the sample that its environment asks for, if it asks for one.

    Args:
        config: The run's.
        items: Its tests; those left out are taken away.
        folder: Only tests below it are drawn.
        environ: Of the run.

    Raises:
        pytest.UsageError: There is a share and no seed, or the share is none.
    """
    asked = environ.get(SHARE_VARIABLE, "")
    if not asked:
        return
    try:
        share = float(asked)
    except ValueError:
        share = 0.0
    if not 0 < share <= 1 or not environ.get(SEED_VARIABLE):
        raise pytest.UsageError(f"{SHARE_VARIABLE} is above 0 and at most 1, and {SEED_VARIABLE} says which sample")
    drawn = [item for item in items if folder in item.path.parents]
    out = set(leave_out(drawn, share, environ[SEED_VARIABLE]))
    config.hook.pytest_deselected(items=list(out))
    items[:] = [item for item in items if item not in out]
