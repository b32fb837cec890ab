"""ECS: settings of services, and tasks that run as soon as they are wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

Client = Callable[..., Any]

SETTINGS = {
    "availabilityZoneRebalancing": "ENABLED",
    "deploymentConfiguration": {
        "deploymentCircuitBreaker": {"enable": True, "rollback": True},
        "maximumPercent": 200,
        "minimumHealthyPercent": 100,
    },
    "enableECSManagedTags": True,
    "enableExecuteCommand": True,
    "healthCheckGracePeriodSeconds": 60,
    "platformVersion": "LATEST",
    "propagateTags": "SERVICE",
}


@pytest.fixture(scope="module")
def ecs(client: Client) -> Any:
    ecs = client("ecs")
    ecs.create_cluster(clusterName="tests")
    for _revision in range(2):
        ecs.register_task_definition(
            family="app", containerDefinitions=[{"name": "app", "image": "app", "memory": 512, "cpu": 256}]
        )
    return ecs


def _create(ecs: Any, name: str, **settings: Any) -> Any:
    settings.setdefault("desiredCount", 2)
    ecs.create_service(cluster="tests", serviceName=name, taskDefinition="app:1", **settings)
    return _describe(ecs, name)


def _describe(ecs: Any, name: str) -> Any:
    return ecs.describe_services(cluster="tests", services=[name])["services"][0]


def _running(ecs: Any) -> int:
    return int(ecs.describe_clusters(clusters=["tests"])["clusters"][0]["runningTasksCount"])


def test_settings_are_read_back(ecs: Any) -> None:
    service = _create(ecs, "settings", launchType="FARGATE", **SETTINGS)

    assert {name: service[name] for name in SETTINGS} == SETTINGS


def test_service_without_settings_rebalances_nothing(ecs: Any) -> None:
    service = _create(ecs, "plain", launchType="FARGATE")

    assert service["availabilityZoneRebalancing"] == "DISABLED"
    assert "healthCheckGracePeriodSeconds" not in service


def test_settings_change(ecs: Any) -> None:
    _create(ecs, "changing", launchType="FARGATE", **SETTINGS)

    ecs.update_service(
        cluster="tests", service="changing", enableExecuteCommand=False, healthCheckGracePeriodSeconds=120
    )

    service = _describe(ecs, "changing")
    assert (service["enableExecuteCommand"], service["healthCheckGracePeriodSeconds"]) == (False, 120)
    assert service["availabilityZoneRebalancing"] == "ENABLED"


def test_strategy_takes_the_place_of_a_launch_type(ecs: Any) -> None:
    strategy = [
        {"capacityProvider": "FARGATE_SPOT", "weight": 4, "base": 0},
        {"capacityProvider": "FARGATE", "weight": 1, "base": 1},
    ]

    service = _create(ecs, "spot", capacityProviderStrategy=strategy)

    assert service["capacityProviderStrategy"] == strategy
    assert "launchType" not in service


def test_rejects_strategy_beside_launch_type(ecs: Any) -> None:
    strategy = [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]

    with pytest.raises(ecs.exceptions.InvalidParameterException, match="both a launch type and capacity provider"):
        _create(ecs, "both", launchType="FARGATE", capacityProviderStrategy=strategy)

    assert ecs.describe_services(cluster="tests", services=["both"])["services"] == []


def test_all_wanted_tasks_run(ecs: Any) -> None:
    before = _running(ecs)

    service = _create(ecs, "steady", launchType="FARGATE", desiredCount=3)

    assert (service["runningCount"], service["pendingCount"]) == (3, 0)
    assert [(each["runningCount"], each["rolloutState"]) for each in service["deployments"]] == [(3, "COMPLETED")]
    assert _running(ecs) == before + 3


def test_change_is_deployed_at_once(ecs: Any) -> None:
    _create(ecs, "deployed", launchType="FARGATE", desiredCount=1)
    before = _running(ecs)

    ecs.update_service(cluster="tests", service="deployed", desiredCount=4, taskDefinition="app:2")

    service = _describe(ecs, "deployed")
    (deployment,) = service["deployments"]
    assert (service["runningCount"], deployment["runningCount"], deployment["desiredCount"]) == (4, 4, 4)
    assert service["taskDefinition"] == deployment["taskDefinition"]
    assert service["taskDefinition"].endswith("app:2")
    assert _running(ecs) == before + 3


def test_waiter_sees_a_stable_service(ecs: Any) -> None:
    _create(ecs, "awaited", launchType="FARGATE")

    ecs.get_waiter("services_stable").wait(
        cluster="tests", services=["awaited"], WaiterConfig={"MaxAttempts": 1, "Delay": 1}
    )


class Balanced:
    """Subnets and a target group for the tasks of one test."""

    def __init__(self, client: Client, name: str) -> None:
        self.elb, ec2 = client("elbv2"), client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.4.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.4.{number}.0/24")["Subnet"]["SubnetId"] for number in (1, 2)
        ]
        group = ec2.create_security_group(GroupName=name, Description=name, VpcId=vpc)["GroupId"]
        made = self.elb.create_target_group(Name=name, Protocol="HTTP", Port=80, VpcId=vpc, TargetType="ip")
        self.targets = made["TargetGroups"][0]["TargetGroupArn"]
        self.settings = {
            "launchType": "FARGATE",
            "loadBalancers": [{"targetGroupArn": self.targets, "containerName": "app", "containerPort": 3000}],
            "networkConfiguration": {"awsvpcConfiguration": {"subnets": subnets, "securityGroups": [group]}},
        }

    def health(self) -> list[tuple[str, int, str]]:
        told = self.elb.describe_target_health(TargetGroupArn=self.targets)["TargetHealthDescriptions"]
        return [(each["Target"]["Id"], each["Target"]["Port"], each["TargetHealth"]["State"]) for each in told]


def test_tasks_are_healthy_targets_in_every_subnet(client: Client, ecs: Any) -> None:
    balanced = Balanced(client, "healthy")

    _create(ecs, "healthy", desiredCount=3, **balanced.settings)

    health = balanced.health()
    assert {(port, state) for _address, port, state in health} == {(3000, "healthy")}
    assert sorted(address.rpartition(".")[0] for address, _port, _state in health) == ["10.4.1", "10.4.1", "10.4.2"]


def test_targets_follow_the_number_of_tasks(client: Client, ecs: Any) -> None:
    balanced = Balanced(client, "following")
    _create(ecs, "following", desiredCount=1, **balanced.settings)
    one = len(balanced.health())

    ecs.update_service(cluster="tests", service="following", desiredCount=2)
    two = len(balanced.health())
    ecs.delete_service(cluster="tests", service="following", force=True)

    assert (one, two, balanced.health()) == (1, 2, [])


def test_two_services_share_a_target_group(client: Client, ecs: Any) -> None:
    balanced = Balanced(client, "shared")
    _create(ecs, "blue", desiredCount=2, **balanced.settings)
    _create(ecs, "green", desiredCount=2, **balanced.settings)
    both = len(balanced.health())

    ecs.delete_service(cluster="tests", service="blue", force=True)

    assert (both, len(balanced.health())) == (4, 2)


def test_settings_of_a_destroyed_service_are_forgotten(ecs: Any) -> None:
    _create(ecs, "again", launchType="FARGATE", **SETTINGS)
    ecs.delete_service(cluster="tests", service="again", force=True)

    service = _create(ecs, "again", launchType="FARGATE")

    assert service["availabilityZoneRebalancing"] == "DISABLED"
    assert "enableExecuteCommand" not in service or service["enableExecuteCommand"] is False


def test_deleted_service_is_in_no_list(ecs: Any) -> None:
    arn = _create(ecs, "deleted", launchType="FARGATE")["serviceArn"]
    kept = _create(ecs, "kept", launchType="FARGATE")["serviceArn"]

    ecs.delete_service(cluster="tests", service="deleted", force=True)

    listed = ecs.list_services(cluster="tests", maxResults=100)["serviceArns"]
    assert kept in listed
    assert arn not in listed
    assert _describe(ecs, "deleted")["status"] == "INACTIVE"


def test_deleted_cluster_is_in_no_list(ecs: Any) -> None:
    arn = ecs.create_cluster(clusterName="deleted")["cluster"]["clusterArn"]

    ecs.delete_cluster(cluster="deleted")

    listed = ecs.list_clusters()["clusterArns"]
    assert any(each.endswith("/tests") for each in listed)
    assert arn not in listed


def _tasks(ecs: Any, name: str, status: str = "RUNNING") -> list[str]:
    return list(ecs.list_tasks(cluster="tests", serviceName=name, desiredStatus=status)["taskArns"])


def test_a_service_has_the_tasks_that_it_says_run(ecs: Any) -> None:
    _create(ecs, "with-tasks", desiredCount=2)
    first = _tasks(ecs, "with-tasks")

    ecs.update_service(cluster="tests", service="with-tasks", desiredCount=3)

    more = _tasks(ecs, "with-tasks")
    assert (len(first), len(more), set(first) <= set(more)) == (2, 3, True)
    told = ecs.describe_tasks(cluster="tests", tasks=more)["tasks"]
    assert {one["lastStatus"] for one in told} == {"RUNNING"}
    assert {one["group"] for one in told} == {"service:with-tasks"}


def test_a_stopped_task_of_a_service_is_replaced(ecs: Any) -> None:
    _create(ecs, "replacing", desiredCount=2)
    victim, other = _tasks(ecs, "replacing")

    stopped = ecs.stop_task(cluster="tests", task=victim, reason="a drill")["task"]

    assert (stopped["lastStatus"], stopped["stoppedReason"]) == ("STOPPED", "a drill")
    assert _tasks(ecs, "replacing", "STOPPED") == [victim]
    after = _tasks(ecs, "replacing")
    assert (len(after), other in after, victim in after) == (2, True, False)


def test_tasks_of_a_service_that_is_not_there_are_refused(ecs: Any) -> None:
    with pytest.raises(ecs.exceptions.ServiceNotFoundException):
        _tasks(ecs, "nobody")
