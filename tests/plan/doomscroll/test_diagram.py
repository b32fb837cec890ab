"""The drawing of doomscroll: all of its resources, and the way that its data goes."""

from __future__ import annotations

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.diagram import draw


def test_every_resource_is_drawn_once_and_can_be_read(every: Plan) -> None:
    drawing = read_drawing(draw(every.whole, title="doomscroll"))

    assert drawing.resources == managed(every.whole)
    assert_readable(drawing)


def test_requests_go_from_the_internet_to_the_database(prod: Plan) -> None:
    # WHEN
    drawing = read_drawing(draw(prod.whole, title="doomscroll"))

    # THEN
    def ends(one: str, other: str) -> tuple[str, str]:
        return f"module.doomscroll.{one}", f"module.doomscroll.{other}"

    balancer, service, database = "aws_lb.load_balancer", "aws_ecs_service.app", "aws_db_instance.database"
    distribution = "aws_cloudfront_distribution.distribution"
    assert {("internet", f"module.doomscroll.{each}") for each in (balancer, distribution)} <= drawing.loud
    assert ends(distribution, balancer) in drawing.loud
    assert ends("aws_wafv2_web_acl.cdn_web_acl", distribution) in drawing.loud
    assert ends("aws_wafv2_web_acl.alb_web_acl", balancer) in drawing.loud
    assert drawing.lines[ends(balancer, service)].endswith(": tcp 3000")
    assert drawing.lines[ends(service, database)].endswith(": tcp 5432")
    assert drawing.lines[ends(service, "aws_secretsmanager_secret.database_secret")].endswith(": read")
    assert drawing.lines[ends(service, "aws_s3_bucket.uploads")].endswith(": read, write")
    assert ends(balancer, database) not in drawing.lines


def test_the_network_is_drawn_around_what_is_in_it(prod: Plan) -> None:
    drawing = read_drawing(draw(prod.whole, title="doomscroll"))

    boxes = dict(zip(drawing.titles, drawing.boxes, strict=True))
    for title, address in (
        ("Public subnets", "aws_lb.load_balancer"),
        ("Private subnets", "aws_ecs_service.app"),
        ("Database, in the private subnets", "aws_db_instance.database"),
    ):
        assert boxes[title].holds(drawing.cards[f"module.doomscroll.{address}"].room)
        assert boxes["VPC network"].holds(boxes[title])
    assert not boxes["VPC network"].holds(drawing.cards["module.doomscroll.aws_s3_bucket.uploads"].room)


def test_the_drawing_on_its_page_is_the_one_of_today(prod: Plan) -> None:
    """Otherwise plan prod, on the emulator will do, and ``groundplan graph --env prod --to docs/architectures``."""
    assert (REPOSITORY / "docs/architectures/doomscroll.svg").read_text() == draw(prod.whole, title="prod/doomscroll")
