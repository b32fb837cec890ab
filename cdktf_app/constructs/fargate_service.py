"""A service of containers on Fargate behind a load balancer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct, TerraformResource, TerraformResourceLifecycle
from cdktf_app.bindings.ecs import (
    EcsService,
    EcsServiceDeploymentCircuitBreaker,
    EcsServiceDeploymentController,
    EcsServiceLoadBalancer,
    EcsServiceNetworkConfiguration,
    EcsTaskDefinition,
    EcsTaskDefinitionVolume,
)
from cdktf_app.constructs.container_cluster import ContainerCluster
from cdktf_app.constructs.load_balancer import LoadBalancer, TargetGroup
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# https://docs.aws.amazon.com/xray/latest/devguide/xray-daemon-ecs.html
TRACING_IMAGE = "public.ecr.aws/xray/aws-xray-daemon:3.4.0"
TRACING_PORT = 2000
WRITE_TRACES = Statement(
    sid="WriteTraces",
    actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
    # X-Ray has no resources to name.
    resources=["*"],
)

_APP = "app"
_SERVICE = "ecs-tasks.amazonaws.com"
# What a task may write to although its containers' own files are read-only. Empty at first, and root's unless the
# image declares the path as a VOLUME.
_SCRATCH = "tmp"


@dataclass(frozen=True)
class SecretKey:
    """One entry of a secret that is a JSON object.

    Attributes:
        arn: ARN of the secret without the characters that AWS appends, known before it exists.
        key: Name of the entry.
    """

    arn: str
    key: str

    @property
    def value_from(self) -> str:
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html
        return f"{self.arn}:{self.key}::"

    @property
    def resource(self) -> str:
        return f"{self.arn}-??????"


@dataclass(frozen=True, kw_only=True)
class Container:
    """What a task is for.

    Attributes:
        image: Its image, with a tag.
        port: Port that it listens on.
        environment: Environment variables that anybody may read, beside ``PORT``. No numbers: JSON would show them as
            such, and ECS takes text only.
        secrets: Environment variables that are read when it starts. Default: none.
        health_command: Command in the container that succeeds while it is well. Default: only the load balancer asks.
    """

    image: str
    port: Input
    environment: Mapping[str, str]
    secrets: Mapping[str, SecretKey] = field(default_factory=dict)
    health_command: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class FargateServiceProps:
    """Shape of a service.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        family: Whole name of its task definitions; the log group is ``/ecs/<family>``.
        cluster: Where it runs, on spare capacity if the cluster says so.
        container: What its tasks run.
        cpu: CPU of a task, in units.
        memory_mb: Memory of a task, one that Fargate takes with this CPU.
        desired_count: Tasks at first; from then on scaling decides.
        subnet_ids: Private subnets.
        security_group_ids: Who may reach the tasks, and whom they may.
        load_balancer: What sends requests to its targets.
        targets: Group that the tasks join.
        logs: Retention and encryption of the log.
        stream_prefix: Begins the names of the log streams. Default: ``ecs``.
        tracing: Run X-Ray's daemon beside the container. Default: False.
        enabled: Condition, as a Terraform expression, under which the service exists. Default: always.
    """

    deployment: Deployment
    name: str
    family: str
    cluster: ContainerCluster
    container: Container
    cpu: Input
    memory_mb: Input
    desired_count: Input
    subnet_ids: Sequence[str]
    security_group_ids: Sequence[str]
    load_balancer: LoadBalancer
    targets: TargetGroup
    logs: LogSettings
    stream_prefix: str = "ecs"
    tracing: bool = False
    enabled: str | None = None


class FargateService(Construct):
    """ECS service whose tasks are replaced one by one; a deployment that fails is taken back.

    Creates: service, task definition, log group; a role for what the container does and one for what Fargate does to
    start it. The first may do nothing until something is granted.

    Attributes:
        name: Its name; null when there is none.
        log_group_name: Name of its log group, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: FargateServiceProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        self._exists = expressions.Existence(props.enabled)
        self._name = props.deployment.name(props.name)
        self.name = self._exists.value(self._name)
        self.logs = LogGroup(
            self,
            "logs",
            props=LogGroupProps(
                deployment=props.deployment,
                service="ecs",
                name=_APP,
                path=f"/ecs/{props.family}",
                settings=props.logs,
                enabled=props.enabled,
            ),
        )
        self.log_group_name = self.logs.path
        self.task_role = self._task_role()
        self.execution_role = self._execution_role()
        self._task = self._task_definition()
        self.service = self._service()

    @property
    def task_definition_arn(self) -> str:
        return self._exists.attribute(self._task, "arn")

    @property
    def dimensions(self) -> Mapping[str, str]:
        """What CloudWatch knows its metrics by."""
        return {"ClusterName": self._props.cluster.name, "ServiceName": self._name}

    def start_after(self, *resources: TerraformResource) -> None:
        """Make the service when these are there: after some tasks that do not start, ECS gives a deployment up."""
        self.service.depends_on = [*(self.service.depends_on or []), *map(expressions.address, resources)]

    def _task_role(self) -> ServiceRole:
        deployment = self._props.deployment
        role = ServiceRole(
            self,
            "task_role",
            props=ServiceRoleProps(
                deployment=deployment,
                name="task-role",
                service=_SERVICE,
                # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
                conditions=[
                    Condition(test="ArnLike", variable="aws:SourceArn", values=[deployment.arn("ecs", "*")]),
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[deployment.account_id]),
                ],
                enabled=self._props.enabled,
            ),
        )
        if self._props.tracing:
            role.allow(WRITE_TRACES)
        return role

    def _execution_role(self) -> ServiceRole:
        props = self._props
        role = ServiceRole(
            self,
            "execution_role",
            props=ServiceRoleProps(
                deployment=props.deployment, name="execution-role", service=_SERVICE, enabled=props.enabled
            ),
        )
        role.allow(
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self.logs.streams_arn],
            )
        )
        secrets = sorted({each.resource for each in props.container.secrets.values()})
        if secrets:
            role.allow(Statement(sid="ReadSecrets", actions=["secretsmanager:GetSecretValue"], resources=secrets))
        return role

    def _task_definition(self) -> EcsTaskDefinition:
        props = self._props
        containers = [self._app(), *([self._tracing()] if props.tracing else [])]
        return EcsTaskDefinition(
            self,
            "task",
            count=self._exists.count,
            family=props.family,
            requires_compatibilities=["FARGATE"],
            network_mode="awsvpc",
            cpu=props.cpu.string,
            memory=props.memory_mb.string,
            task_role_arn=self.task_role.arn,
            execution_role_arn=self.execution_role.arn,
            container_definitions=expressions.jsonencode(containers),
            volume=[EcsTaskDefinitionVolume(name=_SCRATCH)],
            tags=props.deployment.tags,
        )

    def _app(self) -> Mapping[str, expressions.Literal]:
        container = self._props.container
        port = container.port.expression
        environment = {**container.environment, "PORT": expressions.string(f"tostring({port})")}
        health: Mapping[str, expressions.Literal] = {
            "healthCheck": {"command": list(container.health_command), "interval": 30, "timeout": 5, "retries": 3}
        }
        return {
            "name": _APP,
            "image": container.image,
            "essential": True,
            "portMappings": [{"containerPort": port, "hostPort": port, "protocol": "tcp"}],
            **(health if container.health_command else {}),
            "environment": [{"name": name, "value": value} for name, value in sorted(environment.items())],
            "secrets": [
                {"name": name, "valueFrom": value.value_from} for name, value in sorted(container.secrets.items())
            ],
            "readonlyRootFilesystem": True,
            "mountPoints": [{"sourceVolume": _SCRATCH, "containerPath": f"/{_SCRATCH}", "readOnly": False}],
            "logConfiguration": self._log_configuration(),
        }

    def _tracing(self) -> Mapping[str, expressions.Literal]:
        return {
            "name": "xray-daemon",
            "image": TRACING_IMAGE,
            # The application goes on without traces.
            "essential": False,
            "cpu": 32,
            "memoryReservation": 64,
            "portMappings": [{"containerPort": TRACING_PORT, "hostPort": TRACING_PORT, "protocol": "udp"}],
            "readonlyRootFilesystem": True,
            "logConfiguration": self._log_configuration(),
        }

    def _log_configuration(self) -> Mapping[str, expressions.Literal]:
        return {
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": self.log_group_name,
                "awslogs-region": self._props.deployment.region,
                "awslogs-stream-prefix": self._props.stream_prefix,
            },
        }

    def _service(self) -> EcsService:
        props = self._props
        spot = props.cluster.spot
        service = EcsService(
            self,
            "this",
            count=self._exists.count,
            name=self._name,
            cluster=props.cluster.arn,
            task_definition=self.task_definition_arn,
            # A launch type and a strategy of capacity exclude each other.
            launch_type="FARGATE" if spot is None else expressions.string(f'{spot.expression} ? null : "FARGATE"'),
            platform_version="LATEST",
            desired_count=props.desired_count.number,
            deployment_controller=EcsServiceDeploymentController(type="ECS"),
            deployment_minimum_healthy_percent=100,
            deployment_maximum_percent=200,
            deployment_circuit_breaker=EcsServiceDeploymentCircuitBreaker(enable=True, rollback=True),
            health_check_grace_period_seconds=60,
            network_configuration=EcsServiceNetworkConfiguration(
                subnets=list(props.subnet_ids),
                security_groups=list(props.security_group_ids),
                assign_public_ip=False,
            ),
            load_balancer=[
                EcsServiceLoadBalancer(
                    target_group_arn=props.targets.arn, container_name=_APP, container_port=props.container.port.number
                )
            ],
            enable_ecs_managed_tags=True,
            propagate_tags="SERVICE",
            tags=props.deployment.tags,
            lifecycle=TerraformResourceLifecycle(ignore_changes=["desired_count"]),
            # ECS refuses targets that no load balancer uses, and a task that may not read its secrets does not start.
            depends_on=[
                props.load_balancer.https,
                props.cluster.capacity,
                self.task_role.policy,
                self.execution_role.policy,
            ],
        )
        if spot is not None:
            expressions.block_if(
                service,
                "capacity_provider_strategy",
                spot.expression,
                {"capacity_provider": "FARGATE_SPOT", "weight": 1},
            )
        return service
