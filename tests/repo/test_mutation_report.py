"""The mutation run: the document says what the last run found, the run was good enough, and about these modules."""

from __future__ import annotations

import re
import warnings
from fnmatch import fnmatchcase
from typing import Any

import pytest

from tests.mutation.report import DOCUMENT, markers, measured, stale, table
from tests.mutation.results import block_digests, read_summary, score

LEAST_SCORE = 95
# Above this share of changed blocks the figures are about another module.
MOST_STALE = 0.1

pytestmark = pytest.mark.parametrize("architecture", ["rewind", "nullcheck", "solemate", "doomscroll"])


@pytest.fixture
def found(architecture: str) -> dict[str, Any]:
    return read_summary(architecture)


def test_document_has_the_figures_of_the_last_run(architecture: str, found: dict[str, Any]) -> None:
    begin, end = markers(architecture)

    (shown,) = re.findall(f"{re.escape(begin)}(.*?){re.escape(end)}", DOCUMENT.read_text(), re.DOTALL)

    assert shown.strip() == table(found), "run: .venv/bin/python -m tests.mutation --report"
    assert architecture in measured()


def test_tests_turn_red_for_nearly_every_mutant_of_a_row(architecture: str, found: dict[str, Any]) -> None:
    assert found["rows"]["mutants"] > 1000
    assert score(found["rows"]) >= LEAST_SCORE


def test_figures_of_the_kinds_add_up(architecture: str, found: dict[str, Any]) -> None:
    kinds = found["rows_by_kind"].values()

    assert sum(kind["mutants"] for kind in kinds) == found["rows"]["mutants"]
    assert sum(kind["killed"] for kind in kinds) == found["rows"]["killed"]
    assert len(found["survivors"]) == found["rows"]["mutants"] - found["rows"]["killed"]


def test_document_explains_every_survivor_of_a_row_and_no_other(architecture: str, found: dict[str, Any]) -> None:
    """Each list item of the section begins with the patterns that it explains."""
    (section,) = re.findall(rf"^## {architecture}\n(.*?)(?=^## |\Z)", DOCUMENT.read_text(), re.MULTILINE | re.DOTALL)
    heads = re.findall(r"^- ((?:`[^`]+`(?:, |,\n  )?)+)", section, re.MULTILINE)
    patterns = [pattern for head in heads for pattern in re.findall(r"`([^`]+)`", head)]

    def explained(mutant: str, pattern: str) -> bool:
        return fnmatchcase(mutant, re.sub(r"\[", "[[]", pattern))

    alone = [each for each in found["survivors"] if not any(explained(each, pattern) for pattern in patterns)]
    idle = [pattern for pattern in patterns if not any(explained(each, pattern) for each in found["survivors"])]
    assert alone == []
    assert idle == []


def test_figures_are_about_this_module(architecture: str, found: dict[str, Any]) -> None:
    """A run takes half an hour, so a small change does not ask for one: it is said, and a large one fails."""
    blocks = block_digests(architecture)

    changed = stale(found)

    if changed:
        warnings.warn(f"docs/mutation.md is older than {', '.join(changed)}: make mutation", stacklevel=1)
    assert len(blocks) > 50
    assert len(changed) <= MOST_STALE * len(blocks), "run: make mutation"
