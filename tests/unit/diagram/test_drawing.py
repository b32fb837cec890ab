"""The drawing as a file: it can be read by any reader of XML, needs nothing else, and gives nothing away."""

from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import pytest

from tests.support.drawing import assert_no_line_through_a_card, assert_readable, managed, read_drawing
from tests.support.small_plans import Json, Made, small_plan
from tooling.diagram import draw
from tooling.diagram.cards import cards_of
from tooling.diagram.face import WIDTH
from tooling.diagram.layout import laid_out
from tooling.diagram.links import links_of
from tooling.diagram.model import INTERNET
from tooling.diagram.reading import read
from tooling.diagram.routing import routed
from tooling.diagram.text import fitted, width_of
from tooling.diagram.zones import zones_of

HARD = """<b>&"'x]]>"""


def large(count: int) -> Json:
    """So many services of six resources each, every one with a table that it shares with the next."""
    made = []
    for index in range(count):
        role = {"role": [f"aws_iam_role.r{index}.arn"]}
        tables = [f"aws_dynamodb_table.t{index}.arn", f"aws_dynamodb_table.t{(index + 1) % count}.arn"]
        made += [
            Made(f"aws_lambda_function.f{index}", uses={**role, "tracing_config": tables}),
            Made(f"aws_iam_role.r{index}", {"name": f"r{index}"}),
            Made(f"aws_iam_role_policy.p{index}", uses=role),
            Made(f"aws_dynamodb_table.t{index}", {"name": f"t{index}"}),
            Made(f"aws_s3_bucket.b{index}", {"bucket": f"b{index}"}),
            Made(f"aws_s3_bucket_policy.b{index}", uses={"bucket": [f"aws_s3_bucket.b{index}.id"]}),
        ]
    return small_plan(*made)


def test_names_with_signs_of_markup_are_shown_and_are_none() -> None:
    # GIVEN
    plan = small_plan(Made(f'aws_sqs_queue.q["{HARD}"]'), Made('aws_sqs_queue.r["\\u0000\u0007"]'))

    # WHEN
    svg = draw(plan, title=HARD, prefix="p")

    # THEN
    root = ElementTree.fromstring(svg)
    drawing = read_drawing(svg)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == HARD
    assert f'aws_sqs_queue.q["{HARD}"]' in drawing.resources
    assert "<b>" not in svg


def test_nothing_is_fetched_from_anywhere() -> None:
    svg = draw(large(3), title="any")

    addresses = set(re.findall(r"[a-z]+://[^\s\"']+", svg))
    assert addresses == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"(href|src|@import|url\()", svg)


def test_ids_begin_with_the_prefix_so_that_a_page_can_hold_several() -> None:
    first, second = (draw(small_plan(Made("aws_sqs_queue.q")), title="any", prefix=prefix) for prefix in ("a", "b"))

    ids = [set(re.findall(r'\bid="([^"]*)"', svg)) for svg in (first, second)]
    assert ids[0]
    assert all(name.startswith("a-") for name in ids[0])
    assert not ids[0] & ids[1]
    assert 'data-diagram="a"' in first


def test_a_screen_reader_is_told_what_each_card_is_and_who_uses_it() -> None:
    # GIVEN
    users = [Made(f"aws_lambda_function.{name}", uses={"tracing": ["aws_dynamodb_table.t.arn"]}) for name in "abcd"]
    plan = small_plan(Made("aws_dynamodb_table.t", action="update"), *users)

    # WHEN
    svg = draw(plan, title="any")

    # THEN
    card = read_drawing(svg).cards["aws_dynamodb_table.t"]
    assert card.label == "aws_dynamodb_table t: changed, used by 4 Lambda functions (aws_dynamodb_table.t)"
    assert svg.count('tabindex="0" role="graphics-symbol"') == 5
    assert 'role="graphics-document"' in svg
    assert "5 resources: 4 created, 1 changed" in svg


def test_what_is_sensitive_is_not_shown() -> None:
    values = {"engine": "postgres", "engine_version": "16", "instance_class": "db.t4g.small", "password": "hidden-1"}

    open_, marked, whole = (
        draw(small_plan(Made("aws_db_instance.db", values, sensitive=sensitive)), title="any")
        for sensitive in ({"password": True}, {"engine_version": True}, True)
    )

    assert "postgres 16 · t4g.small" in open_
    assert "postgres · t4g.small" in marked
    assert "postgres" not in whole
    assert "hidden-1" not in open_ + marked + whole


def test_without_the_script_there_are_no_buttons() -> None:
    svg = draw(small_plan(Made("aws_sqs_queue.q")), title="any", script=False)

    assert "<script" not in svg
    assert "data-tool" not in svg


def test_long_names_are_shortened_to_the_card() -> None:
    name = "a_very_long_name_of_something_that_nobody_would_ever_call_anything_really"

    drawing = read_drawing(draw(small_plan(Made(f"aws_sqs_queue.{name}")), title="any"))

    assert_readable(drawing)
    assert [text.text for text in drawing.card_of(f"aws_sqs_queue.{name}").texts][1].count("…") == 1


def test_the_paper_is_wide_enough_for_what_stands_above() -> None:
    actions = ("create", "update", "replace", "destroy", "forget", "no-op")
    plan = small_plan(*(Made(f"aws_sqs_queue.q{index}", action=action) for index, action in enumerate(actions)))

    for title in ("a", "an environment of a long name/with an architecture that has one"):
        assert_readable(read_drawing(draw(plan, title=title)))


@pytest.mark.parametrize(("text", "room"), [("anything", 5.0), ("日本語の名前です", 30.0), ("", 1.0), ("iiii", 1.0)])
def test_a_text_never_needs_more_than_its_room(text: str, room: float) -> None:
    assert width_of(fitted(text, room, 10), 10) <= room


def test_a_text_that_fits_stays_whole() -> None:
    assert fitted("orders", 100, 10) == "orders"


def test_lines_go_between_the_cards_of_the_columns_that_they_cross() -> None:
    # GIVEN
    plan = large(20)
    reading = read(plan)
    cards = cards_of(reading)
    links = links_of(reading, cards)
    layout = laid_out(zones_of(reading, cards, open_to_all=any(link.source == INTERNET for link in links)), links)

    # WHEN
    routes, labels = routed(layout, links)

    # THEN
    assert len(routes) == len(links) == 40
    assert_no_line_through_a_card([route.points for route in routes], read_drawing(draw(plan, title="any")))
    assert all(label.x >= 0 and label.x + width_of(label.text, 9) <= layout.width for label in labels)
    assert all(placed.right - placed.x == WIDTH for placed in layout.cards.values())


def test_two_thousand_resources_are_drawn_in_two_seconds_and_can_be_read() -> None:
    plan = large(334)

    begin = time.process_time()
    svg = draw(plan, title="large")
    seconds = time.process_time() - begin

    drawing = read_drawing(svg)
    assert seconds < 2
    assert sum(drawing.resources.values()) == 2004
    assert drawing.resources == managed(plan)
    assert drawing.paper.right < 3 * drawing.paper.bottom < 9 * drawing.paper.right
    assert_readable(drawing)
