"""Inputs of solemate. Their defaults are the figures of the document's sample; what differs between staging and
production stands in the environments, as in the document's own table (SM-ENV).

``engine_version`` is the exception: the document's value is one that RDS no longer creates (SM-RDS-01), and every
environment sets a newer one.
"""

from __future__ import annotations

from cdktf_app import inputs
from cdktf_app.module_stack import ModuleStack, Rule

# Services whose endpoints a task needs to start without the internet: image, logs, secret.
_ENDPOINT = "^[a-z0-9-]+([.][a-z0-9-]+)*$"

# The document's figures for availability and response times (SM-SU-01, SM-SU-02); the rest it leaves open.
_THRESHOLDS = {
    "availability_percent": 99.9,
    "response_seconds": 0.2,
    "server_errors": 10,
    "container_cpu_percent": 80,
    "container_memory_percent": 80,
    "instance_cpu_percent": 80,
    "database_cpu_percent": 80,
    "database_connections_percent": 80,
    "database_free_gib": 5,
    "database_read_seconds": 0.02,
    "replica_lag_seconds": 60,
}
# Ids of certificates in the document's sample and tables (SM-CF-03, SM-ENV-08, SM-ENV-14).
_PLACEHOLDER_CERTIFICATES = ("12345678-1234-1234-1234-123456789012", "production-cert", "staging-cert")


