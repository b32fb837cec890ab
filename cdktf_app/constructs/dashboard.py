"""A CloudWatch dashboard from a table, readable in the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchDashboard
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# The grid is 24 wide: two graphs a row.
_WIDTH = 12
_HEIGHT = 6


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One line of a graph.

    Attributes:
        namespace: Namespace of the metric.
        name: Name of the metric.
        dimensions: Of what. Names that are known before it exists, else the plan cannot show the dashboard.
        statistic: ``Sum``, ``Average``, ``p95`` ...
    """

    namespace: str
    name: str
    dimensions: Mapping[str, expressions.Expression | str]
    statistic: str


@dataclass(frozen=True, kw_only=True)
class Graph:
    """One graph of a dashboard."""

    title: str
    metrics: Sequence[Metric]


@dataclass(frozen=True, kw_only=True)
class Choice:
    """A list on top of the dashboard, from which the reader picks the value of one dimension of all graphs.

    For what has no name before it exists: AWS makes up the id of an HTTP API.

    Attributes:
        dimension: The dimension that is chosen (``ApiId``).
        label: What stands beside the list.
        search: CloudWatch search that finds the values.
    """

    dimension: str
    label: str
    search: str


@dataclass(frozen=True, kw_only=True)
class DashboardProps:
    """Shape of a dashboard.

    Attributes:
        deployment: Names and region.
        name: Last part of its name.
        graphs: The graphs, in order of reading.
        enabled: Whether the dashboard exists. Default: always.
        choices: Dimensions that the reader picks. Default: none.
        start: Time range that it opens with, before now (ISO 8601). Default: three hours.
        period_seconds: Resolution of the graphs. Default: 60.
    """

    deployment: Deployment
    name: str
    graphs: Sequence[Graph]
    enabled: Input | None = None
    choices: Sequence[Choice] = ()
    start: str = "-PT3H"
    period_seconds: int = 60


class Dashboard(Construct):
    """CloudWatch dashboard whose graphs follow the time range that the reader picks."""

    def __init__(self, scope: Construct, construct_id: str, *, props: DashboardProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(None if props.enabled is None else props.enabled.expression)
        self.dashboard = CloudwatchDashboard(
            self,
            "this",
            count=self._exists.count,
            dashboard_name=props.deployment.name(props.name),
            dashboard_body=expressions.jsonencode(_body(props)),
        )

    @property
    def name(self) -> str:
        """Name of the dashboard; null when it is not enabled."""
        return self._exists.attribute(self.dashboard, "dashboard_name")


def _body(props: DashboardProps) -> Mapping[str, expressions.Literal]:
    body: dict[str, expressions.Literal] = {
        "start": props.start,
        # The graphs' resolution follows the range instead of staying as written.
        "periodOverride": "auto",
    }
    if props.choices:
        body["variables"] = [
            {
                "id": choice.dimension,
                "type": "property",
                "property": choice.dimension,
                "inputType": "select",
                "label": choice.label,
                "visible": True,
                "search": choice.search,
                "populateFrom": choice.dimension,
                "defaultValue": "__FIRST",
            }
            for choice in props.choices
        ]
    body["widgets"] = [_widget(at, graph, props) for at, graph in enumerate(props.graphs)]
    return body


def _widget(at: int, graph: Graph, props: DashboardProps) -> expressions.Literal:
    row, column = divmod(at, 24 // _WIDTH)
    return {
        "type": "metric",
        "x": column * _WIDTH,
        "y": row * _HEIGHT,
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": {
            "title": graph.title,
            "region": props.deployment.region,
            "view": "timeSeries",
            "period": props.period_seconds,
            "metrics": [_line(metric) for metric in graph.metrics],
        },
    }


def _line(metric: Metric) -> expressions.Literal:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic}]
