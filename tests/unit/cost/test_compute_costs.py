"""What instances, tasks and functions cost."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.costs import assume, cost_of, dollars, lines_of, paid, plan_of

PRICES = dollars(
    **{
        "ec2__linux__t3__micro": "0.0104",
        "ebs__gp3__storage": "0.08",
        "ebs__gp3__iops": "0.005",
        "ebs__gp3__throughput": "0.04",
        "cloudwatch__metric": "0.30",
        "cloudwatch__alarm__standard": "0.10",
        "cloudwatch__logs__ingested": "0.50",
        # https://aws.amazon.com/fargate/pricing/, us-east-1, Linux
        "fargate__x86__vcpu_hour": "0.04048",
        "fargate__x86__gb_hour": "0.004445",
        "fargate__arm__vcpu_hour": "0.03238",
        "fargate__arm__gb_hour": "0.00356",
        "fargate__ephemeral_gb_hour": "0.000111",
        "vpc__public_ipv4": "0.005",
        # https://aws.amazon.com/lambda/pricing/, as its own example has them
        "lambda__request": "0.0000002",
        "lambda__x86__gb_second": "0.00001667",
        "lambda__arm__gb_second": "0.0000133334",
        "lambda__arm__provisioned_gb_second": "0.0000033334",
        "lambda__ephemeral_gb_second": "0.0000000309",
        "xray__trace_recorded": "0.000005",
        "bedrock__claude_sonnet_4_5__input_token": "0.000003",
        "bedrock__claude_sonnet_4_5__output_token": "0.000015",
    }
)
TASK: dict[str, Any] = {"cpu": "512", "memory": "1024", "family": "app"}
SERVICE = {"name": "app", "desired_count": 2, "launch_type": "FARGATE", "task_definition": "app"}
SCALING: dict[str, Any] = {
    "resource_id": "service/shop/app",
    "scalable_dimension": "ecs:service:DesiredCount",
    "min_capacity": 3,
}


def test_group_pays_for_its_instances_their_disks_and_their_metrics() -> None:
    template = {
        "name": "backend",
        "instance_type": "t3.micro",
        "monitoring": [{"enabled": True}],
        "block_device_mappings": [
            {"device_name": "/dev/xvda", "ebs": [{"volume_type": "gp3", "volume_size": 20, "iops": 4000}]}
        ],
    }
    group = {"desired_capacity": 2, "min_size": 1, "launch_template": [{"name": "backend"}]}

    lines = lines_of("aws_autoscaling_group", group, PRICES, aws_launch_template__of=template)

    # 2 x 730 x 0.0104, 2 x 20 x 0.08, 2 x 1,000 x 0.005, 2 x 7 x 0.30
    assert paid(lines) == {
        "instances": Decimal("15.18"),
        "disk /dev/xvda": Decimal("3.20"),
        "operations /dev/xvda": Decimal("10.00"),
        "metrics": Decimal("4.20"),
    }
    assert {line.kind for line in lines.values()} == {"fixed"}


def test_instances_that_are_assumed_count_before_those_that_are_desired() -> None:
    group = {"desired_capacity": 2, "launch_template": [{"name": "backend"}]}
    template = {"name": "backend", "instance_type": "t3.micro"}

    lines = lines_of(
        "aws_autoscaling_group", group, PRICES, assume({"group.average_instances": 4}), aws_launch_template__of=template
    )

    assert (lines["instances"].quantity, lines["instances"].kind) == (Decimal(4 * 730), "usage")


def test_group_of_several_types_is_unknown() -> None:
    (line,) = lines_of("aws_autoscaling_group", {"mixed_instances_policy": [{}], "min_size": 1}, PRICES).values()

    assert line.kind == "unknown"


def test_tasks_on_fargate_are_paid_by_processor_and_memory() -> None:
    lines = lines_of("aws_ecs_service", SERVICE, PRICES, aws_ecs_task_definition__app=TASK)

    # 2 tasks x 730 h x 0.5 vCPU x 0.04048; 2 x 730 x 1 GB x 0.004445
    assert paid(lines) == {"Fargate vCPU": Decimal("29.55"), "Fargate memory": Decimal("6.49")}
    assert lines["Fargate vCPU"].kind == "fixed"


def test_service_without_tasks_costs_nothing() -> None:
    lines = lines_of("aws_ecs_service", {**SERVICE, "desired_count": 0}, PRICES, aws_ecs_task_definition__app=TASK)

    assert {line.monthly_usd for line in lines.values()} == {Decimal(0)}


def test_scaled_tasks_are_as_many_as_scaling_keeps_at_least_and_the_line_says_so() -> None:
    line = lines_of(
        "aws_ecs_service",
        SERVICE,
        PRICES,
        aws_ecs_task_definition__app=TASK,
        aws_appautoscaling_target__scaling=SCALING,
    )["Fargate memory"]

    assert (line.quantity, line.kind) == (Decimal(3 * 730), "usage")
    assert "as many tasks as scaling keeps at least" in line.assumption


def test_average_of_tasks_is_taken_where_it_is_assumed() -> None:
    lines = lines_of(
        "aws_ecs_service",
        SERVICE,
        PRICES,
        assume({"service.average_tasks": "4.5"}),
        aws_ecs_task_definition__app=TASK,
        aws_appautoscaling_target__scaling=SCALING,
    )

    assert lines["Fargate memory"].quantity == Decimal("4.5") * 730


def test_spot_costs_the_share_of_the_price_on_demand_that_is_assumed() -> None:
    spot = {
        **SERVICE,
        "launch_type": None,
        "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT", "weight": 1}],
    }

    lines = lines_of(
        "aws_ecs_service",
        spot,
        PRICES,
        assume({"service.spot_price_share": "0.3"}),
        aws_ecs_task_definition__app=TASK,
    )

    # 0.3 x 29.55, 0.3 x 6.49
    assert paid(lines) == {"Fargate Spot vCPU": Decimal("8.87"), "Fargate Spot memory": Decimal("1.95")}


def test_spot_without_an_assumption_is_unknown() -> None:
    spot = {**SERVICE, "launch_type": None, "capacity_provider_strategy": [{"capacity_provider": "FARGATE_SPOT"}]}

    lines = lines_of("aws_ecs_service", spot, PRICES, aws_ecs_task_definition__app=TASK)

    assert {line.kind for line in lines.values()} == {"unknown"}


def test_weights_split_tasks_between_spot_and_on_demand() -> None:
    strategy = [{"capacity_provider": "FARGATE", "weight": 1}, {"capacity_provider": "FARGATE_SPOT", "weight": 3}]
    mixed = {**SERVICE, "launch_type": None, "desired_count": 4, "capacity_provider_strategy": strategy}

    lines = lines_of(
        "aws_ecs_service", mixed, PRICES, assume({"service.spot_price_share": "0.5"}), aws_ecs_task_definition__app=TASK
    )

    assert lines["Fargate memory"].quantity == 1 * 730
    assert lines["Fargate Spot memory"].quantity == Decimal("1.5") * 730


def test_tasks_on_arm_have_the_price_of_arm() -> None:
    task = {**TASK, "runtime_platform": [{"cpu_architecture": "ARM64"}], "ephemeral_storage": [{"size_in_gib": 50}]}

    lines = lines_of("aws_ecs_service", SERVICE, PRICES, aws_ecs_task_definition__app=task)

    # 2 x 730 x 0.5 x 0.03238, 2 x 730 x 0.00356, 2 x 730 x 30 x 0.000111
    assert paid(lines) == {
        "Fargate vCPU": Decimal("23.64"),
        "Fargate memory": Decimal("5.20"),
        "disk": Decimal("4.86"),
    }


def test_tasks_on_instances_cost_nothing_of_their_own() -> None:
    (line,) = lines_of("aws_ecs_service", {**SERVICE, "launch_type": "EC2"}, PRICES).values()

    assert (line.monthly_usd, line.kind) == (Decimal(0), "fixed")


def test_task_definition_is_found_by_its_expression_before_it_has_an_arn() -> None:
    plan = plan_of(
        {"aws_ecs_service.app": {**SERVICE, "task_definition": None}, "aws_ecs_task_definition.app": TASK},
        unknown={"aws_ecs_service.app": {"task_definition": True}},
        expressions={"aws_ecs_service.app": {"task_definition": {"references": ["aws_ecs_task_definition.app.arn"]}}},
    )

    assert cost_of(plan, PRICES).monthly_usd.quantize(Decimal("0.01")) == Decimal("36.04")


def test_cluster_pays_for_the_metrics_and_the_log_of_its_insights() -> None:
    insights = {"setting": [{"name": "containerInsights", "value": "enabled"}]}

    lines = lines_of("aws_ecs_cluster", insights, PRICES, assume({"insights.metrics": 20, "insights.logs_gb": 2}))

    assert paid(lines) == {"metrics": Decimal("6.00"), "logs": Decimal("1.00")}


@pytest.mark.parametrize(("policy", "usd"), [("TargetTrackingScaling", "0.20"), ("StepScaling", "0.00")])
def test_target_tracking_pays_for_the_alarms_that_it_makes(policy: str, usd: str) -> None:
    assert sum(paid(lines_of("aws_appautoscaling_policy", {"policy_type": policy}, PRICES)).values()) == Decimal(usd)  # type: ignore[arg-type]


def test_function_costs_what_the_example_of_its_pricing_page_says() -> None:
    """512 MB, 3 million runs of one second: (1,500,000 - 400,000) GB-s = $18.34, and 2 million requests = $0.40."""
    usage = assume({"function.requests": 3_000_000, "function.milliseconds": 1000}, free_tier=True)

    lines = lines_of("aws_lambda_function", {"memory_size": 512}, PRICES, usage)

    assert paid(lines) == {"requests": Decimal("0.40"), "duration": Decimal("18.34")}
    assert lines["duration"].assumption.endswith("400,000 of it free")


def test_free_allowance_is_taken_off_only_once_for_all_functions() -> None:
    usage = assume({"function.requests": 1_500_000, "function.milliseconds": 1}, free_tier=True)
    functions = {f"aws_lambda_function.{name}": {"memory_size": 128} for name in "ab"}

    found = cost_of(plan_of(functions), PRICES, usage)

    # 3 million requests of both, one million of them free
    assert sum(line.monthly_usd or 0 for line in found.lines if line.part == "requests") == Decimal("0.40")


def test_allowance_is_not_taken_off_unless_it_is_asked_for() -> None:
    usage = assume({"function.requests": 3_000_000, "function.milliseconds": 1000})

    lines = lines_of("aws_lambda_function", {"memory_size": 512}, PRICES, usage)

    assert paid(lines) == {"requests": Decimal("0.60"), "duration": Decimal("25.00")}
    assert "an account has 400,000 free, which are not taken off" in lines["duration"].assumption


def test_function_on_arm_with_much_disk_and_traces() -> None:
    values: dict[str, Any] = {
        "memory_size": 1024,
        "architectures": ["arm64"],
        "ephemeral_storage": [{"size": 10752}],
        "tracing_config": [{"mode": "Active"}],
    }
    usage = assume({"function.requests": 1_000_000, "function.milliseconds": 1000, "tracing.share": "0.05"})

    lines = lines_of("aws_lambda_function", values, PRICES, usage)

    # 10^6 x 0.2e-6, 10^6 x 0.0000133334, 10^6 s x 10 GB x 0.0000000309, 50,000 x 0.000005
    assert paid(lines) == {
        "requests": Decimal("0.20"),
        "duration": Decimal("13.33"),
        "disk": Decimal("0.31"),
        "traces": Decimal("0.25"),
    }


def test_provisioned_concurrency_is_paid_all_month_at_the_memory_of_its_function() -> None:
    function = {"function_name": "read", "memory_size": 256, "architectures": ["arm64"]}
    kept = {"function_name": "read", "provisioned_concurrent_executions": 2}

    lines = lines_of("aws_lambda_provisioned_concurrency_config", kept, PRICES, aws_lambda_function__read=function)

    # 2 x 2,628,000 s x 0.25 GB x 0.0000033334
    assert paid(lines) == {"kept ready": Decimal("4.38")}


def test_function_that_is_told_a_model_pays_for_its_tokens() -> None:
    values = {"memory_size": 128, "environment": [{"variables": {"MODEL_ID": "us.anthropic.claude-sonnet-4-5-v1:0"}}]}
    usage = assume({"model.input_tokens": 1_000_000, "model.output_tokens": 100_000})

    plan = plan_of({"aws_lambda_function.it": values})
    plan["configuration"]["root_module"]["variables"] = {"model_id": {"default": "us.anthropic.claude-sonnet-4-5-v1:0"}}
    lines = {line.part: line for line in cost_of(plan, PRICES, usage).lines}

    assert (lines["input tokens"].monthly_usd, lines["output tokens"].monthly_usd) == (Decimal(3), Decimal("1.5"))


def test_model_without_prices_is_unknown() -> None:
    plan = plan_of({"aws_lambda_function.it": {"environment": [{"variables": {"MODEL_ID": "us.other.model"}}]}})
    plan["configuration"]["root_module"]["variables"] = {"model_id": {"default": "us.other.model"}}

    (line,) = [line for line in cost_of(plan, PRICES).lines if line.part == "model"]

    assert (line.kind, line.assumption) == ("unknown", "no prices of the model us.other.model")
