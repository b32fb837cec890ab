"""The drawing of solemate: all of its resources, and the way that its data goes."""

from __future__ import annotations

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.diagram import draw


def test_every_resource_is_drawn_once_and_can_be_read(every: Plan) -> None:
    drawing = read_drawing(draw(every.whole, title="solemate"))

    assert drawing.resources == managed(every.whole)
    assert_readable(drawing)


def test_requests_go_from_the_internet_to_the_database(prod: Plan) -> None:
    # WHEN
    drawing = read_drawing(draw(prod.whole, title="solemate"))

    # THEN
    def ends(one: str, other: str) -> tuple[str, str]:
        return f"module.solemate.{one}", f"module.solemate.{other}"

    distribution, balancer = "aws_cloudfront_distribution.distribution", "aws_lb.load_balancer"
    servers = ("aws_ecs_service.app[0]", "aws_autoscaling_group.backend[0]")
    assert ("internet", f"module.solemate.{distribution}") in drawing.loud
    assert {ends(distribution, each) for each in (balancer, "aws_s3_bucket.assets")} <= drawing.loud
    for server in servers:
        assert drawing.lines[ends(balancer, server)].endswith(": tcp 3000")
        assert drawing.lines[ends(server, "aws_db_instance.database")].endswith(": tcp 5432")
        assert drawing.lines[ends(server, "aws_secretsmanager_secret.database_secret")].endswith(": read")
    replicated = drawing.lines[ends("aws_db_instance.database", "aws_db_instance.database_replica[0]")]
    assert replicated.endswith(": replicates")


def test_the_copy_of_the_assets_is_in_the_box_of_its_region(prod: Plan) -> None:
    drawing = read_drawing(draw(prod.whole, title="solemate"))

    boxes = dict(zip(drawing.titles, drawing.boxes, strict=True))
    assert boxes["us-west-2"].holds(drawing.cards["module.solemate.aws_s3_bucket.dr_assets[0]"].room)
    assert boxes["us-east-1"].holds(drawing.cards["module.solemate.aws_s3_bucket.assets"].room)
    ends = ("module.solemate.aws_s3_bucket.assets", "module.solemate.aws_s3_bucket.dr_assets[0]")
    assert "replicates" in drawing.lines[ends]


def test_the_drawing_on_its_page_is_the_one_of_today(prod: Plan) -> None:
    """Otherwise plan prod, on the emulator will do, and ``groundplan graph --env prod --to docs/architectures``."""
    assert (REPOSITORY / "docs/architectures/solemate.svg").read_text() == draw(prod.whole, title="prod/solemate")
