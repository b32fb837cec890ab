"""A CloudWatch dashboard from a table, readable in the plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchDashboard
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.metric import Metric, MetricMath
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# The grid is 24 wide: two graphs a row.
_WIDTH = 12
_HEIGHT = 6
_STATES_HEIGHT = 4


@dataclass(frozen=True, kw_only=True)
class Level:
    """A level that is drawn across a graph: a target, or where an alarm goes off."""

    label: str
    value: float | expressions.Expression


@dataclass(frozen=True, kw_only=True)
class Graph:
    """One graph of a dashboard.

    Attributes:
        title: What stands above it.
        metrics: Its lines; of a figure made of metrics only the result is drawn.
        levels: Levels across it. Default: none.
        region: Region that the metrics are in. Default: the deployment's.
        only_if: Condition, as a Terraform expression, under which it is there; its place stays empty otherwise.
            Default: always.
    """

    title: str
    metrics: Sequence[Metric | MetricMath]
    levels: Sequence[Level] = ()
    region: str | None = None
    only_if: str | None = None


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
        period_follows_range: Make the resolution coarser for a longer range. Off, a count stays one a period, whatever
            the range. Default: True.
        alarms: Lists of ARNs of alarms whose states stand above the graphs. Default: none.
    """

    deployment: Deployment
    name: str
    graphs: Sequence[Graph]
    enabled: Input | None = None
    choices: Sequence[Choice] = ()
    start: str = "-PT3H"
    period_seconds: int = 60
    period_follows_range: bool = True
    alarms: Sequence[expressions.Expression] = ()


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
        "periodOverride": "auto" if props.period_follows_range else "inherit",
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
    top = [_states(props.alarms)] if props.alarms else []
    graphs = [_Widget(_graph(at, graph, props), graph.only_if) for at, graph in enumerate(props.graphs)]
    body["widgets"] = _widgets([*top, *graphs])
    return body


@dataclass(frozen=True)
class _Widget:
    """A widget, and under what condition it is there."""

    content: expressions.Literal
    only_if: str | None = None


def _widgets(widgets: Sequence[_Widget]) -> expressions.Literal:
    if not any(widget.only_if for widget in widgets):
        return [widget.content for widget in widgets]
    # A list a condition: Terraform cannot leave out an item in the midst of one.
    lists = []
    for condition, group in groupby(widgets, key=lambda widget: widget.only_if):
        content = expressions.literal([widget.content for widget in group], indent=4)
        lists.append(f"[for widget in {content} : widget if {condition}]" if condition else content)
    return expressions.Expression("concat(\n    " + ",\n    ".join(lists) + "\n  )")


def _states(alarms: Sequence[expressions.Expression]) -> _Widget:
    return _Widget(
        {
            "type": "alarm",
            "x": 0,
            "y": 0,
            "width": 24,
            "height": _STATES_HEIGHT,
            "properties": {
                "title": "Alarms",
                # What changed last is what somebody has come for.
                "sortBy": "stateUpdatedTimestamp",
                "alarms": expressions.Expression(f"concat({', '.join(alarms)})"),
            },
        }
    )


def _graph(at: int, graph: Graph, props: DashboardProps) -> expressions.Literal:
    row, column = divmod(at, 24 // _WIDTH)
    properties: dict[str, expressions.Literal] = {
        "title": graph.title,
        "region": graph.region or props.deployment.region,
        "view": "timeSeries",
        "period": props.period_seconds,
        "metrics": [line for metric in graph.metrics for line in _lines(metric)],
    }
    if graph.levels:
        properties["annotations"] = {
            "horizontal": [{"label": level.label, "value": level.value} for level in graph.levels]
        }
    return {
        "type": "metric",
        "x": column * _WIDTH,
        "y": row * _HEIGHT + (_STATES_HEIGHT if props.alarms else 0),
        "width": _WIDTH,
        "height": _HEIGHT,
        "properties": properties,
    }


def _lines(metric: Metric | MetricMath) -> Sequence[expressions.Literal]:
    if isinstance(metric, Metric):
        return [_measured(metric, {})]
    metrics: list[expressions.Literal] = [
        _measured(each, {"id": name, "visible": False}) for name, each in metric.metrics.items()
    ]
    steps: list[expressions.Literal] = [
        [{"expression": expression, "id": name, "visible": False}] for name, expression in metric.steps.items()
    ]
    return [*metrics, *steps, [{"expression": metric.expression, "id": metric.name, "label": metric.label}]]


def _measured(metric: Metric, more: Mapping[str, expressions.Literal]) -> expressions.Literal:
    dimensions = [part for pair in metric.dimensions.items() for part in pair]
    label = {"label": metric.label} if metric.label else {}
    return [metric.namespace, metric.name, *dimensions, {"stat": metric.statistic, **label, **more}]
