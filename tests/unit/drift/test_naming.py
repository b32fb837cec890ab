from __future__ import annotations

import pytest

from tooling.drift.naming import names_of, region_of


def test_a_resource_is_asked_for_by_its_arn_before_its_name_and_what_it_is_a_part_of() -> None:
    values = {"id": "b", "arn": "arn:aws:s3:::b", "bucket": "b", "size": 3, "role": "", "name": None}

    assert names_of(values) == ("arn:aws:s3:::b", "b")


@pytest.mark.parametrize(
    ("values", "region"),
    [
        ({"arn": "arn:aws:sqs:eu-west-1:1:jobs"}, "eu-west-1"),
        ({"arn": "arn:aws:iam::1:role/a"}, "us-east-1"),
        ({"arn": "arn:aws:s3:::b", "region": "eu-central-1"}, "eu-central-1"),
        ({"arn": "arn:aws:s3:::b"}, ""),
        ({"id": "x"}, ""),
    ],
)
def test_a_resource_is_asked_for_where_cloudtrail_knows_of_it(values: dict[str, str], region: str) -> None:
    assert region_of(values) == region
