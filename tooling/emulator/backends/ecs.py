"""ECS: settings of services that moto takes and forgets, and services that are steady at once. Nothing is run."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from ipaddress import ip_network
from typing import Any

from botocore import xform_name
from moto.ec2.models import ec2_backends
from moto.ec2.models.elastic_network_interfaces import NetworkInterface
from moto.ecs.models import Service, ecs_backends
from moto.elbv2.models import elbv2_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import AwsError, Backend

backend = Backend("ecs")

# moto names an interface only in a VPC with DNS host names, and asks the interface of every task for it.
NetworkInterface.private_dns_name = ""

_FORGOTTEN = (
    "availabilityZoneRebalancing",
    "capacityProviderStrategy",
    "deploymentConfiguration",
    "enableECSManagedTags",
    "enableExecuteCommand",
    "healthCheckGracePeriodSeconds",
)


@backend.prepares("CreateService")
def refuse_launch_type_beside_strategy(call: Call) -> None:
    """aws_ecs_service, create: the two exclude each other, and moto would take the launch type."""
    if call.params.get("launchType") and call.params.get("capacityProviderStrategy"):
        raise AwsError(
            "InvalidParameterException",
            "Specifying both a launch type and capacity provider strategy is not supported.",
        )


@backend.watches("CreateService")
def remember_settings(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_ecs_service, create."""
    service = _service(call, answer)
    service.availability_zone_rebalancing = "DISABLED"
    for name in _FORGOTTEN:
        if name in call.params:
            setattr(service, xform_name(name), call.params[name])
    _settle(call, service)


