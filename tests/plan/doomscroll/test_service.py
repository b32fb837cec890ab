"""The service: its cluster, its tasks and what their container is told."""

from __future__ import annotations

from typing import Any

import pytest
import tftest

from tests.plan.doomscroll.conftest import REQUIRED, SECRETS, Planned
from tests.support.networks import GROUP, in_subnets_of
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan
from tests.support.serving import CLUSTER, SERVICE, TASK, containers, environment, nested, secrets

CAPACITY = "aws_ecs_cluster_capacity_providers"
# Entries of the three secrets, by the variable that the container finds each in.
ENTRIES = {
    "COGNITO_CLIENT_ID": "cognito:client_id",
    "COGNITO_CLIENT_SECRET": "cognito:client_secret",
    "COGNITO_USER_POOL_ID": "cognito:user_pool_id",
    "DATABASE_HOST": "database:host",
    "DATABASE_NAME": "database:dbname",
    "DATABASE_PASSWORD": "database:password",
    "DATABASE_PORT": "database:port",
    "DATABASE_USER": "database:username",
    "SESSION_SECRET": "jwt:session_secret",
}


def suffix(plan: Plan) -> str:
    return plan.input("name_suffix") or ""


@pytest.mark.requirement("FD-ECS-01")
def test_name_of_the_cluster_has_the_environment_in_it(dev: Plan, prod: Plan, chosen: Plan) -> None:
    names = [plan.one(CLUSTER)["name"] for plan in (dev, prod, chosen)]

    assert names == ["fckdoomscroll-dev", "fckdoomscroll-prod", "fckdoomscroll-testing"]
    for plan in (dev, prod, chosen):
        assert plan.referred(plan.one(SERVICE), "cluster", CLUSTER) == plan.one(CLUSTER)


@pytest.mark.requirement("FD-ECS-02", "FD-COST-05")
def test_production_runs_on_capacity_of_its_own(prod: Plan, minimal: Plan) -> None:
    for plan in (prod, minimal):
        service = plan.one(SERVICE)

        assert service["launch_type"] == "FARGATE"
        assert service["capacity_provider_strategy"] == []
        assert plan.one(CAPACITY)["capacity_providers"] == ["FARGATE"]


@pytest.mark.requirement("FD-ECS-02", "FD-COST-05")
def test_development_runs_on_spare_capacity(development: Plan, chosen: Plan) -> None:
    for plan in (development, chosen):
        service, capacity = plan.one(SERVICE), plan.one(CAPACITY)

        assert nested(service, "capacity_provider_strategy") == {"capacity_provider": "FARGATE_SPOT", "weight": 1}
        assert service.values.get("launch_type") is None
        assert sorted(capacity["capacity_providers"]) == ["FARGATE", "FARGATE_SPOT"]
        assert capacity["cluster_name"] == plan.one(CLUSTER)["name"]
        assert capacity.block in plan.awaited(service)


@pytest.mark.requirement("FD-ECS-03")
def test_platform_is_the_latest(every: Plan) -> None:
    assert every.one(SERVICE)["platform_version"] == "LATEST"


@pytest.mark.requirement("FD-ECS-04")
def test_cluster_counts_running_and_wanted_tasks(every: Plan) -> None:
    assert every.one(CLUSTER)["setting"] == [{"name": "containerInsights", "value": "enabled"}]


@pytest.mark.requirement("FD-SVC-01", "FD-SVC-02", "FD-SVC-06")
def test_names_are_the_documents_with_the_environments_end(dev: Plan, prod: Plan, chosen: Plan) -> None:
    for plan, end in ((dev, "-dev"), (prod, ""), (chosen, "-test")):
        assert plan.one(SERVICE)["name"] == f"fckdoomscroll-service{end}"
        assert plan.one(TASK)["family"] == f"fckdoomscroll{end}"
        assert plan.one("aws_cloudwatch_log_group", name=f"/ecs/fckdoomscroll{end}")
        assert plan.outputs["log_group"] == f"/ecs/fckdoomscroll{end}"


@pytest.mark.requirement("FD-SVC-02")
def test_a_new_image_is_a_new_revision_of_the_service(every: Plan) -> None:
    service = every.one(SERVICE)

    assert every.referred(service, "task_definition", TASK) == every.one(TASK)
    assert containers(every)["app"]["image"].endswith("/fckdoomscroll/app:initial")


