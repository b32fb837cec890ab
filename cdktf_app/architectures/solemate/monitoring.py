"""Alarms and their topic, the dashboard, the saved query, and the key of logs and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.solemate import alarms, graphs
from cdktf_app.architectures.solemate.compute import Compute
from cdktf_app.architectures.solemate.database import Database
from cdktf_app.architectures.solemate.edge import Edge
from cdktf_app.architectures.solemate.limits import Limits
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Dashboard, DashboardProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.metric_alarms import MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.metric_math_alarm import MetricMathAlarm, MetricMathAlarmProps
from cdktf_app.constructs.saved_queries import SavedQueries, SavedQueriesProps, SavedQuery
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.web_acl import LOG_PREFIX
from cdktf_app.deployment import Deployment

_ERRORS = """fields @timestamp, @log, @message
| filter @message like /(?i)(error|fatal|exception)/
| sort @timestamp desc
| limit 200"""


@dataclass(frozen=True, kw_only=True)
class MonitoringProps:
    """Shape of the monitoring.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
    """

    deployment: Deployment
    variables: Variables


class Monitoring(Construct):
    """Topic and log key, which the other parts need; then, by ``watch``, what looks at those parts.

    Attributes:
        alerts: The topic of all alarms.
        logs: How logs are kept.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: MonitoringProps) -> None:
        super().__init__(scope, construct_id)
        deployment = self._deployment = props.deployment
        variables = props.variables
        self._limits = Limits(variables)
        self.log_key = ServiceKey(
            self,
            "logs",
            props=ServiceKeyProps(
                deployment=deployment,
                name="logs",
                description=f"Logs and alerts of {deployment.prefix}",
                enabled=variables.encrypt_logs.expression,
            ),
        )
        self.log_key.grant_log_groups(
            [f"/ecs/{deployment.name('*')}", deployment.log_group("*", "*"), f"{LOG_PREFIX}{deployment.name('*')}"]
        )
        self.logs = LogSettings(retention_days=variables.log_retention_days.number, kms_key=self.log_key)
        self.alerts = AlertTopic(
            self,
            "alerts",
            props=AlertTopicProps(
                deployment=deployment,
                name="alerts",
                kms_key=self.log_key,
                emails=variables.alert_emails,
                webhook=variables.monitoring_webhook_url,
            ),
        )

    def watch(self, *, compute: Compute, database: Database, edge: Edge) -> None:
        """Add the alarms, the dashboard and the saved query of everything there is."""
        table = MetricAlarms(
            self,
            "alarm",
            props=MetricAlarmsProps(
                deployment=self._deployment,
                alarm_topic=self.alerts,
                alarms=[
                    *alarms.of_compute(compute, self._limits),
                    *alarms.of_database(database, self._limits, prefix=self._deployment.prefix),
                ],
            ),
        )
        math_alarms = self._math_alarms(compute)
        dashboard = Dashboard(
            self,
            "overview",
            props=DashboardProps(
                # The prefix is the whole name (SM-FR6-03).
                deployment=self._deployment.verbatim,
                name=self._deployment.prefix,
                alarms=[*table.arns, *(arns for alarm in math_alarms for arns in alarm.arns)],
                graphs=[
                    *graphs.of_load_balancer(compute, self._limits),
                    *graphs.of_database(database, self._limits),
                    *graphs.of_distribution(edge),
                    # Those that are not always there come last, so that they leave no gap.
                    *graphs.of_containers(compute, self._limits),
                    *graphs.of_instances(compute, self._limits),
                ],
            ),
        )
        self.dashboard_name = dashboard.name
        SavedQueries(
            self,
            "query",
            props=SavedQueriesProps(
                deployment=self._deployment,
                log_groups=self._log_groups(compute, database),
                queries=[SavedQuery(name="errors", query=_ERRORS)],
            ),
        )

    def _math_alarms(self, compute: Compute) -> Sequence[MetricMathAlarm]:
        errors = MetricMathAlarm(
            self,
            "server_errors",
            props=MetricMathAlarmProps(
                deployment=self._deployment,
                name="alb-server-errors",
                description="The application answers with server errors more often than it may.",
                math=metric_sources.server_errors(compute.load_balancer),
                above=self._limits.threshold("server_errors"),
                period_seconds=alarms.PERIOD_SECONDS,
                alarm_topic=self.alerts,
            ),
        )
        availability = MetricMathAlarm(
            self,
            "availability",
            props=MetricMathAlarmProps(
                deployment=self._deployment,
                name="alb-availability",
                description="Fewer requests than promised get an answer that is no server error.",
                math=metric_sources.availability(compute.load_balancer),
                below=self._limits.threshold("availability_percent"),
                period_seconds=alarms.PERIOD_SECONDS,
                periods=alarms.LASTING,
                alarm_topic=self.alerts,
            ),
        )
        return [errors, availability]

    def _log_groups(self, compute: Compute, database: Database) -> expressions.Expression:
        """Names of the logs that people write to; what AWS writes down has no errors."""
        sometimes = (
            (self._limits.containers, compute.service.log_group_name),
            (self._limits.instances, compute.instance_log_group_name),
        )
        return expressions.Expression(
            "concat("
            + ", ".join(f"{there} ? {expressions.literal([name])} : []" for there, name in sometimes)
            + f", {expressions.literal([f'/aws/rds/instance/{database.primary.identifier}/postgresql'])})"
        )
