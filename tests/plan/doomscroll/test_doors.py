"""All ways into doomscroll from the internet: this list is what was agreed on."""

from __future__ import annotations

import pytest

from tests.support.doors import Seen, doors, unanswered, with_values
from tests.support.plans import Plan

DOORS: set[Seen] = {
    ("aws_cloudfront_distribution.distribution", "a CloudFront distribution", None),
    ("aws_cognito_user_pool.users", "a user pool in which everybody may register", False),
    ("aws_lb_listener.load_balancer_http", "HTTP on port 80 of aws_lb.load_balancer", None),
    ("aws_lb_listener.load_balancer_https", "HTTPS on port 443 of aws_lb.load_balancer", None),
    ("aws_vpc_security_group_ingress_rule.alb_http", "tcp/80 to what has the security group alb", None),
    ("aws_vpc_security_group_ingress_rule.alb_https", "tcp/443 to what has the security group alb", None),
}


@pytest.mark.requirement("FD-SG-01", "FD-SG-02")
def test_the_internet_comes_in_by_these_doors_only(every: Plan) -> None:
    assert doors(every.whole) == DOORS


def test_somebody_answers_for_each_door(prod: Plan) -> None:
    assert unanswered(prod.whole, "prod/doomscroll") == set()


@pytest.mark.requirement("FD-SG-07")
def test_a_database_that_is_open_to_the_internet_is_refused(prod: Plan) -> None:
    rule = "aws_vpc_security_group_ingress_rule.rds_ecs"

    broken = with_values(prod, rule, cidr_ipv4="0.0.0.0/0", referenced_security_group_id=None)

    assert doors(broken) - DOORS == {(rule, "tcp/5432 to what has the security group rds", None)}
    assert unanswered(broken, "prod/doomscroll") == {rule}


def test_a_task_with_a_public_address_is_refused_once_its_group_is_open(prod: Plan) -> None:
    # GIVEN tasks in public subnets, with a public address each
    subnets = [{"assign_public_ip": True, "security_groups": ["sg-1"], "subnets": ["subnet-1"]}]

    # THEN nobody can tell who reaches them by a group that is not of the plan
    assert unanswered(with_values(prod, "aws_ecs_service.app", network_configuration=subnets), "prod/doomscroll") == {
        "aws_ecs_service.app"
    }
