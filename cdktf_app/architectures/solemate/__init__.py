"""solemate: an e-commerce platform on containers and EC2 instances (specs/solemate.md).

A VPC with public and private subnets in two zones; one load balancer before a Fargate service and an Auto Scaling
group; PostgreSQL with a standby; assets behind CloudFront; audit, backups, alarms, tracing and a budget.
"""

from __future__ import annotations

from cdktf_app import expressions
from cdktf_app.architectures.solemate.backup import Backup, BackupProps
from cdktf_app.architectures.solemate.cache import Cache, CacheProps
from cdktf_app.architectures.solemate.compute import Compute, ComputeProps
from cdktf_app.architectures.solemate.costs import Costs, CostsProps
from cdktf_app.architectures.solemate.database import Database, DatabaseProps
from cdktf_app.architectures.solemate.dns import Dns, DnsProps
from cdktf_app.architectures.solemate.edge import Edge, EdgeProps
from cdktf_app.architectures.solemate.monitoring import Monitoring, MonitoringProps
from cdktf_app.architectures.solemate.networking import Networking, NetworkingProps
from cdktf_app.architectures.solemate.security import Audit, AuditProps
from cdktf_app.architectures.solemate.storage import Storage, StorageProps
from cdktf_app.architectures.solemate.tracing import Tracing, TracingProps
from cdktf_app.architectures.solemate.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import ModuleStack

PROJECT = "solemate"


class Solemate(ModuleStack):
    """The whole of solemate as one module.

    Args:
        retain_data: Refuse, at plan, whatever would destroy the database or the buckets.
    """

    def __init__(self, scope: Construct, construct_id: str, *, retain_data: bool) -> None:
        super().__init__(scope, construct_id)
        variables = Variables(self)
        environment = variables.environment.string
        # What costs are told apart by, whatever tags the caller has (SM-UI-03).
        deployment = Deployment(
            prefix=f"{PROJECT}-{environment}",
            account_id=variables.account_id.string,
            region=variables.region.string,
            tags=variables.tags.string_map,
        ).tagged(
            {
                "CostCenter": variables.cost_center.string,
                "Environment": environment,
                # Those of the provider do not reach what an Auto Scaling group starts.
                "ManagedBy": "groundplan",
                "Project": PROJECT,
            }
        )
        monitoring = Monitoring(self, "monitoring", props=MonitoringProps(deployment=deployment, variables=variables))
        logs = monitoring.logs
        networking = Networking(
            self, "networking", props=NetworkingProps(deployment=deployment, variables=variables, logs=logs)
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
        Cache(self, "cache", props=CacheProps(deployment=deployment, variables=variables, networking=networking))
        compute = Compute(
            self,
            "compute",
            props=ComputeProps(
                deployment=deployment,
                variables=variables,
                networking=networking,
                logs=logs,
                certificate_arn=dns.certificate_arn,
                access_logs=storage.access_logs,
                database=database,
            ),
        )
        edge = Edge(
            self,
            "edge",
            props=EdgeProps(
                deployment=deployment,
                variables=variables,
                dns=dns,
                storage=storage,
                load_balancer=compute.load_balancer,
                logs=logs,
            ),
        )
        Audit(
            self,
            "security",
            props=AuditProps(deployment=deployment, variables=variables, logs=logs, retain_data=retain_data),
        )
        Backup(
            self,
            "backup",
            props=BackupProps(deployment=deployment, variables=variables, database=database, storage=storage),
        )
        Tracing(self, "tracing", props=TracingProps(deployment=deployment, variables=variables))
        Costs(self, "costs", props=CostsProps(deployment=deployment, variables=variables, alerts=monitoring.alerts))
        monitoring.watch(compute=compute, database=database, edge=edge)
        self._outputs(networking, database, storage, compute, dns, edge, monitoring)

    def _outputs(
        self,
        networking: Networking,
        database: Database,
        storage: Storage,
        compute: Compute,
        dns: Dns,
        edge: Edge,
        monitoring: Monitoring,
    ) -> None:
        self.output("alb_dns_name", compute.load_balancer.dns_name, description="Name of the load balancer, by AWS.")
        self.output("alerts_topic_arn", monitoring.alerts.arn, description="ARN of the topic of alarms and budgets.")
        self.output("asg_name", compute.instances.name, description="Name of the Auto Scaling group, null without one.")
        self.output("assets_bucket", storage.assets.name, description="Name of the bucket of assets.")
        self.output("cluster_name", compute.cluster.name, description="Name of the ECS cluster.")
        self.output("dashboard_name", monitoring.dashboard_name, description="Name of the dashboard.")
        self.output("db_endpoint", database.primary.endpoint, description="Host and port of the database.")
        self.output(
            "db_replica_endpoints",
            database.primary.replica_endpoints,
            description="Host and port of each read replica.",
        )
        self.output(
            "db_secret_arn",
            database.secret.arn,
            description="ARN of the secret that says how to connect to the database.",
            sensitive=True,
        )
        self.output(
            "distribution_domain", edge.distribution.domain_name, description="Name of the distribution, by CloudFront."
        )
        self.output("distribution_id", edge.distribution.id, description="Id of the distribution.")
        self.output(
            "name_servers",
            dns.zone.name_servers,
            description="Name servers that the domain is to be delegated to; empty when the zone was given.",
        )
        self.output(
            "private_subnet_ids",
            networking.network.private_subnet_ids,
            description="Ids of the subnets without addresses on the internet.",
        )
        self.output(
            "public_subnet_ids",
            networking.network.public_subnet_ids,
            description="Ids of the subnets of load balancer and NAT.",
        )
        self.output("repository_url", compute.repository.url, description="Where the image is pushed to.")
        self.output("service_name", compute.service.name, description="Name of the ECS service, null without one.")
        self.output("site_url", expressions.string('"https://${var.domain_name}"'), description="URL of the shop.")
        self.output("vpc_id", networking.network.vpc_id, description="Id of the VPC.")


def build(scope: Construct, *, retain_data: bool) -> Solemate:
    return Solemate(scope, PROJECT, retain_data=retain_data)
