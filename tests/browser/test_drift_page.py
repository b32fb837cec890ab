"""The page of drift as a browser sees it: quiet, alone, as wide as the screen, and nothing in it is run."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.test_page import STICKING_OUT
from tests.support.drift_reports import NASTY, drift_report, drifted_resource
from tooling.drift.page import html


@pytest.fixture(scope="module")
def drifted() -> str:
    return html(drift_report(*(drifted_resource(number, NASTY) for number in range(12))))


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_goes_wrong_and_nothing_is_wider_than_the_screen(
    visit: Open, drifted: str, width: int, dark: bool
) -> None:
    page = visit(drifted, width=width, dark=dark)

    page.open_all()
    page.page.click("#theme")

    assert page.page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.page.evaluate(STICKING_OUT) == []
    assert page.said == []
    assert page.asked == [page.url]


def test_what_a_state_holds_is_text(visit: Open, drifted: str) -> None:
    page = visit(drifted)

    page.open_all()

    assert page.page.locator("img").count() == 0
    assert NASTY in (page.page.text_content("main") or "")


def test_the_filter_leaves_what_fits_and_says_how_much(visit: Open, drifted: str) -> None:
    page = visit(drifted)
    everything = page.page.locator("[id^='stack-'] details")
    expect(everything).to_have_count(12)

    page.page.fill("#filter", "b[7]")

    expect(page.page.locator("[id^='stack-'] details:visible")).to_have_count(1)
    expect(page.page.locator("#filtered")).to_contain_text("1")
