"""What runs solemate: containers on Fargate and a backend on EC2 instances, behind one load balancer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.solemate.database import Database
from cdktf_app.architectures.solemate.networking import Networking
from cdktf_app.architectures.solemate.tracing import service_name
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.container_cluster import ContainerCluster, ContainerClusterProps
from cdktf_app.constructs.fargate_service import (
    TRACING_IMAGE,
    WRITE_TRACES,
    Container,
    FargateService,
    FargateServiceProps,
    SecretKey,
)
from cdktf_app.constructs.image_repository import ImageRepository, ImageRepositoryProps
from cdktf_app.constructs.instance_group import InstanceGroup, InstanceGroupProps
from cdktf_app.constructs.load_balancer import (
    HealthCheck,
    LoadBalancer,
    LoadBalancerProps,
    TargetGroup,
    TargetGroupProps,
)
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.postgres_database import LOGIN_VARIABLES
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.constructs.service_scaling import ServiceScaling, ServiceScalingProps
from cdktf_app.deployment import Deployment

# No figure in the document (SM-FR1-03, SM-FR1-07).
_CPU_TARGET = 70
# Where an instance keeps how to connect to the database.
_LOGIN_FILE = "/run/database.env"
# Of the one rule that there is.
_PRIORITY = 10


@dataclass(frozen=True, kw_only=True)
class ComputeProps:
    """Shape of the compute part.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        networking: Where it all runs.
        logs: Retention and encryption of the logs.
        certificate_arn: Certificate of the load balancer.
        access_logs: Bucket of the load balancer's log.
        database: What the application works on.
    """

    deployment: Deployment
    variables: Variables
    networking: Networking
    logs: LogSettings
    certificate_arn: str
    access_logs: PrivateBucket
    database: Database


class Compute(Construct):
    """One image, run on Fargate and on EC2 instances, each of which can be switched off (SM-FR1-01).

    Attributes:
        repository: Where the image is, unless another one is given.
        service_targets: The tasks, as the load balancer knows them.
        instance_targets: The instances, as the load balancer knows them.
        load_balancer: What requests come in by.
        cluster: Where the tasks run.
        service: The service of tasks.
        instances: The group of instances.
        instance_log_group_name: Name of the log group of the instances' containers, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ComputeProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment, variables, networking = props.deployment, props.variables, props.networking
        self._containers = variables.enable_ecs_service.expression
        self._backend = variables.enable_ec2_backend.expression
        self.repository = ImageRepository(
            self,
            "repository",
            props=ImageRepositoryProps(deployment=deployment, name="app", force_delete=variables.force_destroy.boolean),
        )
        self.service_targets = self._targets("service_targets", "ecs")
        self.instance_targets = self._targets("instance_targets", "ec2")
        self.load_balancer = LoadBalancer(
            self,
            "load_balancer",
            props=LoadBalancerProps(
                deployment=deployment,
                name="alb",
                subnet_ids=networking.network.public_subnet_ids,
                security_group_ids=[networking.web.id],
                certificate_arn=props.certificate_arn,
                targets=[self.service_targets, self.instance_targets],
                access_logs=props.access_logs,
                deletion_protection=variables.deletion_protection.boolean,
            ),
        )
        self.load_balancer.route(
            "backend",
            priority=_PRIORITY,
            targets=self.instance_targets,
            path_patterns=variables.backend_path_patterns.strings,
            enabled=self._backend,
        )
        self._secret = props.database.secret
        self.cluster = ContainerCluster(
            self, "cluster", props=ContainerClusterProps(deployment=deployment, name="cluster")
        )
        self.service = self._service()
        self._instance_logs = self._log_group()
        self.instance_log_group_name = self._instance_logs.path
        self.instances = self._instances()

    @property
    def _image(self) -> str:
        given, own = self._props.variables.container_image, self._props.variables.image_tag
        return expressions.string(
            f'{given.expression} != "" ? {given.expression} : "{self.repository.url}:{own.string}"'
        )

    def _targets(self, construct_id: str, name: str) -> TargetGroup:
        variables = self._props.variables
        tasks = name == "ecs"
        return TargetGroup(
            self,
            construct_id,
            props=TargetGroupProps(
                deployment=self._props.deployment,
                name=name,
                kind="ip" if tasks else "instance",
                vpc_id=self._props.networking.network.vpc_id,
                port=variables.container_port.number,
                health=HealthCheck(path=variables.health_check_path.string),
                enabled=self._containers if tasks else self._backend,
            ),
        )

    def _service(self) -> FargateService:
        props, variables = self._props, self._props.variables
        service = FargateService(
            self,
            "app",
            props=FargateServiceProps(
                deployment=props.deployment,
                name="service",
                family=props.deployment.name("app"),
                cluster=self.cluster,
                container=Container(
                    image=self._image,
                    port=variables.container_port,
                    environment=self._environment(),
                    secrets={name: SecretKey(self._secret.partial_arn, key) for name, key in LOGIN_VARIABLES.items()},
                ),
                cpu=variables.ecs_cpu,
                memory_mb=variables.ecs_memory,
                desired_count=variables.ecs_desired_count,
                subnet_ids=props.networking.network.private_subnet_ids,
                security_group_ids=[props.networking.app.id],
                load_balancer=self.load_balancer,
                targets=self.service_targets,
                logs=props.logs,
                tracing=True,
                enabled=self._containers,
            ),
        )
        service.start_after(self._secret.version)
        self.repository.grant_pull(service.execution_role)
        ServiceScaling(
            self,
            "scaling",
            props=ServiceScalingProps(
                deployment=props.deployment,
                service=service,
                least=variables.ecs_desired_count,
                most=variables.ecs_max_count,
                cpu_target=_CPU_TARGET,
                enabled=self._containers,
            ),
        )
        return service

    def _log_group(self) -> LogGroup:
        props = LogGroupProps(
            deployment=self._props.deployment,
            service="ec2",
            name="backend",
            settings=self._props.logs,
            enabled=self._backend,
        )
        return LogGroup(self, "backend_logs", props=props)

    def _instances(self) -> InstanceGroup:
        props, variables = self._props, self._props.variables
        group = InstanceGroup(
            self,
            "backend",
            props=InstanceGroupProps(
                deployment=props.deployment,
                name="backend",
                instance_type=variables.ec2_instance_type,
                image_parameter=variables.ec2_image_parameter,
                commands=self._commands(),
                least=variables.asg_min_size,
                desired=variables.asg_desired_capacity,
                most=variables.asg_max_size,
                subnet_ids=props.networking.network.private_subnet_ids,
                security_group_ids=[props.networking.app.id],
                targets=self.instance_targets,
                cpu_target=_CPU_TARGET,
                enabled=self._backend,
            ),
        )
        # What they run when they start needs the internet, the secret and the log.
        group.start_after(self._secret.version, self._instance_logs.log_group, *props.networking.network.private_routes)
        self.repository.grant_pull(group.role)
        group.role.allow(
            Statement(
                sid="ReadDatabaseSecret",
                actions=["secretsmanager:GetSecretValue"],
                resources=[self._secret.arn_pattern],
            )
        )
        group.role.allow(
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self._instance_logs.streams_arn],
            )
        )
        group.role.allow(WRITE_TRACES)
        return group

    def _environment(self) -> Mapping[str, str]:
        """What the application is told wherever it runs."""
        return {
            "AWS_XRAY_TRACING_NAME": service_name(self._props.deployment),
            "ENVIRONMENT": self._props.variables.environment.string,
        }

    def _commands(self) -> list[str]:
        """Shell commands that run the image as on Fargate.

        In the host's network a container gets at the instance's role in one hop, and at the tracing daemon.
        """
        region, variables = self._props.deployment.region, self._props.variables
        options = [
            "--detach --restart always --network host",
            f"--log-driver awslogs --log-opt awslogs-region={region}",
            f"--log-opt awslogs-group={self.instance_log_group_name}",
        ]
        run = f"docker run {' '.join(options)}"
        told = {**self._environment(), "PORT": variables.container_port.string, "AWS_REGION": region}
        environment = " ".join(f"--env {name}={value}" for name, value in told.items())
        fields = ", ".join(f"{name}: .{key}" for name, key in LOGIN_VARIABLES.items())
        return [
            "dnf install --assumeyes docker jq",
            "systemctl enable --now docker",
            f"aws ecr get-login-password --region {region}"
            f" | docker login --username AWS --password-stdin {self.repository.registry}",
            # In memory, for root alone: neither the disk nor a command line shows the password.
            "umask 077",
            f"aws secretsmanager get-secret-value --region {region} --secret-id {self._secret.name}"
            " --query SecretString --output text"
            f" | jq --raw-output '{{{fields}}} | to_entries[] | .key + \"=\" + (.value | tostring)' > {_LOGIN_FILE}",
            f"{run} {TRACING_IMAGE}",
            f"{run} {environment} --env-file {_LOGIN_FILE} {self._image}",
        ]
