"""Keys: which there are, and who may do what with them."""

from __future__ import annotations

import pytest

from tests.support.keys import is_administered, keys
from tests.support.plans import Plan


@pytest.mark.requirement("FD-RDS-15", "FD-DR-03")
def test_each_key_is_there_where_it_is_needed_and_looked_after_by_the_account(every: Plan, chosen: Plan) -> None:
    # By the last part of the address; each where its switch is on.
    expected = ((every, {"logs"}), (chosen, {"vault_key", "backup_key"}))

    for plan, names in expected:
        assert keys(plan).keys() == names
        for key in keys(plan).values():
            assert key["enable_key_rotation"] is True
            assert is_administered(plan, key)
