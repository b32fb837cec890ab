"""X-Ray: which requests to a service are traced, and where their traces are found."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.xray import XrayGroup, XrayGroupInsightsConfiguration, XraySamplingRule
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# Rules of an account are tried in this order; X-Ray's own, which takes what no other does, is the last (10000).
_PRIORITY = 1000
_ANY = "*"


@dataclass(frozen=True, kw_only=True)
class TraceGroupProps:
    """Shape of the tracing of a service.

    Attributes:
        deployment: Names and tags.
        name: Last part of the names of group and rule, which have at most 32 characters.
        service: Name that the service gives itself in its traces.
        sampling_percent: Share of the requests that are traced, beyond the first of each second.
    """

    deployment: Deployment
    name: str
    service: str
    sampling_percent: Input


class TraceGroup(Construct):
    """Group of a service's traces, and the rule by which its requests are sampled."""

    def __init__(self, scope: Construct, construct_id: str, *, props: TraceGroupProps) -> None:
        super().__init__(scope, construct_id)
        name = props.deployment.name(props.name)
        self.group = XrayGroup(
            self,
            "this",
            group_name=name,
            filter_expression=f'service("{props.service}")',
            # X-Ray points out by itself when faults become more.
            insights_configuration=XrayGroupInsightsConfiguration(insights_enabled=True, notifications_enabled=False),
            tags=props.deployment.tags,
        )
        self.rule = XraySamplingRule(
            self,
            "sampling",
            rule_name=name,
            version=1,
            priority=_PRIORITY,
            # The first request of a second always, so that a quiet service has traces too.
            reservoir_size=1,
            fixed_rate=expressions.number(f"{props.sampling_percent.expression} / 100"),
            service_name=props.service,
            service_type=_ANY,
            host=_ANY,
            http_method=_ANY,
            url_path=_ANY,
            resource_arn=_ANY,
            tags=props.deployment.tags,
        )