class Variables:
    """The module's variables, declared on the stack.

    Args:
        stack: The module.
    """

    def __init__(self, stack: ModuleStack) -> None:
        self.environment = inputs.environment(stack)
        self.account_id = inputs.account_id(stack)
        self.region = inputs.region(stack, beside_cloudfront=True)
        self.tags = inputs.tags(stack)
        self.cost_center = stack.variable(
            "cost_center",
            "string",
            default="solemate",
            description="Value of the tag CostCenter, by which costs are told apart.",
        )
        self._network(stack)
        self._domain(stack)
        self._containers(stack)
        self._instances(stack)
        self._database(stack)
        self._storage(stack)
        self._audit(stack)
        self._monitoring(stack)
        self._costs(stack)

    def _network(self, stack: ModuleStack) -> None:
        self.vpc_cidr = inputs.vpc_cidr(stack, default="10.0.0.0/16")
        self.nat_gateways = stack.whole_number(
            "nat_gateways",
            default=1,
            least=1,
            most=2,
            description="NAT gateways: one for both zones, or one for each.",
        )
        self.interface_endpoints = stack.variable(
            "interface_endpoints",
            "list(string)",
            default=[],
            description="Services that have an endpoint in the private subnets, such as ecr.api; each is paid by "
            "the hour.",
            validation=[
                Rule(
                    f'alltrue([for service in var.interface_endpoints : can(regex("{_ENDPOINT}", service))])',
                    "Each interface endpoint must be a service such as ecr.api.",
                ),
                Rule(
                    'length(setintersection(var.interface_endpoints, ["dynamodb", "s3"])) == 0',
                    "s3 and dynamodb have gateway endpoints already, which cost nothing.",
                ),
            ],
        )

    def _domain(self, stack: ModuleStack) -> None:
        self.domain_name = inputs.domain_name(
            stack,
            default="solemate.com",
            description="Domain name of the shop; the load balancer gets api.<domain name>.",
        )
        self.alternative_names = stack.variable(
            "alternative_names",
            "list(string)",
            default=[],
            description="Further names of the shop below the domain name, such as www.solemate.com.",
            validation=[
                Rule(
                    "alltrue([for name in var.alternative_names : "
                    'can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", name)) && endswith(name, ".${var.domain_name}")])',
                    "Each further name must end with the domain name.",
                )
            ],
        )
        self.hosted_zone_id = inputs.zone_to_delegate(stack)
        self.certificate_arn = inputs.certificate_arn(
            stack, beside_cloudfront=True, placeholders=_PLACEHOLDER_CERTIFICATES
        )
        self.certificate_body = stack.variable(
            "certificate_body",
            "string",
            default="",
            description="Certificate of another issuer to import, in PEM; empty to have ACM issue one.",
            validation=[
                Rule(
                    'var.certificate_body == "" || startswith(var.certificate_body, "-----BEGIN CERTIFICATE-----")',
                    "The certificate must be empty or begin with -----BEGIN CERTIFICATE-----.",
                ),
                Rule(
                    'var.certificate_body == "" || var.certificate_arn == ""',
                    "Give certificate_arn or certificate_body, not both.",
                ),
            ],
        )
        self.certificate_private_key = stack.variable(
            "certificate_private_key",
            "string",
            default="",
            description="Key of certificate_body, in PEM, given as TF_VAR_certificate_private_key; the state holds it.",
            sensitive=True,
            validation=[
                Rule(
                    '(var.certificate_private_key == "") == (var.certificate_body == "")',
                    "Give certificate_body and certificate_private_key together, or neither.",
                )
            ],
        )
        self.certificate_chain = stack.variable(
            "certificate_chain",
            "string",
            default="",
            description="Certificates between certificate_body and its issuer's root, in PEM; empty for none.",
            validation=[
                Rule(
                    'var.certificate_chain == "" || var.certificate_body != ""',
                    "A chain needs certificate_body.",
                )
            ],
        )
        self.dynamic_path_patterns = stack.variable(
            "dynamic_path_patterns",
            "list(string)",
            default=["/api/*", "/app/*"],
            description="Paths that the distribution asks the load balancer for, instead of the bucket.",
            validation=[
                Rule(
                    'alltrue([for path in var.dynamic_path_patterns : startswith(path, "/")])',
                    "Each path must begin with a slash.",
                )
            ],
        )
        self.waf_rate_limit = inputs.waf_rate_limit(stack)

    def _containers(self, stack: ModuleStack) -> None:
        self.enable_ecs_service = stack.switch(
            "enable_ecs_service", default=True, description="Run the application as containers on Fargate."
        )
        self.container_image = stack.variable(
            "container_image",
            "string",
            default="",
            description="Image of the application; empty for the tag image_tag of the module's own repository.",
        )
        self.image_tag = stack.variable(
            "image_tag",
            "string",
            default="initial",
            description="Tag of the image in the module's own repository.",
            validation=[
                Rule(
                    'can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.image_tag)) && var.image_tag != "latest"',
                    "The tag must be a fixed one, such as a commit: latest would change under a plan.",
                )
            ],
        )
        self.container_port = inputs.container_port(stack)
        self.health_check_path = inputs.health_check_path(stack, default="/health")
        self.ecs_cpu = inputs.fargate_cpu(stack, "ecs_cpu", default=256)
        self.ecs_memory = inputs.fargate_memory(stack, "ecs_memory", default=512, cpu=self.ecs_cpu)
        self.ecs_desired_count = stack.whole_number(
            "ecs_desired_count", default=2, least=1, most=1000, description="Tasks at first, and at least."
        )
        self.ecs_max_count = stack.variable(
            "ecs_max_count",
            "number",
            default=10,
            description="Most tasks that scaling starts.",
            validation=[
                Rule(
                    "var.ecs_max_count >= var.ecs_desired_count && floor(var.ecs_max_count) == var.ecs_max_count",
                    "The most tasks must be a whole number, not less than ecs_desired_count.",
                )
            ],
        )

    def _instances(self, stack: ModuleStack) -> None:
        self.enable_ec2_backend = stack.variable(
            "enable_ec2_backend",
            "bool",
            default=True,
            description="Run the backend on EC2 instances as well, for backend_path_patterns.",
            validation=[
                Rule(
                    "var.enable_ec2_backend || var.enable_ecs_service",
                    "Something has to answer: turn on enable_ec2_backend, enable_ecs_service or both.",
                )
            ],
        )
        self.backend_path_patterns = stack.variable(
            "backend_path_patterns",
            "list(string)",
            default=["/api/*"],
            description="Paths that the load balancer sends to the EC2 instances.",
            validation=[
                Rule(
                    "length(var.backend_path_patterns) > 0 && length(var.backend_path_patterns) <= 5 && "
                    'alltrue([for path in var.backend_path_patterns : startswith(path, "/")])',
                    "There must be one to five paths, each beginning with a slash.",
                )
            ],
        )
        self.ec2_instance_type = stack.variable(
            "ec2_instance_type",
            "string",
            default="t3.micro",
            description="Type of the EC2 instances.",
            validation=[
                Rule(
                    'can(regex("^[a-z][a-z0-9-]*[.][a-z0-9-]+$", var.ec2_instance_type))',
                    "The type must be one of EC2, such as t3.micro.",
                )
            ],
        )
        self.ec2_image_parameter = stack.variable(
            "ec2_image_parameter",
            "string",
            default="/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64",
            description="Public SSM parameter with the id of the machine image, read at each start.",
            validation=[
                Rule(
                    'startswith(var.ec2_image_parameter, "/")',
                    "The parameter must be a path, beginning with a slash.",
                )
            ],
        )
        self.asg_min_size = stack.whole_number(
            "asg_min_size", default=1, least=0, most=1000, description="Least EC2 instances."
        )
        self.asg_desired_capacity = stack.variable(
            "asg_desired_capacity",
            "number",
            default=1,
            description="EC2 instances at first.",
            validation=[
                Rule(
                    "var.asg_desired_capacity >= var.asg_min_size && var.asg_desired_capacity <= var.asg_max_size",
                    "The instances at first must be from asg_min_size to asg_max_size.",
                )
            ],
        )
        self.asg_max_size = stack.whole_number(
            "asg_max_size", default=2, least=1, most=1000, description="Most EC2 instances."
        )

    def _database(self, stack: ModuleStack) -> None:
        self.engine_version = inputs.postgres_version(
            stack,
            default="15.4",
            description="Version of PostgreSQL. RDS no longer creates the default: name the major version alone.",
        )
        self.master_password, self.master_password_version = inputs.given_password(stack, "master_password")
        self.db_instance_class = inputs.database_class(stack, default="db.t3.micro")
        self.multi_az = stack.switch("multi_az", default=True, description="Keep a standby of the database.")
        self.db_allocated_storage, self.db_max_allocated_storage = inputs.database_storage(stack)
        self.db_backup_retention_days = inputs.database_backup_days(stack)
        self.db_backup_window, self.db_maintenance_window = inputs.database_windows(
            stack, backup="03:00-04:00", maintenance="sun:04:30-sun:05:30"
        )
        self.read_replica_count = inputs.read_replica_count(stack, default=0)
        self.deletion_protection = stack.switch(
            "deletion_protection",
            default=False,
            description="Let AWS refuse to delete the database and the load balancer.",
        )
        self.final_snapshot = stack.switch(
            "final_snapshot", default=True, description="Take a snapshot of the database before it is destroyed."
        )
        self.db_max_connections = stack.whole_number(
            "db_max_connections",
            default=100,
            least=6,
            most=8388607,
            description="Connections that the database takes.",
        )
        self.enable_elasticache = stack.switch(
            "enable_elasticache", default=False, description="Keep a Redis cache beside the database."
        )
        self.cache_node_type = stack.variable(
            "cache_node_type",
            "string",
            default="cache.t4g.micro",
            description="Class of the cache's nodes.",
            validation=[
                Rule(
                    'can(regex("^cache[.][a-z0-9]+[.][a-z0-9]+$", var.cache_node_type))',
                    "The class must be one of ElastiCache, such as cache.t4g.micro.",
                )
            ],
        )

    def _storage(self, stack: ModuleStack) -> None:
        self.noncurrent_version_days = stack.whole_number(
            "noncurrent_version_days",
            default=30,
            least=1,
            most=36500,
            description="Days until a replaced or deleted asset is deleted for good.",
        )
        self.enable_replication = stack.switch(
            "enable_replication", default=False, description="Keep a copy of the assets in a second region."
        )
        self.dr_region = inputs.second_region(
            stack,
            "dr_region",
            alias="dr",
            description="Region of the copy; the caller's provider aws.dr must be for it.",
        )
        self.enable_aws_backup = stack.switch(
            "enable_aws_backup", default=False, description="Back up database and assets every day with AWS Backup."
        )
        self.force_destroy = stack.switch(
            "force_destroy",
            default=False,
            description="Let a destroy delete buckets and images with what is in them, and the secret at once.",
        )

    def _audit(self, stack: ModuleStack) -> None:
        self.enable_account_audit = stack.switch(
            "enable_account_audit",
            default=False,
            description="Record the account with CloudTrail and AWS Config; in one stack of an account only.",
        )

    def _monitoring(self, stack: ModuleStack) -> None:
        self.alarm_thresholds = stack.variable(
            "alarm_thresholds",
            f"object({{ {', '.join(f'{name} = optional(number, {value})' for name, value in _THRESHOLDS.items())} }})",
            default={},
            description="When alarms go off: shares in percent, times in seconds, sizes in GiB, errors in 5 minutes.",
            validation=[
                Rule(
                    "alltrue([for threshold in values(var.alarm_thresholds) : threshold > 0])",
                    "Each alarm threshold must be more than 0.",
                ),
                Rule(
                    "alltrue([for name, threshold in var.alarm_thresholds : "
                    'threshold <= 100 if endswith(name, "_percent")])',
                    "Each alarm threshold in percent must be 100 at most.",
                ),
            ],
        )
        self.trace_sampling_percent = stack.variable(
            "trace_sampling_percent",
            "number",
            default=5,
            description="Share of requests that are traced, in percent, beyond the first of each second.",
            validation=[
                Rule(
                    "var.trace_sampling_percent >= 0 && var.trace_sampling_percent <= 100",
                    "The share of traced requests must be from 0 to 100.",
                )
            ],
        )
        self.encrypt_logs = inputs.encrypt_logs(stack)
        self.log_retention_days = inputs.log_retention_days(stack, default=90)
        self.alert_emails = inputs.alert_emails(stack)
        self.monitoring_webhook_url = inputs.webhook_url(
            stack,
            "monitoring_webhook_url",
            description="Address of a monitoring service that gets the alarms too; empty for none.",
        )

    def _costs(self, stack: ModuleStack) -> None:
        self.monthly_budget = inputs.monthly_budget(stack, default=100)
        self.anomaly_monitor_arn = inputs.anomaly_monitor_arn(stack)
        self.anomaly_least_impact = inputs.anomaly_least_impact(stack)
        self.manage_cost_allocation_tags = stack.switch(
            "manage_cost_allocation_tags",
            default=False,
            description="Have the account's bills broken down by the stack's tags; in one stack of an account only.",
        )
