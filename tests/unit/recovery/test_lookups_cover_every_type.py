"""Whatever a module makes can be looked for after a creation that was cut short."""

from __future__ import annotations

import re

from tests.support.project import REPOSITORY
from tooling.recovery.lookup import known_types

_RESOURCE = re.compile(r'^resource "(\w+)"', re.MULTILINE)


def test_every_type_of_every_module_can_be_looked_for() -> None:
    # GIVEN the modules, with what can be switched on
    used = {
        kind: file.relative_to(REPOSITORY)
        for file in sorted((REPOSITORY / "modules").rglob("*.tf"))
        for kind in _RESOURCE.findall(file.read_text(encoding="utf-8"))
    }
    assert len(used) > 100

    # THEN each type that they use is known
    missing = {kind: str(file) for kind, file in used.items() if kind not in known_types()}
    assert missing == {}, "write a lookup for each: tooling/recovery/lookups"
