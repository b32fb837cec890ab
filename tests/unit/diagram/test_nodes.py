"""Every managed resource of a plan is one element of its drawing, whatever becomes of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.drawing import assert_readable, managed, read_drawing
from tests.support.small_plans import Json, Made, small_plan
from tooling.diagram import draw

ACTIONS = ("create", "update", "replace", "destroy", "forget", "no-op")
TYPES = (
    "aws_s3_bucket aws_s3_bucket_policy aws_s3_bucket_versioning aws_lambda_function aws_lambda_permission "
    "aws_iam_role aws_iam_role_policy aws_cloudwatch_metric_alarm aws_cloudwatch_log_group aws_sns_topic "
    "aws_subnet aws_vpc aws_lb aws_security_group aws_vpc_security_group_ingress_rule aws_db_instance "
    "aws_db_subnet_group aws_route53_record aws_cloudfront_distribution aws_kms_key aws_unheard_of "
    "aws_unheard_of_policy google_thing terraform_data"
).split()
ARGUMENTS = (
    "role bucket function_name subnet_ids vpc_id security_group_id referenced_security_group_id source_arn zone_id "
    "alias anything db_subnet_group_name"
).split()


@st.composite
def plans(choose: st.DrawFn) -> Json:
    """Any resources that refer to any others, in a circle or to what is not there."""
    names = choose(st.lists(st.tuples(st.sampled_from(TYPES), st.sampled_from("abc")), max_size=9, unique=True))
    made = []
    for kind, name in names:
        keys = choose(st.sampled_from([("",), ("[0]",), ("[0]", "[1]", "[2]"), ('["x.y"]', '["é & <b>"]')]))
        uses = {
            argument: [f"{used}.{other}.arn" for used, other in targets]
            for argument, targets in choose(
                st.dictionaries(st.sampled_from(ARGUMENTS), st.lists(st.sampled_from(names), max_size=3), max_size=3)
            ).items()
        }
        module = choose(st.sampled_from(["", "module.one.", 'module.many["k"].']))
        configured = choose(st.booleans())
        values = choose(st.dictionaries(st.sampled_from(["name", "bucket", "arn", "role"]), st.text(max_size=5)))
        for key in keys:
            action = choose(st.sampled_from(ACTIONS))
            made.append(Made(f"{module}{kind}.{name}{key}", values, uses, action, configured=configured))
    return small_plan(*made)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans())
def test_whatever_a_plan_holds_each_resource_is_drawn_once_and_can_be_read(plan: Json) -> None:
    drawing = read_drawing(draw(plan, title="any"))

    assert drawing.resources == managed(plan)
    if plan["resource_changes"]:
        assert_readable(drawing)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=plans(), seed=st.integers(0, 1000))
def test_the_order_in_which_a_plan_lists_things_changes_nothing(plan: Json, seed: int) -> None:
    first = draw(plan, title="any")
    shuffled = random.Random(seed)
    root = plan["configuration"]["root_module"]
    for listed in (plan["resource_changes"], plan["planned_values"]["root_module"]["resources"], root["resources"]):
        shuffled.shuffle(listed)

    assert draw(plan, title="any") == first


@pytest.mark.parametrize("action", ACTIONS)
def test_what_becomes_of_a_resource_is_said_by_a_sign_of_its_own(action: str) -> None:
    # GIVEN
    others = [Made(f"aws_sqs_queue.{other.replace('-', '_')}", action=other) for other in ACTIONS if other != action]
    plan = small_plan(Made("aws_sqs_queue.it", action=action), *others)

    # WHEN
    drawing = read_drawing(draw(plan, title="any"))

    # THEN
    outlines = {_outline(drawing.svg, address) for address in drawing.resources}
    assert drawing.actions["aws_sqs_queue.it"] == action
    assert f"a-{action}" in drawing.cards["aws_sqs_queue.it"].classes
    assert len(outlines) == len(ACTIONS)


def _outline(svg: str, address: str) -> str:
    """Of the sign in the corner of a card, which tells actions apart without colours."""
    return svg.partition(f'data-address="{address}"')[2].partition('class="shape" d="')[2].partition('"')[0]


def test_data_sources_are_left_out() -> None:
    plan = small_plan(Made("aws_sqs_queue.it"), Made("data.aws_caller_identity.me", data=True))

    assert set(read_drawing(draw(plan, title="any")).resources) == {"aws_sqs_queue.it"}


def test_an_object_that_a_replacement_left_behind_is_a_mark_of_its_resource() -> None:
    # GIVEN
    plan = small_plan(
        Made("aws_sqs_queue.it", action="no-op"), Made("aws_sqs_queue.it", action="destroy", deposed="9f2c")
    )

    # WHEN
    drawing = read_drawing(draw(plan, title="any"))

    # THEN
    card = drawing.cards["aws_sqs_queue.it"]
    assert drawing.resources == {"aws_sqs_queue.it": 2}
    assert [address for address, _ in card.marks] == ["aws_sqs_queue.it"]
    assert 'data-deposed="9f2c"' in drawing.svg


def test_a_plan_of_nothing_is_an_empty_drawing() -> None:
    drawing = read_drawing(draw(small_plan(), title="nothing"))

    assert drawing.resources == {}
    assert "no resources" in drawing.svg


def test_what_is_destroyed_keeps_its_place_and_its_attachments() -> None:
    # GIVEN a bucket that the configuration has no more
    bucket = Made("aws_s3_bucket.b", {"id": "pictures", "bucket": "pictures"}, action="destroy", configured=False)
    policy = Made(
        "aws_s3_bucket_policy.p",
        {"id": "pictures", "bucket": "pictures"},
        action="destroy",
        configured=False,
    )

    # WHEN
    drawing = read_drawing(draw(small_plan(bucket, policy), title="any"))

    # THEN
    assert [address for address, _ in drawing.cards["aws_s3_bucket.b"].marks] == ["aws_s3_bucket_policy.p"]
