"""Alarms and their two topics, the dashboard, the saved queries, and the key of logs and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll import alarms, graphs
from cdktf_app.architectures.doomscroll.database import Database
from cdktf_app.architectures.doomscroll.service import Service
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs import metric_sources
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Dashboard, DashboardProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.metric_math_alarm import MetricMathAlarm, MetricMathAlarmProps
from cdktf_app.constructs.saved_queries import SavedQueries, SavedQueriesProps, SavedQuery
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.web_acl import LOG_PREFIX
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# The document's own (FD-LQ).
_QUERIES = (
    SavedQuery(
        name="find_errors",
        query="fields @timestamp, @message\n| filter @message like /ERROR/\n| stats count() by @message",
    ),
    SavedQuery(
        name="api_latency",
        query="fields @duration\n| filter @duration > 500\n| stats avg(@duration), max(@duration), count()",
    ),
    SavedQuery(
        name="failed_requests",
        query="fields @message, statusCode\n| filter statusCode >= 400\n| stats count() by statusCode",
    ),
)


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
    """Topics and log key, which the other parts need; then, by ``watch``, what looks at those parts.

    Attributes:
        critical: The topic of alarms that somebody is woken for.
        warning: The topic of those that can wait.
        logs: How logs are kept.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: MonitoringProps) -> None:
        super().__init__(scope, construct_id)
        deployment = self._deployment = props.deployment
        variables = self._variables = props.variables
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
            [
                f"/ecs/{deployment.prefix}{deployment.suffix}",
                f"/aws/*/{deployment.prefix}*",
                f"{LOG_PREFIX}{deployment.prefix}*",
            ]
        )
        self.logs = LogSettings(retention_days=variables.log_retention_days.number, kms_key=self.log_key)
        # Where nobody is paged, critical alarms are mailed at least.
        self.critical = self._topic("critical", webhook=variables.pagerduty_endpoint)
        self.warning = self._topic("warning")

    def watch(self, *, service: Service, database: Database) -> None:
        """Add the alarms, the dashboard and the saved queries of everything there is."""
        fargate, balancer, primary = service.service, service.load_balancer, database.primary
        critical = self._alarms("critical_alarm", self.critical, alarms.critical(fargate, primary))
        warning = self._alarms(
            "warning_alarm", self.warning, alarms.warning(fargate, balancer, primary, self._variables)
        )
        errors = MetricMathAlarm(
            self,
            "server_errors",
            props=MetricMathAlarmProps(
                deployment=self._deployment,
                name="alb-server-errors",
                description="More than 10 requests a minute end in a server error.",
                math=metric_sources.server_errors(balancer),
                above=alarms.SERVER_ERRORS_A_MINUTE,
                period_seconds=60,
                alarm_topic=self.critical,
            ),
        )
        missing = MetricMathAlarm(
            self,
            "missing_tasks",
            props=MetricMathAlarmProps(
                deployment=self._deployment,
                name="ecs-missing-tasks",
                description="Fewer tasks run than should, for 5 minutes.",
                math=alarms.missing_tasks(fargate),
                above=0,
                period_seconds=60,
                periods=5,
                alarm_topic=self.warning,
            ),
        )
        dashboard = Dashboard(
            self,
            "dashboard",
            props=DashboardProps(
                deployment=self._deployment,
                name="dashboard",
                alarms=[*critical.arns, *errors.arns, *warning.arns, *missing.arns],
                # What the document counts by the minute stays so.
                period_follows_range=False,
                graphs=[
                    *graphs.of_service(fargate, self._variables),
                    *graphs.of_load_balancer(balancer),
                    *graphs.of_database(primary, self._variables),
                ],
            ),
        )
        self.dashboard_name = dashboard.name
        SavedQueries(
            self,
            "query",
            props=SavedQueriesProps(deployment=self._deployment, log_groups=[service.log_group_name], queries=_QUERIES),
        )

    def _topic(self, name: str, *, webhook: Input | None = None) -> AlertTopic:
        return AlertTopic(
            self,
            name,
            props=AlertTopicProps(
                deployment=self._deployment,
                name=f"{name}-alerts",
                kms_key=self.log_key,
                emails=expressions.Expression(f"compact([{self._variables.alert_email.expression}])"),
                webhook=webhook,
            ),
        )

    def _alarms(self, construct_id: str, topic: AlertTopic, table: Sequence[Alarm]) -> MetricAlarms:
        return MetricAlarms(
            self,
            construct_id,
            props=MetricAlarmsProps(deployment=self._deployment, alarm_topic=topic, alarms=table),
        )
