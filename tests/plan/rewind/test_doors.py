"""All ways into rewind from the internet: this list is what was agreed on."""

from __future__ import annotations

import pytest

from tests.support.doors import Seen, doors, for_everybody, unanswered, with_resource, with_values
from tests.support.plans import Plan

ASKING = "the routes of an API that ask for a token or a signature"
DOORS: set[Seen] = {
    ("aws_api_gateway_rest_api.rest", ASKING, True),
    ("aws_cloudfront_distribution.distribution", "a CloudFront distribution", None),
    ("aws_cognito_user_pool.users[0]", "a user pool in which everybody may register", False),
}
SECOND_REGION: set[Seen] = {("aws_api_gateway_rest_api.standby_rest[0]", ASKING, True)}


@pytest.mark.requirement("RW-AU-02")
def test_the_internet_comes_in_by_these_doors_only(doubled: Plan) -> None:
    assert doors(doubled.whole) == DOORS | SECOND_REGION


def test_in_one_region_there_is_one_api(dev: Plan) -> None:
    assert doors(dev.whole) == DOORS


def test_somebody_answers_for_each_door(prod: Plan, dev: Plan) -> None:
    assert unanswered(prod.whole, "prod/rewind") == set()
    assert unanswered(dev.whole, "dev/rewind") == set()


def test_a_method_that_loses_its_authorizer_is_refused_and_a_preflight_is_not(prod: Plan) -> None:
    broken = with_values(prod, "aws_api_gateway_method.rest_get_podcasts", authorization="NONE")

    assert unanswered(broken, "prod/rewind") == {"aws_api_gateway_method.rest_get_podcasts"}


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("aws_sqs_queue_policy", {"queue_url": "q", "policy": for_everybody("sqs:SendMessage")}),
        ("aws_lambda_permission", {"principal": "apigateway.amazonaws.com", "function_name": "shareHandler"}),
    ],
)
def test_one_more_policy_for_everybody_is_refused(prod: Plan, kind: str, values: dict[str, str]) -> None:
    assert unanswered(with_resource(prod, kind, "own", **values), "prod/rewind") == {f"{kind}.own"}
