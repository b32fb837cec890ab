"""An estimate that is not whole is no estimate of nothing."""

from __future__ import annotations

import pytest

from tooling.cost.model import CostEstimate, from_json, to_json


@pytest.mark.parametrize("missing", ["stack", "prices_as_of", "lines", "free", "free_tier"])
def test_a_part_that_is_missing_is_an_error(missing: str) -> None:
    content = to_json(CostEstimate(stack="dev/kefir", prices_as_of="2026-01-01", lines=()))
    assert from_json(content).stack == "dev/kefir"
    del content[missing]

    with pytest.raises(ValueError, match=f"^{missing}: "):
        from_json(content)
