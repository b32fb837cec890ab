"""The image repository."""

from __future__ import annotations

import json

import pytest

from tests.support.plans import Plan
from tests.support.serving import containers, nested

REPOSITORY, LIFECYCLE = "aws_ecr_repository", "aws_ecr_lifecycle_policy"


@pytest.mark.requirement("FD-ECR-01")
def test_repository_has_the_documents_name_everywhere(every: Plan) -> None:
    # One for all environments of an account: the same image goes from one to the next.
    assert every.one(REPOSITORY)["name"] == "fckdoomscroll/app"
    account = every.input("account_id")
    assert every.outputs["ecr_repository_url"] == f"{account}.dkr.ecr.us-east-1.amazonaws.com/fckdoomscroll/app"


@pytest.mark.requirement("FD-ECR-01", "FD-ECR-09")
def test_another_stack_may_make_it(chosen: Plan) -> None:
    assert chosen.all(REPOSITORY) == chosen.all(LIFECYCLE) == []
    url = "111122223333.dkr.ecr.us-east-1.amazonaws.com/fckdoomscroll/app"
    assert chosen.outputs["ecr_repository_url"] == url
    assert containers(chosen)["app"]["image"] == f"{url}:v1.2.3"


@pytest.mark.requirement("FD-ECR-02")
def test_images_are_the_accounts_own(every: Plan) -> None:
    other = {kind for kind in every.types() if kind.startswith("aws_ecr")} - {REPOSITORY, LIFECYCLE}

    assert other == set(), "a public repository, or a policy that lets others in"
    assert nested(every.one(REPOSITORY), "encryption_configuration")["encryption_type"] == "AES256"


@pytest.mark.requirement("FD-ECR-03")
def test_an_image_is_scanned_when_it_is_pushed(every: Plan) -> None:
    assert nested(every.one(REPOSITORY), "image_scanning_configuration") == {"scan_on_push": True}


@pytest.mark.requirement("FD-ECR-04")
def test_a_tag_stays_with_its_image(every: Plan) -> None:
    assert every.one(REPOSITORY)["image_tag_mutability"] == "IMMUTABLE"


@pytest.mark.requirement("FD-ECR-05", "FD-ECR-06")
def test_ten_images_stay_and_those_without_a_tag_for_a_week(every: Plan) -> None:
    lifecycle = every.one(LIFECYCLE)
    rules = json.loads(lifecycle["policy"])["rules"]

    assert lifecycle["repository"] == "fckdoomscroll/app"
    assert [{name: value for name, value in rule.items() if name != "description"} for rule in rules] == [
        {
            "rulePriority": 1,
            "selection": {
                "tagStatus": "untagged",
                "countType": "sinceImagePushed",
                "countUnit": "days",
                "countNumber": 7,
            },
            "action": {"type": "expire"},
        },
        {
            "rulePriority": 2,
            "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 10},
            "action": {"type": "expire"},
        },
    ]


def test_images_go_with_the_repository_only_where_data_may(dev: Plan, prod: Plan) -> None:
    assert dev.one(REPOSITORY)["force_delete"] is True
    assert prod.one(REPOSITORY)["force_delete"] is False
