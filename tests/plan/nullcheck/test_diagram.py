"""The drawing of nullcheck: all of its resources, and the way that its data goes."""

from __future__ import annotations

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.diagram import draw


def test_every_resource_is_drawn_once_and_can_be_read(every: Plan) -> None:
    drawing = read_drawing(draw(every.whole, title="nullcheck"))

    assert drawing.resources == managed(every.whole)
    assert_readable(drawing)


def test_an_upload_sets_off_what_works_on_it(prod: Plan) -> None:
    # WHEN
    drawing = read_drawing(draw(prod.whole, title="nullcheck"))

    # THEN
    def ends(one: str, other: str) -> tuple[str, str]:
        return f"module.nullcheck.{one}", f"module.nullcheck.{other}"

    bucket, rule, function = (
        "aws_s3_bucket.transcripts",
        "aws_cloudwatch_event_rule.transcripts",
        "aws_lambda_function.analyze_transcript",
    )
    assert drawing.lines[ends(bucket, rule)].endswith(": events")
    assert drawing.lines[ends(rule, function)].endswith(": invoke")
    assert drawing.lines[ends(function, bucket)].endswith(": read")
    assert ends(function, "aws_cloudformation_stack.memory[0]") in drawing.loud
    # What fails is support.
    assert ends(function, "aws_sqs_queue.dead_letters[0]") in set(drawing.lines) - drawing.loud


def test_requests_go_from_the_internet_to_the_table(prod: Plan) -> None:
    drawing = read_drawing(draw(prod.whole, title="nullcheck"))

    api = "module.nullcheck.aws_api_gateway_rest_api.rest"
    function, table = (
        f"module.nullcheck.{each}" for each in ("aws_lambda_function.get_episode", "aws_dynamodb_table.table")
    )
    assert {("internet", api), (api, function)} <= drawing.loud
    assert drawing.lines[function, table].endswith(": read")


def test_the_drawing_on_its_page_is_the_one_of_today(prod: Plan) -> None:
    """Otherwise plan prod, on the emulator will do, and ``groundplan graph --env prod --to docs/architectures``."""
    assert (REPOSITORY / "docs/architectures/nullcheck.svg").read_text() == draw(prod.whole, title="prod/nullcheck")
