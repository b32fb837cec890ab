"""Why is the load high: slow queries, a busy task, scaling at its limit, what a size more costs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tests.support.running_service import RunningService
from tests.unit.doctor.conftest import Patient
from tooling.cost.prices import load_prices
from tooling.doctor.high_load import in_words

CHECK = "high-load"


def busy(service: RunningService, *, tasks: dict[str, float]) -> None:
    cloudwatch = service.client("cloudwatch")
    for task, percent in tasks.items():
        dimensions = {"ClusterName": service.name, "ServiceName": service.name, "TaskId": task}
        cloudwatch.put_metric_data(
            Namespace="ECS/ContainerInsights",
            MetricData=[
                {
                    "MetricName": "TaskCpuUtilization",
                    "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                    "Value": percent,
                    "Timestamp": datetime.now(UTC) - timedelta(minutes=2),
                    "Unit": "Percent",
                }
            ],
        )


@pytest.mark.requirement("FD-TRB-13", "FD-TRB-15", "FD-TRB-16")
def test_a_quiet_service_has_nothing_to_point_out(service: RunningService, patient: Patient) -> None:
    service.log(f"/aws/rds/instance/{service.name}/postgresql", "a", "LOG: duration: 999.9 ms  statement: select 1")

    found = patient.asked(CHECK, service.resources)

    assert [one for one in found.values() if one.status in ("failed", "warned")] == []
    assert found[f"slow queries of {service.name}"].saw == "none over 1000 ms in the last hour"
    assert found[f"scaling of {service.name}"].saw == "2 of at most 4 tasks; it did nothing in the last hour"


@pytest.mark.requirement("FD-TRB-13")
def test_queries_over_a_second_are_listed(service: RunningService, patient: Patient) -> None:
    service.log(
        f"/aws/rds/instance/{service.name}/postgresql",
        "a",
        "LOG: duration: 1000.001 ms  statement: select * from posts",
        "LOG: duration: 12.5 ms  statement: select 1",
        "LOG: duration: 48211.7 ms  statement: select pg_sleep(48)",
    )

    found = patient.asked(CHECK, service.resources)[f"slow queries of {service.name}"]

    assert found.status == "warned"
    assert found.saw.startswith("2 took over 1000 ms in the last hour")
    assert "select * from posts" in found.saw
    assert "pg_sleep(48)" in found.saw
    assert "select 1" not in found.saw


@pytest.mark.requirement("FD-TRB-14")
def test_the_processor_of_each_task_is_told_and_the_one_that_is_busy_alone(
    service: RunningService, patient: Patient
) -> None:
    busy(service, tasks={"aaa": 99.0, "bbb": 4.0})

    found = patient.asked(CHECK, service.resources)[f"CPU of {service.name}"]

    assert (found.status, found.saw) == ("warned", "task aaa 99 %, at most 99 %; task bbb 4 %, at most 4 %")
    assert found.means == "one task alone is busy, as one in an endless loop is"


@pytest.mark.requirement("FD-TRB-14")
def test_tasks_with_little_to_do_are_sound(service: RunningService, patient: Patient) -> None:
    busy(service, tasks={"aaa": 12.0})

    found = patient.asked(CHECK, service.resources)[f"CPU of {service.name}"]

    assert (found.status, found.saw) == ("ok", "task aaa 12 %, at most 12 %")


@pytest.mark.requirement("FD-TRB-15")
def test_a_service_that_has_all_the_tasks_it_may_is_pointed_out(service: RunningService, patient: Patient) -> None:
    service.client("ecs").update_service(cluster=service.name, service=service.name, desiredCount=4)

    found = patient.asked(CHECK, service.resources)[f"scaling of {service.name}"]

    assert (found.status, found.means) == ("warned", "it cannot add a task however busy they are")
    assert found.saw.startswith("4 of at most 4 tasks")


@pytest.mark.requirement("FD-TRB-15")
def test_what_scaling_did_is_told_the_newest_first() -> None:
    def activity(minute: int, count: int) -> dict[str, object]:
        return {
            "StartTime": datetime(2026, 11, 21, 10, minute, tzinfo=UTC),
            "Description": f"Setting desired count to {count}.",
            "StatusCode": "Successful",
        }

    words = in_words([activity(1, 3), activity(9, 4)])

    assert words == (
        "2 times in the last hour: 2026-11-21T10:09:00Z Setting desired count to 4.: successful; "
        "2026-11-21T10:01:00Z Setting desired count to 3.: successful"
    )


def test_there_is_no_size_after_the_last_of_a_family(service: RunningService, patient: Patient) -> None:
    service.client("rds").modify_db_instance(
        DBInstanceIdentifier=service.name, DBInstanceClass="db.t4g.2xlarge", ApplyImmediately=True
    )

    found = patient.asked(CHECK, service.resources)

    assert f"size of the database {service.name}" not in found


@pytest.mark.requirement("FD-TRB-16")
def test_the_next_size_is_told_with_what_it_costs_more(service: RunningService, patient: Patient) -> None:
    prices = load_prices()

    def month(price: str) -> Decimal:
        found = prices.usd(price, "us-east-1")
        assert found is not None
        return found.usd * 730

    found = patient.asked(CHECK, service.resources)

    kind = "rds.postgres.single_az.db.t4g"
    more = month(f"{kind}.small") - month(f"{kind}.micro")
    task = month("fargate.x86.vcpu_hour") / 4 + month("fargate.x86.gb_hour") / 2
    assert more > 0
    database = found[f"size of the database {service.name}"]
    assert database.saw == f"db.t4g.micro; the next is db.t4g.small, about {more:.2f} USD more a month"
    larger = found[f"size of a task of {service.name}"]
    assert larger.saw == f"256 CPU units, 512 MB; the next is 512 and 1024 MB, about {task:.2f} USD more a month a task"
