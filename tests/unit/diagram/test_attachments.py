"""What belongs to another resource is a mark of its card; what stands for itself is a card."""

from __future__ import annotations

import pytest

from tests.support.drawing import Drawing, read_drawing
from tests.support.small_plans import Made, small_plan
from tooling.diagram import draw


def drawn(*made: Made) -> Drawing:
    return read_drawing(draw(small_plan(*made), title="any"))


def marks(drawing: Drawing, card: str) -> set[str]:
    return {address for address, _ in drawing.cards[card].marks}


def test_what_hangs_on_a_bucket_is_a_mark_of_it() -> None:
    of_it = {"bucket": ["aws_s3_bucket.b.id"]}

    drawing = drawn(
        Made("aws_s3_bucket.b"),
        Made("aws_s3_bucket_versioning.v", uses=of_it),
        Made("aws_s3_bucket_public_access_block.p", uses=of_it),
    )

    assert list(drawing.cards) == ["aws_s3_bucket.b"]
    assert marks(drawing, "aws_s3_bucket.b") == {"aws_s3_bucket_versioning.v", "aws_s3_bucket_public_access_block.p"}
    assert drawing.cards["aws_s3_bucket.b"].label == "aws_s3_bucket b: created, 2 attachments (aws_s3_bucket.b)"


def test_a_role_with_its_policy_belongs_to_the_one_function_that_takes_it() -> None:
    drawing = drawn(
        Made("aws_lambda_function.f", uses={"role": ["aws_iam_role.r.arn"]}),
        Made("aws_iam_role.r"),
        Made("aws_iam_role_policy.p", uses={"role": ["aws_iam_role.r.name"]}),
    )

    assert marks(drawing, "aws_lambda_function.f") == {"aws_iam_role.r", "aws_iam_role_policy.p"}


def test_a_role_that_several_take_is_a_card_of_its_own() -> None:
    role = {"role": ["aws_iam_role.r.arn"]}

    drawing = drawn(Made("aws_iam_role.r"), *(Made(f"aws_lambda_function.{name}", uses=role) for name in "ab"))

    assert set(drawing.cards) == {"aws_iam_role.r", "aws_lambda_function.a", "aws_lambda_function.b"}


def test_who_only_looks_on_takes_nothing() -> None:
    drawing = drawn(
        Made("aws_cloudwatch_log_group.g"),
        Made("aws_lambda_function.f", uses={"logging_config": ["aws_cloudwatch_log_group.g.name"]}),
        Made("aws_cloudwatch_dashboard.d", uses={"dashboard_body": ["aws_cloudwatch_log_group.g.name"]}),
    )

    assert marks(drawing, "aws_lambda_function.f") == {"aws_cloudwatch_log_group.g"}


def test_a_resource_that_is_only_waited_for_can_be_the_one_to_hang_on() -> None:
    drawing = drawn(Made("aws_ecs_service.s"), Made("aws_appautoscaling_target.t", waits_for=["aws_ecs_service.s"]))

    assert marks(drawing, "aws_ecs_service.s") == {"aws_appautoscaling_target.t"}


def test_a_circle_of_resources_that_hang_on_each_other_is_drawn() -> None:
    drawing = drawn(
        Made("aws_kms_alias.a", uses={"target_key_id": ["aws_kms_alias.b.id"]}),
        Made("aws_kms_alias.b", uses={"target_key_id": ["aws_kms_alias.a.id"]}),
    )

    assert drawing.resources == {"aws_kms_alias.a": 1, "aws_kms_alias.b": 1}


@pytest.mark.parametrize("kind", ["aws_new_thing_policy", "google_new_thing_iam_attachment"])
def test_an_unknown_type_hangs_on_what_its_name_says(kind: str) -> None:
    host = f"{kind.partition('_')[0]}_new_thing"

    drawing = drawn(Made(f"{host}.t"), Made(f"{kind}.p", uses={"thing": [f"{host}.t.id"]}))

    assert marks(drawing, f"{host}.t") == {f"{kind}.p"}


def test_an_unknown_type_that_refers_to_something_stands_for_itself() -> None:
    drawing = drawn(Made("aws_new_thing.t"), Made("aws_other_thing.o", uses={"thing": ["aws_new_thing.t.id"]}))

    assert set(drawing.cards) == {"aws_new_thing.t", "aws_other_thing.o"}
    assert ("aws_other_thing.o", "aws_new_thing.t") in drawing.lines


def test_alarms_share_a_card_that_is_no_resource() -> None:
    drawing = drawn(*(Made(f"aws_cloudwatch_metric_alarm.{name}") for name in "abc"))

    (card,) = drawing.cards.values()
    assert card.address is None
    assert len(card.marks) == 3
    assert card.label == "Alarms, 3 in all: 3 resources: 3 created"


def test_from_three_instances_on_they_share_a_card() -> None:
    two, three = (drawn(*(Made(f"aws_sqs_queue.q[{index}]") for index in range(count))) for count in (2, 3))

    assert set(two.cards) == {"aws_sqs_queue.q[0]", "aws_sqs_queue.q[1]"}
    assert set(three.cards) == {"aws_sqs_queue.q[*]"}
    assert len(three.cards["aws_sqs_queue.q[*]"].marks) == 3


def test_the_instance_with_the_same_key_is_the_one_to_hang_on() -> None:
    drawing = drawn(
        *(Made(f'aws_kms_key.k["{key}"]') for key in "ab"),
        *(Made(f'aws_kms_alias.a["{key}"]', uses={"target_key_id": ["aws_kms_key.k"]}) for key in "ab"),
    )

    assert marks(drawing, 'aws_kms_key.k["b"]') == {'aws_kms_alias.a["b"]'}


def test_a_topic_of_alarms_stands_with_what_watches_and_another_with_messaging() -> None:
    drawing = drawn(
        Made("aws_sns_topic.alerts"),
        Made("aws_cloudwatch_metric_alarm.a", uses={"alarm_actions": ["aws_sns_topic.alerts.arn"]}),
        Made("aws_sns_topic.orders"),
    )

    assert "p-observability" in drawing.cards["aws_sns_topic.alerts"].classes
    assert "p-messaging" in drawing.cards["aws_sns_topic.orders"].classes
