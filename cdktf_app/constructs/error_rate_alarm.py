"""An alarm on the share of a REST API's requests that end in a server error."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.metric import Metric, MetricMath
from cdktf_app.constructs.metric_math_alarm import MetricMathAlarm, MetricMathAlarmProps
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


class ErrorRateAlarm(MetricMathAlarm):
    """Alarm over 5 minutes; without any request the share counts as 0.

    For a REST API the average of ``5XXError`` is the share of requests that failed:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ErrorRateAlarmProps) -> None:
        failed = Metric(
            namespace="AWS/ApiGateway", name="5XXError", dimensions=dict(props.api.dimensions), statistic="Average"
        )
        super().__init__(
            scope,
            construct_id,
            props=MetricMathAlarmProps(
                deployment=props.deployment,
                name=props.name,
                description="The API answers too large a share of its requests with a server error.",
                math=MetricMath(
                    name="share",
                    label="Share of requests that failed",
                    expression="FILL(failed, 0)",
                    metrics={"failed": failed},
                ),
                at_least=props.threshold.number,
                period_seconds=_PERIOD_SECONDS,
                alarm_topic=props.alarm_topic,
            ),
        )
