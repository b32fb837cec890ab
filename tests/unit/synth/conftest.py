from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from cdktf_app.synthesis import synthesize

Module = dict[str, Any]


@cache
def _text(name: str, retain_data: bool) -> str:
    return json.dumps(synthesize(name, retain_data=retain_data))


@pytest.fixture(scope="session")
def retained() -> Callable[[str], Module]:
    """The module of an architecture, synthesised once a run; a copy for each caller."""
    return lambda name: json.loads(_text(name, True))


@pytest.fixture(scope="session")
def removable() -> Callable[[str], Module]:
    """The same without ``prevent_destroy``."""
    return lambda name: json.loads(_text(name, False))
