"""ECS services on Fargate, Container Insights, image repositories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from tooling.cost.amount import HOURS, Amount, amount, missing
from tooling.cost.component import Component, Pricer, nothing, only, unpriced
from tooling.cost.estate import Resource, decimal

ECS, ECR, CLOUDWATCH, VPC = (
    "Amazon Elastic Container Service",
    "Amazon EC2 Container Registry (ECR)",
    "AmazonCloudWatch",
    "Amazon Virtual Private Cloud",
)
# https://aws.amazon.com/fargate/pricing/: each task has 20 GB of its own for nothing.
_FREE_DISK_GB = 20


def service(item: Resource) -> Iterator[Component]:
    shares = _shares(item)
    if not shares:
        yield nothing("service", ECS, "tasks on EC2 are paid with the instances that they run on")
        return
    definitions = item.related("task_definition", "aws_ecs_task_definition")
    if len(definitions) != 1:
        yield unpriced("tasks", ECS, "which task definition it runs is not to be read from the plan")
        return
    task = definitions[0]
    tasks = average_tasks(item)
    arm = any(block.get("cpu_architecture") == "ARM64" for block in task.blocks("runtime_platform"))
    processor = "arm" if arm else "x86"
    vcpu, memory = decimal(task.required("cpu")) / 1024, decimal(task.required("memory")) / 1024
    for provider, share in shares.items():
        name = "Fargate Spot" if provider == "FARGATE_SPOT" else "Fargate"
        hours = tasks * share * HOURS
        if provider == "FARGATE_SPOT":
            # AWS sells spare capacity at a price that moves, which no table can hold.
            hours = hours * item.assume("service.spot_price_share")
        what = f"{name}, {vcpu.normalize():f} vCPU a task, {processor}"
        yield only(ECS, f"{name} vCPU", f"fargate.{processor}.vcpu_hour", hours * vcpu, what)
        what = f"{name}, {memory.normalize():f} GB a task, {processor}"
        yield only(ECS, f"{name} memory", f"fargate.{processor}.gb_hour", hours * memory, what)
    disk = sum((decimal(block.get("size_in_gib") or 0) for block in task.blocks("ephemeral_storage")), Decimal())
    if disk > _FREE_DISK_GB:
        extra = tasks * HOURS * (disk - _FREE_DISK_GB)
        yield only(ECS, "disk", "fargate.ephemeral_gb_hour", extra, f"disk above {_FREE_DISK_GB} GB")
    if any(block.get("assign_public_ip") for block in item.blocks("network_configuration")):
        yield only(VPC, "addresses", "vpc.public_ipv4", tasks * HOURS, "public IPv4 address of each task")


def average_tasks(item: Resource) -> Amount:
    """Tasks on average: what is assumed, else the least that scaling allows, else the desired count."""
    for target in item.estate.of_type("aws_appautoscaling_target"):
        of_service = str(target.planned.values.get("resource_id") or "").endswith(f"/{item.get('name')}")
        if of_service and target.get("scalable_dimension") == "ecs:service:DesiredCount":
            least = target.number("min_capacity")
            note = "as many tasks as scaling keeps at least; no service.average_tasks is assumed"
            return item.assume("service.average_tasks", Amount(least.value, (note,), least.missing))
    return item.assume("service.average_tasks", item.number("desired_count", 1))


def _shares(item: Resource) -> dict[str, Amount]:
    """Share of the tasks of each Fargate provider; none for a service on EC2."""
    strategy = item.blocks("capacity_provider_strategy")
    if not strategy:
        if item.get("launch_type") == "FARGATE":
            return {"FARGATE": amount(1)}
        strategy = [
            block
            for cluster in item.estate.of_type("aws_ecs_cluster_capacity_providers")
            for block in cluster.blocks("default_capacity_provider_strategy")
            if not item.get("launch_type")
        ]
    on_fargate = [block for block in strategy if str(block.get("capacity_provider")).startswith("FARGATE")]
    if any(block.get("base") for block in strategy) and len(strategy) > 1:
        return {"FARGATE": missing("a strategy with a base splits tasks by how many there are")} if on_fargate else {}
    if len(on_fargate) == 1 == len(strategy):
        return {str(on_fargate[0]["capacity_provider"]): amount(1)}
    weights = sum((decimal(block.get("weight") or 0) for block in strategy), Decimal())
    return {
        str(block["capacity_provider"]): amount(decimal(block.get("weight") or 0) / weights)
        for block in on_fargate
        if weights
    }


def cluster(item: Resource) -> Iterator[Component]:
    modes = {block.get("value") for block in item.blocks("setting") if block.get("name") == "containerInsights"}
    if modes <= {"disabled"}:
        yield nothing("cluster", ECS, "a cluster is free; its services have lines of their own")
    elif modes == {"enabled"}:
        metrics, logs = item.assume("insights.metrics"), item.assume("insights.logs_gb")
        yield only(CLOUDWATCH, "metrics", "cloudwatch.metric", metrics, "metrics of Container Insights")
        yield only(CLOUDWATCH, "logs", "cloudwatch.logs.ingested", logs, "performance log of Container Insights")
    else:
        yield unpriced("insights", CLOUDWATCH, "no prices of Container Insights with enhanced observability")


def repository(item: Resource) -> Iterator[Component]:
    yield only(ECR, "images", "ecr.storage", item.assume("repository.gb"), "images")


PRICED: Mapping[str, Pricer] = {
    "aws_ecr_repository": repository,
    "aws_ecs_cluster": cluster,
    "aws_ecs_service": service,
}
