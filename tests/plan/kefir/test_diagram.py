"""The drawing of kefir: all of its resources, and the way that its data goes."""

from __future__ import annotations

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.diagram import draw


def test_every_resource_is_drawn_once_and_can_be_read(every: Plan) -> None:
    drawing = read_drawing(draw(every.whole, title="kefir"))

    assert drawing.resources == managed(every.whole)
    assert_readable(drawing)


def test_requests_go_from_the_internet_to_the_table(prod: Plan) -> None:
    # WHEN
    drawing = read_drawing(draw(prod.whole, title="kefir"))

    # THEN
    def ends(one: str, other: str) -> tuple[str, str]:
        return f"module.kefir.{one}", f"module.kefir.{other}"

    functions = [f"aws_lambda_function.{name}" for name in ("handle_auth", "handle_batches", "handle_public")]
    api, table, bucket = "aws_apigatewayv2_api.http", "aws_dynamodb_table.table", "aws_s3_bucket.photos"
    rule, processor = "aws_cloudwatch_event_rule.reminders", "aws_lambda_function.reminder_processor"
    assert ("internet", f"module.kefir.{api}") in drawing.loud
    assert {ends(api, function) for function in functions} <= drawing.loud
    assert drawing.lines[ends("aws_lambda_function.handle_batches", table)].endswith(": read, write")
    assert drawing.lines[ends("aws_lambda_function.handle_public", table)].endswith(": read")
    assert drawing.lines[ends("aws_lambda_function.handle_batches", bucket)].endswith(": read, write")
    assert drawing.lines[ends(rule, processor)].endswith(": invoke")
    assert ends(api, "aws_cognito_user_pool.users") in drawing.loud
    assert ends("aws_lambda_function.handle_auth", table) not in drawing.loud


def test_the_drawing_on_its_page_is_the_one_of_today(prod: Plan) -> None:
    """Otherwise plan prod, on the emulator will do, and ``groundplan graph --env prod --to docs/architectures``."""
    assert (REPOSITORY / "docs/architectures/kefir.svg").read_text() == draw(prod.whole, title="prod/kefir")
