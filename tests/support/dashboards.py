"""Reading the dashboard of an architecture as the tests of a plan want it."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cdktf_app.synthesis import synthesize
from tests.support.evaluated import evaluated
from tests.support.plans import Json


@dataclass(frozen=True)
class Shown:
    """A line of a graph, as a reader of the dashboard sees it.

    Attributes:
        namespace: Namespace of the metric; of a computed line, ``math``.
        metric: Name of the metric; of a computed line, its expression.
        dimensions: Of what.
        statistic: The statistic; of a computed line, none.
        label: What it is called; empty for the metric's own name.
        drawn: False for what only goes into a computed line.
    """

    namespace: str
    metric: str
    dimensions: tuple[tuple[str, str], ...]
    statistic: str
    label: str = ""
    drawn: bool = True


@dataclass(frozen=True)
class ShownGraph:
    """A graph of a dashboard: its region, its period, its lines, and the levels across it."""

    region: str
    period: int
    lines: tuple[Shown, ...]
    levels: tuple[tuple[str, float], ...]


class ShownDashboard:
    """The one dashboard of an architecture.

    Args:
        architecture: Whose it is.
        inputs: Inputs of the module.
    """

    def __init__(self, architecture: str, inputs: Mapping[str, Any]) -> None:
        self.body: Json = json.loads(_body(architecture, json.dumps(inputs, sort_keys=True)))
        widgets = self.body["widgets"]
        self.places = [(each["x"], each["y"], each["width"], each["height"]) for each in widgets]
        self.alarms = [each["properties"] for each in widgets if each["type"] == "alarm"]
        self.graphs = {
            each["properties"]["title"]: _graph(each["properties"]) for each in widgets if each["type"] == "metric"
        }
        """Graphs by title."""
        assert len(self.graphs) + len(self.alarms) == len(widgets), "two graphs have one title"

    def graph_of(self, namespace: str, metric: str) -> ShownGraph:
        """The one graph that has a metric."""
        found = [
            graph
            for graph in self.graphs.values()
            if any((line.namespace, line.metric) == (namespace, metric) for line in graph.lines)
        ]
        assert len(found) == 1, f"{namespace} {metric} is in {len(found)} graphs"
        return found[0]


@cache
def _body(architecture: str, inputs: str) -> str:
    """The text of the dashboard, worked out once for each inputs."""
    module = _module(architecture)
    (resource,) = module["resource"]["aws_cloudwatch_dashboard"].values()
    with tempfile.TemporaryDirectory(prefix="dashboard-") as work:
        return str(evaluated(module, resource["dashboard_body"], json.loads(inputs), Path(work)))


@cache
def _module(architecture: str) -> Json:
    return synthesize(architecture, retain_data=False)


def _graph(properties: Json) -> ShownGraph:
    annotations = properties.get("annotations", {"horizontal": []})
    assert properties["view"] == "timeSeries"
    assert set(annotations) == {"horizontal"}
    return ShownGraph(
        region=properties["region"],
        period=properties["period"],
        lines=tuple(map(_line, properties["metrics"])),
        levels=tuple((each["label"], each["value"]) for each in annotations["horizontal"]),
    )


def _line(raw: list[Any]) -> Shown:
    *texts, options = raw
    drawn, label = options.get("visible", True), options.get("label", "")
    if not texts:
        return Shown("math", options["expression"], (), "", label, drawn)
    namespace, metric, *rest = texts
    return Shown(namespace, metric, tuple(zip(rest[::2], rest[1::2], strict=True)), options["stat"], label, drawn)
