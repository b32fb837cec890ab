"""What runs the application: services of ECS, instances of a scaling group, functions in a VPC."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.doctor.firewall import EPHEMERAL, LINUX_EPHEMERAL
from tooling.errors import ToolError

if TYPE_CHECKING:
    from tooling.doctor.examination import Examination
    from tooling.live import LiveResource


@dataclass(frozen=True)
class Service:
    """One service of ECS, as the account has it now.

    Attributes:
        cluster: Name or ARN of its cluster.
        described: What ECS says of it.
        definition: The task definition that it runs.
        address: In the state.
        region: Where it is.
    """

    name: str
    cluster: str
    described: Mapping[str, Any]
    definition: Mapping[str, Any]
    address: str
    region: str

    @property
    def containers(self) -> Sequence[Mapping[str, Any]]:
        return list(self.definition.get("containerDefinitions", []))

    @property
    def network(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (self.described.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        return found

    @property
    def security_groups(self) -> tuple[str, ...]:
        return tuple(self.network.get("securityGroups", []))

    @property
    def subnets(self) -> tuple[str, ...]:
        return tuple(self.network.get("subnets", []))

    @property
    def cluster_name(self) -> str:
        return self.cluster.rpartition("/")[2]


@dataclass(frozen=True)
class Sender:
    """Something of the stack that begins connections.

    Attributes:
        what: In words, as ``the tasks of app``.
        security_groups, subnets, region: Where it is.
        answers: First and last port that answers come back to.
    """

    what: str
    security_groups: tuple[str, ...]
    subnets: tuple[str, ...]
    region: str
    answers: tuple[int, int]


def services(examination: Examination) -> Iterator[Service]:
    """Every service of ECS in the stack.

    Raises:
        ToolError: One is in the state and not in the account.
    """
    for one in examination.live.of("aws_ecs_service"):
        client = examination.client("ecs", one.region)
        cluster, name = str(one["cluster"]), str(one["name"])
        with examination.live.asking(f"the service {name}"):
            answer = client.describe_services(cluster=cluster, services=[name])
            found = [each for each in answer["services"] if each["status"] == "ACTIVE"]
            if not found:
                raise ToolError(
                    f"the service {name} is not there any more",
                    where=one.address,
                    hint=f"groundplan drift {examination.command}",
                )
            definition = client.describe_task_definition(taskDefinition=found[0]["taskDefinition"])["taskDefinition"]
        yield Service(name, cluster, found[0], definition, one.address, one.region)


def service_sender(service: Service) -> Sender:
    return Sender(
        f"the tasks of {service.name}", service.security_groups, service.subnets, service.region, LINUX_EPHEMERAL
    )


def instances(examination: Examination) -> Iterator[tuple[LiveResource, Sender]]:
    """Every group of instances, with where they are."""
    for group in examination.live.of("aws_autoscaling_group"):
        wanted = {str(each.get("id")) for each in group.attributes.get("launch_template") or []}
        templates = [one for one in examination.live.of("aws_launch_template") if one.id in wanted]
        guards = tuple(str(one) for template in templates for one in _guards(template.attributes))
        subnets = tuple(map(str, group.attributes.get("vpc_zone_identifier") or ()))
        yield group, Sender(f"the instances of {group['name']}", guards, subnets, group.region, LINUX_EPHEMERAL)


def senders(examination: Examination) -> Iterator[Sender]:
    """Everything in the stack that runs code in its VPC."""
    for service in services(examination):
        yield service_sender(service)
    for _, sender in instances(examination):
        yield sender
    for function in examination.live.of("aws_lambda_function"):
        for config in function.attributes.get("vpc_config") or []:
            if config.get("subnet_ids"):
                guards, subnets = tuple(config["security_group_ids"]), tuple(config["subnet_ids"])
                yield Sender(f"the function {function['function_name']}", guards, subnets, function.region, EPHEMERAL)


def applied_containers(examination: Examination, family: str) -> Sequence[Mapping[str, Any]]:
    """Container definitions of a task family, as they were applied."""
    for one in examination.live.of("aws_ecs_task_definition"):
        if one["family"] == family:
            found: list[Mapping[str, Any]] = json.loads(one["container_definitions"])
            return found
    return []


def _guards(template: Mapping[str, Any]) -> Iterator[object]:
    yield from template.get("vpc_security_group_ids") or ()
    for interface in template.get("network_interfaces") or ():
        yield from interface.get("security_groups") or ()
