"""Keys: which there are, and who may do what with them."""

from __future__ import annotations

import pytest

from tests.support.keys import is_administered, keys
from tests.support.plans import Plan


@pytest.mark.requirement("SM-FR5-05", "SM-INT-04")
def test_each_key_is_there_where_it_is_needed_and_looked_after_by_the_account(
    staging: Plan, prod: Plan, chosen: Plan
) -> None:
    # By the last part of the address; each where its switch is on.
    expected = (
        (staging, {"logs"}),
        (prod, {"logs", "backup_key", "trail_key"}),
        (chosen, {"backup_key", "trail_key"}),
    )

    for plan, names in expected:
        assert keys(plan).keys() == names
        for key in keys(plan).values():
            assert key["enable_key_rotation"] is True
            assert is_administered(plan, key)
