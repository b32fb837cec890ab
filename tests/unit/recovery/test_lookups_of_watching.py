"""What a cut creation left of logs, alarms and events is found, also among many."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tooling.recovery.lookup import Found

Client = Callable[..., Any]
Look = Callable[..., list[Found]]
MANY = 60


@pytest.fixture
def logs(client: Client) -> Any:
    return client("logs")


@pytest.fixture
def events(client: Client) -> Any:
    return client("events")


def test_log_groups_are_found_beyond_the_first_page(logs: Any, look: Look) -> None:
    # GIVEN more groups of a prefix than CloudWatch Logs tells on one page
    before = datetime.now(UTC) - timedelta(seconds=1)
    made = {f"many-{20261122000530000000000000 + count}" for count in range(MANY)}
    for name in sorted(made):
        logs.create_log_group(logGroupName=name, tags={"name": name})
    logs.create_log_group(logGroupName="many-others")

    # WHEN one of the prefix is looked for
    found = look("aws_cloudwatch_log_group", name=None, name_prefix="many-")

    # THEN all are told, each with its tags and its time
    assert {one.id: one.tags for one in found} == {name: {"name": name} for name in made}
    assert all(one.created is not None and one.created >= before for one in found)


def test_a_log_group_is_found_by_its_whole_name_only(logs: Any, look: Look) -> None:
    for name in ("/aws/lambda/f", "/aws/lambda/f-and-more"):
        logs.create_log_group(logGroupName=name)

    assert [(one.id, one.within) for one in look("aws_cloudwatch_log_group", name="/aws/lambda/f")] == [
        ("/aws/lambda/f", False)
    ]
    assert look("aws_cloudwatch_log_group", name="/aws/lambda") == []


def test_execution_logs_belong_to_the_api_that_they_are_named_after(logs: Any, look: Look) -> None:
    # GIVEN the group that API Gateway makes by itself, without tags
    logs.create_log_group(logGroupName="API-Gateway-Execution-Logs_a1b2c3/live")

    (found,) = look("aws_cloudwatch_log_group", name="API-Gateway-Execution-Logs_a1b2c3/live")

    assert (found.tags, found.within) == ({}, True)


def test_saved_queries_of_one_name_are_told_apart_by_what_they_ask(logs: Any, look: Look) -> None:
    made = {
        text: logs.put_query_definition(name=name, queryString=text)["queryDefinitionId"]
        for name, text in (("query", "fields @message"), ("query", "fields @duration"), ("query-2", "stats count()"))
    }

    (found,) = look("aws_cloudwatch_query_definition", name="query", query_string="fields @duration")

    assert found.id == made["fields @duration"]
    assert found.created is not None
    assert look("aws_cloudwatch_query_definition", name="query", query_string="stats count()") == []


def test_an_alarm_is_found_with_its_tags(client: Client, look: Look) -> None:
    cloudwatch, before = client("cloudwatch"), datetime.now(UTC) - timedelta(seconds=1)
    settings = {"ComparisonOperator": "GreaterThanThreshold", "EvaluationPeriods": 1, "Threshold": 1.0}
    for name in ("alarm", "alarm-2"):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="n",
            MetricName="m",
            Period=60,
            Statistic="Sum",
            Tags=[{"Key": "name", "Value": name}],
            **settings,
        )

    (found,) = look("aws_cloudwatch_metric_alarm", alarm_name="alarm")

    assert (found.id, found.tags) == ("alarm", {"name": "alarm"})
    assert found.created is not None
    assert found.created >= before
    assert look("aws_cloudwatch_metric_alarm", alarm_name="none") == []
    assert look("aws_cloudwatch_composite_alarm", alarm_name="alarm") == []


def test_a_dashboard_is_found_by_its_whole_name_only(client: Client, look: Look) -> None:
    for name in ("board", "board-2"):
        client("cloudwatch").put_dashboard(DashboardName=name, DashboardBody='{"widgets": []}')

    assert [one.id for one in look("aws_cloudwatch_dashboard", dashboard_name="board")] == ["board"]
    assert look("aws_cloudwatch_dashboard", dashboard_name="boar") == []


def test_a_rule_is_found_on_its_bus(events: Any, look: Look) -> None:
    # GIVEN rules of one name on two buses
    events.create_event_bus(Name="bus")
    pattern = '{"source": ["a"]}'
    events.put_rule(Name="rule", EventPattern=pattern, Tags=[{"Key": "a", "Value": "b"}])
    for name in ("rule", "rule-2"):
        events.put_rule(Name=name, EventPattern=pattern, EventBusName="bus")

    # THEN each is found on its own, under the id that the provider gives it there
    assert look("aws_cloudwatch_event_rule", name="rule") == [Found("rule", tags={"a": "b"})]
    assert [one.id for one in look("aws_cloudwatch_event_rule", name="rule", event_bus_name="bus")] == ["bus/rule"]
    assert look("aws_cloudwatch_event_rule", name="rule-2") == []
    assert look("aws_cloudwatch_event_rule", name="rule", event_bus_name="none") == []


def test_a_target_without_a_planned_id_is_found_by_what_it_calls(events: Any, look: Look) -> None:
    queue = "arn:aws:sqs:us-east-1:123456789012:q"
    events.put_rule(Name="calls", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="calls", Targets=[{"Id": "one", "Arn": queue}, {"Id": "two", "Arn": f"{queue}2"}])

    (found,) = look("aws_cloudwatch_event_target", rule="calls", event_bus_name="default", target_id=None, arn=queue)

    assert (found.id, found.attributes, found.within) == ("calls-one", {"target_id": "one"}, True)
    assert look("aws_cloudwatch_event_target", rule="calls", target_id="two", arn=queue) == []
    assert look("aws_cloudwatch_event_target", rule="none", target_id="one", arn=queue) == []


def test_a_bus_and_its_archive_are_found(events: Any, look: Look) -> None:
    arn = events.create_event_bus(Name="kept", Tags=[{"Key": "a", "Value": "b"}])["EventBusArn"]
    events.create_archive(ArchiveName="archive", EventSourceArn=arn)

    (bus,) = look("aws_cloudwatch_event_bus", name="kept")
    (archive,) = look("aws_cloudwatch_event_archive", name="archive")

    assert (bus.id, bus.tags) == ("kept", {"a": "b"})
    assert archive.id == "archive"
    assert archive.created is not None
    assert look("aws_cloudwatch_event_archive", name="none") == []
    assert look("aws_cloudwatch_event_bus", name="none") == []


def test_traces_are_found_with_their_tags(client: Client, look: Look) -> None:
    xray, tags = client("xray"), [{"Key": "a", "Value": "b"}]
    group = xray.create_group(GroupName="group", FilterExpression='service("s")', Tags=tags)["Group"]["GroupARN"]
    rule = {
        "RuleName": "rule",
        "ResourceARN": "*",
        "Priority": 1,
        "FixedRate": 0.1,
        "ReservoirSize": 1,
        "ServiceName": "s",
        "ServiceType": "*",
        "Host": "*",
        "HTTPMethod": "*",
        "URLPath": "*",
        "Version": 1,
    }
    xray.create_sampling_rule(SamplingRule=rule, Tags=tags)

    assert look("aws_xray_group", group_name="group") == [Found(group, tags={"a": "b"})]
    (sampling,) = look("aws_xray_sampling_rule", rule_name="rule")
    assert (sampling.id, sampling.tags) == ("rule", {"a": "b"})
    assert sampling.created is not None
    assert look("aws_xray_group", group_name="none") == []
    assert look("aws_xray_sampling_rule", rule_name="none") == []
