"""`groundplan accept`: SoleMate's acceptance criteria, criterion by criterion, on a stack as its document wants it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.promises.conftest import Client, Shop
from tests.unit.promises.test_checklists import with_list
from tests.unit.promises.test_networks import let_in
from tests.unit.promises.test_serving import Answers
from tests.unit.promises.test_watching import ACTION, put_alarm
from tests.unit.promises.web_server import WebServer
from tooling.checklists import ACCEPTANCE, Checklist, Confirmations, Given, Item, read_checklist, unticked, walk
from tooling.live import LiveStack
from tooling.workspace import Workspace

POLICY = {"PolicyName": "cpu"}


class Shoes:
    """The whole stack; what the emulator makes at once is really made, the rest is answered for it."""

    def __init__(self, shop: Shop, client: Client, name: str, server: WebServer) -> None:
        self.shop, self.client, self.name, self.server = shop, client, name, server
        server.answers = {"GET /health": (200, {}), "GET /": (200, b"<html>")}
        with_list(shop, "solemate", ACCEPTANCE)
        self.state = {**self._network(), **self._serving(), **self._assets(), **self._watching()}
        database = {"DBInstanceStatus": "available", "PubliclyAccessible": False, "StorageEncrypted": True}
        instance = {"LifecycleState": "InService", "HealthStatus": "Healthy"}
        config = {"Enabled": True, "DefaultCacheBehavior": {"ViewerProtocolPolicy": "redirect-to-https"}}
        # What each service answers; a test changes one.
        self.database, self.instance, self.policies = database, instance, [POLICY]
        self.distribution = {"Status": "Deployed", "DomainName": "d1.cloudfront.net", "DistributionConfig": config}
        self.service = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2}

    def _network(self) -> dict[str, dict[str, Any]]:
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.5.0.0/16")["Vpc"]["VpcId"]
        everything = [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]
        state: dict[str, dict[str, Any]] = {}
        for number in range(4):
            group = ec2.create_security_group(GroupName=f"{self.name}-{number}", Description="x", VpcId=vpc)["GroupId"]
            ec2.revoke_security_group_egress(GroupId=group, IpPermissions=everything)
            state[f"aws_security_group.g{number}"] = {"id": group}
        for number in range(2):
            acl = ec2.create_network_acl(VpcId=vpc)["NetworkAcl"]["NetworkAclId"]
            state[f"aws_network_acl.a{number}"] = {"id": acl}
        return state

    def _serving(self) -> dict[str, dict[str, Any]]:
        origin = {"origin_id": "assets", "domain_name": f"{self.name}.s3.us-east-1.amazonaws.com", "origin_path": ""}
        scaled = {"service_namespace": "ecs", "resource_id": "service/c/s", "min_capacity": 2, "max_capacity": 6}
        return {
            "aws_autoscaling_group.backend": {"name": "g", "min_size": 1, "max_size": 4},
            "aws_lb.load_balancer": {"dns_name": "lb.elb.amazonaws.com"},
            "aws_lb_target_group.targets": {"arn": "arn:targets", "health_check": [{"path": "/health"}]},
            "aws_ecs_service.app": {"cluster": "c", "name": "s"},
            "aws_appautoscaling_target.app": {**scaled, "scalable_dimension": "ecs:service:DesiredCount"},
            "aws_db_instance.database": {"identifier": "db"},
            "aws_cloudfront_distribution.site": {
                "id": "E1",
                "aliases": [],
                "domain_name": "d1.cloudfront.net",
                "origin": [origin],
                "default_cache_behavior": [{"target_origin_id": "assets"}],
            },
        }

    def _assets(self) -> dict[str, dict[str, Any]]:
        s3 = self.client("s3")
        s3.create_bucket(Bucket=self.name)
        blocks = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        s3.put_public_access_block(Bucket=self.name, PublicAccessBlockConfiguration=dict.fromkeys(blocks, True))
        statement = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": f"arn:aws:s3:::{self.name}/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        s3.put_bucket_policy(Bucket=self.name, Policy=policy)
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        s3.put_bucket_encryption(Bucket=self.name, ServerSideEncryptionConfiguration={"Rules": [rule]})
        return {"aws_s3_bucket.assets": {"id": self.name}}

    def _watching(self) -> dict[str, dict[str, Any]]:
        body = json.dumps({"widgets": [{"type": "text", "properties": {"markdown": "#"}}]})
        self.client("cloudwatch").put_dashboard(DashboardName=self.name, DashboardBody=body)
        topic = self.client("sns").create_topic(Name=self.name)["TopicArn"]
        self.client("sns").subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@example.com")
        state: dict[str, dict[str, Any]] = {
            "aws_cloudwatch_dashboard.board": {"dashboard_name": self.name},
            "aws_sns_topic.alerts": {"arn": topic},
        }
        for number in range(8):
            put_alarm(self.client, f"{self.name}-{number}", actions=[ACTION])
            alarm = {"alarm_name": f"{self.name}-{number}", "alarm_actions": [ACTION]}
            state[f"aws_cloudwatch_metric_alarm.a{number}"] = alarm
        return state

    def live(self) -> LiveStack:
        live, region = self.shop.live(self.state), "us-east-1"
        group = {"DesiredCapacity": 1, "Instances": [self.instance]}
        healthy = {"TargetHealthDescriptions": [{"TargetHealth": {"State": "healthy"}}]}
        live._clients[("autoscaling", region)] = Answers(describe_auto_scaling_groups={"AutoScalingGroups": [group]})
        live._clients[("elbv2", region)] = Answers(describe_target_health=healthy)
        live._clients[("rds", region)] = Answers(describe_db_instances={"DBInstances": [self.database]})
        live._clients[("ecs", region)] = Answers(describe_services={"services": [self.service]})
        live._clients[("application-autoscaling", region)] = Answers(
            describe_scaling_policies={"ScalingPolicies": self.policies}
        )
        live._clients[("cloudfront", None)] = Answers(get_distribution={"Distribution": self.distribution})
        return live

    def open_rows(self) -> list[str]:
        """Criteria that are not met, of those that need no Terraform."""
        live = self.live()
        said = Confirmations.of(live.session, live.stack)
        return unticked(list(walk(live, criteria(live.session.workspace), said, Given(self.server.url))))


def criteria(workspace: Workspace) -> Checklist:
    """The list without what needs Terraform, which tests/faults has on an applied stack; under little load."""
    whole = read_checklist(workspace, "shop", ACCEPTANCE)
    return whole.model_copy(update={"items": tuple(_quick(each) for each in whole.items if not each.plan | each.rows)})


def _quick(item: Item) -> Item:
    load = item.load and item.load.model_copy(update={"p95_ms": 2000, "rps": 10, "seconds": 1})
    return item.model_copy(update={"gate": False, "load": load})


@pytest.fixture
def shoes(shop: Shop, client: Client, name: str, server: WebServer) -> Shoes:
    return Shoes(shop, client, name, server)


def test_a_stack_as_the_document_wants_it_is_accepted(shoes: Shoes) -> None:
    assert shoes.open_rows() == []


BREAKS: dict[str, Callable[[Shoes], object]] = {
    "SM-AC-02": lambda shoes: shoes.instance.update(HealthStatus="Unhealthy"),
    "SM-AC-03": lambda shoes: shoes.database.update(PubliclyAccessible=True),
    "SM-AC-04": lambda shoes: shoes.client("s3").delete_bucket_policy(Bucket=shoes.name),
    "SM-AC-05": lambda shoes: shoes.distribution.update(Status="InProgress"),
    "SM-AC-06": lambda shoes: shoes.service.update(runningCount=1),
    "SM-AC-07": lambda shoes: shoes.server.answers.update({"GET /health": (503, {})}),
    "SM-AC-08": lambda shoes: shoes.state.pop("aws_network_acl.a1"),
    "SM-AC-09": lambda shoes: shoes.client("cloudwatch").disable_alarm_actions(AlarmNames=[f"{shoes.name}-7"]),
    "SM-AC-10": lambda shoes: shoes.policies.clear(),
}


@pytest.mark.requirement(*BREAKS)
@pytest.mark.parametrize("row", BREAKS)
def test_what_is_not_as_the_document_wants_it_is_not_accepted(shoes: Shoes, row: str) -> None:
    BREAKS[row](shoes)

    assert shoes.open_rows() == [row]


@pytest.mark.requirement("SM-AC-03", "SM-AC-08")
def test_a_way_to_the_database_that_was_opened_by_hand_is_not_accepted(shoes: Shoes) -> None:
    let_in(shoes.client, shoes.state["aws_security_group.g3"]["id"], 5432)

    assert shoes.open_rows() == ["SM-AC-03", "SM-AC-08"]


@pytest.mark.requirement("SM-AC-04", "SM-AC-05")
def test_a_site_that_cloudfront_does_not_show_is_not_accepted(shoes: Shoes) -> None:
    shoes.server.answers["GET /"] = (403, b"<Error/>")

    # The load is sent to the same address.
    assert shoes.open_rows() == ["SM-AC-04", "SM-AC-05", "SM-AC-11"]
