"""Alarms and their topic, the dashboard, the saved query, and tracing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.plan.solemate.conftest import CHOSEN, REQUIRED, Planned
from tests.support.alarms import ALARM, Judgement, judgement, queries, result
from tests.support.dashboards import Shown, ShownDashboard
from tests.support.planner import BARE
from tests.support.plans import Plan, Resource

TOPIC = "aws_sns_topic"
SUBSCRIPTION = "aws_sns_topic_subscription"
BALANCER = "aws_lb.load_balancer"
GREATER, LESS = "GreaterThanThreshold", "LessThanThreshold"
DEFAULTS = {
    "availability_percent": 99.9,
    "container_cpu_percent": 80,
    "container_memory_percent": 80,
    "database_connections_percent": 80,
    "database_cpu_percent": 80,
    "database_free_gib": 5,
    "database_read_seconds": 0.02,
    "instance_cpu_percent": 80,
    "replica_lag_seconds": 60,
    "response_seconds": 0.2,
    "server_errors": 10,
}
GIB = 1024**3


def prefix(plan: Plan) -> str:
    return f"solemate-{plan.input('environment')}"


def alarm(plan: Plan, name: str) -> Resource:
    return plan.one(ALARM, alarm_name=f"{prefix(plan)}-{name}")


def limits(plan: Plan) -> Mapping[str, float]:
    given: Mapping[str, float] = CHOSEN["alarm_thresholds"]
    return given if plan.input("alarm_thresholds") == given else DEFAULTS


def blocks(references: frozenset[str]) -> frozenset[str]:
    """The resources among references, without their attributes."""
    return frozenset(each for each in references if each.startswith("aws_") and each.count(".") == 1)


@pytest.fixture(scope="module", params=["staging", "prod", "local", "minimal", "chosen"])
def any_plan(request: pytest.FixtureRequest, plan: Planned) -> Plan:
    """Each stack, as committed, and the module alone, with and without its defaults."""
    alone: dict[str, dict[str, Any]] = {"minimal": REQUIRED, "chosen": {**REQUIRED, **CHOSEN}}
    return plan(BARE, **alone[request.param]) if request.param in alone else plan(request.param)


@pytest.mark.requirement("SM-FR6-01")
def test_alarms_of_each_tier_tell_the_one_topic(any_plan: Plan) -> None:
    topic = any_plan.one(TOPIC)
    alarms = any_plan.all(ALARM)

    assert {each["alarm_name"].removeprefix(f"{prefix(any_plan)}-") for each in alarms} == {
        "alb-slow",
        "alb-server-errors",
        "alb-availability",
        "alb-unhealthy-containers",
        "alb-unhealthy-instances",
        "ecs-cpu",
        "ecs-memory",
        "ec2-instance-cpu",
        *(f"db-{what}" for what in ("database-cpu", "storage", "connections", "read-latency")),
        *(
            f"db-replica-{number}-{what}"
            for number in range(1, (any_plan.input("read_replica_count") or 0) + 1)
            for what in ("database-cpu", "storage", "connections", "read-latency", "lag")
        ),
    }
    for each in alarms:
        responses = {"aws_autoscaling_policy.backend_scale_out"} if "instance-cpu" in each["alarm_name"] else set()
        assert blocks(any_plan.references(each, "alarm_actions")) == {topic.block} | responses
        assert any_plan.references(each, "ok_actions") == {topic.block, f"{topic.block}.arn"}
        assert each["insufficient_data_actions"] is None


@pytest.mark.requirement("SM-FR1-06", "SM-FR6-01")
@pytest.mark.parametrize(("what", "metric"), [("cpu", "CPUUtilization"), ("memory", "MemoryUtilization")])
def test_alarm_of_the_containers(any_plan: Plan, what: str, metric: str) -> None:
    found = alarm(any_plan, f"ecs-{what}")

    limit = limits(any_plan)[f"container_{what}_percent"]
    assert judgement(found) == Judgement("AWS/ECS", metric, "Average", GREATER, limit, 300, 3)
    assert found["dimensions"] == {
        "ClusterName": f"{prefix(any_plan)}-cluster",
        "ServiceName": f"{prefix(any_plan)}-service",
    }


@pytest.mark.requirement("SM-FR1-06", "SM-FR6-01", "SM-FR6-04")
def test_busy_instances_set_off_an_alarm_and_get_help(any_plan: Plan) -> None:
    found = alarm(any_plan, "ec2-instance-cpu")
    policy = any_plan.referred(found, "alarm_actions", "aws_autoscaling_policy")

    limit = limits(any_plan)["instance_cpu_percent"]
    assert judgement(found) == Judgement("AWS/EC2", "CPUUtilization", "Average", GREATER, limit, 300, 1)
    assert found["dimensions"] == {"AutoScalingGroupName": any_plan.one("aws_autoscaling_group")["name"]}
    assert (policy["policy_type"], policy["adjustment_type"]) == ("StepScaling", "ChangeInCapacity")
    (step,) = policy["step_adjustment"]
    assert step == {"metric_interval_lower_bound": "0", "metric_interval_upper_bound": "", "scaling_adjustment": 1}


@pytest.mark.requirement("SM-FR1-06", "SM-FR6-01")
@pytest.mark.parametrize(
    ("what", "targets"),
    [("containers", "aws_lb_target_group.service_targets"), ("instances", "aws_lb_target_group.instance_targets")],
)
def test_one_ill_target_sets_off_an_alarm(any_plan: Plan, what: str, targets: str) -> None:
    found = alarm(any_plan, f"alb-unhealthy-{what}")

    assert judgement(found) == Judgement("AWS/ApplicationELB", "UnHealthyHostCount", "Maximum", GREATER, 0, 60, 3)
    assert any_plan.references(found, "dimensions") == {"each.value"}
    # What they are known by is made by AWS.
    assert blocks(any_plan.references(found, "for_each")) == {BALANCER, targets}


@pytest.mark.requirement("SM-SU-02")
def test_slow_answers_set_off_an_alarm(any_plan: Plan) -> None:
    found = alarm(any_plan, "alb-slow")

    limit = limits(any_plan)["response_seconds"]
    assert judgement(found) == Judgement("AWS/ApplicationELB", "TargetResponseTime", "p95", GREATER, limit, 300, 3)
    assert any_plan.references(found, "dimensions") == {"each.value"}
    assert any_plan.references(found, "for_each") == {BALANCER, f"{BALANCER}.arn_suffix"}


SERVER_ERRORS = {
    "target_errors": ("AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "Sum", 300),
    "balancer_errors": ("AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "Sum", 300),
    "server_errors": "SUM([FILL(target_errors, 0), FILL(balancer_errors, 0)])",
}


@pytest.mark.requirement("SM-FR6-01")
def test_server_errors_set_off_an_alarm(any_plan: Plan) -> None:
    found = alarm(any_plan, "alb-server-errors")

    limit = limits(any_plan)["server_errors"]
    assert judgement(found) == Judgement(None, None, None, GREATER, limit, None, 1)
    assert (queries(found), result(found)) == (SERVER_ERRORS, "server_errors")
    of_the_load_balancer(any_plan, found, metrics=2)


@pytest.mark.requirement("SM-SU-01")
def test_availability_below_the_promised_sets_off_an_alarm(any_plan: Plan) -> None:
    found = alarm(any_plan, "alb-availability")

    limit = limits(any_plan)["availability_percent"]
    assert judgement(found) == Judgement(None, None, None, LESS, limit, None, 3)
    assert queries(found) == {
        **SERVER_ERRORS,
        "handled": ("AWS/ApplicationELB", "RequestCount", "Sum", 300),
        # What was refused for want of a target is in no RequestCount.
        "requests": "SUM([FILL(handled, 0), FILL(balancer_errors, 0)])",
        "availability": "100 * (1 - server_errors / requests)",
    }
    assert result(found) == "availability"
    of_the_load_balancer(any_plan, found, metrics=3)


def of_the_load_balancer(plan: Plan, found: Resource, *, metrics: int) -> None:
    for place in range(metrics):
        assert plan.references(found, "metric_query", place, "metric", "dimensions") == {
            BALANCER,
            f"{BALANCER}.arn_suffix",
        }


# Metric, operator, what of the limits is the threshold and how much of it, and periods.
DATABASE = {
    "database-cpu": ("CPUUtilization", GREATER, "database_cpu_percent", 1, 3),
    "storage": ("FreeStorageSpace", LESS, "database_free_gib", GIB, 1),
    "connections": ("DatabaseConnections", GREATER, "database_connections_percent", None, 1),
    "read-latency": ("ReadLatency", GREATER, "database_read_seconds", 1, 3),
}


@pytest.mark.requirement("SM-FR2-05", "SM-FR6-01")
@pytest.mark.parametrize("what", DATABASE)
def test_alarm_of_each_instance_of_the_database(any_plan: Plan, what: str) -> None:
    metric, operator, limit, unit, periods = DATABASE[what]
    # Connections are a share of what the database takes.
    threshold = limits(any_plan)[limit] * (unit or (any_plan.input("db_max_connections") or 100) / 100)
    instances = any_plan.all("aws_db_instance")

    assert len(instances) == 1 + (any_plan.input("read_replica_count") or 0)
    for instance in instances:
        name = instance["identifier"].removeprefix(f"{prefix(any_plan)}-")
        found = alarm(any_plan, f"{name}-{what}")
        assert judgement(found) == Judgement("AWS/RDS", metric, "Average", operator, threshold, 300, periods)
        assert found["dimensions"] == {"DBInstanceIdentifier": instance["identifier"]}


@pytest.mark.requirement("SM-FR2-05")
def test_a_replica_that_falls_behind_sets_off_an_alarm(prod: Plan, chosen: Plan) -> None:
    for plan in (prod, chosen):
        for number in range(1, plan.input("read_replica_count") + 1):
            found = alarm(plan, f"db-replica-{number}-lag")
            limit = limits(plan)["replica_lag_seconds"]
            assert judgement(found) == Judgement("AWS/RDS", "ReplicaLag", "Average", GREATER, limit, 300, 3)
            assert found["dimensions"] == {"DBInstanceIdentifier": f"{prefix(plan)}-db-replica-{number}"}


@pytest.mark.requirement("SM-FR1-06", "SM-FR6-01")
def test_what_is_not_there_has_no_alarms(plan: Planned, one_backend: Plan) -> None:
    names = {each["alarm_name"].removeprefix("solemate-testing-") for each in one_backend.all(ALARM)}
    of_both = {each["alarm_name"].removeprefix("solemate-testing-") for each in plan(BARE, **REQUIRED).all(ALARM)}

    only_containers = bool(one_backend.all("aws_ecs_service"))
    left_out = (
        {"alb-unhealthy-instances", "ec2-instance-cpu"}
        if only_containers
        else {"alb-unhealthy-containers", "ecs-cpu", "ecs-memory"}
    )
    assert of_both - names == left_out
    assert names < of_both


@pytest.mark.requirement("SM-FR6-01")
def test_people_are_told_by_mail(every: Plan, chosen: Plan, minimal: Plan) -> None:
    for plan, emails in (
        (every, ["oncall@example.com"]),
        (chosen, ["oncall@example.com", "team@example.com"]),
        (minimal, []),
    ):
        found = plan.all(SUBSCRIPTION, protocol="email")
        assert sorted(each["endpoint"] for each in found) == emails
        for each in found:
            assert plan.references(each, "topic_arn") == {plan.one(TOPIC).block, f"{plan.one(TOPIC).block}.arn"}


@pytest.mark.requirement("SM-INT-03")
def test_a_monitoring_service_is_told_where_there_is_one(chosen: Plan, everywhere: Plan) -> None:
    found = chosen.one(SUBSCRIPTION, protocol="https")
    topic = chosen.one(TOPIC).block

    assert found["endpoint"] == CHOSEN["monitoring_webhook_url"]
    assert found["endpoint_auto_confirms"] is True
    assert (found["filter_policy"], found["raw_message_delivery"]) == (None, False)
    assert chosen.references(found, "topic_arn") == {topic, f"{topic}.arn"}
    assert chosen.is_sensitive(found.address, ("endpoint",))
    assert not everywhere.all(SUBSCRIPTION, protocol="https")


@pytest.mark.requirement("SM-FR6-01", "SM-FR6-06")
def test_only_alarms_and_budgets_of_this_account_publish_to_the_topic(everywhere: Plan) -> None:
    topic, account = everywhere.one(TOPIC), everywhere.input("account_id")
    statements = everywhere.statements(everywhere.one("aws_sns_topic_policy"), "policy")

    assert topic["name"] == f"{prefix(everywhere)}-alerts"
    assert sorted(sorted(each.principals) for each in statements) == [
        [("Service", "budgets.amazonaws.com")],
        [("Service", "cloudwatch.amazonaws.com")],
    ]
    for statement in statements:
        assert statement.allows
        assert statement.grants == {("sns:Publish", f"arn:aws:sns:us-east-1:{account}:{topic['name']}")}
        assert statement.conditions == {("StringEquals", "aws:SourceAccount", account)}


@pytest.mark.requirement("SM-FR6-01", "SM-FR6-02")
def test_alerts_and_logs_are_under_one_key(everywhere: Plan, chosen: Plan) -> None:
    key = everywhere.referred(everywhere.one(TOPIC), "kms_master_key_id", "aws_kms_key")
    account = everywhere.input("account_id")

    assert key["enable_key_rotation"] is True
    uses = {min(each.principals): each for each in everywhere.statements(key, "policy")}
    for service in ("budgets", "cloudwatch"):
        use = uses.pop(("Service", f"{service}.amazonaws.com"))
        assert use.allows
        assert use.grants == {("kms:Decrypt", "*"), ("kms:GenerateDataKey", "*")}
        assert use.conditions == {("StringEquals", "aws:SourceAccount", account)}
    logs = uses.pop(("Service", "logs.us-east-1.amazonaws.com"))
    assert logs.conditions == {
        ("ArnLike", "kms:EncryptionContext:aws:logs:arn", f"arn:aws:logs:us-east-1:{account}:log-group:{name}")
        for name in (
            f"/ecs/{prefix(everywhere)}-*",
            f"/aws/*/{prefix(everywhere)}-*",
            f"aws-waf-logs-{prefix(everywhere)}-*",
        )
    }
    assert set(uses) == {("AWS", f"arn:aws:iam::{account}:root")}
    assert {everywhere.references(each, "kms_key_id") for each in everywhere.all("aws_cloudwatch_log_group")} == {
        frozenset({key.block})
    }
    # A key is paid by the month.
    assert chosen.one(TOPIC)["kms_master_key_id"] is None
    assert {each["kms_key_id"] or None for each in chosen.all("aws_cloudwatch_log_group")} == {None}


@pytest.mark.requirement("SM-FR6-02")
def test_logs_of_every_part_are_kept_for_the_environments_time(any_plan: Plan) -> None:
    groups = any_plan.all("aws_cloudwatch_log_group")
    name = prefix(any_plan)
    replicas = range(1, (any_plan.input("read_replica_count") or 0) + 1)

    assert {each["name"] for each in groups} >= {
        f"/ecs/{name}-app",
        f"/aws/ec2/{name}-backend",
        f"/aws/rds/instance/{name}-db/postgresql",
        *(f"/aws/rds/instance/{name}-db-replica-{number}/postgresql" for number in replicas),
        f"/aws/vpc/{name}-flow-logs",
        f"aws-waf-logs-{name}-alb",
        f"aws-waf-logs-{name}-cdn",
    }
    days = {"staging": 14, "local": 14, "production": 90}
    default = any_plan.input("log_retention_days") or 90
    assert {each["retention_in_days"] for each in groups} == {days.get(any_plan.input("environment"), default)}


@pytest.mark.requirement("SM-FR6-02")
def test_errors_in_all_logs_are_one_query_away(everywhere: Plan, one_backend: Plan) -> None:
    rds = "/aws/rds/instance/{}-db/postgresql"
    containers, instances = "/ecs/{}-app", "/aws/ec2/{}-backend"
    of_one = containers if one_backend.all("aws_ecs_service") else instances
    for plan, groups in ((everywhere, [containers, instances, rds]), (one_backend, [of_one, rds])):
        query = plan.one("aws_cloudwatch_query_definition")

        assert query["name"] == f"{prefix(plan)}-errors"
        assert query["log_group_names"] == [each.format(prefix(plan)) for each in groups]
        assert query["query_string"] == (
            "fields @timestamp, @log, @message\n"
            "| filter @message like /(?i)(error|fatal|exception)/\n"
            "| sort @timestamp desc\n"
            "| limit 200"
        )


@pytest.mark.requirement("SM-FR6-05")
def test_a_share_of_the_requests_is_traced(any_plan: Plan) -> None:
    rule, group = any_plan.one("aws_xray_sampling_rule"), any_plan.one("aws_xray_group")
    service = f"{prefix(any_plan)}-app"

    share = (any_plan.input("trace_sampling_percent") or 5) / 100
    assert (rule["fixed_rate"], rule["reservoir_size"], rule["priority"], rule["version"]) == (share, 1, 1000, 1)
    assert (rule["rule_name"], rule["service_name"]) == (service, service)
    # AWS takes no longer one.
    assert len(rule["rule_name"]) <= 32
    assert {rule[name] for name in ("host", "http_method", "resource_arn", "service_type", "url_path")} == {"*"}
    assert rule["attributes"] is None
    assert (group["group_name"], group["filter_expression"]) == (service, f'service("{service}")')
    assert group["insights_configuration"] == [{"insights_enabled": True, "notifications_enabled": False}]


@pytest.mark.requirement("SM-FR6-03")
def test_dashboard_is_named_after_the_environment(everywhere: Plan) -> None:
    found = everywhere.one("aws_cloudwatch_dashboard")

    assert found["dashboard_name"] == prefix(everywhere)
    assert everywhere.outputs["dashboard_name"] == prefix(everywhere)
    assert blocks(everywhere.references(found, "dashboard_body")) == {
        BALANCER,
        "aws_cloudfront_distribution.distribution",
        "aws_db_instance.database",
        "aws_lb_target_group.instance_targets",
        "aws_lb_target_group.service_targets",
        *(each.block for each in everywhere.all(ALARM)),
    } | {f"{ALARM}.alarm_lag"}


@pytest.fixture(scope="module", params=["both", "containers", "instances"])
def dashboard(request: pytest.FixtureRequest) -> ShownDashboard:
    """The dashboard of production, with both backends and with one; much of it is known only after the apply."""
    inputs = {
        "environment": "production",
        "account_id": "111122223333",
        "enable_ecs_service": request.param != "instances",
        "enable_ec2_backend": request.param != "containers",
    }
    return ShownDashboard("solemate", inputs)


LOAD_BALANCER = (("LoadBalancer", f"{BALANCER}.arn_suffix"),)
CONTAINERS = (("ClusterName", "solemate-production-cluster"), ("ServiceName", "solemate-production-service"))
INSTANCES = (("AutoScalingGroupName", "solemate-production-backend"),)
PRIMARY = (("DBInstanceIdentifier", "aws_db_instance.database.identifier"),)
DISTRIBUTION = (("DistributionId", "aws_cloudfront_distribution.distribution.id"), ("Region", "Global"))


def hosts(group: str) -> tuple[Shown, Shown]:
    of = (*LOAD_BALANCER, ("TargetGroup", f"aws_lb_target_group.{group}.arn_suffix"))
    return (
        Shown("AWS/ApplicationELB", "HealthyHostCount", of, "Minimum", label="Healthy"),
        Shown("AWS/ApplicationELB", "UnHealthyHostCount", of, "Maximum", label="Unhealthy"),
    )


ALWAYS = {
    "ALB: requests and errors": (
        *(
            Shown("AWS/ApplicationELB", name, LOAD_BALANCER, "Sum")
            for name in (
                "RequestCount",
                "HTTPCode_Target_4XX_Count",
                "HTTPCode_Target_5XX_Count",
                "HTTPCode_ELB_5XX_Count",
            )
        ),
    ),
    "ALB: availability in percent": (
        *(
            Shown("AWS/ApplicationELB", name, LOAD_BALANCER, "Sum", drawn=False)
            for name in ("HTTPCode_Target_5XX_Count", "HTTPCode_ELB_5XX_Count", "RequestCount")
        ),
        Shown("math", "SUM([FILL(target_errors, 0), FILL(balancer_errors, 0)])", (), "", drawn=False),
        Shown("math", "SUM([FILL(handled, 0), FILL(balancer_errors, 0)])", (), "", drawn=False),
        Shown("math", "100 * (1 - server_errors / requests)", (), "", label="Availability in percent"),
    ),
    "ALB: response time in seconds": (
        *(
            Shown("AWS/ApplicationELB", "TargetResponseTime", LOAD_BALANCER, each, label=each)
            for each in ("p50", "p95", "p99")
        ),
    ),
    "RDS: CPU in percent": (Shown("AWS/RDS", "CPUUtilization", PRIMARY, "Average"),),
    "RDS: connections": (Shown("AWS/RDS", "DatabaseConnections", PRIMARY, "Average"),),
    "RDS: latency in seconds": (
        *(Shown("AWS/RDS", name, PRIMARY, "Average") for name in ("ReadLatency", "WriteLatency")),
    ),
    "RDS: free storage in GiB": (
        Shown("AWS/RDS", "FreeStorageSpace", PRIMARY, "Average", drawn=False),
        Shown("math", "free_bytes / 1073741824", (), "", label="FreeStorageSpace"),
    ),
    "CloudFront: requests": (Shown("AWS/CloudFront", "Requests", DISTRIBUTION, "Sum"),),
    "CloudFront: errors in percent": (
        *(Shown("AWS/CloudFront", name, DISTRIBUTION, "Average") for name in ("4xxErrorRate", "5xxErrorRate")),
    ),
}
OF_CONTAINERS = {
    "ECS: CPU and memory in percent": (
        *(Shown("AWS/ECS", name, CONTAINERS, "Average") for name in ("CPUUtilization", "MemoryUtilization")),
    ),
    "ECS: tasks": (
        *(
            Shown("ECS/ContainerInsights", name, CONTAINERS, "Average")
            for name in ("DesiredTaskCount", "RunningTaskCount")
        ),
        *hosts("service_targets"),
    ),
}
OF_INSTANCES = {
    "EC2: CPU in percent": (Shown("AWS/EC2", "CPUUtilization", INSTANCES, "Average"),),
    "EC2: instances": (
        *(
            Shown("AWS/AutoScaling", name, INSTANCES, "Average")
            for name in ("GroupDesiredCapacity", "GroupInServiceInstances")
        ),
        *hosts("instance_targets"),
    ),
}


@pytest.mark.requirement("SM-FR6-03")
def test_dashboard_shows_every_tier_that_there_is(dashboard: ShownDashboard, request: pytest.FixtureRequest) -> None:
    backends = request.node.callspec.params["dashboard"]
    expected = {
        **ALWAYS,
        **(OF_CONTAINERS if backends != "instances" else {}),
        **(OF_INSTANCES if backends != "containers" else {}),
    }

    assert {title: graph.lines for title, graph in dashboard.graphs.items()} == expected
    assert {(graph.region, graph.period) for graph in dashboard.graphs.values()} == {("us-east-1", 60)}
    assert "variables" not in dashboard.body


@pytest.mark.requirement("SM-FR6-03", "SM-SU-01", "SM-SU-02")
@pytest.mark.parametrize(
    ("title", "levels"),
    [
        ("ALB: availability in percent", [("Promised", 99.9)]),
        ("ALB: response time in seconds", [("Alarm (p95)", 0.2)]),
        ("RDS: CPU in percent", [("Alarm", 80)]),
        ("RDS: connections", [("Alarm", 80)]),
        ("RDS: latency in seconds", [("Alarm (read)", 0.02)]),
        ("RDS: free storage in GiB", [("Alarm", 5)]),
        ("ECS: CPU and memory in percent", [("Alarm (CPU)", 80), ("Alarm (memory)", 80)]),
        ("EC2: CPU in percent", [("Alarm, one more instance", 80)]),
    ],
)
@pytest.mark.parametrize("dashboard", ["both"], indirect=True)
def test_graph_shows_where_alarms_go_off(
    dashboard: ShownDashboard, title: str, levels: list[tuple[str, float]]
) -> None:
    assert list(dashboard.graphs[title].levels) == levels


@pytest.mark.requirement("SM-FR6-03")
def test_no_graph_covers_another(dashboard: ShownDashboard) -> None:
    covered = [
        (column, line)
        for x, y, width, height in dashboard.places
        for column in range(x, x + width)
        for line in range(y, y + height)
    ]

    assert len(covered) == len(set(covered))
    assert max(column for column, _ in covered) < 24


@pytest.mark.requirement("SM-FR6-03")
@pytest.mark.parametrize("dashboard", ["both"], indirect=True)
def test_states_of_all_alarms_stand_on_top(dashboard: ShownDashboard, prod: Plan) -> None:
    (states,) = dashboard.alarms

    assert dashboard.places[0][:2] == (0, 0)
    assert sorted(states["alarms"]) == sorted(f"{block}.arn" for block in {each.block for each in prod.all(ALARM)})


@pytest.mark.requirement("SM-FR6-01", "SM-FR6-03")
def test_the_dashboard_shows_the_state_of_each_alarm(any_plan: Plan) -> None:
    shown = any_plan.references(any_plan.one("aws_cloudwatch_dashboard"), "dashboard_body")

    assert {each.block for each in any_plan.all(ALARM)} <= shown
