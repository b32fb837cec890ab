"""doomscroll: a web application on Fargate (specs/doomscroll.md).

CloudFront and a load balancer before a service of containers that scales with its load, PostgreSQL with a standby,
mail by SES, sign-in by Cognito, three secrets, two kinds of alarms.
"""

from __future__ import annotations

from cdktf_app import expressions
from cdktf_app.architectures.doomscroll.auth import Auth, AuthProps
from cdktf_app.architectures.doomscroll.costs import Costs, CostsProps
from cdktf_app.architectures.doomscroll.database import CrossRegionBackup, Database, DatabaseProps
from cdktf_app.architectures.doomscroll.dns import Dns, DnsProps
from cdktf_app.architectures.doomscroll.edge import Edge, EdgeProps
from cdktf_app.architectures.doomscroll.email import Email, EmailProps
from cdktf_app.architectures.doomscroll.monitoring import Monitoring, MonitoringProps
from cdktf_app.architectures.doomscroll.network import Networking, NetworkingProps
from cdktf_app.architectures.doomscroll.recovery import Recovery, RecoveryProps
from cdktf_app.architectures.doomscroll.registry import Registry, RegistryProps
from cdktf_app.architectures.doomscroll.secrets import Secrets, SecretsProps
from cdktf_app.architectures.doomscroll.service import Service, ServiceProps
from cdktf_app.architectures.doomscroll.storage import Storage, StorageProps
from cdktf_app.architectures.doomscroll.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import ModuleStack

# The document's own name of it.
PREFIX = "fckdoomscroll"


class Doomscroll(ModuleStack):
    """The whole of doomscroll as one module.

    Args:
        retain_data: Refuse, at plan, whatever would destroy the database, the buckets or the user pool.
    """

    def __init__(self, scope: Construct, construct_id: str, *, retain_data: bool) -> None:
        super().__init__(scope, construct_id)
        variables = Variables(self)
        deployment = Deployment(
            prefix=PREFIX,
            suffix=variables.name_suffix.string,
            account_id=variables.account_id.string,
            region=variables.region.string,
            tags=variables.tags.string_map,
        )
        monitoring = Monitoring(self, "monitoring", props=MonitoringProps(deployment=deployment, variables=variables))
        logs = monitoring.logs
        networking = Networking(
            self, "network", props=NetworkingProps(deployment=deployment, variables=variables, logs=logs)
        )
        dns = Dns(self, "dns", props=DnsProps(deployment=deployment, variables=variables))
        storage = Storage(
            self, "storage", props=StorageProps(deployment=deployment, variables=variables, retain_data=retain_data)
        )
        database = Database(
            self,
            "database",
            props=DatabaseProps(
                deployment=deployment,
                variables=variables,
                networking=networking,
                logs=logs,
                retain_data=retain_data,
            ),
        )
        CrossRegionBackup(self, "cross_region_backup", deployment=deployment, variables=variables, database=database)
        auth = Auth(self, "auth", props=AuthProps(deployment=deployment, variables=variables, retain_data=retain_data))
        registry = Registry(self, "registry", props=RegistryProps(deployment=deployment, variables=variables))
        service = Service(
            self,
            "service",
            props=ServiceProps(
                deployment=deployment,
                variables=variables,
                networking=networking,
                logs=logs,
                certificate_arn=dns.certificate_arn,
                access_logs=storage.access_logs,
                registry=registry,
                storage=storage,
            ),
        )
        secrets = Secrets(
            self,
            "secrets",
            props=SecretsProps(deployment=deployment, variables=variables, database=database, auth=auth),
        )
        # Tasks do not start without them, and the database that one of them is about takes long to make.
        service.service.start_after(secrets.cognito.version, secrets.database.version, secrets.jwt.version)
        edge = Edge(
            self,
            "edge",
            props=EdgeProps(
                deployment=deployment,
                variables=variables,
                dns=dns,
                storage=storage,
                load_balancer=service.load_balancer,
                logs=logs,
            ),
        )
        email = Email(self, "email", props=EmailProps(deployment=deployment, variables=variables, dns=dns))
        Recovery(self, "recovery", props=RecoveryProps(deployment=deployment, variables=variables, database=database))
        Costs(self, "costs", props=CostsProps(deployment=deployment, variables=variables, alerts=monitoring.warning))
        monitoring.watch(service=service, database=database)
        self._outputs(networking, dns, database, auth, registry, service, secrets, edge, email, monitoring)

    def _outputs(
        self,
        networking: Networking,
        dns: Dns,
        database: Database,
        auth: Auth,
        registry: Registry,
        service: Service,
        secrets: Secrets,
        edge: Edge,
        email: Email,
        monitoring: Monitoring,
    ) -> None:
        network = networking.network
        self.output("alb_dns_name", service.load_balancer.dns_name, description="Name of the load balancer, by AWS.")
        self.output("app_url", expressions.string('"https://${var.domain_name}"'), description="URL of the app.")
        self.output("cluster_name", service.cluster.name, description="Name of the ECS cluster.")
        self.output("critical_topic_arn", monitoring.critical.arn, description="ARN of the topic of critical alarms.")
        self.output("dashboard_name", monitoring.dashboard_name, description="Name of the dashboard.")
        self.output("db_endpoint", database.primary.endpoint, description="Host and port of the database.")
        self.output(
            "db_replica_endpoints",
            database.primary.replica_endpoints,
            description="Host and port of each read replica.",
        )
        self.output("distribution_id", edge.distribution.id, description="Id of the distribution.")
        self.output("ecr_repository_url", registry.url, description="Where the image is pushed to.")
        self.output("log_group", service.log_group_name, description="Name of the application's log group.")
        self.output(
            "name_servers",
            dns.zone.name_servers,
            description="Name servers that the domain is to be delegated to; empty when the zone was given.",
        )
        self.output("private_subnet_ids", network.private_subnet_ids, description="Ids of the private subnets.")
        self.output("public_subnet_ids", network.public_subnet_ids, description="Ids of the public subnets.")
        self.output(
            "secret_arns",
            {"cognito": secrets.cognito.arn, "database": secrets.database.arn, "jwt": secrets.jwt.arn},
            description="ARNs of the secrets, by name.",
        )
        self.output("service_name", service.service.name, description="Name of the ECS service.")
        self.output(
            "ses_dkim_tokens", email.dkim_tokens, description="Tokens of the domain's DKIM records, made by SES."
        )
        self.output("user_pool_client_id", auth.client_id, description="Id of the app client.")
        self.output("user_pool_id", auth.pool.id, description="Id of the user pool.")
        self.output("vpc_id", network.vpc_id, description="Id of the VPC.")
        self.output("warning_topic_arn", monitoring.warning.arn, description="ARN of the topic of warnings.")


def build(scope: Construct, *, retain_data: bool) -> Doomscroll:
    return Doomscroll(scope, "doomscroll", retain_data=retain_data)
