"""One copy of the project with an emulator for all that is measured here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bench.place import Place, a_place


@pytest.fixture(scope="session")
def place() -> Iterator[Place]:
    """kefir of local, initialised and planned once."""
    with a_place(("kefir",)) as found:
        found.run(f"groundplan plan {found.chosen}", found.environ)
        yield found
