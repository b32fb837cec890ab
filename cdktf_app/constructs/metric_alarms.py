"""CloudWatch alarms from a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchMetricAlarm
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alarm_limit import Limited
from cdktf_app.constructs.alert_topic import AlertTopic
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input


@dataclass(frozen=True, kw_only=True)
class Alarm(Limited):
    """One line of the alarms table: the same limit for each of several things.

    The alarm goes off when the statistic is beyond the limit (``above``, ``at_least`` or ``below``).

    Attributes:
        name: Construct id, and end of the alarms' names (with hyphens).
        description: What it means when one goes off.
        namespace: Namespace of the metric.
        metric: Name of the metric.
        period_seconds: Time over which the statistic is taken.
        watched: What is watched: name (part of the alarm's name) to dimensions; as an expression where only Terraform
            knows how many there are.
        statistic: ``Sum``, ``Average``, ``Maximum``, or a percentile (``p95``). Default: ``Sum``.
        only_if: Condition, as a Terraform expression, that must hold as well. Default: none.
        periods: How many periods in a row the statistic must be beyond the limit. Default: one.
        responses: ARNs of what else hears of it when it goes off, such as a scaling policy. Only with a topic that
            always exists. Default: nothing.
    """

    name: str
    description: str
    namespace: str
    metric: str
    period_seconds: int
    watched: Mapping[str, Mapping[str, expressions.Expression | str]] | expressions.Expression
    statistic: str = "Sum"
    only_if: str | None = None
    periods: int = 1
    responses: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class MetricAlarmsProps:
    """Shape of a set of alarms.

    Attributes:
        deployment: Names and tags.
        alarm_topic: Where they report, both going off and being over.
        alarms: The table.
        enabled: Whether the alarms exist. Default: always.
    """

    deployment: Deployment
    alarm_topic: AlertTopic
    alarms: Sequence[Alarm]
    enabled: Input | None = None


class MetricAlarms(Construct):
    """One alarm a line and watched thing; silence counts as good."""

    def __init__(self, scope: Construct, construct_id: str, *, props: MetricAlarmsProps) -> None:
        super().__init__(scope, construct_id)
        self._alarms = [self._add(alarm, props) for alarm in props.alarms]

    @property
    def arns(self) -> Sequence[expressions.Expression]:
        """Lists of the ARNs of those that exist, one a line of the table."""
        return [expressions.Expression(f"values({expressions.address(alarm)})[*].arn") for alarm in self._alarms]

    def _add(self, alarm: Alarm, props: MetricAlarmsProps) -> CloudwatchMetricAlarm:
        percentile = alarm.statistic.startswith("p")
        watched = expressions.literal(alarm.watched, indent=2)
        enabled = None if props.enabled is None else props.enabled.expression
        condition = " && ".join(filter(None, (enabled, alarm.only_if)))
        if condition:
            watched = expressions.Expression(
                f"{{\n  for name, dimensions in {watched} : name => dimensions if {condition}\n}}"
            )
        return CloudwatchMetricAlarm(
            self,
            alarm.name,
            for_each=expressions.each_of(watched),
            alarm_name=props.deployment.name(f"${{each.key}}-{alarm.name.replace('_', '-')}"),
            alarm_description=alarm.description,
            namespace=alarm.namespace,
            metric_name=alarm.metric,
            dimensions=expressions.string_map("each.value"),
            statistic=None if percentile else alarm.statistic,
            extended_statistic=alarm.statistic if percentile else None,
            period=alarm.period_seconds,
            evaluation_periods=alarm.periods,
            comparison_operator=alarm.comparison_operator,
            threshold=alarm.threshold,
            treat_missing_data="notBreaching",
            alarm_actions=[*props.alarm_topic.arns, *alarm.responses],
            ok_actions=props.alarm_topic.arns,
            tags=props.deployment.tags,
        )
