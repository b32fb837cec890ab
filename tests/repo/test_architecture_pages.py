"""The pages of the architectures answer what their documents leave open or leave to people."""

from __future__ import annotations

import pytest

from tests.support.project import REPOSITORY


def page(architecture: str) -> str:
    return " ".join((REPOSITORY / f"docs/architectures/{architecture}.md").read_text(encoding="utf-8").split())


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(
            "SM-OQ-01: how many environments? | the two that it names", marks=pytest.mark.requirement("SM-OQ-01")
        ),
        pytest.param("SM-OQ-02: which scaling? | tracking of 70 % CPU", marks=pytest.mark.requirement("SM-OQ-02")),
        pytest.param("SM-OQ-03: which backups? | seven days of RDS", marks=pytest.mark.requirement("SM-OQ-03")),
        pytest.param(
            "SM-OQ-04: which monitoring? | one topic an environment", marks=pytest.mark.requirement("SM-OQ-04")
        ),
        pytest.param("SM-OQ-05: which savings? | budget and anomalies", marks=pytest.mark.requirement("SM-OQ-05")),
    ],
)
def test_solemates_open_questions_have_answers(answer: str) -> None:
    assert f"| {answer}" in page("solemate")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("pg_dump --format=custom", marks=pytest.mark.requirement("FD-OV-01")),
        pytest.param(
            "| the region | by hand, two to three hours (FD-DR-04)", marks=pytest.mark.requirement("FD-DR-04")
        ),
        pytest.param(
            "any moment of seven days, made by themselves (FD-DR-05)", marks=pytest.mark.requirement("FD-DR-05")
        ),
        pytest.param("AWS takes the other one; nothing to do (FD-DR-09)", marks=pytest.mark.requirement("FD-DR-09")),
        pytest.param("Reserved instances, or a savings plan", marks=pytest.mark.requirement("FD-COST-04")),
    ],
)
def test_doomscrolls_page_says_what_people_do(words: str) -> None:
    assert words in page("doomscroll")
