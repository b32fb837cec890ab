"""``report.md``: within GitHub's limit whatever a plan holds, most dangerous first, and never markup from a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.support.report_plans import HOSTILE, SECRET, create, large_plan, plan_of
from tests.support.reports import finding, report_of, report_stack, sample_report, verdict
from tooling.report import markdown
from tooling.report.markup import code, prose

GITHUB = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
NASTY = st.text(alphabet=st.sampled_from("`|<>*_[]()!#@~\\&$-+=.1 \n\r\t:/aw\u202e\u2028"), max_size=40) | st.text(
    max_size=40
)
# What GitHub makes a link or a call of, wherever it stands in rendered text.
CALLS = re.compile(r"(?i)@\w|#\d|https?:|www\.|\bgh-\d")


def tokens(text: str) -> Iterator[Token]:
    for token in GITHUB.parse(text):
        yield token
        yield from token.children or ()


def rendered(text: str) -> str:
    return "".join(token.content for token in tokens(text) if token.type in ("text", "code_inline", "text_special"))


def kinds(text: str) -> set[str]:
    return {token.type for token in tokens(text)}


@given(NASTY)
def test_running_text_never_becomes_markup(text: str) -> None:
    row = f"- before {prose(text)} after\n"

    assert kinds(row) <= kinds("- before after\n") | {"text_special"}
    assert not CALLS.search(rendered(row))


@given(NASTY)
def test_running_text_at_the_beginning_never_becomes_markup(text: str) -> None:
    assert kinds(f"{prose(text) or 'nothing'}\n") <= {
        "paragraph_open",
        "inline",
        "paragraph_close",
        "text",
        "text_special",
    }


@given(NASTY)
def test_a_code_span_holds_its_text_and_ends_where_it_should(text: str) -> None:
    row = f"- {code(text)} after\n"

    spans = [token for token in tokens(row) if token.type == "code_inline"]

    assert len(spans) == 1
    assert rendered(row).endswith(" after")
    assert kinds(row) == kinds("- `x` after\n")


@given(NASTY, NASTY)
def test_a_row_of_a_table_stays_one_row_with_its_cells(name: str, said: str) -> None:
    table = f"| a | b |\n|---|---|\n| {code(name, table=True)} | {prose(said)} |\n"

    cells = [token for token in tokens(table) if token.type == "td_open"]

    assert len(cells) == 2
    assert "html_inline" not in kinds(table)


@given(NASTY)
def test_the_text_is_readable_afterwards(nasty: str) -> None:
    told = rendered(f"x {prose(nasty)}\n").replace("\u200b", "")

    assert re.sub(r"\s+", "", told) == re.sub(r"\s+", "", f"x{visible(nasty)}")


def visible(text: str) -> str:
    import unicodedata

    return "".join(char for char in text if unicodedata.category(char)[0] not in "CZ")


def test_two_thousand_resources_stay_within_the_limit_and_the_rest_is_counted() -> None:
    data = report_of(report_stack(large_plan(2000)))

    text = markdown(data)

    shown = len(re.findall(r"^- `\+ ", text, re.MULTILINE))
    left_out = re.search(r"([\d,]+) of “dev/kefir: 2,000 to create”", text)
    assert len(text.encode()) <= 65_000
    assert left_out is not None
    assert shown + int(left_out.group(1).replace(",", "")) == 2000
    assert "`.groundplan/changesets/dev/20261121T201500Z-3fa9c1/report.html`" in text


@pytest.mark.parametrize("limit", [3_000, 4_000, 5_000, 5_500])
def test_nothing_is_cut_inside_of_a_row(limit: int) -> None:
    whole = markdown(sample_report()).splitlines()

    text = markdown(sample_report(), limit)

    *lines, note = [line for line in text.splitlines() if line]
    assert len(text.encode()) <= limit
    assert [line for line in lines if line not in whole] == []
    assert note.startswith("> **Left out for the size limit:**")


def test_a_report_that_fits_leaves_nothing_out() -> None:
    assert "Left out" not in markdown(sample_report())


def test_names_of_many_bytes_count_with_all_of_them() -> None:
    plan = plan_of(*(create(f'aws_sqs_queue.q["{"語" * 90}{index}"]', {"name": "q"}) for index in range(600)))

    assert len(markdown(report_of(report_stack(plan))).encode()) <= 65_000


def test_what_is_dangerous_stands_first() -> None:
    text = markdown(sample_report())

    first = ["Data goes", "Refused", "New door", "Wider grant", "Broken glass", "Goes", "Cost"]
    then = ["1 to destroy", "1 to replace", "6 to update", "findings", "cost", "2 to create", "waived"]
    places = [text.index(f"**{word}**") for word in first] + [text.index(f"kefir`: {word}\n") for word in then]
    assert places == sorted(places)


def test_what_left_the_baseline_is_named_with_its_line() -> None:
    gone = verdict(mended=("envs/dev/baseline.yaml:7",))

    text = markdown(report_of(report_stack(plan_of(), gate=gone)))

    assert "mended, to be taken out of the baseline: envs/dev/baseline.yaml:7" in text.replace("\\", "")


def test_dangers_of_all_stacks_stand_above_what_is_harmless() -> None:
    harmless = report_stack(large_plan(2000), name="dev/kefir")
    refused = verdict("dev/rewind", passed=False, findings=(finding("GP_BLAST_3", "aws_kms_key.k"),))
    data = report_of(harmless, report_stack(plan_of(), name="dev/rewind", gate=refused))

    text = markdown(data)

    assert text.index("aws_kms_key.k") < text.index("aws_lambda_function")


def test_a_hostile_name_is_text_and_a_secret_is_not_there() -> None:
    text = markdown(sample_report())

    assert SECRET not in text
    assert "html_inline" not in kinds(text)
    assert "html_block" not in kinds(text)
    assert "link_open" not in kinds(text)
    assert "image" not in kinds(text)
    assert len([token for token in tokens(text) if token.type == "heading_open" and token.tag == "h1"]) == 1
    assert HOSTILE.split("\n")[0] in rendered(text)
