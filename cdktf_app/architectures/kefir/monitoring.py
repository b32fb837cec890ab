"""Monitoring (the document's MonitoringStack): alarms, their topic, a dashboard, and the key of the logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app.architectures.kefir.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.alert_topic import AlertTopic, AlertTopicProps
from cdktf_app.constructs.dashboard import Choice, Dashboard, DashboardProps, Graph
from cdktf_app.constructs.http_api import HttpApi
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.metric import Metric
from cdktf_app.constructs.metric_alarms import Alarm, MetricAlarms, MetricAlarmsProps
from cdktf_app.constructs.service_key import ServiceKey, ServiceKeyProps
from cdktf_app.constructs.single_table import SingleTable
from cdktf_app.deployment import Deployment

_LAMBDA = "AWS/Lambda"
_API = "AWS/ApiGateway"
_DYNAMODB = "AWS/DynamoDB"
_ITEM_OPERATIONS = ("GetItem", "Query", "PutItem", "UpdateItem")


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
    """Topic and log key, which the other parts need; then, by ``watch``, the alarms and the dashboard."""

    def __init__(self, scope: Construct, construct_id: str, *, props: MonitoringProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self._enabled = props.variables.enable_monitoring
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
            [props.deployment.log_group(service, "*") for service in ("apigateway", "lambda")]
        )
        self.topic = AlertTopic(
            self,
            "alerts",
            props=AlertTopicProps(
                deployment=props.deployment,
                name="alerts",
                enabled=self._enabled,
                kms_key=self.log_key,
                emails=props.variables.alert_emails,
                phone_numbers=props.variables.alert_phone_numbers,
            ),
        )

    def watch(self, *, functions: Sequence[LambdaFunction], api: HttpApi, table: SingleTable) -> None:
        """Add the alarms and the dashboard of everything there is."""
        MetricAlarms(
            self,
            "alarm",
            props=MetricAlarmsProps(
                deployment=self._deployment,
                enabled=self._enabled,
                alarm_topic=self.topic,
                alarms=_alarms(functions, api, table),
            ),
        )
        dashboard = Dashboard(
            self,
            "overview",
            props=DashboardProps(
                deployment=self._deployment,
                name="overview",
                enabled=self._enabled,
                # AWS makes up the id of the API, so that a plan could not show a dashboard that holds it.
                choices=[Choice(dimension="ApiId", label="API", search=f'{{{_API},ApiId}} MetricName="Count"')],
                graphs=_graphs(functions, table),
            ),
        )
        self.dashboard_name = dashboard.name


def _alarms(functions: Sequence[LambdaFunction], api: HttpApi, table: SingleTable) -> Sequence[Alarm]:
    each_function = {function.key: function.dimensions for function in functions}
    the_api = {"api": api.dimensions}
    # An index has throttles of its own, which the table's metric does not count.
    the_table = {
        "table": table.dimensions,
        "table-GSI1": {**table.dimensions, "GlobalSecondaryIndexName": "GSI1"},
    }
    return [
        Alarm(
            name="errors",
            description="A function fails more than 10 times a minute.",
            namespace=_LAMBDA,
            metric="Errors",
            above=10,
            period_seconds=60,
            watched=each_function,
        ),
        Alarm(
            name="throttles",
            description="A function is refused more than 5 times a minute for want of concurrency.",
            namespace=_LAMBDA,
            metric="Throttles",
            above=5,
            period_seconds=60,
            watched=each_function,
        ),
        Alarm(
            name="duration",
            description="One run of a function in 20 takes longer than 10 seconds.",
            namespace=_LAMBDA,
            metric="Duration",
            # Milliseconds. An average over a minute would hide slow runs among fast ones.
            above=10_000,
            statistic="p95",
            period_seconds=60,
            watched=each_function,
        ),
        Alarm(
            name="5xx",
            description="The API answers more than 10 requests a minute with a server error.",
            namespace=_API,
            # The names of HTTP APIs; REST APIs have 5XXError and 4XXError.
            metric="5xx",
            above=10,
            period_seconds=60,
            watched=the_api,
        ),
        Alarm(
            name="4xx",
            description="The API refuses more than 100 requests in 5 minutes.",
            namespace=_API,
            metric="4xx",
            above=100,
            period_seconds=300,
            watched=the_api,
        ),
        Alarm(
            name="read_throttles",
            description="DynamoDB throttles more than 5 reads a minute.",
            namespace=_DYNAMODB,
            metric="ReadThrottleEvents",
            above=5,
            period_seconds=60,
            watched=the_table,
        ),
        Alarm(
            name="write_throttles",
            description="DynamoDB throttles more than 5 writes a minute.",
            namespace=_DYNAMODB,
            metric="WriteThrottleEvents",
            above=5,
            period_seconds=60,
            watched=the_table,
        ),
    ]


def _graphs(functions: Sequence[LambdaFunction], table: SingleTable) -> Sequence[Graph]:
    chosen_api = {"ApiId": "-"}
    operations = [{**table.dimensions, "Operation": operation} for operation in _ITEM_OPERATIONS]
    return [
        Graph(
            title="API: requests and errors",
            metrics=[
                Metric(namespace=_API, name=name, dimensions=chosen_api, statistic="Sum")
                for name in ("Count", "4xx", "5xx")
            ],
        ),
        Graph(
            title="API: latency",
            metrics=[
                Metric(namespace=_API, name="Latency", dimensions=chosen_api, statistic=statistic)
                for statistic in ("p50", "p95")
            ],
        ),
        Graph(
            title="Functions: invocations",
            metrics=[
                Metric(namespace=_LAMBDA, name="Invocations", dimensions=function.dimensions, statistic="Sum")
                for function in functions
            ],
        ),
        Graph(
            title="Functions: errors",
            metrics=[
                Metric(namespace=_LAMBDA, name="Errors", dimensions=function.dimensions, statistic="Sum")
                for function in functions
            ],
        ),
        Graph(
            title="Table: consumed capacity",
            metrics=[
                Metric(namespace=_DYNAMODB, name=name, dimensions=table.dimensions, statistic="Sum")
                for name in ("ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits")
            ],
        ),
        Graph(
            title="Table: latency of operations",
            metrics=[
                Metric(namespace=_DYNAMODB, name="SuccessfulRequestLatency", dimensions=each, statistic="p95")
                for each in operations
            ],
        ),
    ]
