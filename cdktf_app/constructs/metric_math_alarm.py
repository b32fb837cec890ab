"""An alarm on a figure that is made of several metrics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import (
    CloudwatchMetricAlarm,
    CloudwatchMetricAlarmMetricQuery,
    CloudwatchMetricAlarmMetricQueryMetric,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alarm_limit import Limited
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.constructs.metric import Metric, MetricMath
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class MetricMathAlarmProps(Limited):
    """Shape of an alarm, which goes off when the figure is beyond the limit (``above``, ``at_least`` or ``below``).

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        description: What it means when it goes off.
        math: The figure.
        period_seconds: Time over which the metrics' statistics are taken.
        alarm_topic: Where it reports, both going off and being over.
        periods: How many periods in a row the figure must be beyond the limit. Default: one.
        only_if: Condition, as a Terraform expression, under which it exists. Default: always.
    """

    deployment: Deployment
    name: str
    description: str
    math: MetricMath
    period_seconds: int
    alarm_topic: AlertTopic
    periods: int = 1
    only_if: str | None = None


class MetricMathAlarm(Construct):
    """Alarm over one figure; silence counts as good."""

    def __init__(self, scope: Construct, construct_id: str, *, props: MetricMathAlarmProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(props.only_if)
        self.alarm = CloudwatchMetricAlarm(
            self,
            "this",
            count=self._exists.count,
            alarm_name=props.deployment.name(props.name),
            alarm_description=props.description,
            comparison_operator=props.comparison_operator,
            threshold=props.threshold,
            evaluation_periods=props.periods,
            treat_missing_data="notBreaching",
            metric_query=[
                *(_measured(name, metric, props.period_seconds) for name, metric in props.math.metrics.items()),
                *(
                    CloudwatchMetricAlarmMetricQuery(id=name, expression=expression, return_data=False)
                    for name, expression in props.math.steps.items()
                ),
                CloudwatchMetricAlarmMetricQuery(
                    id=props.math.name, label=props.math.label, expression=props.math.expression, return_data=True
                ),
            ],
            alarm_actions=props.alarm_topic.arns,
            ok_actions=props.alarm_topic.arns,
            tags=props.deployment.tags,
        )

    @property
    def name(self) -> str:
        return self.alarm.alarm_name

    @property
    def arns(self) -> Sequence[expressions.Expression]:
        """A list with the ARN of the alarm, which is empty when it does not exist."""
        return [expressions.every(self.alarm, "arn")]


def _measured(name: str, metric: Metric, period_seconds: int) -> CloudwatchMetricAlarmMetricQuery:
    return CloudwatchMetricAlarmMetricQuery(
        id=name,
        return_data=False,
        metric=CloudwatchMetricAlarmMetricQueryMetric(
            namespace=metric.namespace,
            metric_name=metric.name,
            dimensions=dict(metric.dimensions),
            period=period_seconds,
            stat=metric.statistic,
        ),
    )
