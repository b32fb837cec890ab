"""CloudWatch: alarms and dashboards. Making one writes over whatever has its name, so the last change tells."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.recovery.answers import needs, tags_in
from tooling.recovery.asking import answer, each
from tooling.recovery.lookup import Found, Wanted, finds


@finds("aws_cloudwatch_composite_alarm", "aws_cloudwatch_metric_alarm")
@needs("alarm_name")
def alarm(wanted: Wanted) -> Iterator[Found]:
    client, name = wanted.client("cloudwatch"), wanted.values["alarm_name"]
    kind = "CompositeAlarm" if wanted.type == "aws_cloudwatch_composite_alarm" else "MetricAlarm"
    told = client.describe_alarms(AlarmNames=[name], AlarmTypes=[kind])
    for item in told[f"{kind}s"]:
        tags = answer(client.list_tags_for_resource, ResourceARN=item["AlarmArn"]) or {}
        yield Found(name, tags=tags_in(tags.get("Tags")), created=item["AlarmConfigurationUpdatedTimestamp"])


@finds("aws_cloudwatch_dashboard")
@needs("dashboard_name")
def dashboard(wanted: Wanted) -> Iterator[Found]:
    name = wanted.values["dashboard_name"]
    for item in each(wanted.client("cloudwatch"), "list_dashboards", "DashboardEntries", DashboardNamePrefix=name):
        if item["DashboardName"] == name:
            yield Found(name, created=item["LastModified"])
