"""What runs the application: one load balancer, tasks on Fargate and EC2 instances, and how they scale."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import pytest
import tftest

from tests.plan.solemate.conftest import CHOSEN, REQUIRED, Planned
from tests.support.networks import GROUP, in_subnets_of
from tests.support.planner import BARE, Planner
from tests.support.plans import Plan, Resource
from tests.support.serving import (
    BALANCER,
    CLUSTER,
    LISTENER,
    RULE,
    SERVICE,
    TARGETS,
    TASK,
    containers,
    environment,
    listeners,
    nested,
    secrets,
)

ATTACHMENT, INSTANCES, POLICY = "aws_autoscaling_attachment", "aws_autoscaling_group", "aws_autoscaling_policy"
PROFILE, TEMPLATE = "aws_iam_instance_profile", "aws_launch_template"
SCALING, SCALING_POLICY = "aws_appautoscaling_target", "aws_appautoscaling_policy"
REPOSITORY = "aws_ecr_repository"
AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
PRIVATE = ("Private us-east-1a", "Private us-east-1b")


# Variables of the application, and the field of the secret that each is from.
LOGIN = {
    "DATABASE_HOST": "host",
    "DATABASE_NAME": "dbname",
    "DATABASE_PASSWORD": "password",
    "DATABASE_PORT": "port",
    "DATABASE_USER": "username",
}


def name(plan: Plan, what: str) -> str:
    return f"solemate-{plan.input('environment')}-{what}"


def arn(plan: Plan, service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:{plan.input('account_id')}:{resource}"


def group_of(plan: Plan, resource: Resource, *argument: str) -> set[str]:
    """Names of the security groups that an argument refers to."""
    references = plan.references(resource, *argument)
    return {each["name"] for each in plan.all(GROUP) if each.block in references}


def targets(plan: Plan, what: str) -> Resource:
    return plan.one(TARGETS, name=name(plan, what))


def script(plan: Plan) -> list[str]:
    """Lines of what an instance runs at its first start."""
    return base64.b64decode(plan.one(TEMPLATE)["user_data"], validate=True).decode().split("\n")


# The load balancer


@pytest.mark.requirement("SM-FR1-05", "SM-ECS-02", "SM-NET-15")
def test_load_balancer_is_an_application_one_on_the_internet(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        balancer = plan.one(BALANCER)

        assert balancer["name"] == name(plan, "alb")
        assert balancer["load_balancer_type"] == "application"
        assert balancer["internal"] is False
        assert balancer["drop_invalid_header_fields"] is True
        assert in_subnets_of(plan, balancer, "subnets") == ("Public us-east-1a", "Public us-east-1b")
        assert group_of(plan, balancer, "security_groups") == {name(plan, "web")}


@pytest.mark.requirement("SM-NET-15")
def test_load_balancer_writes_down_its_requests(every: Plan) -> None:
    balancer = every.one(BALANCER)
    bucket = every.one("aws_s3_bucket", bucket=nested(balancer, "access_logs")["bucket"])
    (policy,) = [each for each in every.all("aws_s3_bucket_policy") if bucket.block in every.references(each, "bucket")]
    delivered = [
        each
        for each in every.statements(policy, "policy")
        if ("Service", "logdelivery.elasticloadbalancing.amazonaws.com") in each.principals
    ]

    assert nested(balancer, "access_logs") == {"bucket": bucket["bucket"], "enabled": True, "prefix": "alb"}
    (statement,) = delivered
    assert statement.allows
    account = every.input("account_id")
    assert statement.grants == {("s3:PutObject", f"arn:aws:s3:::{bucket['bucket']}/alb/AWSLogs/{account}/*")}
    assert policy.block in every.awaited(balancer)


def test_load_balancer_is_protected_where_the_database_is(staging: Plan, prod: Plan) -> None:
    assert staging.one(BALANCER)["enable_deletion_protection"] is False
    assert prod.one(BALANCER)["enable_deletion_protection"] is True


@pytest.mark.requirement("SM-FR1-05")
def test_load_balancer_ends_tls_and_sends_plain_http_there(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        found = listeners(plan)

        assert found.keys() == {80, 443}
        assert (found[443]["protocol"], found[443]["ssl_policy"]) == ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06")
        assert "aws_acm_certificate_validation.validation" in plan.references(found[443], "certificate_arn")
        assert "var.certificate_arn" in plan.references(found[443], "certificate_arn")
        assert nested(found[443], "default_action")["type"] == "forward"
        assert found[80]["protocol"] == "HTTP"
        assert nested(found[80], "default_action")["type"] == "redirect"
        assert nested(found[80], "default_action", "redirect") == {
            "host": "#{host}",
            "path": "/#{path}",
            "port": "443",
            "protocol": "HTTPS",
            "query": "#{query}",
            "status_code": "HTTP_301",
        }


@pytest.mark.requirement("SM-FR5-03")
def test_load_balancer_takes_a_given_certificate(plan: Planned) -> None:
    given = "arn:aws:acm:us-east-1:111122223333:certificate/0b8c1f5e-0000-4000-8000-000000000000"

    assert listeners(plan(BARE, **REQUIRED, certificate_arn=given))[443]["certificate_arn"] == given


@pytest.mark.requirement("SM-FR1-04")
def test_two_groups_of_targets_are_behind_the_load_balancer(every: Plan, chosen: Plan) -> None:
    for plan, port in ((every, 3000), (chosen, 8080)):
        assert {(each["name"], each["target_type"]) for each in plan.all(TARGETS)} == {
            (name(plan, "ecs"), "ip"),
            (name(plan, "ec2"), "instance"),
        }
        for each in plan.all(TARGETS):
            assert (each["protocol"], each["port"]) == ("HTTP", port)
            assert plan.one("aws_vpc").block in plan.references(each, "vpc_id")
        service, attachment = plan.one(SERVICE), plan.one(ATTACHMENT)
        assert plan.referred(service, "load_balancer", TARGETS)["name"] == name(plan, "ecs")
        assert plan.referred(attachment, "lb_target_group_arn", TARGETS)["name"] == name(plan, "ec2")
        assert attachment["autoscaling_group_name"] == plan.one(INSTANCES)["name"]


@pytest.mark.requirement("SM-FR1-04", "SM-FR1-01", "SM-TST-05")
def test_requests_go_to_tasks_and_those_for_the_api_to_instances(every: Plan, chosen: Plan) -> None:
    for plan, paths in ((every, ["/api/*"]), (chosen, CHOSEN["backend_path_patterns"])):
        rule, https = plan.one(RULE), listeners(plan)[443]

        assert plan.referred(rule, "listener_arn", LISTENER) == https
        assert plan.referred(rule, "action", TARGETS)["name"] == name(plan, "ec2")
        assert nested(rule, "action")["type"] == "forward"
        assert nested(rule, "condition", "path_pattern") == {"values": paths}
        blocks = {each.block for each in plan.all(TARGETS)}
        assert plan.references(https, "default_action", "target_group_arn") & blocks == blocks


@pytest.mark.requirement("SM-FR1-04")
def test_tasks_are_asked_first_where_there_are_any(planner: Planner) -> None:
    # A plan does not show the order.
    (order,) = re.findall(r"target_group_arn = coalesce\(([^()]*(?:\([^()]*\)[^()]*)*)\)", planner.sources("solemate"))

    assert re.findall(r"aws_lb_target_group[.](\w+)", order) == ["service_targets", "instance_targets"]


@pytest.mark.requirement("SM-FR1-06")
def test_targets_are_asked_whether_they_are_well(every: Plan, chosen: Plan) -> None:
    for plan, path in ((every, "/health"), (chosen, "/healthz")):
        for each in plan.all(TARGETS):
            assert nested(each, "health_check") == {
                "enabled": True,
                "healthy_threshold": 2,
                "interval": 30,
                "matcher": "200",
                "path": path,
                "port": "traffic-port",
                "protocol": "HTTP",
                "timeout": 5,
                "unhealthy_threshold": 3,
            }


@pytest.mark.requirement("SM-FR1-06")
def test_an_instance_the_load_balancer_finds_ill_is_replaced(every: Plan) -> None:
    group = every.one(INSTANCES)

    assert (group["health_check_type"], group["health_check_grace_period"]) == ("ELB", 300)


@pytest.mark.requirement("SM-FR1-06")
def test_alarms_watch_tasks_and_instances(every: Plan) -> None:
    found = {
        (each["namespace"], each["metric_name"]): each["threshold"]
        for each in every.all("aws_cloudwatch_metric_alarm")
        if each.values.get("metric_name") and each["namespace"] in ("AWS/ApplicationELB", "AWS/ECS", "AWS/EC2")
    }

    watched = {
        ("AWS/ApplicationELB", "UnHealthyHostCount"): 0,
        ("AWS/EC2", "CPUUtilization"): 80,
        ("AWS/ECS", "CPUUtilization"): 80,
        ("AWS/ECS", "MemoryUtilization"): 80,
    }
    assert {each: found.get(each) for each in watched} == watched


# Containers


@pytest.mark.requirement("SM-FR1-02", "SM-ECS-01")
def test_cluster_counts_its_tasks_and_has_the_service(every: Plan) -> None:
    cluster, service = every.one(CLUSTER), every.one(SERVICE)

    assert cluster["name"] == name(every, "cluster")
    assert cluster["setting"] == [{"name": "containerInsights", "value": "enabled"}]
    assert every.referred(service, "cluster", CLUSTER) == cluster
    assert service["launch_type"] == "FARGATE"
    assert every.one("aws_ecs_cluster_capacity_providers")["capacity_providers"] == ["FARGATE"]


@pytest.mark.requirement("SM-ECS-03")
def test_task_has_the_documents_size(every: Plan) -> None:
    task = every.one(TASK)

    assert (task["cpu"], task["memory"]) == ("256", "512")
    assert task["requires_compatibilities"] == ["FARGATE"]
    assert task["network_mode"] == "awsvpc"
    assert every.referred(every.one(SERVICE), "task_definition", TASK) == task


@pytest.mark.requirement("SM-ECS-03")
def test_task_runs_the_image_and_listens_on_the_port(every: Plan, chosen: Plan) -> None:
    account = every.input("account_id")
    own = f"{account}.dkr.ecr.us-east-1.amazonaws.com/{name(every, 'app')}:initial"
    for plan, image, port in ((every, own, 3000), (chosen, CHOSEN["container_image"], 8080)):
        app = containers(plan)["app"]

        assert app["image"] == image
        assert app["essential"] is True
        assert app["portMappings"] == [{"containerPort": port, "hostPort": port, "protocol": "tcp"}]
        assert environment(app) == {
            "AWS_XRAY_TRACING_NAME": name(plan, "app"),
            "ENVIRONMENT": plan.input("environment"),
            "PORT": str(port),
        }
        balancing = nested(plan.one(SERVICE), "load_balancer")
        assert (balancing["container_name"], balancing["container_port"]) == ("app", port)


@pytest.mark.requirement("SM-ECS-03")
def test_containers_write_nowhere_but_to_their_scratch_and_log(every: Plan) -> None:
    for container in containers(every).values():
        assert container["readonlyRootFilesystem"] is True
        assert container["logConfiguration"] == {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": f"/ecs/{name(every, 'app')}",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "ecs",
            },
        }
    assert containers(every)["app"]["mountPoints"] == [
        {"containerPath": "/tmp", "readOnly": False, "sourceVolume": "tmp"}
    ]
    assert every.one("aws_cloudwatch_log_group", name=f"/ecs/{name(every, 'app')}")


@pytest.mark.requirement("SM-FR5-02", "SM-TST-05")
def test_the_application_learns_from_the_secret_how_to_connect_and_waits_for_it(every: Plan) -> None:
    secret = arn(every, "secretsmanager", f"secret:solemate-{every.input('environment')}/database")
    version = every.one("aws_secretsmanager_secret_version").block

    assert secrets(containers(every)["app"]) == {variable: f"{secret}:{key}::" for variable, key in LOGIN.items()}
    assert version in every.awaited(every.one(SERVICE))
    assert version in every.awaited(every.one(INSTANCES))


@pytest.mark.requirement("SM-FR5-02")
def test_an_instance_reads_the_secret_into_a_file_in_memory(every: Plan) -> None:
    lines = script(every)
    (reading,) = (line for line in lines if "get-secret-value" in line)

    assert f"--secret-id solemate-{every.input('environment')}/database " in reading
    fields = ", ".join(f"{variable}: .{key}" for variable, key in LOGIN.items())
    assert f"'{{{fields}}} | to_entries[]" in reading
    assert reading.endswith(" > /run/database.env")
    assert lines.index("umask 077") < lines.index(reading)


@pytest.mark.requirement("SM-FR1-01")
def test_instances_wait_for_the_way_to_the_internet(every: Plan) -> None:
    routes = {each.block for each in every.all("aws_route") if "nat_gateway_id" in every.arguments(each)}

    assert len(routes) == 2
    assert routes <= every.awaited(every.one(INSTANCES))


@pytest.mark.requirement("SM-FR6-05")
def test_traces_of_a_task_go_through_a_daemon_beside_the_container(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        assert containers(plan).keys() == {"app", "xray-daemon"}
        daemon = containers(plan)["xray-daemon"]
        assert daemon["portMappings"] == [{"containerPort": 2000, "hostPort": 2000, "protocol": "udp"}]
        assert daemon["essential"] is False
        image, _, tag = daemon["image"].partition(":")
        assert image == "public.ecr.aws/xray/aws-xray-daemon"
        assert tag not in ("", "latest")


@pytest.mark.requirement("SM-ECS-04", "SM-ENV-06", "SM-ENV-12")
def test_number_of_tasks_at_first_is_the_environments(staging: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    numbers = [plan.one(SERVICE)["desired_count"] for plan in (staging, prod, minimal, chosen)]

    assert numbers == [1, 3, 2, 5]


@pytest.mark.requirement("SM-ECS-05")
def test_tasks_have_no_public_addresses(every: Plan, chosen: Plan) -> None:
    for plan in (every, chosen):
        service = plan.one(SERVICE)

        assert in_subnets_of(plan, service, "network_configuration", "subnets") == PRIVATE
        assert nested(service, "network_configuration")["assign_public_ip"] is False
        assert group_of(plan, service, "network_configuration", "security_groups") == {name(plan, "app")}


def test_tasks_are_replaced_without_a_gap(every: Plan) -> None:
    service = every.one(SERVICE)

    assert (service["deployment_minimum_healthy_percent"], service["deployment_maximum_percent"]) == (100, 200)
    assert nested(service, "deployment_circuit_breaker") == {"enable": True, "rollback": True}


@pytest.mark.requirement("SM-FR1-07", "SM-SU-03")
def test_number_of_tasks_follows_the_cpu(staging: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    limits = []
    for plan in (staging, prod, minimal, chosen):
        target, policy = plan.one(SCALING), plan.one(SCALING_POLICY)
        limits.append((target["min_capacity"], target["max_capacity"]))
        assert target["min_capacity"] == plan.one(SERVICE)["desired_count"]
        assert target["service_namespace"] == policy["service_namespace"] == "ecs"
        assert target["scalable_dimension"] == policy["scalable_dimension"] == "ecs:service:DesiredCount"
        assert target["resource_id"] == policy["resource_id"]
        assert target["resource_id"] == f"service/{plan.one(CLUSTER)['name']}/{plan.one(SERVICE)['name']}"
        assert policy["policy_type"] == "TargetTrackingScaling"
        tracking = nested(policy, "target_tracking_scaling_policy_configuration")
        metric = {"predefined_metric_type": "ECSServiceAverageCPUUtilization", "resource_label": None}
        assert tracking.pop("predefined_metric_specification") == [metric]
        assert tracking == {
            "disable_scale_in": False,
            "scale_in_cooldown": 300,
            "scale_out_cooldown": 60,
            "target_value": 70,
        }

    assert limits == [(1, 4), (3, 10), (2, 10), (5, 40)]


# Instances


@pytest.mark.requirement("SM-FR1-01")
def test_instances_run_the_backend_in_private_subnets(every: Plan, chosen: Plan) -> None:
    for plan, kind, image in ((every, "t3.micro", AL2023), (chosen, "m6i.large", "/images/backend")):
        template, group, profile = plan.one(TEMPLATE), plan.one(INSTANCES), plan.one(PROFILE)

        assert template["instance_type"] == kind
        assert template["image_id"] == f"resolve:ssm:{image}"
        assert in_subnets_of(plan, group, "vpc_zone_identifier") == PRIVATE
        assert plan.referred(group, "launch_template", TEMPLATE) == template
        assert plan.referred(template, "iam_instance_profile", PROFILE) == profile
        assert profile["role"] == name(plan, "backend-role")


@pytest.mark.requirement("SM-FR1-01")
def test_instances_are_closed_and_their_disks_encrypted(every: Plan) -> None:
    template = every.one(TEMPLATE)

    assert nested(template, "metadata_options") == {
        "http_endpoint": "enabled",
        "http_put_response_hop_limit": 1,
        "http_tokens": "required",
    }
    assert nested(template, "network_interfaces") == {
        "associate_public_ip_address": "false",
        "delete_on_termination": "true",
        "device_index": 0,
    }
    assert group_of(every, template, "network_interfaces", "security_groups") == {name(every, "app")}
    assert nested(template, "block_device_mappings")["device_name"] == "/dev/xvda"
    assert nested(template, "block_device_mappings", "ebs") == {
        "delete_on_termination": "true",
        "encrypted": "true",
        "volume_size": 20,
        "volume_type": "gp3",
    }
    assert "key_name" not in every.arguments(template)


@pytest.mark.requirement("SM-FR1-01")
def test_instances_run_the_same_image_as_tasks(every: Plan, chosen: Plan) -> None:
    for plan, port in ((every, 3000), (chosen, 8080)):
        lines = script(plan)

        assert lines[0] == "#!/bin/bash"
        daemon, app = (line for line in lines if line.startswith("docker run "))
        assert daemon.split()[-1] == containers(plan)["xray-daemon"]["image"]
        assert app.split()[-1] == containers(plan)["app"]["image"]
        assert {
            f"PORT={port}",
            f"ENVIRONMENT={plan.input('environment')}",
            f"AWS_XRAY_TRACING_NAME={name(plan, 'app')}",
            "/run/database.env",
        } <= set(app.split())
        logs = f"awslogs-group=/aws/ec2/{name(plan, 'backend')}"
        assert all({logs, "--network", "host"} <= set(line.split()) for line in (daemon, app))


@pytest.mark.requirement("SM-FR1-03", "SM-SU-03")
def test_number_of_instances_follows_demand(staging: Plan, prod: Plan, minimal: Plan, chosen: Plan) -> None:
    sizes = []
    for plan in (staging, prod, minimal, chosen):
        group = plan.one(INSTANCES)
        sizes.append((group["min_size"], group["desired_capacity"], group["max_size"]))
        tracking = plan.one(POLICY, policy_type="TargetTrackingScaling")
        assert tracking["autoscaling_group_name"] == group["name"] == name(plan, "backend")
        configured = nested(tracking, "target_tracking_configuration")
        assert configured.pop("predefined_metric_specification") == [
            {"predefined_metric_type": "ASGAverageCPUUtilization", "resource_label": None}
        ]
        assert configured == {"disable_scale_in": False, "target_value": 70}

    assert sizes == [(1, 1, 2), (2, 2, 6), (1, 1, 2), (3, 4, 9)]


@pytest.mark.requirement("SM-FR1-03", "SM-NG-01")
def test_scaling_is_plain(every: Plan) -> None:
    assert sorted(each["policy_type"] for each in every.all(POLICY)) == ["StepScaling", "TargetTrackingScaling"]


@pytest.mark.requirement("SM-FR6-04")
def test_an_alarm_may_add_an_instance(every: Plan) -> None:
    policy = every.one(POLICY, policy_type="StepScaling")

    assert policy["adjustment_type"] == "ChangeInCapacity"
    assert nested(policy, "step_adjustment") == {"metric_interval_lower_bound": "0", "scaling_adjustment": 1}
    assert policy["autoscaling_group_name"] == every.one(INSTANCES)["name"]


def test_a_change_brings_new_instances_before_old_ones_go(every: Plan) -> None:
    group = every.one(INSTANCES)

    refresh = nested(group, "instance_refresh", "preferences")
    assert (refresh["min_healthy_percentage"], refresh["max_healthy_percentage"]) == (100, 200)
    assert nested(group, "instance_refresh")["strategy"] == "Rolling"
    assert f"{every.one(TEMPLATE).block}" in every.references(group, "launch_template", "version")


# Sizes, switches, images


@pytest.mark.requirement("SM-PC-01")
def test_sizes_are_inputs(chosen: Plan) -> None:
    task = chosen.one(TASK)

    assert chosen.one(TEMPLATE)["instance_type"] == CHOSEN["ec2_instance_type"]
    assert (task["cpu"], task["memory"]) == (str(CHOSEN["ecs_cpu"]), str(CHOSEN["ecs_memory"]))
    assert {each["instance_class"] for each in chosen.all("aws_db_instance")} == {CHOSEN["db_instance_class"]}


@pytest.mark.requirement("SM-FR1-01")
def test_either_of_the_two_can_be_switched_off(one_backend: Plan) -> None:
    containers_only = bool(one_backend.all(SERVICE))
    (group,) = one_backend.all(TARGETS)

    assert bool(one_backend.all(INSTANCES)) is not containers_only
    assert group["target_type"] == ("ip" if containers_only else "instance")
    of_instances = {ATTACHMENT, INSTANCES, POLICY, PROFILE, TEMPLATE, RULE}
    of_tasks = {SERVICE, TASK, SCALING, SCALING_POLICY}
    assert (of_instances if containers_only else of_tasks).isdisjoint(one_backend.types())
    assert (of_tasks if containers_only else of_instances) <= one_backend.types()
    groups = {each["name"] for each in one_backend.all("aws_cloudwatch_log_group")}
    assert (f"/ecs/{name(one_backend, 'app')}" in groups) is containers_only
    assert (f"/aws/ec2/{name(one_backend, 'backend')}" in groups) is not containers_only


@pytest.mark.requirement("SM-FR1-01")
def test_rejects_that_nothing_is_to_answer(plan: Planned) -> None:
    with pytest.raises(tftest.TerraformTestError, match="Something has to answer"):
        plan(BARE, **REQUIRED, enable_ecs_service=False, enable_ec2_backend=False)


@pytest.mark.requirement("SM-ECS-03", "SM-PC-01")
@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        ({"ecs_cpu": 300}, "ecs_cpu must be one of 256"),
        ({"ecs_cpu": 256, "ecs_memory": 4096}, "ecs_memory must be one that Fargate takes"),
        ({"ecs_desired_count": 5, "ecs_max_count": 4}, "not less than ecs_desired_count"),
        ({"asg_min_size": 2, "asg_desired_capacity": 1, "asg_max_size": 3}, "from asg_min_size to asg_max_size"),
        ({"image_tag": "latest"}, "latest would change under a plan"),
        ({"backend_path_patterns": []}, "one to five paths"),
    ],
)
def test_rejects_what_aws_would_refuse_later(plan: Planned, inputs: dict[str, Any], message: str) -> None:
    with pytest.raises(tftest.TerraformTestError) as refused:
        plan(BARE, **REQUIRED, **inputs)

    assert message in " ".join(str(refused.value).replace("│", " ").split())


@pytest.mark.requirement("SM-SU-04")
def test_images_are_scanned_and_keep_their_tags(every: Plan) -> None:
    repository = every.one(REPOSITORY)

    assert repository["name"] == name(every, "app")
    assert nested(repository, "image_scanning_configuration") == {"scan_on_push": True}
    assert repository["image_tag_mutability"] == "IMMUTABLE"
    rules = json.loads(every.one("aws_ecr_lifecycle_policy")["policy"])["rules"]
    assert [each["rulePriority"] for each in rules] == [1, 2]


@pytest.mark.requirement("SM-FR1-01", "SM-FR1-03", "SM-FR1-04", "SM-FR6-04")
def test_instances_have_one_name_and_everything_about_them_means_that_group(every: Plan) -> None:
    group, template = every.one(INSTANCES), every.one(TEMPLATE)

    assert group["name"] == template["name"] == every.one("aws_iam_instance_profile")["name"] == name(every, "backend")
    assert template["update_default_version"] is True
    assert nested(template, "monitoring") == {"enabled": True}
    assert {each["name"] for each in every.all(POLICY)} == {
        f"{name(every, 'backend')}-scale-out",
        f"{name(every, 'backend')}-tracking",
    }
    assert every.one(POLICY, policy_type="StepScaling")["metric_aggregation_type"] == "Average"
    for each in (*every.all(POLICY), every.one("aws_autoscaling_attachment")):
        assert every.referred(each, "autoscaling_group_name", INSTANCES) == group
    assert every.one("aws_lb_listener_rule")["priority"] == 10
