"""Reading alarms in a plan: what they judge and when they go off."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.support.plans import Plan, Resource

ALARM = "aws_cloudwatch_metric_alarm"


class Judgement(NamedTuple):
    """When an alarm goes off, all of it."""

    namespace: str | None
    metric: str | None
    statistic: str | None
    operator: str
    threshold: float
    period: int | None
    periods: int


def judgement(alarm: Resource) -> Judgement:
    """What an alarm goes off at. Silence is no reason, and nobody has switched it off."""
    assert alarm["treat_missing_data"] == "notBreaching"
    assert alarm["actions_enabled"] is True
    # All of the periods: none may be let off.
    assert alarm["datapoints_to_alarm"] is None
    assert alarm["threshold_metric_id"] is None
    return Judgement(
        alarm["namespace"],
        alarm["metric_name"],
        alarm["statistic"] or alarm["extended_statistic"],
        alarm["comparison_operator"],
        alarm["threshold"],
        alarm["period"],
        alarm["evaluation_periods"],
    )


def queries(alarm: Resource) -> dict[str, Any]:
    """What an alarm on a figure of several metrics computes: expression, or metric, statistic and period, by id."""
    found: dict[str, Any] = {}
    for each in alarm["metric_query"]:
        assert each["id"] not in found
        if each["expression"]:
            found[each["id"]] = each["expression"]
        else:
            (metric,) = each["metric"]
            found[each["id"]] = (metric["namespace"], metric["metric_name"], metric["stat"], metric["period"])
    return found


def result(alarm: Resource) -> str:
    """Which of them is compared with the threshold."""
    (returned,) = [each["id"] for each in alarm["metric_query"] if each["return_data"]]
    return str(returned)


def of_topic(plan: Plan, topic: Resource) -> list[Resource]:
    """Alarms that report to a topic."""
    return [alarm for alarm in plan.all(ALARM) if topic.block in plan.references(alarm, "alarm_actions")]
