"""docs/reliability.md says what the last runs found, and names the commands that found it."""

from __future__ import annotations

import re

import pytest

from tests.reliability.kills import SHARES, pieces, read_results
from tests.reliability.page import DOCUMENT, KILLS, STATES, blocks, markers


@pytest.mark.parametrize("part", ["kills", "states"])
def test_page_has_the_figures_of_the_last_run(part: str) -> None:
    begin, end = markers(part)

    (shown,) = re.findall(f"{re.escape(begin)}(.*?){re.escape(end)}", DOCUMENT.read_text(), re.DOTALL)

    assert shown.strip() == "\n".join(blocks()[part]), "run: .venv/bin/python -m tests.reliability --part report"


@pytest.mark.parametrize("results", [KILLS, STATES], ids=lambda file: file.stem)
def test_last_run_lost_nothing(results: object) -> None:
    found = read_results(KILLS if results == KILLS else STATES)

    assert [one for one in found if one["lost"]] == []


def test_every_block_stands_below_the_command_that_writes_it() -> None:
    text = DOCUMENT.read_text()
    written = re.findall(r"<!-- figures of [\w-]+, written by (.+?) -->", text)

    assert len(written) >= 4
    assert [command for command in written if f"`.venv/bin/{command}`" not in text] == []


def test_whole_plan_is_forty_kills_of_apply_and_twenty_of_destroy_over_all_architectures() -> None:
    plan = pieces(seed=1)

    applies = sum(piece.times for piece in plan)
    destroys = sum(piece.times for piece in plan if piece.during == "both")
    assert (applies, destroys) == (40, 20)
    assert {piece.architecture for piece in plan} == set(SHARES)
    assert len({piece.seed for piece in plan}) == len(plan)
