"""What CloudWatch measures, for alarms and dashboards alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdktf_app import expressions


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A statistic of a metric.

    Attributes:
        namespace: Namespace of the metric.
        name: Name of the metric.
        dimensions: Of what. Names that are known before it exists, else the plan cannot show a dashboard with it.
        statistic: ``Sum``, ``Average``, ``p95`` ...
        label: What a graph calls it. Default: the metric's name, with what tells it from the graph's others.
    """

    namespace: str
    name: str
    dimensions: Mapping[str, expressions.Expression | str]
    statistic: str
    label: str | None = None


@dataclass(frozen=True, kw_only=True)
class Source:
    """Something that is measured.

    Attributes:
        namespace: Namespace of its metrics.
        dimensions: What CloudWatch knows it by.
    """

    namespace: str
    dimensions: Mapping[str, expressions.Expression | str]

    def metric(self, name: str, statistic: str, *, label: str | None = None) -> Metric:
        return Metric(namespace=self.namespace, name=name, dimensions=self.dimensions, statistic=statistic, label=label)


@dataclass(frozen=True, kw_only=True)
class MetricMath:
    """A figure made of metrics.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html

    Attributes:
        name: Id of the result, a lower-case letter first.
        label: What graphs and alarms call it.
        expression: How it is made, from the names of metrics and steps.
        metrics: What goes in, by name.
        steps: Figures on the way, name to expression. Default: none.
    """

    name: str
    label: str
    expression: str
    metrics: Mapping[str, Metric]
    steps: Mapping[str, str] = field(default_factory=dict)
