"""Load balancers and the targets behind them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.load_balancer import (
    HealthCheck,
    LoadBalancer,
    LoadBalancerProps,
    TargetGroup,
    TargetGroupProps,
)
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]


@pytest.fixture
def bucket(part: Construct, deployment: Deployment) -> PrivateBucket:
    return PrivateBucket(part, "logs", props=PrivateBucketProps(deployment=deployment, name="logs"))


def targets(
    part: Construct, deployment: Deployment, name: str, *, enabled: str | None = None, sticky: Input | None = None
) -> TargetGroup:
    props = TargetGroupProps(
        deployment=deployment,
        name=name,
        kind="ip",
        vpc_id="vpc-1",
        port=3000,
        health=HealthCheck(path="/health"),
        sticky=None if sticky is None else sticky.boolean,
        enabled=enabled,
    )
    return TargetGroup(part, name, props=props)


def balancer(part: Construct, deployment: Deployment, bucket: PrivateBucket, *groups: TargetGroup) -> LoadBalancer:
    props = LoadBalancerProps(
        deployment=deployment,
        name="alb",
        subnet_ids=["subnet-1", "subnet-2"],
        security_group_ids=["sg-1"],
        certificate_arn="arn:certificate",
        targets=groups,
        access_logs=bucket,
    )
    return LoadBalancer(part, "balancer", props=props)


def test_targets_are_asked_whether_they_are_well(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    group = targets(part, deployment, "web")

    made = synthesize().the("aws_lb_target_group")
    assert made["health_check"] == {
        "enabled": True,
        "protocol": "HTTP",
        "path": "/health",
        "port": "traffic-port",
        "interval": 30,
        "timeout": 5,
        "healthy_threshold": 2,
        "unhealthy_threshold": 3,
        "matcher": "200",
    }
    assert (made["name"], made["target_type"], made["protocol"], made["port"]) == (
        "app-${var.environment}-web",
        "ip",
        "HTTP",
        3000,
    )
    assert "stickiness" not in made
    assert "count" not in made
    assert group.name == made["name"]
    assert group.arn == "${aws_lb_target_group.web.arn}"
    assert group.arn_suffix == "${aws_lb_target_group.web.arn_suffix}"


def test_a_browser_sticks_to_a_target_for_a_day(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    targets(part, deployment, "web", sticky=Input("sticky"))

    made = synthesize().the("aws_lb_target_group")
    assert made["stickiness"] == {"enabled": "${var.sticky}", "type": "lb_cookie", "cookie_duration": 86400}


def test_a_load_balancer_speaks_tls_and_sends_plain_http_there(
    part: Construct, deployment: Deployment, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    balancer(part, deployment, bucket, targets(part, deployment, "web"))

    module = synthesize()
    http, https = (module.resource("aws_lb_listener", f"balancer_{name}") for name in ("http", "https"))
    assert (http["port"], http["protocol"]) == (80, "HTTP")
    assert http["default_action"] == [
        {"type": "redirect", "redirect": {"status_code": "HTTP_301", "protocol": "HTTPS", "port": "443"}}
    ]
    assert "certificate_arn" not in http
    assert (https["port"], https["protocol"]) == (443, "HTTPS")
    assert https["ssl_policy"] == "ELBSecurityPolicy-TLS13-1-2-2021-06"
    assert https["certificate_arn"] == "arn:certificate"
    assert https["default_action"] == [
        {"type": "forward", "target_group_arn": "${aws_lb_target_group.web.arn}"},
    ]


def test_a_load_balancer_is_on_the_internet_protected_and_writes_down_requests(
    part: Construct, deployment: Deployment, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    balancer(part, deployment, bucket, targets(part, deployment, "web"))

    module = synthesize()
    made = module.the("aws_lb")
    assert made["internal"] is False
    assert made["load_balancer_type"] == "application"
    assert made["subnets"] == ["subnet-1", "subnet-2"]
    assert made["security_groups"] == ["sg-1"]
    assert made["drop_invalid_header_fields"] is True
    assert made["enable_deletion_protection"] is True
    assert made["access_logs"] == {"enabled": True, "bucket": "${aws_s3_bucket.logs.bucket}", "prefix": "alb"}
    # ELB writes a file at once: the policy has to be there.
    assert made["depends_on"] == ["aws_s3_bucket_policy.logs_policy"]
    written = module.statements("logs_tls_only")["WriteLoadBalancerLogs"]
    assert written["actions"] == ["s3:PutObject"]
    assert written["resources"] == [
        "arn:aws:s3:::app-${var.environment}-logs-${var.account_id}/alb/AWSLogs/${var.account_id}/*"
    ]
    assert written["principals"] == [
        {"type": "Service", "identifiers": ["logdelivery.elasticloadbalancing.amazonaws.com"]}
    ]


def test_requests_go_to_the_first_group_that_exists(
    part: Construct, deployment: Deployment, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    groups = [targets(part, deployment, name, enabled=f"var.{name}") for name in ("web", "old")]
    balancer(part, deployment, bucket, *groups)

    module = synthesize()
    (action,) = module.resource("aws_lb_listener", "balancer_https")["default_action"]
    assert action["target_group_arn"] == (
        "${coalesce(one(aws_lb_target_group.web[*].arn), one(aws_lb_target_group.old[*].arn))}"
    )
    assert module.resource("aws_lb_target_group", "old")["count"] == "${var.old ? 1 : 0}"


def test_a_rule_sends_some_paths_elsewhere_where_that_exists(
    part: Construct, deployment: Deployment, bucket: PrivateBucket, synthesize: Synthesize
) -> None:
    web, old = targets(part, deployment, "web"), targets(part, deployment, "old", enabled="var.old")
    made = balancer(part, deployment, bucket, web)
    made.route("api", priority=10, targets=old, path_patterns=["/api/*"], enabled="var.old")

    rule = synthesize().the("aws_lb_listener_rule")
    assert rule["count"] == "${var.old ? 1 : 0}"
    assert rule["listener_arn"] == "${aws_lb_listener.balancer_https.arn}"
    assert rule["priority"] == 10
    assert rule["action"] == [{"type": "forward", "target_group_arn": "${one(aws_lb_target_group.old[*].arn)}"}]
    assert rule["condition"] == [{"path_pattern": {"values": ["/api/*"]}}]
