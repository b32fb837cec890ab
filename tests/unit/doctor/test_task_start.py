"""Why does a task not start: each reason is named, and a sound service has none."""

from __future__ import annotations

import json

import pytest

from tests.support.running_service import RunningService
from tests.unit.doctor.conftest import Patient
from tooling.doctor.services import Service
from tooling.doctor.task_start import judged

CHECK = "task-start"


def stop_a_task(service: RunningService, reason: str, *said: str) -> str:
    ecs = service.client("ecs")
    arn: str = ecs.list_tasks(cluster=service.name, serviceName=service.name)["taskArns"][0]
    if said:
        service.log(f"/ecs/{service.name}", f"app/app/{arn.rpartition('/')[2]}", *said)
    ecs.stop_task(cluster=service.name, task=arn, reason=reason)
    return arn.rpartition("/")[2]


@pytest.mark.requirement("FD-TRB-01", "FD-TRB-02", "FD-TRB-03", "FD-TRB-04")
def test_a_sound_service_has_nothing_that_keeps_a_task_from_starting(service: RunningService, patient: Patient) -> None:
    found = patient.asked(CHECK, service.resources)

    assert [one for one in found.values() if one.status != "ok"] == []
    assert found[f"tasks of {service.name}"].saw == "2 of 2 run, none stopped lately"
    assert found["environment of app"].saw == "revision 1 has all 3 names that were applied"
    assert found[f"secret {service.secret_name}"].saw == "has host"
    assert f"the tasks of {service.name} to {service.name}" in found
    assert {f"role {service.name}-execution", f"role {service.name}-task"} <= set(found)


@pytest.mark.requirement("FD-TRB-01")
def test_the_newest_stopped_task_is_shown_with_its_reason_and_its_last_words(
    service: RunningService, patient: Patient
) -> None:
    task = stop_a_task(service, "Essential container in task exited", *(f"line {number}" for number in range(8)))

    found = patient.asked(CHECK, service.resources)[f"tasks of {service.name}"]

    assert found.status == "warned"
    assert "Essential container in task exited" in found.saw
    assert [number for number in range(8) if f"line {number}" in found.saw] == [3, 4, 5, 6, 7]
    assert found.next == f"aws ecs describe-tasks --cluster {service.name} --tasks {task}"


@pytest.mark.requirement("FD-TRB-01")
def test_a_task_that_said_nothing_is_told_as_such(service: RunningService, patient: Patient) -> None:
    stop_a_task(service, "CannotPullContainerError")

    found = patient.asked(CHECK, service.resources)[f"tasks of {service.name}"]

    assert "CannotPullContainerError; its log is empty" in found.saw


def test_a_task_that_scaling_took_away_is_no_warning(service: RunningService, patient: Patient) -> None:
    stop_a_task(service, "Scaling activity initiated by (deployment ecs-svc/1)", "the last words")

    found = patient.asked(CHECK, service.resources)[f"tasks of {service.name}"]

    assert found.status == "ok"
    assert "the last words" in found.saw


@pytest.mark.parametrize(("running", "status"), [(1, "failed"), (2, "ok")])
def test_a_task_that_scaling_took_away_while_others_are_missing_is_an_error(running: int, status: str) -> None:
    described = {"desiredCount": 2, "runningCount": running}
    service = Service("shop", "cluster/shop", described, {}, "aws_ecs_service.app", "us-east-1")

    found = judged(service, "arn/task/1", "Scaling activity initiated by (deployment ecs-svc/1)", "why")

    assert found.status == status


def test_a_variable_that_was_applied_empty_is_meant_so(service: RunningService, patient: Patient) -> None:
    environment = [*service.definition["environment"], {"name": "TRACE", "value": ""}]
    service.run_with(environment=environment)
    applied = {
        "family": service.name,
        "container_definitions": json.dumps([service.definition | {"environment": environment}]),
    }

    found = patient.asked(CHECK, {**service.resources, "aws_ecs_task_definition.app": applied})["environment of app"]

    assert (found.status, found.saw) == ("ok", "revision 2 has all 4 names that were applied")


def test_a_container_that_the_stack_did_not_define_is_left_out(service: RunningService, patient: Patient) -> None:
    other = {"family": service.name, "container_definitions": json.dumps([{"name": "other"}])}

    found = patient.asked(CHECK, {**service.resources, "aws_ecs_task_definition.app": other})["environment of app"]

    assert found.status == "skipped"


@pytest.mark.requirement("FD-TRB-02")
def test_a_variable_that_the_running_definition_lacks_is_named(service: RunningService, patient: Patient) -> None:
    service.run_with(environment=[{"name": "PORT", "value": " "}])

    found = patient.asked(CHECK, service.resources)["environment of app"]

    assert (found.status, found.saw) == ("failed", "revision 2 lacks LOG_LEVEL; empty: PORT")
    assert "groundplan plan --env local --stack shop" in found.next


@pytest.mark.requirement("FD-TRB-02")
def test_a_secret_without_the_key_that_is_taken_from_it_is_named(service: RunningService, patient: Patient) -> None:
    service.say(host=None)

    found = patient.asked(CHECK, service.resources)[f"secret {service.secret_name}"]

    assert (found.status, found.saw) == ("failed", "lacks host")


def test_a_secret_that_is_gone_is_named(service: RunningService, patient: Patient) -> None:
    service.client("secretsmanager").delete_secret(SecretId=service.secret_name, ForceDeleteWithoutRecovery=True)

    found = patient.asked(CHECK, service.resources)[f"secret {service.secret_name}"]

    assert (found.status, found.saw) == ("failed", "has no value")


@pytest.mark.requirement("FD-TRB-03")
@pytest.mark.parametrize(
    ("group", "way", "says"),
    [("ecs", "egress", "-ecs ({ecs}) lets TCP 5432 out to"), ("rds", "ingress", "-rds ({rds}) lets TCP 5432 in from")],
)
def test_a_rule_that_is_missing_between_tasks_and_database_is_named(
    service: RunningService, patient: Patient, group: str, way: str, says: str
) -> None:
    service.shut(group, way)

    found = patient.asked(CHECK, service.resources)[f"the tasks of {service.name} to {service.name}"]

    assert found.status == "failed"
    assert says.format(**service.ids) in found.saw
    assert found.saw.count("no rule") == 1


@pytest.mark.requirement("FD-TRB-04")
def test_what_a_role_was_given_and_has_no_more_is_named(service: RunningService, patient: Patient) -> None:
    iam = service.client("iam")
    less = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}
    iam.put_role_policy(RoleName=f"{service.name}-task", PolicyName="task", PolicyDocument=json.dumps(less))
    iam.delete_role_policy(RoleName=f"{service.name}-execution", PolicyName="execution")

    found = patient.asked(CHECK, service.resources)

    assert found[f"role {service.name}-task"].saw == "is not allowed s3:PutObject on arn:aws:s3:::files/*"
    execution = found[f"role {service.name}-execution"]
    assert execution.status == "failed"
    assert "ecr:BatchGetImage; ecr:GetDownloadUrlForLayer; logs:CreateLogStream" in execution.saw
    assert "secretsmanager:GetSecretValue on" in execution.saw


def test_a_service_that_is_gone_is_an_answer(service: RunningService, patient: Patient) -> None:
    service.client("ecs").delete_service(cluster=service.name, service=service.name, force=True)

    found = patient.asked(CHECK, service.resources)

    assert {one.status for one in found.values()} == {"failed"}
    assert f"the service {service.name} is not there any more" in found["stopped tasks"].saw
