"""Inputs of doomscroll. Their defaults are the document's production values; dev differs where the document does."""

from __future__ import annotations

from cdktf_app import inputs
from cdktf_app.module_stack import ModuleStack, Rule

# Tasks name their secrets without the hyphen and six characters that AWS appends: no name may end so by itself.
# https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
_TELLABLE = Rule(
    "length(var.name_suffix) != 3",
    "The name suffix must not be of two characters: Secrets Manager would take the end of a secret's name for its own.",
)


class Variables:
    """The module's variables, declared on the stack.

    Args:
        stack: The module.
    """

    def __init__(self, stack: ModuleStack) -> None:
        self.environment = inputs.environment(stack)
        self.account_id = inputs.account_id(stack)
        self.region = inputs.region(stack, beside_cloudfront=True)
        self.name_suffix = inputs.name_suffix(stack, rules=[_TELLABLE])
        self.tags = inputs.tags(stack)
        self._network(stack)
        self._domain(stack)
        self._service(stack)
        self._scaling(stack)
        self._database(stack)
        self._secrets(stack)
        self._storage(stack)
        self._email(stack)
        self._monitoring(stack)

    def _network(self, stack: ModuleStack) -> None:
        self.vpc_cidr = inputs.vpc_cidr(stack, default="10.0.0.0/16")
        self.public_subnet_cidrs = inputs.subnet_cidrs(
            stack, "public_subnet_cidrs", default=["10.0.1.0/24", "10.0.2.0/24"], what="public"
        )
        self.private_subnet_cidrs = inputs.subnet_cidrs(
            stack,
            "private_subnet_cidrs",
            default=["10.0.10.0/24", "10.0.11.0/24"],
            what="private",
            beside=self.public_subnet_cidrs,
        )

    def _domain(self, stack: ModuleStack) -> None:
        self.domain_name = inputs.domain_name(
            stack,
            default="yourdomain.com",
            description="Domain name of the application; the load balancer gets origin.<domain name>.",
        )
        self.hosted_zone_id = inputs.zone_to_delegate(stack)
        self.certificate_arn = inputs.certificate_arn(stack, beside_cloudfront=True)
        self.content_security_policy = stack.variable(
            "content_security_policy",
            "string",
            default="default-src 'self'",
            description="Content-Security-Policy that every answer carries.",
            validation=[
                Rule(
                    'can(regex("^[a-z-]+-src ", var.content_security_policy))',
                    "The policy must begin with a directive such as default-src 'self'.",
                )
            ],
        )
        self.waf_rate_limit = inputs.waf_rate_limit(stack)
        self.waf_api_rate_limit = stack.whole_number(
            "waf_api_rate_limit",
            default=500,
            least=10,
            most=2000000000,
            description="Requests to /api/ that one address may make in 5 minutes.",
        )

    def _service(self, stack: ModuleStack) -> None:
        self.create_ecr = stack.switch(
            "create_ecr", default=True, description="Make the image repository; off where another stack does."
        )
        self.image_tag = stack.variable(
            "image_tag",
            "string",
            default="initial",
            description="Tag of the image: a commit, or a version such as v1.0.0.",
            validation=[
                Rule(
                    'can(regex("^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$", var.image_tag)) && var.image_tag != "latest"',
                    "The tag must be a fixed one, such as a commit: tags are immutable, so there is no latest.",
                )
            ],
        )
        self.task_cpu = inputs.fargate_cpu(stack, "task_cpu", default=512)
        self.task_memory = inputs.fargate_memory(stack, "task_memory", default=1024, cpu=self.task_cpu)
        self.container_port = inputs.container_port(stack)
        self.health_check_path = inputs.health_check_path(stack, default="/api/health")
        self.enable_stickiness = stack.switch(
            "enable_stickiness", default=True, description="Send a visitor to the same task for a day."
        )
        self.use_fargate_spot = stack.switch(
            "use_fargate_spot",
            default=False,
            description="Run on spare capacity, cheaper and interrupted at times.",
        )
        self.ses_identity_arns = stack.variable(
            "ses_identity_arns",
            "list(string)",
            default=["*"],
            description="SES identities that the application may send from.",
            validation=[
                Rule(
                    "length(var.ses_identity_arns) > 0 && alltrue([for arn in var.ses_identity_arns : "
                    'arn == "*" || can(regex("^arn:aws:ses:", arn))])',
                    "There must be at least one identity: its ARN, or * for all.",
                )
            ],
        )

    def _scaling(self, stack: ModuleStack) -> None:
        self.min_count = stack.whole_number("min_count", default=2, least=1, most=1000, description="Least tasks.")
        self.max_count = stack.variable(
            "max_count",
            "number",
            default=10,
            description="Most tasks.",
            validation=[
                Rule(
                    "var.max_count >= var.min_count && floor(var.max_count) == var.max_count",
                    "The most tasks must be a whole number, not less than min_count.",
                )
            ],
        )
        self.desired_count = stack.variable(
            "desired_count",
            "number",
            default=2,
            description="Tasks at first.",
            validation=[
                Rule(
                    "var.desired_count >= var.min_count && var.desired_count <= var.max_count",
                    "The tasks at first must be from min_count to max_count.",
                )
            ],
        )
        self.scaling_mode = stack.variable(
            "scaling_mode",
            "string",
            default="target",
            description="How tasks follow the load: target (tracks cpu_target) or step (one task at a time).",
            validation=[
                Rule('contains(["target", "step"], var.scaling_mode)', "The mode of scaling must be target or step.")
            ],
        )
        self.cpu_target = stack.whole_number(
            "cpu_target", default=70, least=31, most=99, description="CPU use above which tasks are added, in percent."
        )
        self.scale_out_cooldown = stack.whole_number(
            "scale_out_cooldown",
            default=60,
            least=0,
            most=3600,
            description="Seconds between two additions of tasks.",
        )
        self.scale_in_cooldown = stack.whole_number(
            "scale_in_cooldown",
            default=300,
            least=0,
            most=3600,
            description="Seconds between two removals of tasks.",
        )

    def _database(self, stack: ModuleStack) -> None:
        self.engine_version = inputs.postgres_version(stack, default="16", description="Version of PostgreSQL.")
        self.db_instance_class = inputs.database_class(stack, default="db.t4g.small")
        self.multi_az = stack.switch("multi_az", default=True, description="Keep a standby of the database.")
        self.db_allocated_storage, self.db_max_allocated_storage = inputs.database_storage(stack)
        self.db_iops = inputs.database_performance(
            stack, "db_iops", least=12000, most=64000, what="Operations a second of the storage"
        )
        self.db_storage_throughput = inputs.database_performance(
            stack, "db_storage_throughput", least=500, most=4000, what="Throughput of the storage, in MiB a second"
        )
        self.db_backup_retention_days = inputs.database_backup_days(stack)
        self.db_backup_window, self.db_maintenance_window = inputs.database_windows(
            stack, backup="03:00-04:00", maintenance="sun:04:00-sun:05:00"
        )
        self.db_max_connections = stack.whole_number(
            "db_max_connections",
            default=100,
            least=6,
            most=8388607,
            description="Connections that the database takes.",
        )
        self.deletion_protection = stack.switch(
            "deletion_protection",
            default=True,
            description="Let AWS refuse to delete the database, the load balancer and the user pool.",
        )
        self.final_snapshot = stack.switch(
            "final_snapshot", default=True, description="Take a snapshot of the database before it is destroyed."
        )
        self.read_replica_count = inputs.read_replica_count(stack, default=0)
        self.enable_cross_region_backup = stack.switch(
            "enable_cross_region_backup",
            default=False,
            description="Keep the database's backups in a second region too.",
        )
        self.backup_region = inputs.second_region(
            stack,
            "backup_region",
            alias="backup",
            description="Region of those backups; the caller's provider aws.backup must be for it.",
        )
        self.enable_restore_testing = stack.switch(
            "enable_restore_testing",
            default=False,
            description="Restore a backup every month to see that it can be.",
        )

    def _secrets(self, stack: ModuleStack) -> None:
        self.db_password, self.db_password_version = inputs.given_password(stack, "db_password")
        self.session_secret = stack.variable(
            "session_secret",
            "string",
            description="What sessions are signed with, given as TF_VAR_session_secret.",
            sensitive=True,
            ephemeral=True,
            validation=[
                Rule(
                    "length(var.session_secret) >= 32 && length(var.session_secret) <= 4096",
                    "The session secret must be 32 to 4096 characters.",
                )
            ],
        )
        self.session_secret_version = stack.whole_number(
            "session_secret_version",
            default=1,
            least=1,
            most=1000000,
            description="Raise it to have a new session_secret set.",
        )

    def _storage(self, stack: ModuleStack) -> None:
        self.noncurrent_version_days = stack.whole_number(
            "noncurrent_version_days",
            default=30,
            least=1,
            most=36500,
            description="Days until a replaced or deleted object is deleted for good.",
        )
        self.force_destroy = stack.switch(
            "force_destroy",
            default=False,
            description="Let a destroy delete buckets and images with what is in them, and secrets at once.",
        )

    def _email(self, stack: ModuleStack) -> None:
        self.verify_sender_address = stack.switch(
            "verify_sender_address",
            default=True,
            description="Verify noreply@<domain name> by itself too; somebody has to click the link it gets.",
        )
        self.extra_txt_records = stack.variable(
            "extra_txt_records",
            "list(string)",
            default=[],
            description="Further TXT records of the domain, which share its one set with SPF.",
        )
        self.enable_ses_configuration_set = stack.switch(
            "enable_ses_configuration_set",
            default=True,
            description="Count mails sent, bounced and complained of in CloudWatch.",
        )
        self.enable_ses_templates = stack.switch(
            "enable_ses_templates", default=False, description="Keep the templates of the application's mails in SES."
        )
        self.request_ses_quotas = stack.switch(
            "request_ses_quotas",
            default=False,
            description="Ask AWS for the two quotas, once the account is out of the sandbox of SES.",
        )
        self.ses_daily_quota = stack.whole_number(
            "ses_daily_quota", default=50000, least=200, most=1000000000, description="Mails a day to ask for."
        )
        self.ses_sending_rate = stack.whole_number(
            "ses_sending_rate", default=14, least=1, most=100000, description="Mails a second to ask for."
        )
        self.manage_ses_account = stack.switch(
            "manage_ses_account",
            default=True,
            description="Look after the account's list of addresses not to send to; off where another stack does.",
        )

    def _monitoring(self, stack: ModuleStack) -> None:
        self.encrypt_logs = inputs.encrypt_logs(stack)
        self.log_retention_days = inputs.log_retention_days(stack, default=30)
        self.alert_email = stack.variable(
            "alert_email",
            "string",
            default="",
            description="Address that gets warnings, once it has confirmed by mail; empty for none.",
            validation=[
                Rule(
                    'var.alert_email == "" || can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", var.alert_email))',
                    "The alert e-mail must be empty or an address.",
                )
            ],
        )
        self.pagerduty_endpoint = inputs.webhook_url(
            stack, "pagerduty_endpoint", description="Address of PagerDuty that gets critical alarms; empty for none."
        )
        self.monthly_budget = inputs.monthly_budget(stack, default=110)
