from __future__ import annotations

from dataclasses import replace

import pytest

from cdktf_app import expressions
from cdktf_app.deployment import Deployment

HOME = Deployment(prefix="app", suffix="-dev", account_id="111122223333", region="us-east-1", tags={"Owner": "me"})


@pytest.mark.parametrize(
    ("deployment", "name", "unique"),
    [
        (HOME, "app-table-dev", "app-table-111122223333-dev"),
        (HOME.verbatim, "table-dev", "table-111122223333-dev"),
        (replace(HOME, suffix=""), "app-table", "app-table-111122223333"),
        (HOME.in_region("us-west-2"), "app-table-dev-us-west-2", "app-table-111122223333-dev-us-west-2"),
    ],
)
def test_a_name_has_the_prefix_before_it_and_the_suffix_behind_it(
    deployment: Deployment, name: str, unique: str
) -> None:
    assert deployment.name("table") == name
    assert deployment.global_name("table") == unique


def test_arns_are_of_the_account_and_the_region() -> None:
    away = HOME.in_region("us-west-2")

    assert HOME.arn("dynamodb", "table/t") == "arn:aws:dynamodb:us-east-1:111122223333:table/t"
    assert away.arn("dynamodb", "table/t") == "arn:aws:dynamodb:us-west-2:111122223333:table/t"
    assert away.account_root == HOME.account_root == "arn:aws:iam::111122223333:root"
    assert HOME.log_group("lambda", "job") == "/aws/lambda/app-job-dev"


def test_more_tags_win_over_those_that_are_there() -> None:
    tags = HOME.tagged({"Owner": "you", "Group": "agent"}).tags

    assert isinstance(tags, expressions.StringMap)
    assert tags.parts == ['{ Owner = "me" }', '{\n  Owner = "you"\n  Group = "agent"\n}']