@pytest.mark.requirement("FD-SVC-03", "FD-SVC-04", "FD-SCL-01")
def test_task_has_the_documents_size_and_follows_the_inputs(every: Plan, minimal: Plan, chosen: Plan) -> None:
    for plan, size in ((every, ("512", "1024")), (minimal, ("512", "1024")), (chosen, ("1024", "4096"))):
        task = plan.one(TASK)

        assert (task["cpu"], task["memory"]) == size
        assert task["requires_compatibilities"] == ["FARGATE"]
        assert task["network_mode"] == "awsvpc"


@pytest.mark.requirement("FD-SCL-01")
def test_a_larger_task_that_fargate_takes_is_planned(plan: Planned) -> None:
    task = plan(BARE, **REQUIRED, task_cpu=1024, task_memory=2048).one(TASK)

    assert (task["cpu"], task["memory"]) == ("1024", "2048")


@pytest.mark.requirement("FD-SCL-01")
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"task_cpu": 768}, "task_cpu must be one of 256, 512, 1024, 2048, 4096, 8192, 16384"),
        ({"task_cpu": 512, "task_memory": 512}, "task_memory must be one that Fargate takes"),
        ({"task_cpu": 512, "task_memory": 5120}, "with 512 of task_cpu 1024 to 4096 in steps of 1024"),
        ({"task_cpu": 256, "task_memory": 1536}, "with 256 of task_cpu 512, 1024, 2048"),
        ({"task_cpu": 8192, "task_memory": 17408}, "with 8192 of task_cpu 16384 to 61440 in steps of 4096"),
    ],
)
def test_rejects_sizes_that_fargate_has_not(plan: Planned, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as refused:
        plan(BARE, **REQUIRED, **inputs)

    assert message in " ".join(str(refused.value).replace("│", " ").split())


@pytest.mark.requirement("FD-SVC-05", "FD-OV-05")
def test_container_listens_on_the_port(every: Plan, chosen: Plan) -> None:
    for plan, port in ((every, 3000), (chosen, 8080)):
        assert containers(plan).keys() == {"app"}
        app = containers(plan)["app"]
        assert app["portMappings"] == [{"containerPort": port, "hostPort": port, "protocol": "tcp"}]
        assert environment(app)["PORT"] == str(port)
        assert app["essential"] is True
        balancing = nested(plan.one(SERVICE), "load_balancer")
        assert (balancing["container_name"], balancing["container_port"]) == ("app", port)


@pytest.mark.requirement("FD-SVC-06", "FD-SVC-07", "FD-CW-01")
def test_container_writes_to_its_log_group(every: Plan, chosen: Plan) -> None:
    for plan, days in ((every, 30), (chosen, 90)):
        group = plan.one("aws_cloudwatch_log_group", name=f"/ecs/fckdoomscroll{suffix(plan)}")

        assert group["retention_in_days"] == days
        # ECS appends container and task: ecs/fckdoomscroll/app/<task>.
        assert containers(plan)["app"]["logConfiguration"] == {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": group["name"],
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "ecs/fckdoomscroll",
            },
        }


@pytest.mark.requirement("FD-SVC-08", "FD-OV-05")
def test_two_tasks_at_first(every: Plan, minimal: Plan, chosen: Plan) -> None:
    assert [plan.one(SERVICE)["desired_count"] for plan in (every, minimal, chosen)] == [2, 2, 5]


@pytest.mark.requirement("FD-SVC-08")
def test_number_of_tasks_is_scalings_after_that(planner: Planner) -> None:
    # A plan does not show what is ignored.
    source = planner.sources("doomscroll")
    _, _, service = source.partition('resource "aws_ecs_service" "app" {')
    body, _, _ = service.partition("\n}\n")

    assert "lifecycle {\n    ignore_changes = [desired_count]\n  }" in body


@pytest.mark.requirement("FD-SVC-09", "FD-SVC-10", "FD-SVC-11")
def test_tasks_are_replaced_without_a_gap(every: Plan) -> None:
    service = every.one(SERVICE)

    assert nested(service, "deployment_controller") == {"type": "ECS"}
    assert nested(service, "deployment_circuit_breaker") == {"enable": True, "rollback": True}
    assert (service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]) == (100, 200)


