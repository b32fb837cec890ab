"""Why does the health check fail: answer, ports, rules out and in, targets."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from tests.support.running_service import RunningService
from tests.unit.doctor.conftest import Patient
from tooling.doctor.health_check import answers
from tooling.doctor.outside import Internet

CHECK = "health-check"


@contextmanager
def application(status: int) -> Iterator[str]:
    """An application on loopback that answers its health check with a status, and anything else with 404."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/api/health" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.requirement("FD-TRB-09", "FD-TRB-10", "FD-TRB-11", "FD-TRB-12")
def test_a_sound_service_is_healthy(service: RunningService, patient: Patient) -> None:
    with application(200) as url:
        found = patient.asked(CHECK, service.resources, url=url)

    assert [one for one in found.values() if one.status != "ok"] == []
    assert f"GET {url}/api/health answers 200" in found["answer of /api/health"].saw
    assert found["port of app"].saw == "3000 in container, target group and health check"
    alb, ecs = (f"{service.name}-{one} ({service.ids[one]})" for one in ("alb", "ecs"))
    assert found[f"way in to {service.name}"].saw == f"{ecs} lets TCP 3000 in from {alb}"
    assert found[f"way out of {service.name}"].saw == f"{alb} lets TCP 3000 out to {ecs}"
    assert found[f"targets of {service.name}"].saw == "all 2 healthy"


@pytest.mark.requirement("FD-TRB-09")
def test_the_health_check_is_asked_through_the_load_balancer(service: RunningService, patient: Patient) -> None:
    name = str(service.resources["aws_lb.public"]["dns_name"])
    with application(200) as url:
        outside = Internet({name: ("127.0.0.1", int(url.rpartition(":")[2]))})
        found = patient.asked(CHECK, service.resources, outside=outside)["answer of /api/health"]

    assert found.status == "ok"
    assert found.saw.startswith(f"GET http://{name}/api/health answers 200 in ")


@pytest.mark.requirement("FD-TRB-09")
@pytest.mark.parametrize(
    ("status", "means"), [(500, "the application itself refuses"), (503, "no target is registered")]
)
def test_an_answer_that_is_no_success_is_told_with_what_it_means(
    service: RunningService, patient: Patient, status: int, means: str
) -> None:
    with application(status) as url:
        found = patient.asked(CHECK, service.resources, url=url)["answer of /api/health"]

    assert (found.status, found.means) == ("failed", means)
    assert f"answers {status}" in found.saw
    assert "--check task-start" in found.next


def test_where_nothing_is_behind_the_load_balancer_the_answer_is_left_out(
    service: RunningService, patient: Patient
) -> None:
    found = patient.asked(CHECK, service.resources)["answer of /api/health"]

    assert found.status == "skipped"
    assert "the emulator has nothing behind http://" in found.saw
    assert "--url says where the application is" in found.saw


@pytest.mark.requirement("FD-TRB-10")
def test_a_container_that_listens_elsewhere_is_named(service: RunningService, patient: Patient) -> None:
    service.run_with(portMappings=[{"containerPort": 8080, "hostPort": 8080, "protocol": "tcp"}])

    found = patient.asked(CHECK, service.resources)["port of app"]

    assert found.status == "failed"
    assert found.saw.startswith("the container listens on 8080; the service sends to 3000")


@pytest.mark.requirement("FD-TRB-10")
def test_a_health_check_on_another_port_is_named(service: RunningService, patient: Patient) -> None:
    service.client("elbv2").modify_target_group(TargetGroupArn=service.ids["group"], HealthCheckPort="9000")

    found = patient.asked(CHECK, service.resources)["port of app"]

    assert (found.status, found.saw) == ("failed", "the container listens on 3000; the health check asks 9000")


@pytest.mark.requirement("FD-TRB-11")
def test_tasks_that_let_the_load_balancer_not_in_are_named(service: RunningService, patient: Patient) -> None:
    service.shut("ecs", "ingress")

    found = patient.asked(CHECK, service.resources)

    assert found[f"way in to {service.name}"].status == "failed"
    assert "lets TCP 3000 in from" in found[f"way in to {service.name}"].saw
    assert found[f"way out of {service.name}"].status == "ok"


@pytest.mark.requirement("FD-TRB-12")
def test_a_load_balancer_that_may_send_nothing_out_is_named(service: RunningService, patient: Patient) -> None:
    service.shut("alb", "egress")

    found = patient.asked(CHECK, service.resources)

    assert found[f"way out of {service.name}"].status == "failed"
    assert "lets TCP 3000 out to" in found[f"way out of {service.name}"].saw
    assert found[f"way in to {service.name}"].status == "ok"


def test_an_answer_that_the_target_group_takes_for_healthy_is_sound(service: RunningService, patient: Patient) -> None:
    service.client("elbv2").modify_target_group(
        TargetGroupArn=service.ids["group"], Matcher={"HttpCode": "200,401-403"}
    )
    with application(403) as url:
        found = patient.asked(CHECK, service.resources, url=url)["answer of /api/health"]

    assert found.status == "ok"


def test_two_target_groups_that_are_checked_alike_are_asked_once(service: RunningService, patient: Patient) -> None:
    again = {"aws_lb_target_group.again": service.resources["aws_lb_target_group.app"]}
    examination = patient.examination({**service.resources, **again}, url="http://127.0.0.1:1")

    assert len(list(answers(examination))) == 1


def test_a_target_group_that_is_gone_is_an_answer(service: RunningService, patient: Patient) -> None:
    gone = {"arn": service.ids["group"].replace("targetgroup/", "targetgroup/x"), "name": "gone"}

    found = patient.asked(CHECK, {**service.resources, "aws_lb_target_group.app": gone})

    assert {one.status for one in found.values()} == {"failed"}
    assert "the target group gone is not there any more" in found["targets"].saw


def test_instances_behind_a_load_balancer_are_asked_about_like_tasks(service: RunningService, patient: Patient) -> None:
    name, subnets = service.name, [service.ids["private-a"], service.ids["private-b"]]
    resources = {key: one for key, one in service.resources.items() if not key.startswith("aws_ecs_")} | {
        "aws_launch_template.backend": {"id": "lt-1", "vpc_security_group_ids": [service.ids["ecs"]]},
        "aws_autoscaling_group.backend": {
            "name": "backend",
            "launch_template": [{"id": "lt-1"}],
            "vpc_zone_identifier": subnets,
        },
        "aws_autoscaling_attachment.backend": {
            "autoscaling_group_name": "backend",
            "lb_target_group_arn": service.ids["group"],
        },
    }
    sound = patient.asked(CHECK, resources)
    service.shut("ecs", "ingress")
    shut = patient.asked(CHECK, resources)

    assert (sound["way in to backend"].status, sound[f"way out of {name}"].status) == ("ok", "ok")
    assert shut["way in to backend"].status == "failed"


def test_no_target_at_all_is_an_error(service: RunningService, patient: Patient) -> None:
    service.client("ecs").update_service(cluster=service.name, service=service.name, desiredCount=0)

    found = patient.asked(CHECK, service.resources)[f"targets of {service.name}"]

    assert (found.status, found.saw) == ("failed", "there is none")
