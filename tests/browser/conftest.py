"""A headless Chromium, and pages opened in it from files; nothing is served, nothing may be asked of the network."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.support.planner import Planner, emulator_when_asked
from tests.support.reports import sample_report
from tooling.report import ReportData, html

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What it would otherwise ask the network for by itself.
_QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

Open = Callable[..., "Visit"]


class Visit:
    """A page that is open, and what happened on the way.

    Attributes:
        said: What it wrote to the console, errors of scripts included.
        asked: Every address it wanted.
        refused: Those that the browser kept it from, and why.
    """

    def __init__(self, page: Page, file: Path) -> None:
        self.page = page
        self.url = file.as_uri()
        self.said: list[str] = []
        self.asked: list[str] = []
        self.refused: dict[str, str | None] = {}
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("requestfailed", lambda request: self.refused.update({request.url: request.failure}))
        page.goto(self.url, wait_until="load")

    def open_all(self) -> None:
        """Every collapsed part."""
        self.page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")


def executable() -> str:
    """The browser of this machine.

    Raises:
        pytest.fail.Exception: There is none; a test that did not look is no test that passed.
    """
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail(
            f"there is no Chromium: looked for {', '.join(_NAMES)} on PATH; install one, or see .ci/run", pytrace=False
        )
    return found


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=_QUIET)
        yield running
        running.close()


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Open]:
    """Write a report as a file and open it."""
    pages: list[Page] = []

    def opened(data: ReportData | str, *, width: int = 1400, dark: bool = False) -> Visit:
        file = tmp_path / f"report-{len(pages)}.html"
        file.write_text(data if isinstance(data, str) else html(data), encoding="utf-8")
        screen: ViewportSize = {"width": width, "height": 800}
        page = browser.new_page(viewport=screen, color_scheme="dark" if dark else "light")
        pages.append(page)
        return Visit(page, file)

    yield opened
    for page in pages:
        page.close()


@pytest.fixture(scope="session")
def sample() -> str:
    """A page with something in every part of it."""
    return html(sample_report())


@pytest.fixture(scope="session")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    folder = tmp_path_factory.mktemp("planning")
    with emulator_when_asked(folder / "emulator") as endpoint:
        yield Planner(folder, endpoint)