@pytest.mark.requirement("FD-SVC-12")
def test_container_asks_itself_whether_it_is_well(every: Plan, chosen: Plan) -> None:
    for plan, url in ((every, "http://127.0.0.1:3000/api/health"), (chosen, "http://127.0.0.1:8080/healthz")):
        health = containers(plan)["app"]["healthCheck"]

        # With node, which the image of a Node.js application surely has.
        script = f"fetch('{url}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"
        assert health == {"command": ["CMD", "node", "-e", script], "interval": 30, "timeout": 5, "retries": 3}


def test_container_writes_nowhere_but_to_its_scratch(every: Plan) -> None:
    app = containers(every)["app"]

    assert app["readonlyRootFilesystem"] is True
    assert app["mountPoints"] == [{"containerPath": "/tmp", "readOnly": False, "sourceVolume": "tmp"}]
    assert [each["name"] for each in every.one(TASK)["volume"]] == ["tmp"]


@pytest.mark.requirement("FD-RDS-27")
def test_tasks_have_no_public_addresses(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        service = plan.one(SERVICE)

        assert nested(service, "network_configuration")["assign_public_ip"] is False
        argument = ("network_configuration", "subnets")
        assert in_subnets_of(plan, service, *argument) == ("Private us-east-1a", "Private us-east-1b")
        references = plan.references(service, "network_configuration", "security_groups")
        assert [each["name"] for each in plan.all(GROUP) if each.block in references] == ["ecs-sg"]


@pytest.mark.requirement("FD-CW-02", "FD-CW-03", "FD-POOL-01", "FD-POOL-02", "FD-POOL-03", "FD-POOL-04")
def test_container_is_told_how_to_log_and_to_connect(every: Plan) -> None:
    assert environment(containers(every)["app"]) == {
        "DATABASE_PARAMETERS": "schema=public&sslmode=require&pool_size=5&statement_cache_size=25",
        "DATABASE_POOL_CONNECT_TIMEOUT_SECONDS": "2",
        "DATABASE_POOL_IDLE_TIMEOUT_SECONDS": "30",
        "DATABASE_POOL_SIZE": "5",
        "LOG_FORMAT": "json",
        "LOG_LEVEL": "info",
        "PORT": "3000",
        "UPLOADS_BUCKET": f"fckdoomscroll-uploads-{every.input('account_id')}{suffix(every)}",
    }


@pytest.mark.requirement("FD-POOL-02")
def test_all_tasks_together_leave_connections_to_others(every: Plan) -> None:
    pool = int(environment(containers(every)["app"])["DATABASE_POOL_SIZE"])
    (most,) = {
        int(each["value"])
        for group in every.all("aws_db_parameter_group")
        for each in group["parameter"]
        if each["name"] == "max_connections"
    }

    assert 5 <= pool <= 10
    assert pool * every.one("aws_appautoscaling_target")["max_capacity"] < most


@pytest.mark.requirement("FD-SEC-03", "FD-POOL-01")
def test_container_gets_secrets_from_secrets_manager(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        at = f"arn:aws:secretsmanager:us-east-1:{plan.input('account_id')}:secret:fckdoomscroll{suffix(plan)}"
        assert secrets(containers(plan)["app"]) == {name: f"{at}/{entry}::" for name, entry in ENTRIES.items()}
        assert {each["name"] for each in plan.all("aws_secretsmanager_secret")} == {
            f"fckdoomscroll{suffix(plan)}/{name}" for name in ("cognito", "database", "jwt")
        }


@pytest.mark.requirement("FD-SEC-03")
def test_no_secret_is_in_the_plan(every: Plan) -> None:
    for secret in SECRETS.values():
        assert every.places_of(secret) == frozenset()


@pytest.mark.requirement("FD-SEC-03")
def test_service_is_made_when_its_secrets_have_values(every: Plan) -> None:
    # Tasks that cannot start make ECS give the deployment up, and a database takes long to make.
    versions = {each.block for each in every.all("aws_secretsmanager_secret_version")}

    assert len(versions) == 3
    assert versions <= every.awaited(every.one(SERVICE))
