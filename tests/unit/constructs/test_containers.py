"""Containers: where their images are, where they run, and how their number follows the load."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.container_cluster import ContainerCluster, ContainerClusterProps
from cdktf_app.constructs.fargate_service import (
    Container,
    FargateService,
    FargateServiceProps,
    SecretKey,
)
from cdktf_app.constructs.image_repository import ImageRepository, ImageRepositoryProps
from cdktf_app.constructs.load_balancer import (
    HealthCheck,
    LoadBalancer,
    LoadBalancerProps,
    TargetGroup,
    TargetGroupProps,
)
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.published_value import PublishedValue
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.constructs.service_scaling import ServiceScaling, ServiceScalingProps, StepsProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
SERVICE_ARN = "arn:aws:ssm:${var.region}:${var.account_id}:parameter/app-${var.environment}-place"


@pytest.fixture
def balancer(part: Construct, deployment: Deployment) -> tuple[LoadBalancer, TargetGroup]:
    group = TargetGroup(
        part,
        "targets",
        props=TargetGroupProps(
            deployment=deployment, name="web", kind="ip", vpc_id="vpc-1", port=3000, health=HealthCheck(path="/health")
        ),
    )
    made = LoadBalancer(
        part,
        "balancer",
        props=LoadBalancerProps(
            deployment=deployment,
            name="alb",
            subnet_ids=["subnet-1", "subnet-2"],
            security_group_ids=["sg-1"],
            certificate_arn="arn:certificate",
            targets=[group],
            access_logs=PrivateBucket(part, "logs", props=PrivateBucketProps(deployment=deployment, name="logs")),
        ),
    )
    return made, group


@pytest.fixture
def make(
    part: Construct, deployment: Deployment, balancer: tuple[LoadBalancer, TargetGroup]
) -> Callable[..., FargateService]:
    def service(
        *,
        spot: Input | None = None,
        secrets: Mapping[str, SecretKey] | None = None,
        health_command: Sequence[str] = (),
        tracing: bool = False,
        enabled: str | None = None,
    ) -> FargateService:
        cluster = ContainerCluster(
            part, "cluster", props=ContainerClusterProps(deployment=deployment, name="cluster", spot=spot)
        )
        load_balancer, group = balancer
        props = FargateServiceProps(
            deployment=deployment,
            name="service",
            family="shop",
            cluster=cluster,
            container=Container(
                image="registry/app:1",
                port=Input("port"),
                environment={"LOG_LEVEL": "info"},
                secrets=secrets or {},
                health_command=health_command,
            ),
            cpu=Input("cpu"),
            memory_mb=Input("memory"),
            desired_count=Input("desired"),
            subnet_ids=["subnet-3"],
            security_group_ids=["sg-2"],
            load_balancer=load_balancer,
            targets=group,
            logs=LogSettings(retention_days=30),
            tracing=tracing,
            enabled=enabled,
        )
        return FargateService(part, "app", props=props)

    return service


def containers(module: Synthesized) -> str:
    """The containers of the only task definition, as Terraform has them but on one line."""
    return " ".join(module.the("aws_ecs_task_definition")["container_definitions"].split())


def test_images_keep_their_tags_are_scanned_and_forgotten(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    repository = ImageRepository(
        part, "images", props=ImageRepositoryProps(deployment=deployment, name="app", enabled="var.create")
    )

    module = synthesize()
    made = module.the("aws_ecr_repository")
    assert made["count"] == module.the("aws_ecr_lifecycle_policy")["count"] == "${var.create ? 1 : 0}"
    assert made["image_tag_mutability"] == "IMMUTABLE"
    assert made["image_scanning_configuration"] == {"scan_on_push": True}
    assert made["force_delete"] is False
    rules = module.the("aws_ecr_lifecycle_policy")["policy"]
    untagged, rest = rules.index('tagStatus = "untagged"'), rules.index('tagStatus = "any"')
    assert untagged < rest, "a rule for any image has to be the last"
    assert 'countType = "imageCountMoreThan"' in rules[rest:]
    assert repository.arn == "arn:aws:ecr:${var.region}:${var.account_id}:repository/app-${var.environment}-app"
    assert repository.url == "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/app-${var.environment}-app"


def test_who_pulls_images_pulls_those_of_the_repository(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    repository = ImageRepository(part, "images", props=ImageRepositoryProps(deployment=deployment, name="app"))
    role = ServiceRole(
        part, "role", props=ServiceRoleProps(deployment=deployment, name="role", service="ecs-tasks.amazonaws.com")
    )
    repository.grant_pull(role)

    statements = synthesize().statements("role_permissions")
    assert statements["SignInToRegistry"]["actions"] == ["ecr:GetAuthorizationToken"]
    assert statements["SignInToRegistry"]["resources"] == ["*"]
    assert statements["PullImages"]["resources"] == [repository.arn]


def test_a_cluster_counts_its_tasks_and_has_no_spare_capacity_by_default(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    ContainerCluster(part, "cluster", props=ContainerClusterProps(deployment=deployment, name="cluster"))

    module = synthesize()
    assert module.the("aws_ecs_cluster")["setting"] == [{"name": "containerInsights", "value": "enabled"}]
    assert module.the("aws_ecs_cluster_capacity_providers")["capacity_providers"] == '${["FARGATE"]}'


def test_tasks_are_replaced_without_a_gap_and_a_bad_change_is_taken_back(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make()

    made = synthesize().the("aws_ecs_service")
    assert (made["deployment_minimum_healthy_percent"], made["deployment_maximum_percent"]) == (100, 200)
    assert made["deployment_circuit_breaker"] == {"enable": True, "rollback": True}
    assert made["deployment_controller"] == {"type": "ECS"}
    assert made["launch_type"] == "FARGATE"
    assert made["platform_version"] == "LATEST"
    assert made["network_configuration"] == {
        "subnets": ["subnet-3"],
        "security_groups": ["sg-2"],
        "assign_public_ip": False,
    }
    assert made["load_balancer"] == [
        {
            "target_group_arn": "${aws_lb_target_group.targets.arn}",
            "container_name": "app",
            "container_port": "${var.port}",
        }
    ]


def test_the_number_of_tasks_is_scalings_once_the_service_is_made(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make()

    made = synthesize().the("aws_ecs_service")
    assert made["desired_count"] == "${var.desired}"
    assert made["lifecycle"] == {"ignore_changes": ["desired_count"]}


def test_a_service_is_made_when_its_tasks_can_start(
    part: Construct, deployment: Deployment, make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    place = PublishedValue(part, "place", deployment=deployment, name="place", description="Where.", initial="none")
    make().start_after(place.parameter)

    assert set(synthesize().the("aws_ecs_service")["depends_on"]) == {
        "aws_lb_listener.balancer_https",
        "aws_ecs_cluster_capacity_providers.cluster_capacity",
        "aws_iam_role_policy.app_task_role_policy",
        "aws_iam_role_policy.app_execution_role_policy",
        "aws_ssm_parameter.place",
    }


def test_spare_capacity_takes_the_place_of_the_launch_type(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make(spot=Input("spot"))

    module = synthesize()
    made = module.the("aws_ecs_service")
    assert made["launch_type"] == '${var.spot ? null : "FARGATE"}'
    assert made["dynamic"] == {
        "capacity_provider_strategy": {
            "for_each": "${var.spot ? [true] : []}",
            "content": {"capacity_provider": "FARGATE_SPOT", "weight": 1},
        }
    }
    assert module.the("aws_ecs_cluster_capacity_providers")["capacity_providers"] == (
        '${var.spot ? ["FARGATE", "FARGATE_SPOT"] : ["FARGATE"]}'
    )


def test_a_task_may_read_what_its_container_is_given_and_no_more(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/database"
    make(secrets={"USER": SecretKey(secret, "user"), "PASSWORD": SecretKey(secret, "password")})

    module = synthesize()
    assert module.document("app_task_role_permissions").get("statement", []) == []
    statements = module.statements("app_execution_role_permissions")
    assert {sid: each["resources"] for sid, each in statements.items()} == {
        "WriteLogs": ["arn:aws:logs:${var.region}:${var.account_id}:log-group:/ecs/shop:*"],
        "ReadSecrets": [f"{secret}-??????"],
    }
    assert f'{{ name = "USER" valueFrom = "{secret}:user::" }}' in containers(module)


def test_only_tasks_of_the_account_take_on_the_tasks_role(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make()

    (trust,) = synthesize().statements("app_task_role_trust").values()
    assert trust["principals"] == [{"type": "Service", "identifiers": ["ecs-tasks.amazonaws.com"]}]
    assert {each["variable"]: each["values"] for each in trust["condition"]} == {
        "aws:SourceArn": ["arn:aws:ecs:${var.region}:${var.account_id}:*"],
        "aws:SourceAccount": ["${var.account_id}"],
    }


def test_the_port_is_text_in_the_environment_and_a_number_elsewhere(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make()

    made = containers(synthesize())
    assert '{ name = "PORT" value = tostring(var.port) }' in made
    assert "containerPort = var.port hostPort = var.port" in made


def test_a_container_asks_itself_only_where_there_is_a_command(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make(health_command=["CMD", "well"])

    made = containers(synthesize())
    assert 'healthCheck = { command = ["CMD", "well"] interval = 30 timeout = 5 retries = 3 }' in made


def test_traces_go_through_a_daemon_beside_the_container(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    make(tracing=True)

    module = synthesize()
    made = containers(module)
    assert 'name = "xray-daemon"' in made
    assert "healthCheck" not in made
    statements = module.statements("app_task_role_permissions")
    assert {sid: each["actions"] for sid, each in statements.items()} == {
        "WriteTraces": ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    }


def test_a_service_that_is_switched_off_leaves_nothing(
    make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    service = make(enabled="var.on")

    module = synthesize()
    for kind in ("aws_ecs_service", "aws_ecs_task_definition", "aws_cloudwatch_log_group", "aws_iam_role"):
        for made in module.all(kind).values():
            assert made["count"] == "${var.on ? 1 : 0}", kind
    assert service.name == '${var.on ? "app-${var.environment}-service" : null}'
    assert service.dimensions["ServiceName"] == "app-${var.environment}-service"


def scaling(
    part: Construct, deployment: Deployment, service: FargateService, *, steps: bool, enabled: str | None = None
) -> None:
    props = ServiceScalingProps(
        deployment=deployment,
        service=service,
        least=Input("least"),
        most=Input("most"),
        cpu_target=70,
        steps=StepsProps(only_steps='var.mode == "step"', fewer_below=30) if steps else None,
        enabled=enabled,
    )
    ServiceScaling(part, "scaling", props=props)


def test_tracking_adds_and_removes_tasks(
    part: Construct, deployment: Deployment, make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    scaling(part, deployment, make(enabled="var.on"), steps=False, enabled="var.on")

    module = synthesize()
    target, policy = module.the("aws_appautoscaling_target"), module.the("aws_appautoscaling_policy")
    assert target["count"] == policy["count"] == "${var.on ? 1 : 0}"
    assert (target["min_capacity"], target["max_capacity"]) == ("${var.least}", "${var.most}")
    assert target["resource_id"] == policy["resource_id"]
    assert target["resource_id"] == "service/app-${var.environment}-cluster/app-${var.environment}-service"
    assert target["depends_on"] == ["aws_ecs_service.app"]
    assert policy["target_tracking_scaling_policy_configuration"] == {
        "target_value": 70,
        "scale_out_cooldown": 60,
        "scale_in_cooldown": 300,
        "disable_scale_in": False,
        "predefined_metric_specification": {"predefined_metric_type": "ECSServiceAverageCPUUtilization"},
    }


def test_steps_change_the_number_by_one_task(
    part: Construct, deployment: Deployment, make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    scaling(part, deployment, make(), steps=True)

    module = synthesize()
    out, fewer = (module.resource("aws_appautoscaling_policy", f"scaling_scale_{way}") for way in ("out", "in"))
    assert out["step_scaling_policy_configuration"] == {
        "adjustment_type": "ChangeInCapacity",
        "metric_aggregation_type": "Average",
        "cooldown": 60,
        "step_adjustment": [{"scaling_adjustment": 1, "metric_interval_lower_bound": "0"}],
    }
    assert fewer["step_scaling_policy_configuration"] == {
        "adjustment_type": "ChangeInCapacity",
        "metric_aggregation_type": "Average",
        "cooldown": 300,
        "step_adjustment": [{"scaling_adjustment": -1, "metric_interval_upper_bound": "0"}],
    }


def test_tracking_makes_room_for_steps_and_never_removes_beside_them(
    part: Construct, deployment: Deployment, make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    scaling(part, deployment, make(enabled="var.on"), steps=True, enabled="var.on")

    module = synthesize()
    tracking, out, fewer = (
        module.resource("aws_appautoscaling_policy", f"scaling_{name}")
        for name in ("tracking", "scale_out", "scale_in")
    )
    assert tracking["count"] == '${var.on && !(var.mode == "step") ? 1 : 0}'
    assert tracking["target_tracking_scaling_policy_configuration"]["disable_scale_in"] is True
    assert out["count"] == '${var.on && var.mode == "step" ? 1 : 0}'
    assert fewer["count"] == "${var.on ? 1 : 0}"


def test_alarms_set_off_the_steps(
    part: Construct, deployment: Deployment, make: Callable[..., FargateService], synthesize: Synthesize
) -> None:
    scaling(part, deployment, make(), steps=True)

    alarms = synthesize().all("aws_cloudwatch_metric_alarm")
    out, fewer = alarms["scaling_scale_out_alarm"], alarms["scaling_scale_in_alarm"]
    assert (out["comparison_operator"], out["threshold"]) == ("GreaterThanThreshold", 70)
    assert (fewer["comparison_operator"], fewer["threshold"]) == ("LessThanThreshold", 30)
    assert out["alarm_actions"] == ["${one(aws_appautoscaling_policy.scaling_scale_out[*].arn)}"]
    assert fewer["alarm_actions"] == ["${aws_appautoscaling_policy.scaling_scale_in.arn}"]
    for alarm in (out, fewer):
        assert (alarm["namespace"], alarm["metric_name"], alarm["statistic"]) == (
            "AWS/ECS",
            "CPUUtilization",
            "Average",
        )
        assert alarm["dimensions"] == {
            "ClusterName": "app-${var.environment}-cluster",
            "ServiceName": "app-${var.environment}-service",
        }
