"""`groundplan drill database|task|region`: recoveries tried on the stack that is applied, or told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from tests.support.in_process import run_here
from tests.support.project import Answer, Project
from tests.unit.operating.conftest import second_region
from tests.unit.operating.databases import STACK, WithDatabase, with_database
from tooling.databases.model import find_database
from tooling.drill.database import drill_database
from tooling.drill.task import drill_task, find_service
from tooling.errors import ToolError
from tooling.live import live_stack
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]


class Time:
    """A clock that goes on by what is slept; ``meanwhile`` happens at each sleep."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.now = 1000.0
        self._meanwhile = meanwhile

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self._meanwhile()


@pytest.fixture
def database(applied: Applied, target: Target, name: str) -> WithDatabase:
    return with_database(applied, target, name)


@pytest.mark.requirement("FD-DR-07")
def test_the_standby_takes_over_and_the_time_is_measured(database: WithDatabase) -> None:
    before = database.told()["AvailabilityZone"]

    answer = database.run("drill", "database", "--stack", STACK, "--json")

    assert answer.code == 0, answer.said
    result = json.loads(answer.out)
    after = database.told()["AvailabilityZone"]
    assert after != before
    assert (result["what"], result["saw"]) == (database.name, f"from {before} to {after}")
    # Two to three minutes, says the document.
    assert (result["promised"], result["kept"]) == (180, True)


@pytest.mark.requirement("FD-DR-07")
def test_a_database_that_stays_where_it_is_fails_after_the_limit(database: WithDatabase) -> None:
    session = open_session(Workspace(database.project.root), "local", [STACK])
    live, time = live_stack(session, session.stack), Time()
    # Its description is of the zone that the standby is in by now: what the drill waits for never comes.
    there = find_database(live)
    told = {**there.told, "AvailabilityZone": "us-east-1b"}

    with pytest.raises(ToolError, match="not there after 900 s"):
        drill_database(live, replace(there, told=told), sleep=time.sleep, clock=time.clock)

    assert time.now == pytest.approx(1902)


def test_a_database_without_a_standby_is_not_rebooted(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name, MultiAZ=False)

    answer = stack.run("drill", "database", "--stack", STACK)

    assert answer.code == 2
    assert f"{name} has no standby: nothing would take over" in answer.err
    assert stack.told()["AvailabilityZone"] == "us-east-1a"


def test_a_failover_is_asked_for(applied: Applied, target: Target, name: str) -> None:
    stack = with_database(applied, target, name, confirm=True)

    answer = stack.project.run("drill", "database", "--stack", STACK)

    assert answer.code == 2
    assert f"nobody is there to confirm a failover of {name}" in answer.err
    assert stack.told()["AvailabilityZone"] == "us-east-1a"


@dataclass
class WithService:
    """A stack with a service of ECS."""

    project: Project
    target: Target
    name: str

    @property
    def ecs(self) -> Any:
        return self.target.client("ecs")

    def tasks(self, status: str = "RUNNING") -> list[str]:
        found = self.ecs.list_tasks(cluster=self.name, serviceName=self.name, desiredStatus=status)
        return sorted(found["taskArns"])

    def drill(self, *args: str) -> Answer:
        return run_here(self.project, "drill", "task", "--stack", STACK, *args)


def with_service(applied: Applied, target: Target, name: str, *, count: int = 2) -> WithService:
    ecs = target.client("ecs")
    cluster = ecs.create_cluster(clusterName=name)["cluster"]["clusterArn"]
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "app", "image": "app", "memory": 512}])
    ecs.create_service(cluster=name, serviceName=name, taskDefinition=f"{name}:1", desiredCount=count)
    return WithService(applied(STACK, {"aws_ecs_service.service": {"name": name, "cluster": cluster}}), target, name)


@pytest.mark.requirement("FD-DR-08")
def test_a_task_that_is_stopped_is_replaced_and_the_time_is_measured(
    applied: Applied, target: Target, name: str
) -> None:
    # GIVEN a service of three tasks
    stack = with_service(applied, target, name, count=3)
    before = stack.tasks()

    # WHEN one is taken away
    answer = stack.drill("--json")

    # THEN another runs in its place, and the time is told beside the minute of the document
    assert answer.code == 0, answer.said
    after = stack.tasks()
    assert (len(before), len(after), len(set(before) - set(after))) == (3, 3, 1)
    (stopped,) = stack.tasks("STOPPED")
    assert stopped == before[0]
    told = stack.ecs.describe_tasks(cluster=name, tasks=[stopped])["tasks"][0]
    assert told["stoppedReason"].startswith("groundplan drill task by ")
    assert (json.loads(answer.out)["promised"], json.loads(answer.out)["kept"]) == (60, True)


