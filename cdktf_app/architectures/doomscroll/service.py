"""The service of doomscroll: load balancer, tasks on Fargate, and how their number follows the load."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cdktf_app.architectures.doomscroll.network import Networking
from cdktf_app.architectures.doomscroll.registry import Registry
from cdktf_app.architectures.doomscroll.storage import Storage
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.container_cluster import ContainerCluster, ContainerClusterProps
from cdktf_app.constructs.fargate_service import Container, FargateService, FargateServiceProps, SecretKey
from cdktf_app.constructs.load_balancer import (
    HealthCheck,
    LoadBalancer,
    LoadBalancerProps,
    TargetGroup,
    TargetGroupProps,
)
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.postgres_database import LOGIN_VARIABLES
from cdktf_app.constructs.private_bucket import PrivateBucket
from cdktf_app.constructs.service_scaling import ServiceScaling, ServiceScalingProps, StepsProps
from cdktf_app.deployment import Deployment

# Ten tasks with ten connections each would take all that the database has: five each (FD-POOL-02).
_POOL_SIZE = 5
# As the document has it; Prisma itself goes by connection_limit and pool_timeout (FD-POOL-01).
_DATABASE_PARAMETERS = f"schema=public&sslmode=require&pool_size={_POOL_SIZE}&statement_cache_size=25"
# Entries of the three secrets, by the variable that the container finds each in.
_SECRETS: Mapping[str, Mapping[str, str]] = {
    "database": LOGIN_VARIABLES,
    "cognito": {
        "COGNITO_CLIENT_ID": "client_id",
        "COGNITO_CLIENT_SECRET": "client_secret",
        "COGNITO_USER_POOL_ID": "user_pool_id",
    },
    "jwt": {"SESSION_SECRET": "session_secret"},
}
# CPU use, in percent, below which a task is removed (FD-AS-08).
_FEWER_BELOW = 30


@dataclass(frozen=True, kw_only=True)
class ServiceProps:
    """Shape of the service.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        networking: Where it runs.
        logs: Retention and encryption of the log.
        certificate_arn: Certificate of the load balancer.
        access_logs: Bucket of the load balancer's log.
        registry: Where the image is.
        storage: Where uploads go.
    """

    deployment: Deployment
    variables: Variables
    networking: Networking
    logs: LogSettings
    certificate_arn: str
    access_logs: PrivateBucket
    registry: Registry
    storage: Storage


class Service(Construct):
    """Application behind a load balancer, two tasks or more.

    Attributes:
        load_balancer: What requests come in by.
        targets: The tasks, as the load balancer knows them.
        cluster: Where they run.
        service: The service.
        log_group_name: Name of its log group, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: ServiceProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment, variables, networking = props.deployment, props.variables, props.networking
        self.targets = TargetGroup(
            self,
            "targets",
            props=TargetGroupProps(
                deployment=deployment.verbatim,
                name="ecs-targets",
                kind="ip",
                vpc_id=networking.network.vpc_id,
                port=variables.container_port.number,
                health=HealthCheck(path=variables.health_check_path.string, port=variables.container_port.string),
                sticky=variables.enable_stickiness.boolean,
            ),
        )
        self.load_balancer = LoadBalancer(
            self,
            "load_balancer",
            props=LoadBalancerProps(
                deployment=deployment,
                name="alb",
                subnet_ids=networking.network.public_subnet_ids,
                security_group_ids=[networking.alb.id],
                certificate_arn=props.certificate_arn,
                targets=[self.targets],
                access_logs=props.access_logs,
                deletion_protection=variables.deletion_protection.boolean,
            ),
        )
        # The document's name of it has the environment in it, so it needs no suffix (FD-ECS-01).
        self.cluster = ContainerCluster(
            self,
            "cluster",
            props=ContainerClusterProps(
                deployment=replace(deployment, suffix=""),
                name=variables.environment.string,
                spot=variables.use_fargate_spot,
            ),
        )
        self.service = self._service()
        self.log_group_name = self.service.log_group_name
        self._permissions()
        ServiceScaling(
            self,
            "scaling",
            props=ServiceScalingProps(
                deployment=deployment,
                service=self.service,
                least=variables.min_count,
                most=variables.max_count,
                cpu_target=variables.cpu_target.number,
                scale_out_cooldown=variables.scale_out_cooldown.number,
                scale_in_cooldown=variables.scale_in_cooldown.number,
                steps=StepsProps(only_steps=f'{variables.scaling_mode.expression} == "step"', fewer_below=_FEWER_BELOW),
            ),
        )

    def _service(self) -> FargateService:
        props, variables = self._props, self._props.variables
        return FargateService(
            self,
            "app",
            props=FargateServiceProps(
                deployment=props.deployment,
                name="service",
                family=props.deployment.verbatim.name(props.deployment.prefix),
                cluster=self.cluster,
                container=Container(
                    image=f"{props.registry.url}:{variables.image_tag.string}",
                    port=variables.container_port,
                    environment=self._environment(),
                    secrets={
                        name: SecretKey(self._secret(secret), key)
                        for secret, keys in _SECRETS.items()
                        for name, key in keys.items()
                    },
                    health_command=["CMD", "node", "-e", self._health_script()],
                ),
                cpu=variables.task_cpu,
                memory_mb=variables.task_memory,
                desired_count=variables.desired_count,
                subnet_ids=props.networking.network.private_subnet_ids,
                security_group_ids=[props.networking.ecs.id],
                load_balancer=self.load_balancer,
                targets=self.targets,
                logs=props.logs,
                # ECS adds container and task: ecs/fckdoomscroll/app/<task> (FD-CW-01).
                stream_prefix=f"ecs/{props.deployment.prefix}",
            ),
        )

    def _environment(self) -> Mapping[str, str]:
        return {
            "DATABASE_PARAMETERS": _DATABASE_PARAMETERS,
            "DATABASE_POOL_CONNECT_TIMEOUT_SECONDS": "2",
            "DATABASE_POOL_IDLE_TIMEOUT_SECONDS": "30",
            "DATABASE_POOL_SIZE": str(_POOL_SIZE),
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "info",
            "UPLOADS_BUCKET": self._props.storage.uploads.name,
        }

    def _health_script(self) -> str:
        """What the container asks itself, with what its image surely has: node."""
        variables = self._props.variables
        url = f"http://127.0.0.1:{variables.container_port.string}{variables.health_check_path.string}"
        return f"fetch('{url}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"

    def _secret(self, name: str) -> str:
        """ARN of a secret without what AWS appends."""
        deployment = self._props.deployment
        return deployment.arn("secretsmanager", f"secret:{deployment.prefix}{deployment.suffix}/{name}")

    def _permissions(self) -> None:
        """The document's three permissions of the task role, and uploads, which it leaves out (FD-OV-06)."""
        role = self.service.task_role
        role.allow(
            Statement(sid="ReadSecrets", actions=["secretsmanager:GetSecretValue"], resources=[self._secret("*")])
        )
        role.allow(
            Statement(
                sid="SendEmail",
                actions=["ses:SendEmail", "ses:SendRawEmail"],
                resources=self._props.variables.ses_identity_arns.strings,
            )
        )
        role.allow(
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self.service.logs.streams_arn],
            )
        )
        role.allow(
            Statement(
                sid="UseUploads",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{self._props.storage.uploads.arn}/*"],
            )
        )
        self._props.registry.repository.grant_pull(self.service.execution_role)
