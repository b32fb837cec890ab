"""Links of the pages lead somewhere, and pictures ask nothing of the network."""

from __future__ import annotations

import re

from tests.support.project import REPOSITORY

PAGES = sorted(
    [*REPOSITORY.glob("*.md"), *REPOSITORY.glob("docs/**/*.md"), *REPOSITORY.glob("functions/*.md")],
    key=lambda path: path.as_posix(),
)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def headings(text: str) -> set[str]:
    """Anchors as GitHub makes them."""
    without_code = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    titles = re.findall(r"^#+ (.*)$", without_code, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def test_links_lead_to_files_and_headings_that_are_there() -> None:
    dead, looked = [], 0
    for page in PAGES:
        for link in _LINK.findall(page.read_text(encoding="utf-8")):
            if "://" in link or link.startswith("mailto:"):
                continue
            looked += 1
            path, _, anchor = link.partition("#")
            target = page.parent / path if path else page
            if not target.exists() or (anchor and anchor not in headings(target.read_text(encoding="utf-8"))):
                dead.append(f"{page.relative_to(REPOSITORY)}: {link}")
    assert dead == []
    assert looked > 100


def test_pictures_ask_nothing_of_the_network() -> None:
    drawings = list((REPOSITORY / "docs/pictures").glob("*.svg"))

    assert drawings
    for drawing in drawings:
        text = drawing.read_text(encoding="utf-8")
        assert re.findall(r"url\(['\"]?https?:|(?:href|src)=['\"]https?:|@import|@font-face", text) == []