@pytest.mark.requirement("FD-DR-08")
def test_it_waits_until_as_many_run_as_should(applied: Applied, target: Target, name: str) -> None:
    # GIVEN a service whose tasks are all known, but for one that starts while it is looked at
    stack = with_service(applied, target, name)
    session = open_session(Workspace(stack.project.root), "local", [STACK])
    live = live_stack(session, session.stack)
    service = find_service(live)
    stack.ecs.stop_task(cluster=name, task=service.tasks[0])
    known = replace(service, tasks=(service.tasks[0], *stack.tasks()))
    looks = iter(range(100))

    def meanwhile() -> None:
        if next(looks) == 2:
            stack.ecs.update_service(cluster=name, service=name, desiredCount=3)

    # WHEN a task is stopped that is none any more
    time = Time(meanwhile)
    tried = drill_task(live, known, sleep=time.sleep, clock=time.clock)

    # THEN it has gone on looking until the new one ran
    assert tried.seconds == 6.0


def test_a_service_that_is_gone_says_so(applied: Applied, target: Target, name: str) -> None:
    stack = with_service(applied, target, name)
    stack.ecs.delete_service(cluster=name, service=name, force=True)

    answer = stack.drill()

    assert answer.code == 1
    assert f"{name} is in the state, and ECS knows no such service" in answer.err


def test_a_failover_that_is_refused_is_not_said_to_go_on(database: WithDatabase) -> None:
    session = open_session(Workspace(database.project.root), "local", [STACK])
    live = live_stack(session, session.stack)
    there = find_database(live)
    database.rds.modify_db_instance(DBInstanceIdentifier=database.name, MultiAZ=False, ApplyImmediately=True)

    with pytest.raises(ToolError, match="RebootDBInstance was refused") as caught:
        drill_database(live, there)

    assert str(caught.value.hint).startswith("nothing was begun; ")


def test_one_task_alone_is_left_running(applied: Applied, target: Target, name: str) -> None:
    stack = with_service(applied, target, name, count=1)
    before = stack.tasks()

    answer = stack.drill()

    assert answer.code == 2
    assert f"{name} runs 1 task: without it nobody would answer" in answer.err
    assert stack.tasks() == before


@pytest.mark.requirement("FD-DR-10")
def test_the_runbook_of_a_lost_region_has_its_commands_in_order(applied: Applied, target: Target, name: str) -> None:
    # GIVEN a database whose backups are copied to another region
    project, arn = with_copy(applied, target, name)

    # WHEN the runbook is asked for
    answer = run_here(project, "drill", "region", "--stack", STACK)

    # THEN the commands come in order: the other region is applied, the copy restored there, DNS switched
    assert answer.code == 0, answer.said
    assert answer.out.startswith(f"local/doomscroll: us-east-1 is lost, us-west-2 holds {name} up to ")
    order = [
        f"aws rds describe-db-instance-automated-backups --region us-west-2 --db-instance-automated-backups-arn {arn}",
        "in its env.toml: region, state and artifacts buckets of us-west-2",
        "groundplan bootstrap --env local-dr",
        "groundplan apply --env local-dr --stack doomscroll",
        f"--source-db-instance-automated-backups-arn {arn} --target-db-instance-identifier {name}-restored "
        "--db-instance-class db.t4g.small",
        "pg_restore",
        "groundplan smoke --env local-dr",
        "Switch DNS: the names of example.com",
        "aws rds delete-db-instance",
    ]
    places = [answer.out.find(step) for step in order]
    assert -1 not in places, order[places.index(-1)]
    assert places == sorted(places)


def test_a_stack_without_a_copy_elsewhere_says_what_that_means(database: WithDatabase) -> None:
    answer = database.run("drill", "region", "--stack", STACK)

    assert answer.code == 2
    assert "no backup of it is in another region: with its region all would be gone" in answer.err
    assert "enable_cross_region_backup = true" in answer.err


def test_a_stack_without_a_database_has_no_such_runbook(applied: Applied) -> None:
    answer = run_here(applied("rewind"), "drill", "region", "--stack", "rewind")

    assert answer.code == 2
    assert "has no database whose backups could be in another region" in answer.err


def with_copy(applied: Applied, target: Target, name: str) -> tuple[Project, str]:
    made = target.client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBInstanceClass="db.t4g.small",
        Engine="postgres",
        AllocatedStorage=20,
        BackupRetentionPeriod=7,
    )["DBInstance"]
    west = target.client("rds", "us-west-2")
    copy = west.start_db_instance_automated_backups_replication(SourceDBInstanceArn=made["DBInstanceArn"])
    arn = copy["DBInstanceAutomatedBackup"]["DBInstanceAutomatedBackupsArn"]
    project = applied(
        STACK,
        {
            "aws_db_instance.database": {"identifier": name, "instance_class": "db.t4g.small"},
            "aws_db_instance_automated_backups_replication.backups": {
                "id": arn,
                "source_db_instance_arn": made["DBInstanceArn"],
            },
            "aws_route53_zone.zone": {"name": "example.com"},
        },
        aliases={"aws_db_instance_automated_backups_replication.backups": "backup"},
    )
    second_region(project, STACK, "backup")
    return project, str(arn)
