"""A service with its database behind a load balancer, made in an emulator through boto3, and the state that says so."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Client = Callable[..., Any]
ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]
EVERYTHING = [{"IpProtocol": "-1", "IpRanges": ANYWHERE}]
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "ecs-tasks.amazonaws.com"}},
    ],
}
EXECUTION = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": ["ecr:Get*", "ecr:BatchGetImage", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": "*",
        },
        {
            "Effect": "Allow",
            "Action": "secretsmanager:GetSecretValue",
            "Resource": "arn:aws:secretsmanager:*:*:secret:*/database-??????",
        },
    ],
}
TASK = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "arn:aws:s3:::files/*"}],
}
PORT = 3000


@dataclass
class RunningService:
    """What was made.

    Attributes:
        name: Part of every name.
        client: Of the emulator.
        resources: Of the state, by address in the module.
        ids: What AWS called things: groups ``alb``, ``ecs``, ``rds``; subnets; the target group.
        definition: The container definition that was applied.
    """

    name: str
    client: Client
    resources: dict[str, dict[str, Any]]
    ids: dict[str, str]
    definition: dict[str, Any]

    @property
    def secret_name(self) -> str:
        return f"{self.name}/database"

    def connection(self) -> dict[str, Any]:
        """What the secret says when all is well."""
        found = self.client("rds").describe_db_instances(DBInstanceIdentifier=self.name)["DBInstances"][0]["Endpoint"]
        place = {"host": found["Address"], "port": found["Port"], "dbname": "app"}
        return {"username": "fckadmin", "password": "a-secret-of-tests", **place}

    def say(self, **values: Any) -> None:
        """Write these into the secret in place of what is right; None takes a key out."""
        kept = {key: value for key, value in {**self.connection(), **values}.items() if value is not None}
        self.client("secretsmanager").put_secret_value(SecretId=self.secret_name, SecretString=json.dumps(kept))

    def run_with(self, **changed: Any) -> None:
        """Let the service run a container of another definition than the one that was applied."""
        client = self.client("ecs")
        client.register_task_definition(**_task(self, {**self.definition, **changed}))
        client.update_service(cluster=self.name, service=self.name, taskDefinition=self.name)

    def log(self, group: str, stream: str, *lines: str) -> None:
        """Write lines into a log, now."""
        import time

        logs, now = self.client("logs"), int(time.time() * 1000) - 1000 * len(lines)
        logs.create_log_stream(logGroupName=group, logStreamName=stream)
        events = [{"timestamp": now + 1000 * number, "message": line} for number, line in enumerate(lines)]
        logs.put_log_events(logGroupName=group, logStreamName=stream, logEvents=events)

    def shut(self, group: str, way: str) -> None:
        """Take every rule of one way (``ingress``, ``egress``) out of a security group."""
        ec2 = self.client("ec2")
        found = ec2.describe_security_groups(GroupIds=[self.ids[group]])["SecurityGroups"][0]
        key = {"ingress": "IpPermissions", "egress": "IpPermissionsEgress"}[way]
        getattr(ec2, f"revoke_security_group_{way}")(GroupId=self.ids[group], IpPermissions=found[key])


def running_service(client: Client, name: str, account: str) -> RunningService:
    """Make it whole and sound."""
    ids, resources = _network(client, name)
    database = client("rds").create_db_instance(
        DBInstanceIdentifier=name,
        DBName="app",
        Engine="postgres",
        EngineVersion="15",
        DBInstanceClass="db.t4g.micro",
        AllocatedStorage=20,
        MasterUsername="fckadmin",
        MasterUserPassword="a-secret-of-tests",
        VpcSecurityGroupIds=[ids["rds"]],
        DBSubnetGroupName=name,
    )["DBInstance"]
    arns = {}
    for role, policy in (("execution", EXECUTION), ("task", TASK)):
        made = client("iam").create_role(RoleName=f"{name}-{role}", AssumeRolePolicyDocument=json.dumps(TRUST))
        arns[role] = made["Role"]["Arn"]
        client("iam").put_role_policy(RoleName=f"{name}-{role}", PolicyName=role, PolicyDocument=json.dumps(policy))
        resources[f"aws_iam_role_policy.{role}"] = {"role": f"{name}-{role}", "policy": json.dumps(policy)}
    secret = client("secretsmanager").create_secret(Name=f"{name}/database", SecretString="{}")["ARN"]
    for group in (f"/ecs/{name}", f"/aws/rds/instance/{name}/postgresql"):
        client("logs").create_log_group(logGroupName=group)
    reference = f"arn:aws:secretsmanager:us-east-1:{account}:secret:{name}/database"
    container = {
        "name": "app",
        "image": f"{account}.dkr.ecr.us-east-1.amazonaws.com/app:1",
        "essential": True,
        # moto reckons with it when it runs a task.
        "memory": 512,
        "portMappings": [{"containerPort": PORT, "hostPort": PORT, "protocol": "tcp"}],
        "environment": [{"name": "LOG_LEVEL", "value": "info"}, {"name": "PORT", "value": str(PORT)}],
        "secrets": [{"name": "DATABASE_HOST", "valueFrom": f"{reference}:host::"}],
        "logConfiguration": {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": f"/ecs/{name}",
                "awslogs-region": "us-east-1",
                "awslogs-stream-prefix": "app",
            },
        },
    }
    ids |= {"execution": arns["execution"], "task": arns["task"]}
    service = RunningService(name, client, resources, ids, container)
    client("ecs").create_cluster(clusterName=name)
    client("ecs").register_task_definition(**_task(service, container))
    client("ecs").create_service(
        cluster=name,
        serviceName=name,
        taskDefinition=name,
        desiredCount=2,
        launchType="FARGATE",
        loadBalancers=[{"targetGroupArn": ids["group"], "containerName": "app", "containerPort": PORT}],
        networkConfiguration={
            "awsvpcConfiguration": {"subnets": [ids["private-a"], ids["private-b"]], "securityGroups": [ids["ecs"]]}
        },
    )
    client("application-autoscaling").register_scalable_target(
        ServiceNamespace="ecs",
        ResourceId=f"service/{name}/{name}",
        ScalableDimension="ecs:service:DesiredCount",
        MinCapacity=1,
        MaxCapacity=4,
    )
    resources |= {
        "aws_db_instance.database": {"identifier": name, "id": database["DbiResourceId"]},
        "aws_secretsmanager_secret.database": {"name": f"{name}/database", "arn": secret},
        "aws_cloudwatch_log_group.database": {"name": f"/aws/rds/instance/{name}/postgresql"},
        "aws_ecs_task_definition.app": {"family": name, "container_definitions": json.dumps([container])},
        "aws_ecs_service.app": {"name": name, "cluster": name},
        "aws_appautoscaling_target.tasks": {"resource_id": f"service/{name}/{name}", "service_namespace": "ecs"},
    }
    service.say()
    return service


def _task(service: RunningService, container: dict[str, Any]) -> dict[str, Any]:
    return {
        "family": service.name,
        "containerDefinitions": [container],
        "cpu": "256",
        "memory": "512",
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "executionRoleArn": service.ids["execution"],
        "taskRoleArn": service.ids["task"],
    }


def _network(client: Client, name: str) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """VPC, subnets with their ways out, security groups, load balancer and target group."""
    ec2, elb = client("ec2"), client("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16")["Vpc"]["VpcId"]
    ids = {"vpc": vpc}
    gateway = ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=vpc)
    for number, (kind, zone) in enumerate((kind, zone) for kind in ("public", "private") for zone in "ab"):
        subnet = ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.9.{number}.0/24", AvailabilityZone=f"us-east-1{zone}")
        ids[f"{kind}-{zone}"] = subnet["Subnet"]["SubnetId"]
    address = ec2.allocate_address(Domain="vpc")["AllocationId"]
    nat = ec2.create_nat_gateway(SubnetId=ids["public-a"], AllocationId=address)["NatGateway"]["NatGatewayId"]
    for kind, way in (("public", {"GatewayId": gateway}), ("private", {"NatGatewayId": nat})):
        table = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
        ec2.create_route(RouteTableId=table, DestinationCidrBlock="0.0.0.0/0", **way)
        ids[f"{kind}-routes"] = table
        for zone in "ab":
            ec2.associate_route_table(RouteTableId=table, SubnetId=ids[f"{kind}-{zone}"])
    for group in ("alb", "ecs", "rds"):
        made = ec2.create_security_group(GroupName=f"{name}-{group}", Description=group, VpcId=vpc)
        ids[group] = made["GroupId"]
        ec2.revoke_security_group_egress(GroupId=ids[group], IpPermissions=EVERYTHING)

    def rule(way: str, group: str, port: int, source: str) -> None:
        whom = {"IpRanges": ANYWHERE} if source == "all" else {"UserIdGroupPairs": [{"GroupId": ids[source]}]}
        permission = {"IpProtocol": "tcp", "FromPort": port, "ToPort": port, **whom}
        getattr(ec2, f"authorize_security_group_{way}")(GroupId=ids[group], IpPermissions=[permission])

    rule("ingress", "alb", 80, "all")
    rule("egress", "alb", PORT, "ecs")
    rule("ingress", "ecs", PORT, "alb")
    rule("egress", "ecs", 5432, "rds")
    rule("egress", "ecs", 443, "all")
    rule("ingress", "rds", 5432, "ecs")
    client("rds").create_db_subnet_group(
        DBSubnetGroupName=name, DBSubnetGroupDescription=name, SubnetIds=[ids["private-a"], ids["private-b"]]
    )
    public = [ids["public-a"], ids["public-b"]]
    balancer = elb.create_load_balancer(Name=name, Subnets=public, SecurityGroups=[ids["alb"]])["LoadBalancers"][0]
    ids["group"] = elb.create_target_group(
        Name=name, Protocol="HTTP", Port=PORT, VpcId=vpc, TargetType="ip", HealthCheckPath="/api/health"
    )["TargetGroups"][0]["TargetGroupArn"]
    elb.create_listener(
        LoadBalancerArn=balancer["LoadBalancerArn"],
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": ids["group"]}],
    )
    arn = balancer["LoadBalancerArn"]
    return ids, {
        "aws_vpc.network": {"id": vpc},
        "aws_lb.public": {
            "name": name,
            "arn": arn,
            "dns_name": balancer["DNSName"],
            "internal": False,
            "security_groups": [ids["alb"]],
            "subnets": public,
        },
        "aws_lb_listener.http": {"load_balancer_arn": arn, "port": 80},
        "aws_lb_target_group.app": {"arn": ids["group"]},
    }
