"""What rewind is built from, and where it is."""

from __future__ import annotations

import re

import pytest

from tests.plan.rewind.parts import AWAY, HOME
from tests.support.plans import Plan

# What runs, and is paid for, whether it is used or not.
SERVERS = (
    "autoscaling_group",
    "db_",
    "docdb_",
    "eip",
    "eks_",
    "ecs_",
    "elasticache_",
    "elb",
    "instance",
    "launch_template",
    "lb",
    "msk_",
    "nat_gateway",
    "neptune_",
    "opensearch_domain",
    "rds_",
    "redshift_cluster",
    "sagemaker_endpoint",
    "spot_",
    "vpc",
)


@pytest.mark.requirement("RW-OV-01")
def test_nothing_is_a_server(everywhere: Plan) -> None:
    assert not [kind for kind in everywhere.types() if re.match(rf"aws_({'|'.join(SERVERS)})", kind)]
    # And it is not for want of resources that there is none.
    assert {"aws_lambda_function", "aws_dynamodb_table", "aws_cloudfront_distribution"} <= everywhere.types()


@pytest.mark.requirement("RW-CP-01")
def test_the_provider_is_aws(every: Plan) -> None:
    assert every.providers.keys() == ({HOME, AWAY} & every.providers.keys()) | {HOME}
    assert {(each["full_name"], each["version_constraint"]) for each in every.providers.values()} == {
        ("registry.terraform.io/hashicorp/aws", "5.100.0")
    }


@pytest.mark.requirement("RW-CP-02")
def test_the_first_region_is_us_east_1(every: Plan, minimal: Plan) -> None:
    assert every.providers[HOME]["expressions"]["region"] == {"constant_value": "us-east-1"}
    assert every.input("region") == "us-east-1"
    assert minimal.variables["region"]["default"] == "us-east-1"


@pytest.mark.requirement("RW-CP-01", "RW-CP-02")
def test_each_root_is_for_its_own_account_only(every: Plan) -> None:
    account = every.input("account_id")
    allowed = [each["expressions"].get("allowed_account_ids") for each in every.providers.values()]

    assert allowed == [{"constant_value": [account]}] * len(allowed)
