"""What docs/cost.md says of types and keys, and what the modules hold, is what the code knows."""

from __future__ import annotations

import re

from tests.support.project import REPOSITORY
from tooling.cost.keys import KEYS
from tooling.cost.resources import FREE, PRICED

PAGE = (REPOSITORY / "docs/cost.md").read_text(encoding="utf-8")


def test_every_key_stands_on_the_page_with_its_meaning() -> None:
    rows = dict(re.findall(r"^\| `([a-z_]+[.][a-z0-9_]+)` \| (.*) \|$", PAGE, re.MULTILINE))

    assert rows == dict(KEYS)


def test_every_type_of_the_modules_is_priced_or_free_whether_it_is_switched_on_or_not() -> None:
    declared = {
        kind
        for file in (REPOSITORY / "modules").glob("*/*.tf")
        for kind in re.findall(r'^resource "([a-z0-9_]+)"', file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(declared) > 100
    assert sorted(declared - {*FREE, *PRICED}) == []


def test_no_free_type_is_kept_that_no_module_has() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (REPOSITORY / "modules").glob("*/*.tf"))

    assert [kind for kind in FREE if f'resource "{kind}"' not in text] == ["terraform_data"]