@backend.watches("UpdateService")
def settle(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_ecs_service, update: moto keeps what is sent, and shows a deployment as it was."""
    _settle(call, _service(call, answer))


def _settle(call: Call, service: Service) -> None:
    """All tasks that are wanted run, by the one deployment there is: wait_for_steady_state, and who counts tasks."""
    if getattr(service, "capacity_provider_strategy", None):
        service.launch_type = None
    cluster = ecs_backends[call.account][call.region].clusters[service.cluster_name]
    cluster.running_tasks_count += service.desired_count - service.running_count
    cluster.pending_tasks_count -= service.pending_count
    service.running_count, service.pending_count = service.desired_count, 0
    for deployment in service.deployments:
        deployment.update(
            capacityProviderStrategy=getattr(service, "capacity_provider_strategy", None),
            desiredCount=service.desired_count,
            launchType=service.launch_type,
            networkConfiguration=service.network_configuration or None,
            pendingCount=0,
            platformVersion=service.platform_version,
            rolloutState="COMPLETED",
            rolloutStateReason=f"ECS deployment {deployment['id']} completed.",
            runningCount=service.desired_count,
            taskDefinition=service.task_definition,
        )
    _register_tasks(call, service)


@backend.answers("ListTasks")
def list_tasks_of_a_service(call: Call) -> Mapping[str, Any] | None:
    """Who looks at what a service runs; moto starts no task for one, and knows those of run_task only."""
    name = call.params.get("serviceName")
    if name is None:
        return None
    cluster = str(call.params.get("cluster", "default")).rpartition("/")[2]
    service = ecs_backends[call.account][call.region].services.get(f"{cluster}:{name.rpartition('/')[2]}")
    if service is None:
        raise AwsError("ServiceNotFoundException", "Service not found.")
    wanted = call.params.get("desiredStatus", "RUNNING")
    return {"taskArns": [one["taskArn"] for one in _tasks(call, service) if one["desiredStatus"] == wanted]}


@backend.answers("DescribeTasks")
def describe_tasks_of_services(call: Call) -> Mapping[str, Any] | None:
    """The same."""
    ours = {one["taskArn"].rpartition("/")[2]: one for tasks in _all_tasks(call).values() for one in tasks}
    asked = [str(arn).rpartition("/")[2] for arn in call.params.get("tasks", [])]
    return {"tasks": [ours[one] for one in asked], "failures": []} if asked and set(asked) <= set(ours) else None


@backend.answers("StopTask")
def stop_task_of_a_service(call: Call) -> Mapping[str, Any] | None:
    """A drill that takes a task away: it has stopped, and the service has started another, at once."""
    wanted = str(call.params["task"]).rpartition("/")[2]
    for tasks in _all_tasks(call).values():
        for one in tasks:
            if one["taskArn"].rpartition("/")[2] == wanted:
                now = datetime.now(UTC)
                reason = call.params.get("reason", "Task stopped by user")
                one.update(desiredStatus="STOPPED", lastStatus="STOPPED", stoppedAt=now, stoppedReason=reason)
                return {"task": one}
    return None


def _tasks(call: Call, service: Service) -> list[dict[str, Any]]:
    """Every task that a service has had; as many of them run as the service says."""
    tasks: list[dict[str, Any]] = _all_tasks(call).setdefault(service.arn, [])
    running = [one for one in tasks if one["desiredStatus"] == "RUNNING"]
    for one in running[service.running_count :]:
        one.update(desiredStatus="STOPPED", lastStatus="STOPPED", stoppedReason="Scaling activity initiated")
    for _ in range(service.running_count - len(running)):
        now = datetime.now(UTC)
        tasks.append(
            {
                "clusterArn": service.cluster_arn,
                "createdAt": now,
                "desiredStatus": "RUNNING",
                "group": f"service:{service.name}",
                "healthStatus": "HEALTHY",
                "lastStatus": "RUNNING",
                "startedAt": now,
                "taskArn": call.arn(f"task/{service.cluster_name}/{uuid.uuid4().hex}"),
                "taskDefinitionArn": service.task_definition,
            }
        )
    return tasks


def _all_tasks(call: Call) -> dict[str, list[dict[str, Any]]]:
    return call.store("service-tasks")


@backend.watches("DeleteService")
def stop(call: Call, answer: Mapping[str, Any]) -> None:
    """aws_ecs_service, delete: its tasks are no targets any more."""
    service = _service(call, answer)
    _deregister_tasks(call, service)
    _all_tasks(call).pop(service.arn, None)


@backend.amends("ListServices")
def list_active_services(call: Call, answer: dict[str, Any]) -> None:
    """Reading back what runs in a cluster: a deleted service can be described for a while, and is in no list."""
    services = {service.arn: service for service in ecs_backends[call.account][call.region].services.values()}
    answer["serviceArns"] = [arn for arn in answer["serviceArns"] if services[arn].status == "ACTIVE"]


@backend.amends("ListClusters")
def list_active_clusters(call: Call, answer: dict[str, Any]) -> None:
    """Reading back what clusters there are; the same."""
    clusters = {cluster.arn: cluster for cluster in ecs_backends[call.account][call.region].clusters.values()}
    answer["clusterArns"] = [arn for arn in answer["clusterArns"] if clusters[arn].status == "ACTIVE"]


def _register_tasks(call: Call, service: Service) -> None:
    """What a load balancer sees of the tasks: addresses in the service's subnets, healthy since nobody asks them."""
    _deregister_tasks(call, service)
    subnets = (service.network_configuration or {}).get("awsvpcConfiguration", {}).get("subnets", [])
    if not subnets:
        return
    addresses = [_address(call, subnets[number % len(subnets)]) for number in range(service.desired_count)]
    for balancer in service.load_balancers:
        if group := _target_groups(call).get(balancer.get("targetGroupArn")):
            group.register([{"Id": address, "Port": balancer["containerPort"]} for address in addresses])
    call.store("task-addresses")[service.arn] = addresses


def _deregister_tasks(call: Call, service: Service) -> None:
    for address in call.store("task-addresses").pop(service.arn, []):
        for group in _target_groups(call).values():
            group.targets.pop(address, None)


def _address(call: Call, subnet: str) -> str:
    """One after the other, so that no two tasks of a subnet have the same before it has been through."""
    network = ip_network(ec2_backends[call.account][call.region].get_subnet(subnet).cidr_block)
    used = call.store("addresses-used")
    used[subnet] = used.get(subnet, 0) + 1
    # AWS keeps the first four and the last: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
    return str(network[4 + used[subnet] % (network.num_addresses - 5)])


def _target_groups(call: Call) -> Mapping[str, Any]:
    groups: Mapping[str, Any] = elbv2_backends[call.account][call.region].target_groups
    return groups


def _service(call: Call, answer: Mapping[str, Any]) -> Service:
    name = answer["service"]["serviceName"]
    cluster = answer["service"]["clusterArn"].rpartition("/")[2]
    return ecs_backends[call.account][call.region].services[f"{cluster}:{name}"]
