"""docs/benchmarks.md is written by make bench, and no figure stands in it without the command that made it."""

from __future__ import annotations

import re

import pytest

from bench.__main__ import COMPARISONS
from bench.page import MARK, PAGE, as_page, as_svg
from bench.table import LeftOut, Table, Target
from bench.timing import Sample
from tests.support.project import REPOSITORY

SUMMARY = "In short"
TABLE = Table(
    title="A plan",
    told="Twice the same.",
    sides={"ours": "groundplan plan", "theirs": "terraform plan\nterraform show"},
    samples={
        "ours": [Sample(2.0, 3.0, 100.0, 50.0, 50.0), Sample(4.0, 5.0, 120.0, 70.0, 70.0)],
        "theirs": [Sample(1.0, 1.5, 90.0, 5.0, 0.0), Sample(8.0, 1.0, 80.0, 5.0, 0.0)],
    },
    targets=(Target("ours", 2.0, 3.0, "s"), Target("theirs against ours", 2.0, 3.0, "x", least=True, other="theirs")),
)


def sections(text: str) -> dict[str, str]:
    """Each part of a page by its heading."""
    return dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def compared(text: str) -> dict[str, str]:
    return {title: body for title, body in sections(text).items() if "| side |" in body}


def without_command(text: str) -> list[str]:
    """Sides of tables below which no command of that name stands."""
    return [
        f"{title}: {name}"
        for title, body in compared(text).items()
        for name in re.findall(r"^\| (?!side)([^|-][^|]*) \| \d+ \|", body, re.MULTILINE)
        if not re.search(rf"^\*{re.escape(name)}\*\n\n```sh\n\S", body, re.MULTILINE)
    ]


@pytest.fixture(params=["committed", "written"])
def page(request: pytest.FixtureRequest) -> str:
    if request.param == "committed":
        return PAGE.read_text(encoding="utf-8")
    return as_page(
        [TABLE, LeftOut("cdktf-cli", "there is no network")], {"cores": "2"}, "make bench ROUNDS=2", list(COMPARISONS)
    )


def test_page_says_that_it_is_generated_and_by_what(page: str) -> None:
    assert page.startswith(MARK)
    assert re.search(r"^Measured by `make bench ROUNDS=\d+(?: STACK=\S+)?(?: SKIP=\S+)?` on ", page, re.MULTILINE)
    assert re.search(r"^bench:.*\n\t.*-m bench$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)


def test_every_side_of_every_table_shows_its_command(page: str) -> None:
    assert compared(page)
    assert without_command(page) == []


def test_figures_stand_only_where_their_command_does(page: str) -> None:
    """A measured figure has its unit: seconds, MB or times; what has none is a version or a part of the machine."""
    figure = re.compile(r"\b\d+\.\d+ (?:s|x)\b|\b\d+ MB\b")
    allowed = {*compared(page), SUMMARY}

    assert [title for title, body in sections(page).items() if figure.search(body) and title not in allowed] == []


def test_the_summary_has_the_targets_of_all_tables_and_no_others(page: str) -> None:
    rows = [line.strip("| ").split(" | ") for line in sections(page)[SUMMARY].splitlines() if line.startswith("| ")]
    below = [
        (says, wanted, met.replace("**met**", "met"))
        for body in compared(page).values()
        for says, wanted, met in re.findall(r"^- (.+): \S+ \w+, wanted (.+): (\*\*.+\*\*)$", body, re.MULTILINE)
    ]

    assert below
    assert [(row[0], *row[-2:]) for row in rows[1:]] == below


def test_pictures_of_the_page_are_there() -> None:
    shown = re.findall(r"!\[.+?\]\((.+?)\)", PAGE.read_text(encoding="utf-8"))

    assert shown
    assert [picture for picture in shown if not (PAGE.parent / picture).is_file()] == []


def test_a_table_shows_medians_and_the_ratios_of_each_round() -> None:
    written = as_page([TABLE], {}, "make bench ROUNDS=2", [])

    assert "| ours | 2 | 3.00 | 4.00 | 110 | 60 | 1 | 1 |" in written
    assert "| theirs | 2 | 4.50 | 1.25 | 85 | 5 | 1.25 (0.50 to 2.00) | 0.35 (0.20 to 0.50) |" in written


def test_the_summary_shows_both_sides_and_their_ratio() -> None:
    written = as_page([TABLE, LeftOut("cdktf-cli", "there is no network")], {}, "make bench ROUNDS=2", [])

    assert "| ours | 2.00 s |  |  | at most 3 s | met |" in written
    assert "| theirs against ours | 3.00 s | theirs: 4.50 s | 2.00 x | at least 3 x | **not met** |" in written
    assert "- left out of this run: cdktf-cli" in sections(written)[SUMMARY]


def test_a_target_is_held_against_what_was_found() -> None:
    met, missed = TABLE.targets

    assert str(met) == "ours: 2.00 s, wanted at most 3 s: **met**"
    assert str(missed) == "theirs against ours: 2.00 x, wanted at least 3 x: **not met**"


def test_what_could_not_be_compared_says_why() -> None:
    written = as_page([LeftOut("cdktf-cli", "there is no network")], {}, "make bench ROUNDS=2", [])

    assert "## cdktf-cli\n\nLeft out of this run: there is no network" in written


def test_a_side_without_its_command_is_found() -> None:
    written = as_page([TABLE], {}, "make bench ROUNDS=2", [])

    assert without_command(written.replace("*theirs*", "")) == ["A plan: theirs"]


def test_a_bar_is_as_long_as_its_side_took() -> None:
    widths = [float(one) for one in re.findall(r'width="([\d.]+)" height="22"', as_svg(TABLE))]

    assert widths[0] / widths[1] == pytest.approx(3.0 / 4.5, abs=0.01)
