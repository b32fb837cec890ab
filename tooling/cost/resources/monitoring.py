"""CloudWatch: alarms, dashboards, logs, metrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from tooling.cost.amount import Amount, amount
from tooling.cost.component import Component, Pricer, only, unpriced
from tooling.cost.estate import NotKnownError, Resource, decimal

CLOUDWATCH = "AmazonCloudWatch"
# https://aws.amazon.com/cloudwatch/pricing/: an alarm on an anomaly is one of its metric and of the band's two edges.
_ANOMALY_METRICS = 3
# Archived logs are paid as they are packed; AWS's own example reckons with 0.15.
_PACKED = Decimal("0.15")
_DAYS_OF_MONTH = Decimal(365) / 12


def alarm(item: Resource) -> Iterator[Component]:
    queries = item.blocks("metric_query")
    metrics = [block for query in queries for block in query.get("metric") or ()]
    if any("SELECT" in str(query.get("expression")).upper().split() for query in queries):
        yield unpriced("alarm", CLOUDWATCH, "an alarm on a query is paid by the metrics that it happens to look at")
        return
    # An alarm on an expression has a period of 0 of its own.
    periods = [item.get("period"), *(metric.get("period") for metric in metrics)]
    fast = any(period and decimal(period) < 60 for period in periods)
    count = max(len(metrics), 1)
    if item.get("threshold_metric_id"):
        count = _ANOMALY_METRICS * count
    kind = "high_resolution" if fast else "standard"
    what = f"alarm, {'high' if fast else 'standard'} resolution, on {count} metric{'' if count == 1 else 's'}"
    yield only(CLOUDWATCH, "alarm", f"cloudwatch.alarm.{kind}", count, what)


def composite_alarm(_item: Resource) -> Iterator[Component]:
    yield only(CLOUDWATCH, "alarm", "cloudwatch.alarm.composite", 1, "composite alarm")


def dashboard(_item: Resource) -> Iterator[Component]:
    yield only(CLOUDWATCH, "dashboard", "cloudwatch.dashboard", 1)


def log_group(item: Resource) -> Iterator[Component]:
    if item.get("log_group_class", "STANDARD") == "DELIVERY":
        yield unpriced("log", CLOUDWATCH, "no prices of the log class DELIVERY")
        return
    vended = _is_vended(item)
    infrequent = item.get("log_group_class", "STANDARD") == "INFREQUENT_ACCESS"
    taken_in = item.assume("logs.gb")
    price = "cloudwatch.logs.vended" if vended else "cloudwatch.logs.ingested"
    what = "taken in, sent by AWS itself" if vended else "taken in"
    yield only(CLOUDWATCH, "ingestion", price + (".infrequent" if infrequent else ""), taken_in, what)
    days = decimal(item.get("retention_in_days") or 0)
    if days:
        kept = taken_in * (days / _DAYS_OF_MONTH) * _PACKED
        remark = f"a month's log x {days} days, packed to {_PACKED}"
        yield only(CLOUDWATCH, "storage", "cloudwatch.logs.stored", kept, f"kept for {days} days", remark)
    else:
        yield unpriced("storage", CLOUDWATCH, "what is kept for ever has no month's size")


def _is_vended(item: Resource) -> bool:
    """Flow logs and the firewall's come from AWS at a price of their own."""
    if str(item.planned.values.get("name")).startswith("aws-waf-logs-"):
        return True
    return any(
        item.address == group.address
        for flow in item.estate.of_type("aws_flow_log")
        for group in flow.related("log_destination", "aws_cloudwatch_log_group")
    )


def metric_filter(item: Resource) -> Iterator[Component]:
    count = amount(0)
    for block in item.blocks("metric_transformation"):
        count = count + (item.assume("metric.combinations") if block.get("dimensions") else 1)
    yield only(CLOUDWATCH, "metrics", "cloudwatch.metric", count, "metrics made from a log")


def saved_query(item: Resource) -> Iterator[Component]:
    yield only(CLOUDWATCH, "runs", "cloudwatch.logs.scanned", item.assume("query.scanned_gb"), "scanned by its runs")


def email_metrics(item: Resource) -> Iterator[Component]:
    """Each type of event and combination of dimensions that SES reports is a metric."""
    count = amount(0)
    for block in item.blocks("event_destination"):
        for destination in block.get("cloud_watch_destination") or ():
            kinds = len(block.get("matching_event_types") or ())
            count = count + _combinations(item, destination.get("dimension_configuration") or ()) * kinds
    if count.value == 0:
        raise NotKnownError("where SES sends its events is not to be read from the plan")
    yield only(CLOUDWATCH, "metrics", "cloudwatch.metric", count, "metrics of e-mails sent, by type of event")


def _combinations(item: Resource, dimensions: Sequence[Mapping[str, object]]) -> Amount:
    """One, as long as every dimension always has its default value."""
    fixed = all(str(block.get("dimension_name", "")).startswith("ses:") for block in dimensions)
    return amount(1) if fixed else item.assume("metric.combinations")


PRICED: Mapping[str, Pricer] = {
    "aws_cloudwatch_composite_alarm": composite_alarm,
    "aws_cloudwatch_dashboard": dashboard,
    "aws_cloudwatch_log_group": log_group,
    "aws_cloudwatch_log_metric_filter": metric_filter,
    "aws_cloudwatch_metric_alarm": alarm,
    "aws_cloudwatch_query_definition": saved_query,
    "aws_sesv2_configuration_set_event_destination": email_metrics,
}
