"""Whether a region's REST API is well, as Route 53 sees it: it can be reached, and its alarm is silent."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.route53 import Route53HealthCheck
from cdktf_app.constructs.error_rate_alarm import ErrorRateAlarm
from cdktf_app.constructs.rest_api import RestApi
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class ApiHealthProps:
    """Shape of a health check.

    Attributes:
        deployment: Region and tags.
        api: What is looked at.
        alarm: Alarm on its failed requests.
    """

    deployment: Deployment
    api: RestApi
    alarm: ErrorRateAlarm


class ApiHealth(Construct):
    """Health that needs both: a connection to the API's endpoint, and an error rate below the alarm's threshold.

    The endpoint is only connected to. A request would need a token, since no route answers without one.

    Creates: one health check each, and the one that joins them.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ApiHealthProps) -> None:
        super().__init__(scope, construct_id)
        region = props.deployment.region
        reachable = Route53HealthCheck(
            self,
            "reachable",
            type="TCP",
            fqdn=f"{props.api.id}.execute-api.{region}.amazonaws.com",
            port=443,
            # The fastest that there is: 3 misses, 10 seconds apart.
            request_interval=10,
            failure_threshold=3,
            tags=props.deployment.tags,
        )
        quiet = Route53HealthCheck(
            self,
            "quiet",
            type="CLOUDWATCH_METRIC",
            cloudwatch_alarm_name=props.alarm.name,
            cloudwatch_alarm_region=region,
            # A region that is gone reports nothing: then the connection alone decides.
            insufficient_data_health_status="LastKnownStatus",
            tags=props.deployment.tags,
        )
        self.check = Route53HealthCheck(
            self,
            "this",
            type="CALCULATED",
            child_healthchecks=[reachable.id, quiet.id],
            child_health_threshold=2,
            tags=props.deployment.tags,
        )

    @property
    def id(self) -> str:
        return expressions.string(expressions.attribute(self.check, "id"))
