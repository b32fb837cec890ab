"""pytest plugin: the plans of a run are kept in the folder that GROUNDPLAN_PLANNING names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

VARIABLE = "GROUNDPLAN_PLANNING"


@pytest.hookimpl(tryfirst=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: Any) -> Any:
    if fixturedef.argname != "planning_folder":
        return None
    return give(fixturedef, request, Path(os.environ[VARIABLE]))


def give(fixturedef: pytest.FixtureDef[Any], request: Any, value: Any) -> Any:
    """Let a fixture have a value instead of what its function makes."""
    fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
    return value
