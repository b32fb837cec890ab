"""An alarm on the share of a REST API's requests that end in a server error."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.cloudwatch import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.rest_api import RestApi
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_PERIOD_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class ErrorRateAlarmProps:
    """Shape of an alarm.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        api: What is watched.
        threshold: Share of failed requests, 0 to 1, from which on it goes off.
        alarm_topic: Where it reports.
    """

    deployment: Deployment
    name: str
    api: RestApi
    threshold: Input
    alarm_topic: AlertTopic


class ErrorRateAlarm(Construct):
    """Alarm over 5 minutes; without any request the share counts as 0.

    For a REST API the average of ``5XXError`` is the share of requests that failed:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ErrorRateAlarmProps) -> None:
        super().__init__(scope, construct_id)
        self.alarm = CloudwatchMetricAlarm(
            self,
            "this",
            alarm_name=props.deployment.name(props.name),
            alarm_description="The API answers too large a share of its requests with a server error.",
            comparison_operator="GreaterThanOrEqualToThreshold",
            threshold=props.threshold.number,
            evaluation_periods=1,
            treat_missing_data="notBreaching",
            metric_query=[
                CloudwatchMetricAlarmMetricQuery(
                    id="failed",
                    return_data=False,
                    metric=CloudwatchMetricAlarmMetricQueryMetric(
                        namespace="AWS/ApiGateway",
                        metric_name="5XXError",
                        dimensions=dict(props.api.dimensions),
                        period=_PERIOD_SECONDS,
                        stat="Average",
                    ),
                ),
                CloudwatchMetricAlarmMetricQuery(
                    id="share",
                    label="Share of requests that failed",
                    expression="FILL(failed, 0)",
                    return_data=True,
                ),
            ],
            alarm_actions=props.alarm_topic.arns,
            ok_actions=props.alarm_topic.arns,
            tags=props.deployment.tags,
        )

    @property
    def name(self) -> str:
        return self.alarm.alarm_name
