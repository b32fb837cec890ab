"""The load balancer: how requests come in, and how it finds out whom to send them to."""

from __future__ import annotations

import pytest

from tests.plan.doomscroll.conftest import REQUIRED, Planned
from tests.support.networks import GROUP, in_subnets_of
from tests.support.planner import BARE
from tests.support.plans import Plan
from tests.support.serving import BALANCER, RULE, SERVICE, TARGETS, listeners, nested

TLS = "ELBSecurityPolicy-TLS13-1-2-2021-06"


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


@pytest.mark.requirement("FD-ALB-01")
def test_name_is_the_documents_with_the_environments_end(dev: Plan, prod: Plan, chosen: Plan) -> None:
    names = [plan.one(BALANCER)["name"] for plan in (dev, prod, chosen)]

    assert names == ["fckdoomscroll-alb-dev", "fckdoomscroll-alb", "fckdoomscroll-alb-test"]


@pytest.mark.requirement("FD-ALB-02", "FD-ALB-03")
def test_load_balancer_is_an_application_one_on_the_internet(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        balancer = plan.one(BALANCER)

        assert balancer["internal"] is False
        assert balancer["load_balancer_type"] == "application"
        assert balancer["drop_invalid_header_fields"] is True
        assert in_subnets_of(plan, balancer, "subnets") == ("Public us-east-1a", "Public us-east-1b")
        groups = [each for each in plan.all(GROUP) if each.block in plan.references(balancer, "security_groups")]
        assert [each["name"] for each in groups] == ["alb-sg"]


def test_load_balancer_is_protected_unless_told_otherwise(dev: Plan, prod: Plan, chosen: Plan) -> None:
    protected = [plan.one(BALANCER)["enable_deletion_protection"] for plan in (dev, prod, chosen)]

    assert protected == [True, True, False]


def test_load_balancer_writes_down_its_requests(every: Plan) -> None:
    balancer = every.one(BALANCER)
    bucket = every.one("aws_s3_bucket", bucket=nested(balancer, "access_logs")["bucket"])
    (policy,) = [each for each in every.all("aws_s3_bucket_policy") if bucket.block in every.references(each, "bucket")]
    delivery = ("Service", "logdelivery.elasticloadbalancing.amazonaws.com")
    (statement,) = [each for each in every.statements(policy, "policy") if delivery in each.principals]

    assert nested(balancer, "access_logs") == {"bucket": bucket["bucket"], "enabled": True, "prefix": "alb"}
    assert statement.allows
    path = f"{bucket['bucket']}/alb/AWSLogs/{every.input('account_id')}/*"
    assert statement.grants == {("s3:PutObject", f"arn:aws:s3:::{path}")}
    assert policy.block in every.awaited(balancer)


@pytest.mark.requirement("FD-LIS-01")
def test_plain_http_is_sent_to_https_for_good(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        found = listeners(plan)

        assert found.keys() == {80, 443}
        assert found[80]["protocol"] == "HTTP"
        assert nested(found[80], "default_action")["type"] == "redirect"
        assert nested(found[80], "default_action", "redirect") == {
            "host": "#{host}",
            "path": "/#{path}",
            "port": "443",
            "protocol": "HTTPS",
            "query": "#{query}",
            "status_code": "HTTP_301",
        }


@pytest.mark.requirement("FD-LIS-02", "FD-SEC-01")
def test_https_is_tls_1_2_or_newer(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        https = listeners(plan)[443]

        assert (https["protocol"], https["ssl_policy"]) == ("HTTPS", TLS)


@pytest.mark.requirement("FD-LIS-03")
def test_certificate_is_the_domains_and_renews_itself(every: Plan) -> None:
    https = listeners(every)[443]
    certificate = every.one("aws_acm_certificate")

    assert certificate["domain_name"] == every.input("domain_name")
    # ACM renews what DNS proves for as long as the record is there.
    assert certificate["validation_method"] == "DNS"
    validation = every.referred(https, "certificate_arn", "aws_acm_certificate_validation")
    assert every.referred(validation, "certificate_arn", "aws_acm_certificate") == certificate
    made = every.references(validation, "validation_record_fqdns")
    records = [each for each in every.all("aws_route53_record") if each.block in made]
    names = {certificate["domain_name"], *certificate["subject_alternative_names"]}
    assert len(records) == len(names) > 0
    for record in records:
        assert certificate.block in every.references(record, "records") | every.references(record, "for_each")


@pytest.mark.requirement("FD-LIS-03")
def test_certificate_may_be_given(plan: Planned) -> None:
    given = "arn:aws:acm:us-east-1:111122223333:certificate/0b8c1f5e-0000-4000-8000-000000000000"
    planned = plan(BARE, **REQUIRED, certificate_arn=given)

    assert listeners(planned)[443]["certificate_arn"] == given
    assert planned.all("aws_acm_certificate") == []


@pytest.mark.requirement("FD-LIS-04")
def test_every_path_goes_to_the_tasks(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        https = listeners(plan)[443]

        assert nested(https, "default_action")["type"] == "forward"
        assert plan.referred(https, "default_action", TARGETS) == plan.one(TARGETS)
        assert plan.all(RULE) == []


@pytest.mark.requirement("FD-TG-01")
def test_name_of_the_targets_is_the_documents(dev: Plan, prod: Plan, chosen: Plan) -> None:
    found = [(plan.one(TARGETS)["name"], plan.one(TARGETS)["target_type"]) for plan in (dev, prod, chosen)]

    assert found == [("ecs-targets-dev", "ip"), ("ecs-targets", "ip"), ("ecs-targets-test", "ip")]


@pytest.mark.requirement("FD-TG-02", "FD-TG-03")
def test_tasks_are_spoken_to_over_http_inside_the_vpc(every: Plan, chosen: Plan) -> None:
    for plan, port in ((every, 3000), (chosen, 8080)):
        group = plan.one(TARGETS)

        assert (group["protocol"], group["port"]) == ("HTTP", port)
        assert plan.referred(group, "vpc_id", "aws_vpc") == plan.one("aws_vpc")
        assert plan.referred(plan.one(SERVICE), "load_balancer", TARGETS) == group


@pytest.mark.requirement(
    "FD-SVC-12", "FD-TG-04", "FD-TG-05", "FD-TG-06", "FD-TG-07", "FD-TG-08", "FD-TG-09", "FD-TG-10", "FD-TG-11"
)
def test_tasks_are_asked_whether_they_are_well(every: Plan, chosen: Plan) -> None:
    for plan, path, port in ((every, "/api/health", "3000"), (chosen, "/healthz", "8080")):
        assert nested(plan.one(TARGETS), "health_check") == {
            "enabled": True,
            "healthy_threshold": 2,
            "interval": 30,
            "matcher": "200",
            "path": path,
            "port": port,
            "protocol": "HTTP",
            "timeout": 5,
            "unhealthy_threshold": 3,
        }


@pytest.mark.requirement("FD-STK-01")
def test_a_visitor_stays_with_a_task_for_a_day_unless_switched_off(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, sticky in ((every, True), (minimal, True), (chosen, False)):
        assert nested(plan.one(TARGETS), "stickiness") == {
            "cookie_duration": 86400,
            "enabled": sticky,
            "type": "lb_cookie",
        }
