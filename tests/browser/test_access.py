"""The page for those who use a keyboard, a screen reader, or have trouble seeing."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open

# What a keyboard has to reach, in the order in which it stands there.
_REACHABLE = """() => Array.from(document.querySelectorAll('a[href], button, input, summary, [tabindex="0"]'))
  .filter((each) => each.checkVisibility({ contentVisibilityAuto: false, visibilityProperty: true }))
  .map((each) => { each.dataset.stop = each.dataset.stop || String(Math.random()); return each.dataset.stop; })"""

# Texts whose contrast with what is behind them is too small, by WCAG 2.1 AA.
_PALE = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = (rgb) => {
    const [r, g, b] = rgb.map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = parse(getComputedStyle(each).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const pale = [];
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    const text = node.textContent.trim();
    if (!text || element.closest("svg, script, style, .vh, .skip") || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const [one, other] = [light(parse(style.color).slice(0, 3)), light(behind(element))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    const ratio = (one + 0.05) / (other + 0.05);
    seen += 1;
    if (ratio < needed) pale.push(`${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 60)} ${text.slice(0, 40)}`);
  }
  return { seen, pale: Array.from(new Set(pale)) };
}"""


def test_the_keyboard_reaches_everything_in_the_order_of_the_page(visit: Open, sample: str) -> None:
    page = visit(sample).page
    wanted = page.evaluate(_REACHABLE)
    in_drawings = "document.activeElement.closest('svg') !== null"

    reached = []
    for _ in range(len(wanted) + 200):
        page.keyboard.press("Tab")
        stop = page.evaluate("document.activeElement.dataset.stop || ''")
        if stop and stop in reached:
            break
        if stop:
            reached.append(stop)
        elif not page.evaluate(in_drawings) and page.evaluate("document.activeElement === document.body"):
            break

    assert len(wanted) > 30
    assert reached == wanted


def test_what_has_the_focus_can_be_seen(visit: Open, sample: str) -> None:
    page = visit(sample).page
    unseen = []

    for _ in range(40):
        page.keyboard.press("Tab")
        outline = page.evaluate(
            """() => { const e = document.activeElement; const s = getComputedStyle(e);
                 const none = s.outlineStyle === "none" || s.outlineWidth === "0px";
                 return none && !e.closest("svg") ? e.outerHTML : ""; }"""
        )
        unseen += [outline] if outline else []

    assert unseen == []


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_key_opens_and_closes_a_part(visit: Open, sample: str, key: str) -> None:
    page = visit(sample).page
    part = page.locator("details.part").last
    before = part.get_attribute("open") is not None

    part.locator("> summary").focus()
    page.keyboard.press(key)
    between = part.get_attribute("open") is not None
    page.keyboard.press(key)

    assert between != before
    assert (part.get_attribute("open") is not None) == before


def test_the_theme_is_changed_by_key_and_says_which_it_is(visit: Open, sample: str) -> None:
    page = visit(sample).page
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)

    page.focus("#theme")
    page.keyboard.press("Enter")

    assert page.get_attribute("#theme", "aria-pressed") == "true"
    assert page.evaluate(background) != light


def test_the_first_stop_skips_to_the_summary(visit: Open, sample: str) -> None:
    page = visit(sample).page

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    assert page.url.endswith("#summary")


def test_the_filter_has_a_key_and_another_empties_it(visit: Open, sample: str) -> None:
    page = visit(sample).page

    page.keyboard.press("/")
    page.keyboard.type("lambda")
    typed = page.input_value("#filter")
    page.keyboard.press("Escape")

    assert (typed, page.input_value("#filter")) == ("lambda", "")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("how", ["scheme", "toggle"])
def test_every_text_stands_out_from_what_is_behind_it(visit: Open, sample: str, dark: bool, how: str) -> None:
    opened = visit(sample, dark=dark if how == "scheme" else not dark)
    if how == "toggle":
        opened.page.click("#theme")
    opened.open_all()

    found = opened.page.evaluate(_PALE)

    assert found["pale"] == []
    assert found["seen"] > 200


def test_headings_are_a_tree(visit: Open, sample: str) -> None:
    page = visit(sample).page

    levels = [
        int(tag[1]) for tag in page.locator("h1, h2, h3, h4, h5").evaluate_all("(all) => all.map((e) => e.tagName)")
    ]

    assert levels.count(1) == 1
    assert levels[0] == 1
    assert [pair for pair in pairwise(levels) if pair[1] > pair[0] + 1] == []


def test_landmarks_are_there_once_and_sections_have_names(visit: Open, sample: str) -> None:
    nodes = accessible(visit(sample).page)

    roles = [node["role"] for node in nodes]
    assert [roles.count(role) for role in ("banner", "main", "navigation")] == [1, 1, 1]
    assert all(node["name"] for node in nodes if node["role"] in ("navigation", "region"))


def test_everything_that_can_be_used_has_a_name(visit: Open, sample: str) -> None:
    opened = visit(sample)
    opened.open_all()

    used = {"button", "link", "searchbox", "textbox", "DisclosureTriangle", "graphics-document", "table", "img"}
    nodes = [node for node in accessible(opened.page) if node["role"] in used]

    assert len(nodes) > 40
    assert [node for node in nodes if not node["name"]] == []


def test_a_resource_is_read_with_what_happens_to_it(visit: Open, sample: str) -> None:
    opened = visit(sample)

    names = {node["name"] for node in accessible(opened.page) if node["role"] == "DisclosureTriangle"}

    assert any(re.match(r"destroy\s+aws_dynamodb_table\.gone", name) for name in names)


def test_ids_are_unique_and_what_refers_to_one_finds_it(visit: Open, sample: str) -> None:
    page = visit(sample).page

    ids = page.evaluate("Array.from(document.querySelectorAll('[id]')).map((e) => e.id)")
    named = page.evaluate(
        """() => ["aria-labelledby", "aria-describedby", "for"].flatMap((name) =>
             Array.from(document.querySelectorAll(`[${name}]`)).flatMap((e) => e.getAttribute(name).split(" ")))"""
    )
    linked = page.evaluate("Array.from(document.querySelectorAll('a[href^=\"#\"]')).map((e) => e.hash.slice(1))")

    assert len(ids) == len(set(ids))
    assert set(named) | set(linked) <= set(ids)
    assert page.get_attribute("html", "lang") == "en"


def test_cells_of_tables_have_headers(visit: Open, sample: str) -> None:
    page = visit(sample).page

    bare = page.evaluate(
        """() => Array.from(document.querySelectorAll("table")).filter((table) =>
             !table.caption || table.querySelector("th:not([scope])") || !table.querySelector("thead th")).length"""
    )

    assert page.locator("table").count() >= 5
    assert bare == 0


def accessible(page: Page) -> list[dict[str, Any]]:
    """What a screen reader is told: role and name of every node that is not ignored.

    Asked after the second frame: until one is drawn, the names of what `content-visibility: auto` may skip are empty.
    """
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    return [
        {"role": node["role"]["value"], "name": (node.get("name") or {}).get("value", "").strip()}
        for node in nodes
        if not node.get("ignored") and "role" in node
    ]
