"""All ways into solemate from the internet: this list is what was agreed on."""

from __future__ import annotations

import pytest

from tests.support.doors import Seen, doors, unanswered, with_resource, with_values
from tests.support.plans import Plan

DOORS: set[Seen] = {
    ("aws_cloudfront_distribution.distribution", "a CloudFront distribution", None),
    ("aws_lb_listener.load_balancer_http", "HTTP on port 80 of aws_lb.load_balancer", None),
    ("aws_lb_listener.load_balancer_https", "HTTPS on port 443 of aws_lb.load_balancer", None),
    ("aws_vpc_security_group_ingress_rule.web_http", "tcp/80 to what has the security group web", None),
    ("aws_vpc_security_group_ingress_rule.web_https", "tcp/443 to what has the security group web", None),
}


@pytest.mark.requirement("SM-NET-08")
def test_the_internet_comes_in_by_these_doors_only(every: Plan) -> None:
    assert doors(every.whole) == DOORS


def test_somebody_answers_for_each_door(prod: Plan) -> None:
    assert unanswered(prod.whole, "prod/solemate") == set()


@pytest.mark.requirement("SM-NET-11")
def test_a_database_that_is_open_to_the_internet_is_refused(prod: Plan) -> None:
    rule = "aws_vpc_security_group_ingress_rule.database_app"

    broken = with_values(prod, rule, cidr_ipv4="0.0.0.0/0", referenced_security_group_id=None)

    assert doors(broken) - DOORS == {(rule, "tcp/5432 to what has the security group database", None)}
    assert unanswered(broken, "prod/solemate") == {rule}


def test_a_database_with_a_public_address_is_refused(prod: Plan) -> None:
    broken = with_values(prod, "aws_db_instance.database", publicly_accessible=True)

    assert "aws_db_instance.database" in unanswered(broken, "prod/solemate")


def test_a_type_that_nobody_has_told_apart_is_refused(prod: Plan) -> None:
    own = with_resource(prod, "aws_globalaccelerator_accelerator", "own", name="own")

    assert unanswered(own, "prod/solemate") == {"aws_globalaccelerator_accelerator.own"}
