"""Boxes show where things are: regions, a network with its subnets, the parts of an architecture."""

from __future__ import annotations

from tests.support.drawing import Drawing, assert_readable, read_drawing
from tests.support.small_plans import Made, small_plan
from tooling.diagram import draw


def network() -> list[Made]:
    """A VPC of two kinds of subnets, with something in each."""
    public = {"subnet_id": ["aws_subnet.front.id"], "route_table_id": ["aws_route_table.out.id"]}
    return [
        Made("aws_vpc.net", {"cidr_block": "10.0.0.0/16"}),
        Made("aws_internet_gateway.door", uses={"vpc_id": ["aws_vpc.net.id"]}),
        Made("aws_route_table.out", uses={"vpc_id": ["aws_vpc.net.id"]}),
        Made(
            "aws_route.out",
            uses={"route_table_id": ["aws_route_table.out.id"], "gateway_id": ["aws_internet_gateway.door.id"]},
        ),
        Made("aws_route_table_association.front", uses=public),
        *(
            Made(
                f"aws_subnet.{name}",
                {"cidr_block": f"10.0.{index}.0/24", "availability_zone": "us-east-1a"},
                {"vpc_id": ["aws_vpc.net.id"]},
            )
            for index, name in enumerate(("front", "back"))
        ),
        Made("aws_lb.lb", uses={"subnets": ["aws_subnet.front.id"]}),
        Made("aws_ecs_service.app", uses={"network_configuration": ["aws_subnet.back.id"]}),
        Made("aws_db_subnet_group.group", uses={"subnet_ids": ["aws_subnet.back.id"]}),
        Made("aws_db_instance.db", uses={"db_subnet_group_name": ["aws_db_subnet_group.group.name"]}),
        Made("aws_s3_bucket.outside"),
    ]


def boxes_around(drawing: Drawing, address: str) -> list[str]:
    room = drawing.card_of(address).room
    return [title for title, box in zip(drawing.titles, drawing.boxes, strict=True) if box.holds(room)]


def test_a_network_holds_its_subnets_and_what_is_in_them() -> None:
    # WHEN
    drawing = read_drawing(draw(small_plan(*network()), title="any"))

    # THEN
    assert_readable(drawing)
    inside = ["us-east-1", "VPC net"]
    database = "Database, in the private subnets"
    assert boxes_around(drawing, "aws_subnet.front") == [*inside, "Public subnets"]
    assert boxes_around(drawing, "aws_lb.lb") == [*inside, "Public subnets"]
    assert boxes_around(drawing, "aws_ecs_service.app") == [*inside, "Private subnets"]
    assert boxes_around(drawing, "aws_db_instance.db") == [*inside, database]
    assert boxes_around(drawing, "aws_vpc.net") == [*inside, "Network"]
    assert boxes_around(drawing, "aws_s3_bucket.outside") == ["us-east-1", "Data"]


def test_subnets_that_only_databases_use_are_called_so() -> None:
    made = [each for each in network() if each.address != "aws_ecs_service.app"]

    drawing = read_drawing(draw(small_plan(*made), title="any"))

    assert boxes_around(drawing, "aws_subnet.back")[-1] == "Database subnets"


def test_data_goes_from_left_to_right() -> None:
    drawing = read_drawing(draw(small_plan(*network()), title="any"))

    lefts = [drawing.cards[key].room.left for key in ("aws_lb.lb", "aws_ecs_service.app", "aws_db_instance.db")]
    assert lefts == sorted(set(lefts))


def test_each_region_has_its_box_and_what_is_in_none_stands_outside() -> None:
    # GIVEN
    plan = small_plan(
        Made("aws_sqs_queue.here"),
        Made("aws_sqs_queue.there", provider="aws.other"),
        Made("aws_cloudfront_distribution.everywhere"),
        regions={"aws": "us-east-1", "aws.other": "eu-west-1"},
    )

    # WHEN
    drawing = read_drawing(draw(plan, title="any"))

    # THEN
    assert boxes_around(drawing, "aws_sqs_queue.here") == ["us-east-1", "Messaging"]
    assert boxes_around(drawing, "aws_sqs_queue.there") == ["eu-west-1", "Messaging"]
    assert boxes_around(drawing, "aws_cloudfront_distribution.everywhere") == ["Edge and DNS"]


def test_what_goes_stays_in_the_region_that_its_arn_names() -> None:
    gone = Made(
        "aws_sqs_queue.gone",
        {"arn": "arn:aws:sqs:eu-west-1:123456789012:gone"},
        action="destroy",
        configured=False,
    )

    drawing = read_drawing(draw(small_plan(Made("aws_sqs_queue.here"), gone), title="any"))

    assert boxes_around(drawing, "aws_sqs_queue.gone")[0] == "eu-west-1"


def test_with_several_modules_a_card_says_whose_it_is() -> None:
    plan = small_plan(*(Made(f"module.{name}.aws_sqs_queue.q") for name in ("one", "two")))

    drawing = read_drawing(draw(plan, title="any"))

    assert drawing.cards["module.one.aws_sqs_queue.q"].texts[0].text == "SQS queue · one"
