"""pytest plugin: how the tests of a parallel run are shared out among its workers."""

from __future__ import annotations

import pytest

# Applied stacks wait for AWS's clocks more than they compute: what is begun last ends last.
_FIRST = "tests/emulator/"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests of a file that share a fixture to one worker, so that no second one makes what they share.

    Applied stacks come first, then what stays together, then each test by itself: no long group is begun last.
    """
    if not hasattr(config, "workerinput"):
        return
    for item in items:
        if item.get_closest_marker("xdist_group") is None and _shares(item):
            file = item.nodeid.partition("::")[0].removesuffix(".py")
            item.add_marker(pytest.mark.xdist_group(file.replace("/", "-").replace(".", "-")))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> int:
    if item.nodeid.startswith(_FIRST):
        return 0
    return 1 if item.get_closest_marker("xdist_group") else 2


def _shares(item: pytest.Item) -> bool:
    """Whether a test asks for what its file, or a class in it, makes once."""
    if not isinstance(item, pytest.Function):
        return False
    found = item._fixtureinfo.name2fixturedefs
    return any(each.scope in ("module", "class") for definitions in found.values() for each in definitions)
