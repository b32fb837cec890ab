"""The forms of a report: bounded, escaped, and without a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.drift_reports import NASTY, drift_report, drifted_resource
from tooling.drift.markdown import markdown
from tooling.drift.model import (
    DriftReport,
    StackDrift,
)
from tooling.drift.page import html
from tooling.drift.words import summary_of


def test_a_comment_says_what_moved_from_what_to_what_and_who_did_it() -> None:
    text = markdown(drift_report(drifted_resource(1)))

    assert "# Drift of `local`: **drift**" in text
    assert "| reality | 1 | somebody changed it in the account |" in text
    assert '  - reality: `tags.by` `(nothing)` → `"a"`' in text
    assert "  - code: `delay` `0` → `9`" in text
    assert "  - by `arn:aws:iam::1:user/alice`: `PutBucketTagging` at 2026-03-01 12:00 UTC" in text
    assert "the state moved from serial 3 to 5" in text
    assert "`local/bad` **was not looked at:** why" in text


def test_a_comment_keeps_to_its_size_and_counts_what_it_leaves_out() -> None:
    whole = drift_report(*(drifted_resource(number, f'"{number:0>200}"') for number in range(300)))

    text = markdown(whole, limit=20_000)

    shown = text.count("module.tiny.aws_s3_bucket.b[")
    assert 0 < shown < 300
    assert len(text.encode()) <= 20_000
    assert f"{300 - shown} resources" in text


def test_nothing_of_a_state_becomes_markup() -> None:
    nasty = replace(drift_report(drifted_resource(1, NASTY)), account=NASTY)

    page, comment = html(nasty), markdown(nasty)

    assert NASTY not in page
    assert "&lt;/script&gt;&lt;img src=x&gt;" in page
    assert "<img" not in comment.replace(f"`` {NASTY} ``", "").replace("\\<", "")


def test_the_page_asks_no_network_for_anything() -> None:
    page = html(drift_report(drifted_resource(1)))

    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:" in page
    assert "http://" not in page
    assert "https://" not in page
    assert "alice" in page
    assert "tags.by" in page


@pytest.mark.parametrize(
    ("stacks", "said"),
    [
        ((), "nothing was looked at"),
        ((StackDrift("local", "fine", (), 3),), "no drift in 1 stack, 3 resources"),
        ((StackDrift("local", "tiny", (drifted_resource(1),), 3),), "drift in local/tiny"),
    ],
)
def test_the_last_line_says_it_all(stacks: tuple[StackDrift, ...], said: str) -> None:
    assert summary_of(DriftReport("local", "", "", stacks)) == said
