"""Alarms and their topic, a dashboard, and the key of the logs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.nullcheck.api import NAME, STAGE
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Dashboard, DashboardProps, Graph
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.metric import Metric
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.rest_api import EXECUTION_LOGS, RestApi
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.deployment import Deployment

_LAMBDA = "AWS/Lambda"
_API = "AWS/ApiGateway"
_DYNAMODB = "AWS/DynamoDB"
_SQS = "AWS/SQS"
_PERIOD_SECONDS = 300


@dataclass(frozen=True, kw_only=True)
class MonitoringProps:
    """Shape of the monitoring.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: Names of the functions, whose logs the key is for.
    """

    deployment: Deployment
    variables: Variables
    functions: Sequence[str]


class Monitoring(Construct):
    """Topic and log key, which the other parts need; then, by ``watch``, the alarms and the dashboard."""

    def __init__(self, scope: Construct, construct_id: str, *, props: MonitoringProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self._variables = props.variables
        self.log_key = ServiceKey(
            self,
            "logs",
            props=ServiceKeyProps(
                deployment=props.deployment,
                name="logs",
                description=f"Logs and alerts of {props.deployment.prefix}",
                enabled=props.variables.encrypt_logs.expression,
            ),
        )
        self.log_key.grant_log_groups(
            [
                props.deployment.log_group("apigateway", NAME),
                f"{EXECUTION_LOGS}*/{STAGE}",
                *(props.deployment.verbatim.log_group("lambda", name) for name in props.functions),
            ]
        )
        self.topic = AlertTopic(
            self,
            "alerts",
            props=AlertTopicProps(
                deployment=props.deployment,
                name="alerts",
                enabled=props.variables.enable_alarms,
                kms_key=self.log_key,
                emails=props.variables.alert_emails,
            ),
        )

    def watch(
        self, *, functions: Sequence[LambdaFunction], api: RestApi, table: SingleTable, dead_letters: DeadLetterQueue
    ) -> None:
        """Add the alarms and the dashboard of everything there is."""
        queue = {"QueueName": dead_letters.known_name}
        MetricAlarms(
            self,
            "alarm",
            props=MetricAlarmsProps(
                deployment=self._deployment,
                enabled=self._variables.enable_alarms,
                alarm_topic=self.topic,
                alarms=self._alarms(functions, api, queue, only_with_queue=dead_letters.enabled),
            ),
        )
        dashboard = Dashboard(
            self,
            "overview",
            props=DashboardProps(
                deployment=self._deployment, name="overview", graphs=_graphs(functions, api, table, queue)
            ),
        )
        self.dashboard_name = dashboard.name

    def _alarms(
        self,
        functions: Sequence[LambdaFunction],
        api: RestApi,
        queue: Mapping[str, str],
        *,
        only_with_queue: str,
    ) -> Sequence[Alarm]:
        each_function = {function.key: function.dimensions for function in functions}
        return [
            Alarm(
                name="errors",
                description="A function fails more often than it may.",
                namespace=_LAMBDA,
                metric="Errors",
                above=self._threshold("function_errors"),
                period_seconds=_PERIOD_SECONDS,
                watched=each_function,
            ),
            Alarm(
                name="throttles",
                description="A function is refused for want of concurrency more often than it may.",
                namespace=_LAMBDA,
                metric="Throttles",
                above=self._threshold("function_throttles"),
                period_seconds=_PERIOD_SECONDS,
                watched=each_function,
            ),
            Alarm(
                name="server_errors",
                description="The API answers with server errors more often than it may.",
                namespace=_API,
                metric="5XXError",
                above=self._threshold("api_server_errors"),
                period_seconds=_PERIOD_SECONDS,
                watched={"api": api.dimensions},
            ),
            Alarm(
                name="depth",
                description="Events failed and wait in the dead-letter queue.",
                namespace=_SQS,
                metric="ApproximateNumberOfMessagesVisible",
                above=self._threshold("dead_letters"),
                # How many there are at one time: a sum would count the same ones again each minute.
                statistic="Maximum",
                period_seconds=_PERIOD_SECONDS,
                watched={"dead-letters": queue},
                only_if=only_with_queue,
            ),
        ]

    def _threshold(self, name: str) -> float:
        return expressions.number(f"{self._variables.alarm_thresholds.expression}.{name}")


def _graphs(
    functions: Sequence[LambdaFunction], api: RestApi, table: SingleTable, queue: Mapping[str, str]
) -> Sequence[Graph]:
    return [
        Graph(
            title="API: requests and errors",
            metrics=[
                Metric(namespace=_API, name=name, dimensions=api.dimensions, statistic="Sum")
                for name in ("Count", "4XXError", "5XXError")
            ],
        ),
        Graph(
            title="API: latency",
            metrics=[
                Metric(namespace=_API, name="Latency", dimensions=api.dimensions, statistic=statistic)
                for statistic in ("p50", "p95")
            ],
        ),
        *(
            Graph(
                title=f"Functions: {title}",
                metrics=[
                    Metric(namespace=_LAMBDA, name=name, dimensions=function.dimensions, statistic=statistic)
                    for function in functions
                ],
            )
            for title, name, statistic in (
                ("invocations", "Invocations", "Sum"),
                ("errors", "Errors", "Sum"),
                ("duration", "Duration", "p95"),
            )
        ),
        Graph(
            title="Table: consumed capacity",
            metrics=[
                Metric(namespace=_DYNAMODB, name=name, dimensions=table.dimensions, statistic="Sum")
                for name in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
            ],
        ),
        Graph(
            title="Dead letters",
            metrics=[
                Metric(
                    namespace=_SQS,
                    name="ApproximateNumberOfMessagesVisible",
                    dimensions=queue,
                    statistic="Maximum",
                )
            ],
        ),
    ]
