"""What the document's page says of what the document leaves open."""

from __future__ import annotations

import re

import pytest

from tests.support.plans import Plan
from tests.support.project import REPOSITORY

COMPANIONS = (
    "PLAN.md",
    "AWS_CONFIG.md",
    "UI_TECH.md",
    "BACKEND_API.md",
    "BACKEND_LOGIC.md",
    "DATABASE.md",
    "RECOMMENDATION_ENGINE.md",
)


@pytest.fixture(scope="module")
def page() -> str:
    return (REPOSITORY / "docs/architectures/rewind.md").read_text("utf-8")


@pytest.mark.requirement("RW-REF-01", "RW-OV-02")
def test_page_says_which_documents_were_not_supplied_and_what_is_assumed(page: str) -> None:
    document = (REPOSITORY / "specs/rewind.md").read_text("utf-8")
    assumptions = page.partition("## Assumptions")[2]

    assert [name for name in COMPANIONS if name not in document] == []
    assert [name for name in COMPANIONS if name not in assumptions] == []
    assert "were not supplied" in assumptions
    assert len(re.findall(r"^- ", assumptions, re.MULTILINE)) > 5


@pytest.mark.requirement("RW-OV-02")
def test_page_names_inputs_that_there_are(page: str, minimal: Plan) -> None:
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)+)[`\s=]", page))

    outputs = {"name_servers"}
    assert named & minimal.variables.keys()
    assert named - minimal.variables.keys() - outputs == set()
