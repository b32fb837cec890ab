"""What `GET /_groundplan/inventory` lists: what somebody made, each once, and nothing that AWS brings."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from tooling.emulator.holding import Holding
from tooling.emulator.inventory_rules import SETTINGS
from tooling.emulator.process import RunningEmulator, down, inventory, reset, up

Client = Callable[..., Any]
ACCOUNT = "666666666666"
RESTORES = {
    "RestoreTestingPlanName": "monthly",
    "ScheduleExpression": "cron(0 5 1 * ? *)",
    "RecoveryPointSelection": {
        "Algorithm": "LATEST_WITHIN_WINDOW",
        "IncludeVaults": ["*"],
        "RecoveryPointTypes": ["SNAPSHOT"],
    },
}
WEB = {"name": "web", "image": "web", "memory": 128}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningEmulator]:
    """An emulator that nobody else makes things in."""
    home = tmp_path_factory.mktemp("inventory")
    yield up(home)
    down(home)


@pytest.fixture
def empty(own: RunningEmulator) -> RunningEmulator:
    reset(own)
    return own


@pytest.fixture
def ask(empty: RunningEmulator) -> Client:
    def make(service: str, region: str = "us-east-1", account: str = ACCOUNT) -> Any:
        return boto3.client(
            service,
            endpoint_url=empty.endpoint,
            region_name=region,
            aws_access_key_id=account,
            aws_secret_access_key="unchecked",
        )

    return make


def kinds(held: tuple[Holding, ...]) -> Counter[str]:
    return Counter(one.kind for one in held)


def test_emulator_that_nobody_made_anything_in_holds_nothing(empty: RunningEmulator, ask: Client) -> None:
    # GIVEN that every service with something of AWS's own was asked, in two regions
    for region in ("us-east-1", "eu-west-1"):
        ask("ec2", region).describe_vpcs()
        ask("ec2", region).describe_managed_prefix_lists()
        ask("events", region).list_event_buses()
        ask("kms", region).list_aliases()
        ask("rds", region).describe_db_parameter_groups()
        ask("ecs", region).list_clusters()
        ask("ssm", region).describe_parameters()
        ask("logs", region).describe_log_groups()
    ask("iam").list_policies(Scope="AWS", MaxItems=5)
    ask("cloudfront").list_cache_policies(Type="managed")
    ask("mediaconvert").list_queues()

    assert inventory(empty) == ()


def test_a_stack_of_cloudformation_is_there_until_it_is_deleted(empty: RunningEmulator, ask: Client) -> None:
    topic = {"Resources": {"T": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": "t"}}}}
    ask("cloudformation").create_stack(StackName="memory", TemplateBody=json.dumps(topic))
    there = kinds(inventory(empty))

    ask("cloudformation").delete_stack(StackName="memory")

    assert (there["Stack"], there["Topic"]) == (1, 1)
    assert inventory(empty) == ()


def test_each_thing_is_listed_once_by_its_name_and_what_it_is_part_of(empty: RunningEmulator, ask: Client) -> None:
    ask("sqs").create_queue(QueueName="orders")
    ask("dynamodb").create_table(
        TableName="items",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    events = ask("events")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)")
    events.put_targets(Rule="nightly", Targets=[{"Id": "one", "Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:orders"}])
    iam = ask("iam")
    reads = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
    iam.create_role(RoleName="reader", AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName="reader", PolicyName="reads", PolicyDocument=json.dumps(reads))
    ask("s3").create_bucket(Bucket="photos-of-666666666666")
    ask("s3").put_object(Bucket="photos-of-666666666666", Key="a/b.jpg", Body=b"1")
    ask("sesv2").create_email_identity(EmailIdentity="example.com")
    ask("sesv2").create_configuration_set(ConfigurationSetName="mail")
    ask("backup").create_restore_testing_plan(RestoreTestingPlan=RESTORES)

    held = inventory(empty)

    assert {one.account for one in held} == {ACCOUNT}
    assert [(one.region, one.service, one.kind, one.within, one.name) for one in held] == [
        ("aws", "iam", "Role", "", "reader"),
        ("aws", "iam", "RolePolicy", "reader", "reads"),
        ("aws", "s3", "FakeBucket", "", "photos-of-666666666666"),
        ("aws", "s3", "FakeKey", "photos-of-666666666666", "a/b.jpg"),
        ("us-east-1", "dynamodb", "Table", "", "items"),
        ("us-east-1", "events", "Rule", "default", "nightly"),
        ("us-east-1", "events", "Target", "default / nightly", "one"),
        ("us-east-1", "groundplan", "restore-testing-plans", "", "monthly"),
        ("us-east-1", "ses", "ConfigurationSet", "", "mail"),
        ("us-east-1", "ses", "EmailIdentity", "", "example.com"),
        ("us-east-1", "sqs", "Queue", "", "orders"),
    ]


def test_network_is_listed_with_what_came_with_it_and_the_default_one_is_not(
    empty: RunningEmulator, ask: Client
) -> None:
    ec2 = ask("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    made = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    with_network = inventory(empty)
    ec2.delete_subnet(SubnetId=made)
    ec2.delete_vpc(VpcId=vpc)

    assert kinds(with_network)["VPC"] == 1
    assert [one.name for one in with_network if one.kind == "Subnet"] == [made]
    assert [one.name for one in with_network if one.kind == "SecurityGroup"] == ["default"]
    assert kinds(with_network)["RouteTable"] == 1
    assert inventory(empty) == ()


def test_what_aws_lists_for_a_while_after_its_end_is_gone(empty: RunningEmulator, ask: Client) -> None:
    # GIVEN a network with a gateway, an endpoint and an instance
    ec2 = ask("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    gateway = ec2.create_nat_gateway(SubnetId=subnet, AllocationId=address)["NatGateway"]["NatGatewayId"]
    service = {"VpcId": vpc, "ServiceName": "com.amazonaws.us-east-1.s3", "VpcEndpointType": "Gateway"}
    endpoint = ec2.create_vpc_endpoint(**service)["VpcEndpoint"]["VpcEndpointId"]
    image = ec2.describe_images()["Images"][0]["ImageId"]
    port = {"DeviceIndex": 0, "SubnetId": subnet, "DeleteOnTermination": True}
    run = ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1, NetworkInterfaces=[port])
    started = run["Instances"][0]["InstanceId"]
    there = kinds(inventory(empty))

    # WHEN all of it ends
    ec2.terminate_instances(InstanceIds=[started])
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint])
    ec2.delete_nat_gateway(NatGatewayId=gateway)
    ec2.release_address(AllocationId=address)
    ec2.delete_subnet(SubnetId=subnet)
    ec2.delete_vpc(VpcId=vpc)

    # THEN it is not there, although it is listed
    assert {kind: there[kind] for kind in ("NatGateway", "VPCEndPoint", "Reservation")} == {
        "NatGateway": 1,
        "VPCEndPoint": 1,
        "Reservation": 1,
    }
    assert [one["State"] for one in ec2.describe_nat_gateways()["NatGateways"]] == ["deleted"]
    assert inventory(empty) == ()


def test_two_accounts_and_two_regions_are_told_apart(empty: RunningEmulator, ask: Client) -> None:
    ask("sqs").create_queue(QueueName="orders")
    ask("sqs", "eu-west-1").create_queue(QueueName="orders")
    ask("sqs", account="777777777777").create_queue(QueueName="orders")

    assert [(one.account, one.region) for one in inventory(empty)] == [
        (ACCOUNT, "eu-west-1"),
        (ACCOUNT, "us-east-1"),
        ("777777777777", "us-east-1"),
    ]


def test_what_is_on_its_way_out_is_not_listed(empty: RunningEmulator, ask: Client) -> None:
    key = ask("kms").create_key()["KeyMetadata"]["KeyId"]
    ask("secretsmanager").create_secret(Name="password", SecretString="s")
    ask("ecs").register_task_definition(family="web", containerDefinitions=[WEB])
    there = kinds(inventory(empty))

    ask("kms").schedule_key_deletion(KeyId=key)
    ask("secretsmanager").delete_secret(SecretId="password")
    ask("ecs").deregister_task_definition(taskDefinition="web:1")

    assert there == {"Key": 1, "FakeSecret": 1, "TaskDefinition": 1}
    assert inventory(empty) == ()


def test_key_that_a_service_made_for_itself_is_not_listed(empty: RunningEmulator, ask: Client) -> None:
    ask("kms").describe_key(KeyId="alias/aws/s3")

    assert inventory(empty) == ()


def test_stores_of_ours_are_all_known_to_be_things_or_settings() -> None:
    """A new store of settings would be listed as things that nobody ever deletes: it belongs in SETTINGS."""
    sources = Path(__file__).resolve().parents[3] / "tooling/emulator"
    named = {
        name
        for file in sources.rglob("*.py")
        for name in re.findall(r"\b(?:account_)?store\(\s*\"([\w-]+)\"", file.read_text())
    }

    assert named - SETTINGS == THINGS
    assert named >= SETTINGS


THINGS = {
    "anomaly-monitors",
    "anomaly-subscriptions",
    "distributions",
    "notifications",
    "provisioned-concurrency",
    "query-definitions",
    "queues",
    "replicated-backups",
    "restore-testing-plans",
    "sampling-rules",
    "selections",
    "suppressed-destinations",
    "xray-groups",
}
