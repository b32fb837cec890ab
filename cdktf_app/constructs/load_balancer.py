"""An Application Load Balancer that ends TLS, and the targets behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, IResolvable
from cdktf_app.bindings.elb import (
    Lb,
    LbAccessLogs,
    LbListener,
    LbListenerDefaultAction,
    LbListenerDefaultActionRedirect,
    LbListenerRule,
    LbListenerRuleAction,
    LbListenerRuleCondition,
    LbListenerRuleConditionPathPattern,
    LbTargetGroup,
    LbTargetGroupHealthCheck,
    LbTargetGroupStickiness,
)
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.deployment import Deployment

# TLS 1.2 and 1.3:
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
_TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-2021-06"
_STICKY_SECONDS = 86400


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """How the load balancer finds out whether a target is well.

    Attributes:
        path: What it asks for.
        port: Port that it asks on. Default: the one that the target gets its requests on.
        interval_seconds: Time between two questions. Default: 30.
        timeout_seconds: How long it waits for an answer. Default: 5.
        healthy_threshold: Good answers in a row until a target gets requests. Default: 2.
        unhealthy_threshold: Bad answers in a row until it gets none. Default: 3.
        success_codes: Statuses of a good answer. Default: ``200``.
    """

    path: str
    port: str = "traffic-port"
    interval_seconds: float = 30
    timeout_seconds: float = 5
    healthy_threshold: float = 2
    unhealthy_threshold: float = 3
    success_codes: str = "200"


@dataclass(frozen=True, kw_only=True)
class TargetGroupProps:
    """Shape of a group of targets.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name, which has 32 characters at most.
        kind: What the targets are: ``ip`` for Fargate's tasks, ``instance`` for EC2's.
        vpc_id: VPC that they are in.
        port: Port that they listen on.
        health: How the load balancer asks whether they are well.
        sticky: Send a browser to the same target for a day, by a cookie. Default: never.
        enabled: Condition, as a Terraform expression, under which the group exists. Default: always.
    """

    deployment: Deployment
    name: str
    kind: Literal["instance", "ip"]
    vpc_id: str
    port: float
    health: HealthCheck
    sticky: IResolvable | None = None
    enabled: str | None = None


class TargetGroup(Construct):
    """Target group that is spoken to over HTTP: TLS ends at the load balancer, the rest is inside the VPC."""

    def __init__(self, scope: Construct, construct_id: str, *, props: TargetGroupProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(props.enabled)
        self.name = props.deployment.name(props.name)
        health = props.health
        self.group = LbTargetGroup(
            self,
            "this",
            count=self._exists.count,
            name=self.name,
            target_type=props.kind,
            protocol="HTTP",
            port=props.port,
            vpc_id=props.vpc_id,
            health_check=LbTargetGroupHealthCheck(
                enabled=True,
                protocol="HTTP",
                path=health.path,
                port=health.port,
                interval=health.interval_seconds,
                timeout=health.timeout_seconds,
                healthy_threshold=health.healthy_threshold,
                unhealthy_threshold=health.unhealthy_threshold,
                matcher=health.success_codes,
            ),
            stickiness=(
                LbTargetGroupStickiness(enabled=props.sticky, type="lb_cookie", cookie_duration=_STICKY_SECONDS)
                if props.sticky is not None
                else None
            ),
            tags=props.deployment.tags,
        )

    @property
    def arn(self) -> str:
        """Its ARN; null when there is no such group."""
        return self._exists.attribute(self.group, "arn")

    @property
    def arn_suffix(self) -> str:
        """What CloudWatch knows its metrics by; null when there is no such group."""
        return self._exists.attribute(self.group, "arn_suffix")


@dataclass(frozen=True, kw_only=True)
class LoadBalancerProps:
    """Shape of a load balancer.

    Attributes:
        deployment: Names, account and tags.
        name: Last part of its name, which has 32 characters at most.
        subnet_ids: Public subnets, in two zones at least.
        security_group_ids: Who may reach it, and whom it may.
        certificate_arn: Certificate of the names that it answers to, in its region.
        targets: Where requests go that no rule speaks of: the first of these groups that exists.
        access_logs: Bucket that every request is written down in.
        deletion_protection: Let AWS refuse to delete it. Default: True.
    """

    deployment: Deployment
    name: str
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    certificate_arn: str
    targets: Sequence[TargetGroup]
    access_logs: PrivateBucket
    deletion_protection: bool | IResolvable = True


class LoadBalancer(Construct):
    """Load balancer on the internet: HTTPS with TLS 1.2 or newer, plain HTTP is sent there for good.

    Creates: load balancer, its two listeners, and what its log needs in the bucket's policy.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LoadBalancerProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self.name = props.deployment.name(props.name)
        logs = props.access_logs
        # https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
        logs.allow(
            Statement(
                sid="WriteLoadBalancerLogs",
                actions=["s3:PutObject"],
                resources=[f"/{props.name}/AWSLogs/{props.deployment.account_id}/*"],
                principals={"Service": ["logdelivery.elasticloadbalancing.amazonaws.com"]},
            )
        )
        self.load_balancer = Lb(
            self,
            "this",
            name=self.name,
            load_balancer_type="application",
            internal=False,
            subnets=list(props.subnet_ids),
            security_groups=list(props.security_group_ids),
            drop_invalid_header_fields=True,
            enable_deletion_protection=props.deletion_protection,
            access_logs=LbAccessLogs(enabled=True, bucket=logs.name, prefix=props.name),
            tags=props.deployment.tags,
            # ELB writes a file to find out whether it may.
            depends_on=[logs.policy],
        )
        self._listener(
            "http",
            LbListenerDefaultAction(
                type="redirect",
                redirect=LbListenerDefaultActionRedirect(status_code="HTTP_301", protocol="HTTPS", port="443"),
            ),
        )
        self.https = self._listener(
            "https",
            LbListenerDefaultAction(type="forward", target_group_arn=_first(props.targets)),
            certificate_arn=props.certificate_arn,
        )

    @property
    def arn(self) -> str:
        return self.load_balancer.arn

    @property
    def arn_suffix(self) -> str:
        """What CloudWatch knows its metrics by."""
        return expressions.string(expressions.attribute(self.load_balancer, "arn_suffix"))

    @property
    def dns_name(self) -> str:
        return self.load_balancer.dns_name

    @property
    def zone_id(self) -> str:
        return self.load_balancer.zone_id

    def route(
        self,
        construct_id: str,
        *,
        priority: int,
        targets: TargetGroup,
        path_patterns: Sequence[str],
        enabled: str | None = None,
    ) -> None:
        """Send some requests elsewhere.

        Args:
            construct_id: Id of the rule.
            priority: Of several rules that fit a request, the one with the least number holds.
            targets: Where the requests go.
            path_patterns: Which requests: those for any of these paths (``/api/*``).
            enabled: Condition, as a Terraform expression, under which the rule exists. Default: always.
        """
        LbListenerRule(
            self,
            construct_id,
            count=expressions.Existence(enabled).count,
            listener_arn=self.https.arn,
            priority=priority,
            action=[LbListenerRuleAction(type="forward", target_group_arn=targets.arn)],
            condition=[
                LbListenerRuleCondition(path_pattern=LbListenerRuleConditionPathPattern(values=list(path_patterns)))
            ],
            tags=self._deployment.tags,
        )

    def _listener(
        self, protocol: Literal["http", "https"], action: LbListenerDefaultAction, *, certificate_arn: str | None = None
    ) -> LbListener:
        return LbListener(
            self,
            protocol,
            load_balancer_arn=self.arn,
            protocol=protocol.upper(),
            port=443 if certificate_arn else 80,
            ssl_policy=_TLS_POLICY if certificate_arn else None,
            certificate_arn=certificate_arn,
            default_action=[action],
            tags=self._deployment.tags,
        )


def _first(groups: Sequence[TargetGroup]) -> str:
    """ARN of the first group that exists."""
    first, *others = groups
    if not others:
        return first.arn
    arns = ", ".join(expressions.literal(each.arn) for each in groups)
    return expressions.string(f"coalesce({arns})")
