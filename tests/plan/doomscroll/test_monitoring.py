"""Alarms and their topics, the dashboard, and the saved queries."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.plan.doomscroll.conftest import CHOSEN, REQUIRED, Planned
from tests.support.alarms import ALARM, Judgement, judgement, of_topic, queries, result
from tests.support.dashboards import Shown, ShownDashboard
from tests.support.planner import BARE
from tests.support.plans import Plan, Resource

TOPIC = "aws_sns_topic"
SUBSCRIPTION = "aws_sns_topic_subscription"
QUERY = "aws_cloudwatch_query_definition"
BALANCER = "aws_lb.load_balancer"
GREATER, AT_LEAST, LESS = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"
INSIGHTS = "ECS/ContainerInsights"


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


def alarm(plan: Plan, name: str) -> Resource:
    return plan.one(ALARM, alarm_name=f"fckdoomscroll-{name}{suffix(plan)}")


def topic(plan: Plan, name: str) -> Resource:
    return plan.one(TOPIC, name=f"fckdoomscroll-{name}-alerts{suffix(plan)}")


def service(plan: Plan) -> dict[str, str]:
    return {
        "ClusterName": f"fckdoomscroll-{plan.input('environment')}",
        "ServiceName": f"fckdoomscroll-service{suffix(plan)}",
    }


def database(plan: Plan) -> dict[str, str]:
    return {"DBInstanceIdentifier": f"fckdoomscroll-db{suffix(plan)}"}


def row(requirement: str, name: str, of: str, to: str, **judged: Any) -> Any:
    """An alarm of the document: its name, what it watches, who hears of it, and when it goes off."""
    return pytest.param(
        name, of, to, Judgement(**judged), marks=pytest.mark.requirement(requirement), id=f"{requirement}-{name}"
    )


ALARMS = [
    row("FD-ALM-01", "ecs-cpu", "service", "critical", namespace="AWS/ECS", metric="CPUUtilization",
        statistic="Average", operator=GREATER, threshold=80, period=60, periods=5),
    row("FD-ALM-02", "ecs-memory", "service", "critical", namespace="AWS/ECS", metric="MemoryUtilization",
        statistic="Average", operator=GREATER, threshold=85, period=60, periods=5),
    row("FD-ALM-04", "rds-database-cpu", "database", "critical", namespace="AWS/RDS", metric="CPUUtilization",
        statistic="Average", operator=GREATER, threshold=75, period=60, periods=10),
    row("FD-ALM-05", "rds-storage-scarce", "database", "critical", namespace="AWS/RDS", metric="FreeStorageSpace",
        statistic="Average", operator=LESS, threshold=5368709120, period=300, periods=1),
    row("FD-ALM-07", "alb-slow", "balancer", "warning", namespace="AWS/ApplicationELB", metric="TargetResponseTime",
        statistic="Average", operator=GREATER, threshold=1, period=300, periods=1),
    row("FD-ALM-08", "rds-storage-little", "database", "warning", namespace="AWS/RDS", metric="FreeStorageSpace",
        statistic="Average", operator=LESS, threshold=10737418240, period=300, periods=1),
    row("FD-ALM-09", "rds-connections", "database", "warning", namespace="AWS/RDS", metric="DatabaseConnections",
        statistic="Average", operator=GREATER, threshold=80, period=300, periods=1),
    row("FD-SCL-02", "ecs-scaled-out", "service", "warning", namespace=INSIGHTS, metric="RunningTaskCount",
        statistic="Average", operator=AT_LEAST, threshold=10, period=60, periods=5),
]  # fmt: skip


@pytest.mark.parametrize(("name", "of", "to", "judged"), ALARMS)
def test_alarm(everywhere: Plan, name: str, of: str, to: str, judged: Judgement) -> None:
    found = alarm(everywhere, name)

    assert judgement(found) == judged
    assert found["metric_query"] == []
    assert told(everywhere, found) == {topic(everywhere, to).block}
    if of == "balancer":
        # The load balancer's id is AWS's.
        assert everywhere.references(found, "for_each") == {BALANCER, f"{BALANCER}.arn_suffix"}
        assert everywhere.references(found, "dimensions") == {"each.value"}
    else:
        assert found["dimensions"] == (service(everywhere) if of == "service" else database(everywhere))


def told(plan: Plan, found: Resource) -> frozenset[str]:
    """Who hears of an alarm, and of its end."""
    assert plan.references(found, "alarm_actions") == plan.references(found, "ok_actions")
    assert found["insufficient_data_actions"] is None
    return frozenset(each for each in plan.references(found, "alarm_actions") if each.count(".") == 1)


@pytest.mark.requirement("FD-ALM-09")
@pytest.mark.parametrize(("connections", "threshold"), [(250, 200), (45, 36)])
def test_too_many_connections_are_a_share_of_what_the_database_takes(
    plan: Planned, connections: int, threshold: int
) -> None:
    found = alarm(plan(BARE, **REQUIRED, db_max_connections=connections), "rds-connections")

    assert found["threshold"] == threshold


@pytest.mark.requirement("FD-SCL-02")
def test_alarm_of_scaling_follows_its_limit(chosen: Plan) -> None:
    assert alarm(chosen, "ecs-scaled-out")["threshold"] == CHOSEN["max_count"]


@pytest.mark.requirement("FD-ALM-03")
def test_server_errors_are_those_of_targets_and_of_the_load_balancer(everywhere: Plan) -> None:
    found = alarm(everywhere, "alb-server-errors")

    assert judgement(found) == Judgement(None, None, None, GREATER, 10, None, 1)
    assert queries(found) == {
        "target_errors": ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 60),
        "balancer_errors": ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", 60),
        "server_errors": "SUM([FILL(target_errors, 0), FILL(balancer_errors, 0)])",
    }
    assert result(found) == "server_errors"
    for place in (0, 1):
        assert everywhere.references(found, "metric_query", place, "metric", "dimensions") == {
            BALANCER,
            f"{BALANCER}.arn_suffix",
        }
    assert told(everywhere, found) == {topic(everywhere, "critical").block}


@pytest.mark.requirement("FD-ALM-06")
def test_tasks_that_should_run_and_do_not_are_a_warning(everywhere: Plan) -> None:
    found = alarm(everywhere, "ecs-missing-tasks")

    assert judgement(found) == Judgement(None, None, None, GREATER, 0, None, 5)
    assert queries(found) == {
        "desired": (INSIGHTS, "DesiredTaskCount", "Average", 60),
        "running": (INSIGHTS, "RunningTaskCount", "Average", 60),
        "missing": "desired - running",
    }
    assert result(found) == "missing"
    dimensions = [each["metric"][0]["dimensions"] for each in found["metric_query"] if each["metric"]]
    assert dimensions == [service(everywhere)] * 2
    assert told(everywhere, found) == {topic(everywhere, "warning").block}


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11", "FD-SCL-02")
def test_there_are_five_critical_alarms_and_four_warnings_and_that_of_scaling(everywhere: Plan) -> None:
    assert len(of_topic(everywhere, topic(everywhere, "critical"))) == 5
    assert len(of_topic(everywhere, topic(everywhere, "warning"))) == 4 + 1
    assert len(everywhere.all(TOPIC)) == 2


def subscriptions(plan: Plan, of: str) -> list[tuple[str, str]]:
    block = topic(plan, of).block
    found = [each for each in plan.all(SUBSCRIPTION) if block in plan.references(each, "topic_arn")]
    for each in found:
        assert plan.references(each, "topic_arn") == {block, f"{block}.arn"}
        assert (each["filter_policy"], each["raw_message_delivery"]) == (None, False)
    return sorted((each["protocol"], each["endpoint"]) for each in found)


@pytest.mark.requirement("FD-ALM-10")
def test_critical_alarms_page_and_are_mailed_as_well(chosen: Plan) -> None:
    assert subscriptions(chosen, "critical") == [
        ("email", "team@example.com"),
        ("https", "https://events.pagerduty.example/key"),
    ]
    (page,) = chosen.all(SUBSCRIPTION, protocol="https")
    # An apply waits until PagerDuty has confirmed.
    assert page["endpoint_auto_confirms"] is True
    # Who knows the address can page.
    assert chosen.is_sensitive(page.address, ("endpoint",))


@pytest.mark.requirement("FD-ALM-11")
def test_warnings_are_mailed(chosen: Plan, prod: Plan) -> None:
    for plan, address in ((chosen, "team@example.com"), (prod, "oncall@example.com")):
        assert subscriptions(plan, "warning") == [("email", address)]


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11")
def test_nobody_is_told_where_nobody_is_named(minimal: Plan, development: Plan) -> None:
    for plan in (minimal, development):
        assert not plan.all(SUBSCRIPTION)


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11")
@pytest.mark.parametrize("name", ["critical", "warning"])
def test_only_services_of_this_account_publish_to_a_topic(everywhere: Plan, name: str) -> None:
    to = topic(everywhere, name)
    (policy,) = [
        each for each in everywhere.all("aws_sns_topic_policy") if to.block in everywhere.references(each, "arn")
    ]
    statements = everywhere.statements(policy, "policy")
    account = everywhere.input("account_id")

    publishers = {"cloudwatch.amazonaws.com"} | ({"budgets.amazonaws.com"} if name == "warning" else set())
    assert {each.principals for each in statements} == {frozenset({("Service", each)}) for each in publishers}
    for statement in statements:
        assert statement.allows
        assert statement.grants == {("sns:Publish", f"arn:aws:sns:us-east-1:{account}:{to['name']}")}
        assert statement.conditions == {("StringEquals", "aws:SourceAccount", account)}


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11")
def test_topics_are_under_a_key_that_their_publishers_may_use(everywhere: Plan, plan: Planned) -> None:
    (alias,) = everywhere.all("aws_kms_alias", name=f"alias/fckdoomscroll-logs{suffix(everywhere)}")
    key = everywhere.referred(alias, "target_key_id", "aws_kms_key")

    assert key["enable_key_rotation"] is True
    for each in everywhere.all(TOPIC):
        assert everywhere.references(each, "kms_master_key_id") == {key.block}
    publishers = [
        statement
        for statement in everywhere.statements(key, "policy")
        if statement.principals & {("Service", "cloudwatch.amazonaws.com"), ("Service", "budgets.amazonaws.com")}
    ]
    assert len(publishers) == 2
    for statement in publishers:
        assert statement.allows
        assert statement.grants == {("kms:Decrypt", "*"), ("kms:GenerateDataKey", "*")}
        assert statement.conditions == {("StringEquals", "aws:SourceAccount", everywhere.input("account_id"))}
    (logs,) = [
        statement
        for statement in everywhere.statements(key, "policy")
        if ("Service", "logs.us-east-1.amazonaws.com") in statement.principals
    ]
    account = everywhere.input("account_id")
    assert logs.conditions == {
        ("ArnLike", "kms:EncryptionContext:aws:logs:arn", f"arn:aws:logs:us-east-1:{account}:log-group:{name}")
        for name in (f"/ecs/fckdoomscroll{suffix(everywhere)}", "/aws/*/fckdoomscroll*", "aws-waf-logs-fckdoomscroll*")
    }
    without = plan(BARE, **REQUIRED, encrypt_logs=False)
    assert not without.all("aws_kms_alias", name="alias/fckdoomscroll-logs")
    assert [each["kms_master_key_id"] for each in without.all(TOPIC)] == [None, None]


QUERIES = [
    pytest.param(name, text, marks=pytest.mark.requirement(requirement), id=requirement)
    for requirement, name, text in (
        (
            "FD-LQ-01",
            "find-errors",
            "fields @timestamp, @message\n| filter @message like /ERROR/\n| stats count() by @message",
        ),
        (
            "FD-LQ-02",
            "api-latency",
            "fields @duration\n| filter @duration > 500\n| stats avg(@duration), max(@duration), count()",
        ),
        (
            "FD-LQ-03",
            "failed-requests",
            "fields @message, statusCode\n| filter statusCode >= 400\n| stats count() by statusCode",
        ),
    )
]


@pytest.mark.parametrize(("name", "text"), QUERIES)
def test_query_is_saved(everywhere: Plan, name: str, text: str) -> None:
    found = everywhere.one(QUERY, name=f"fckdoomscroll-{name}{suffix(everywhere)}")

    assert found["query_string"] == text
    assert found["log_group_names"] == [f"/ecs/fckdoomscroll{suffix(everywhere)}"]
    assert len(everywhere.all(QUERY)) == 3


@pytest.fixture(scope="module")
def dashboard() -> ShownDashboard:
    """The dashboard of production; its load balancer is known only after the apply."""
    inputs = {"environment": "prod", "account_id": "111122223333"}
    return ShownDashboard("doomscroll", inputs)


@pytest.mark.requirement("FD-DASH-01")
def test_dashboard_has_the_documents_name(everywhere: Plan) -> None:
    found = everywhere.one("aws_cloudwatch_dashboard")

    assert found["dashboard_name"] == f"fckdoomscroll-dashboard{suffix(everywhere)}"
    assert everywhere.outputs["dashboard_name"] == found["dashboard_name"]


@pytest.mark.requirement("FD-DASH-01")
def test_dashboard_is_of_this_stack(everywhere: Plan) -> None:
    found = everywhere.references(everywhere.one("aws_cloudwatch_dashboard"), "dashboard_body")

    assert {each for each in found if not each.startswith(("var.", f"{ALARM}."))} == {
        BALANCER,
        f"{BALANCER}.arn_suffix",
        "aws_db_instance.database",
        "aws_db_instance.database.identifier",
    }


SERVICE = (("ClusterName", "fckdoomscroll-prod"), ("ServiceName", "fckdoomscroll-service"))
LOAD_BALANCER = (("LoadBalancer", f"{BALANCER}.arn_suffix"),)
DATABASE = (("DBInstanceIdentifier", "aws_db_instance.database.identifier"),)
GRAPHS = [
    pytest.param(shown, levels, marks=pytest.mark.requirement(requirement), id=requirement)
    for requirement, shown, levels in (
        ("FD-DASH-02", Shown("AWS/ECS", "CPUUtilization", SERVICE, "Average"), [("Target", 70), ("Critical", 80)]),
        ("FD-DASH-03", Shown("AWS/ECS", "MemoryUtilization", SERVICE, "Average"), [("Target", 80), ("Critical", 85)]),
        (
            "FD-DASH-04",
            Shown(INSIGHTS, "RunningTaskCount", SERVICE, "Average", label="RunningCount"),
            [("Most tasks", 10)],
        ),
        (
            "FD-DASH-05",
            Shown(INSIGHTS, "DesiredTaskCount", SERVICE, "Average", label="DesiredCount"),
            [("Most tasks", 10)],
        ),
        (
            "FD-DASH-06",
            Shown("AWS/ApplicationELB", "TargetResponseTime", LOAD_BALANCER, "Average", label="Average"),
            [("Target", 0.5), ("Warning", 1)],
        ),
        ("FD-DASH-07", Shown("AWS/ApplicationELB", "RequestCount", LOAD_BALANCER, "Sum"), []),
        (
            "FD-DASH-08",
            Shown("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", LOAD_BALANCER, "Sum"),
            [("Critical (5XX)", 10)],
        ),
        (
            "FD-DASH-09",
            Shown("AWS/ApplicationELB", "HTTPCode_Target_4XX_Count", LOAD_BALANCER, "Sum"),
            [("Critical (5XX)", 10)],
        ),
        ("FD-DASH-10", Shown("AWS/RDS", "CPUUtilization", DATABASE, "Average"), [("Critical", 75)]),
        ("FD-DASH-11", Shown("AWS/RDS", "DatabaseConnections", DATABASE, "Average"), [("Warning", 80)]),
        ("FD-DASH-12", Shown("AWS/RDS", "FreeableMemory", DATABASE, "Average", drawn=False), []),
        ("FD-DASH-13", Shown("AWS/RDS", "ReadLatency", DATABASE, "Average"), [("Target", 0.001)]),
        ("FD-DASH-14", Shown("AWS/RDS", "WriteLatency", DATABASE, "Average"), [("Target", 0.001)]),
    )
]


@pytest.mark.parametrize(("shown", "levels"), GRAPHS)
def test_dashboard_shows(dashboard: ShownDashboard, shown: Shown, levels: list[tuple[str, float]]) -> None:
    graph = dashboard.graph_of(shown.namespace, shown.metric)

    assert shown in graph.lines
    assert list(graph.levels) == levels
    assert (graph.region, graph.period) == ("us-east-1", 60)


@pytest.mark.requirement("FD-DASH-12")
def test_free_memory_is_shown_in_gib(dashboard: ShownDashboard) -> None:
    (drawn,) = [line for line in dashboard.graph_of("AWS/RDS", "FreeableMemory").lines if line.drawn]

    assert drawn == Shown("math", "free_bytes / 1073741824", (), "", label="FreeableMemory")


@pytest.mark.requirement("FD-DASH-04", "FD-DASH-05")
def test_what_runs_stands_beside_what_should(dashboard: ShownDashboard) -> None:
    assert dashboard.graph_of(INSIGHTS, "RunningTaskCount") == dashboard.graph_of(INSIGHTS, "DesiredTaskCount")


@pytest.mark.requirement("FD-DASH-07")
def test_requests_stay_counted_by_the_minute_whatever_the_range(dashboard: ShownDashboard) -> None:
    assert dashboard.body["periodOverride"] == "inherit"


@pytest.mark.requirement("FD-DASH-01")
def test_no_graph_covers_another_and_nothing_has_to_be_picked(dashboard: ShownDashboard) -> None:
    covered = [
        (column, line)
        for x, y, width, height in dashboard.places
        for column in range(x, x + width)
        for line in range(y, y + height)
    ]

    assert len(covered) == len(set(covered))
    assert max(column for column, _ in covered) < 24
    assert "variables" not in dashboard.body


@pytest.mark.requirement("FD-DASH-01")
def test_states_of_all_alarms_stand_on_top(dashboard: ShownDashboard, prod: Plan) -> None:
    (states,) = dashboard.alarms
    of_topics = {each.block for name in ("critical", "warning") for each in of_topic(prod, topic(prod, name))}

    assert dashboard.places[0][:2] == (0, 0)
    assert sorted(states["alarms"]) == sorted(f"{block}.arn" for block in of_topics)


@pytest.mark.requirement("FD-DASH-01", "FD-ALM-10", "FD-ALM-11")
def test_the_dashboard_shows_the_state_of_each_alarm_that_tells_somebody(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        telling = {each.block for each in plan.all(ALARM) if not each.block.startswith(f"{ALARM}.scaling_")}
        shown = plan.references(plan.one("aws_cloudwatch_dashboard"), "dashboard_body")

        assert len(telling) == 10
        assert {each for each in shown if re.fullmatch(rf"{ALARM}[.]\w+", each)} == telling


@pytest.mark.requirement("FD-ALM-10", "FD-ALM-11")
def test_every_subscription_is_there(prod: Plan, development: Plan) -> None:
    assert sorted(each.address for each in prod.all(SUBSCRIPTION)) == [
        f'{SUBSCRIPTION}.critical_email["oncall@example.com"]',
        f'{SUBSCRIPTION}.warning_email["oncall@example.com"]',
    ]
    assert development.all(SUBSCRIPTION) == []
