"""All ways into nullcheck from the internet: this list is what was agreed on."""

from __future__ import annotations

import pytest

from tests.support.doors import Seen, doors, for_everybody, unanswered, with_values
from tests.support.plans import Plan

REST = "aws_api_gateway_rest_api.rest"
DOORS: set[Seen] = {
    ("aws_api_gateway_method.rest_get_episodes", f"GET /episodes of {REST}", False),
    ("aws_api_gateway_method.rest_post_episodes", f"POST /episodes of {REST}", False),
    ("aws_api_gateway_method.rest_get_episodes_id", f"GET /episodes/{{id}} of {REST}", False),
    ("aws_api_gateway_method.rest_patch_episodes_id", f"PATCH /episodes/{{id}} of {REST}", False),
    ("aws_api_gateway_method.rest_post_episodes_id_upload_url", f"POST /episodes/{{id}}/upload-url of {REST}", False),
}


@pytest.mark.requirement("NC-SEC-04")
def test_the_internet_comes_in_by_these_doors_only(every: Plan) -> None:
    assert doors(every.whole) == DOORS


def test_somebody_answers_for_each_door(prod: Plan) -> None:
    assert unanswered(prod.whole, "prod/nullcheck") == set()


def test_a_queue_for_everybody_is_refused(prod: Plan) -> None:
    (policy,) = [each.address for each in prod.all("aws_sqs_queue_policy")]

    broken = with_values(prod, policy, policy=for_everybody("sqs:SendMessage"))

    assert unanswered(broken, "prod/nullcheck") == {policy}
