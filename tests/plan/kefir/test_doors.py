"""All ways into kefir from the internet: this list is what was agreed on."""

from __future__ import annotations

import pytest

from tests.support.doors import Seen, doors, for_everybody, unanswered, with_resource, with_values
from tests.support.plans import Plan

HTTP = "aws_apigatewayv2_api.http"
DOORS: set[Seen] = {
    (HTTP, "the routes of an API that ask for a token or a signature", True),
    ("aws_apigatewayv2_route.http_post_auth_login", f"POST /auth/login of {HTTP}", False),
    ("aws_apigatewayv2_route.http_post_auth_verify", f"POST /auth/verify of {HTTP}", False),
    ("aws_apigatewayv2_route.http_get_public_b_id", f"GET /public/b/{{id}} of {HTTP}", False),
    ("aws_cognito_user_pool.users", "a user pool in which everybody may register", False),
}


@pytest.mark.requirement("KF-API-02")
def test_the_internet_comes_in_by_these_doors_only(every: Plan) -> None:
    assert doors(every.whole) == DOORS


def test_somebody_answers_for_each_door(prod: Plan) -> None:
    assert unanswered(prod.whole, "prod/kefir") == set()


def test_a_route_that_loses_its_authorizer_is_refused(prod: Plan) -> None:
    broken = with_values(prod, "aws_apigatewayv2_route.http_get_batches", authorization_type="NONE")

    assert doors(broken) - DOORS == {("aws_apigatewayv2_route.http_get_batches", f"GET /batches of {HTTP}", False)}
    assert unanswered(broken, "prod/kefir") == {"aws_apigatewayv2_route.http_get_batches"}


def test_a_function_url_for_everybody_is_refused(prod: Plan) -> None:
    url = with_resource(prod, "aws_lambda_function_url", "own", function_name="f", authorization_type="NONE")

    assert unanswered(url, "prod/kefir") == {"aws_lambda_function_url.own"}


def test_a_bucket_policy_for_everybody_is_refused(prod: Plan) -> None:
    broken = with_values(prod, "aws_s3_bucket_policy.photos_policy", policy=for_everybody("s3:GetObject"))

    assert unanswered(broken, "prod/kefir") == {"aws_s3_bucket_policy.photos_policy"}
