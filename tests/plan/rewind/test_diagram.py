"""The drawing of rewind: all of its resources, and the way that its data goes."""

from __future__ import annotations

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.diagram import draw


def test_every_resource_is_drawn_once_and_can_be_read(every: Plan) -> None:
    drawing = read_drawing(draw(every.whole, title="rewind"))

    assert drawing.resources == managed(every.whole)
    assert_readable(drawing)


def test_requests_go_from_the_internet_to_site_and_table_in_both_regions(prod: Plan) -> None:
    # WHEN
    drawing = read_drawing(draw(prod.whole, title="rewind"))

    # THEN
    def ends(one: str, other: str) -> tuple[str, str]:
        return f"module.rewind.{one}", f"module.rewind.{other}"

    site, table = "aws_s3_bucket.bucket", "aws_dynamodb_table.table"
    assert ends("aws_cloudfront_distribution.distribution", site) in drawing.loud
    assert "replicates" in drawing.lines[ends(site, "aws_s3_bucket.standby_site[0]")]
    for prefix, key in (("", ""), ("standby_", "[0]")):
        api = f"aws_api_gateway_rest_api.{prefix}rest{key}"
        handler = f"aws_lambda_function.{prefix}podcast_handler{key}"
        assert ends(f"aws_wafv2_web_acl.{prefix}firewall{key}", api) in drawing.loud
        assert drawing.lines[ends(api, handler)].endswith(": invoke")
        assert drawing.lines[ends(handler, table)].endswith(": read, write")
    assert drawing.lines[ends(table, "aws_lambda_function.recommendation_handler")].endswith(": stream")
    assert ends("aws_cloudwatch_event_rule.retrain", "aws_sfn_state_machine.training") in drawing.loud


def test_each_region_has_its_box(prod: Plan) -> None:
    drawing = read_drawing(draw(prod.whole, title="rewind"))

    boxes = dict(zip(drawing.titles, drawing.boxes, strict=True))
    assert boxes["us-east-1"].holds(drawing.cards["module.rewind.aws_api_gateway_rest_api.rest"].room)
    assert boxes["us-west-2"].holds(drawing.cards["module.rewind.aws_api_gateway_rest_api.standby_rest[0]"].room)


def test_the_drawing_on_its_page_is_the_one_of_today(prod: Plan) -> None:
    """Otherwise plan prod, on the emulator will do, and ``groundplan graph --env prod --to docs/architectures``."""
    assert (REPOSITORY / "docs/architectures/rewind.svg").read_text() == draw(prod.whole, title="prod/rewind")
