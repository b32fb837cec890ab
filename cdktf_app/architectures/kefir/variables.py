"""Inputs of kefir. Their defaults are the document's production values; an environment weakens what it must.

The exceptions are what costs money only when asked for (a domain, AWS Backup) and ``lambda_runtime``, where the
document's value is older than what AWS still creates (KF-FN-01): every environment sets a newer one.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import expressions
from cdktf_app.constructs.function_packages import OVERRIDES_TYPE
from cdktf_app.module_stack import Input, ModuleStack, Rule

# What CloudWatch takes; it also knows 0, for ever, which nothing here should ask for.
_RETENTION_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
)  # fmt: skip


class Variables:
    """The module's variables, declared on the stack.

    Args:
        stack: The module.
        functions: Names of the functions, which ``function_packages`` may replace.
    """

    def __init__(self, stack: ModuleStack, *, functions: Sequence[str]) -> None:
        self._identity(stack)
        self._auth(stack)
        self._data(stack)
        self._api(stack)
        self._functions(stack, functions)
        self._monitoring(stack)

    def _identity(self, stack: ModuleStack) -> None:
        self.environment = stack.variable(
            "environment",
            "string",
            description="Name of the environment, part of every resource's name.",
            validation=[
                Rule(
                    'can(regex("^[a-z][a-z0-9-]{1,15}$", var.environment))',
                    "The environment must be 2 to 16 lower-case letters, digits and hyphens, a letter first.",
                )
            ],
        )
        self.account_id = stack.variable(
            "account_id",
            "string",
            description="AWS account that the module is applied in.",
            validation=[Rule('can(regex("^[0-9]{12}$", var.account_id))', "The account id must be 12 digits.")],
        )
        self.region = stack.variable(
            "region",
            "string",
            default="us-east-1",
            description="AWS region that the module is applied in.",
            validation=[
                Rule(
                    'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))',
                    "The region must be an AWS region such as us-east-1.",
                )
            ],
        )
        self.tags = stack.variable(
            "tags", "map(string)", default={}, description="Tags of every resource that can carry any."
        )

    def _auth(self, stack: ModuleStack) -> None:
        self.access_token_minutes = _whole_number(
            stack, "access_token_minutes", 60, 5, 1440, "Life of access and ID tokens, in minutes."
        )
        self.refresh_token_days = _whole_number(
            stack, "refresh_token_days", 30, 1, 3650, "Days until a user has to sign in again."
        )
        self.user_pool_tier = stack.variable(
            "user_pool_tier",
            "string",
            default="PLUS",
            description="Feature plan of the user pool: ESSENTIALS, or PLUS (paid per user) for advanced security.",
            validation=[
                Rule(
                    'contains(["ESSENTIALS", "PLUS"], var.user_pool_tier)',
                    "The tier must be ESSENTIALS or PLUS: LITE has no sign-in by e-mail code.",
                )
            ],
        )
        self.advanced_security_mode = stack.variable(
            "advanced_security_mode",
            "string",
            default="ENFORCED",
            description="Cognito's threat protection: OFF, AUDIT or ENFORCED.",
            validation=[
                Rule(
                    'contains(["OFF", "AUDIT", "ENFORCED"], var.advanced_security_mode)',
                    "The advanced security mode must be OFF, AUDIT or ENFORCED.",
                ),
                Rule(
                    'var.advanced_security_mode == "OFF" || var.user_pool_tier == "PLUS"',
                    "Advanced security needs user_pool_tier PLUS; with ESSENTIALS set the mode to OFF.",
                ),
            ],
        )
        self.ses_from_arn = stack.variable(
            "ses_from_arn",
            "string",
            default="",
            description="ARN of the SES identity that sends the codes; empty for Cognito's sender, a few mails a day.",
            validation=[
                Rule(
                    'var.ses_from_arn == "" || '
                    'can(regex("^arn:aws:ses:[a-z0-9-]+:[0-9]{12}:identity/.+$", var.ses_from_arn))',
                    "The sender must be empty or the ARN of an SES identity.",
                )
            ],
        )

    def _data(self, stack: ModuleStack) -> None:
        self.deletion_protection = _switch(
            stack, "deletion_protection", True, "Let AWS refuse to delete the table and the user pool."
        )
        self.force_destroy = _switch(
            stack, "force_destroy", False, "Let a destroy delete the bucket with the photos in it."
        )
        self.enable_pitr = _switch(stack, "enable_pitr", True, "Point-in-time recovery of the table, 35 days back.")
        self.enable_versioning = _switch(
            stack, "enable_versioning", True, "Keep replaced and deleted photos for 30 days."
        )
        self.enable_aws_backup = _switch(
            stack, "enable_aws_backup", False, "Back up the table daily with AWS Backup, kept 35 days."
        )
        self.object_expiration_days = _whole_number(
            stack, "object_expiration_days", 365, 1, 36500, "Age at which a photo is deleted, in days."
        )
        self.abort_upload_days = _whole_number(
            stack, "abort_upload_days", 7, 1, 365, "Age at which an unfinished upload is dropped, in days."
        )

    def _api(self, stack: ModuleStack) -> None:
        self.app_domains = stack.variable(
            "app_domains",
            "list(string)",
            description="Origins of the app's web pages, which may call the API and the bucket.",
            validation=[
                Rule("length(var.app_domains) > 0", "There must be at least one app domain."),
                Rule(
                    'alltrue([for origin in var.app_domains : can(regex("^(https://[A-Za-z0-9.-]+(:[0-9]+)?'
                    '|http://localhost(:[0-9]+)?)$", origin))])',
                    "Each app domain must be an origin such as https://app.example.com, without '*' and without "
                    "a path; http:// is for localhost only.",
                ),
            ],
        )
        self.throttle_burst_limit = _whole_number(
            stack, "throttle_burst_limit", 1000, 1, 100000, "Requests to the API that may come at once."
        )
        self.throttle_rate_limit = _whole_number(
            stack, "throttle_rate_limit", 2000, 1, 100000, "Requests to the API per second, sustained."
        )
        self.domain_name = stack.variable(
            "domain_name",
            "string",
            default="",
            description="Domain name of the API; empty for the one that AWS makes up.",
            validation=[
                Rule(
                    'var.domain_name == "" || can(regex("^([a-z0-9-]+[.])+[a-z]{2,}$", var.domain_name))',
                    "The domain name must be empty or a name such as api.example.com.",
                ),
                Rule(
                    'var.domain_name == "" || var.hosted_zone_id != ""',
                    "A domain name needs hosted_zone_id, the Route 53 zone for its records.",
                ),
            ],
        )
        self.hosted_zone_id = stack.variable(
            "hosted_zone_id", "string", default="", description="Route 53 zone of the domain name."
        )
        self.certificate_arn = stack.variable(
            "certificate_arn",
            "string",
            default="",
            description="Certificate of the domain name, in this region; empty to have one made.",
            validation=[
                Rule(
                    'var.certificate_arn == "" || can(regex("^arn:aws:acm:", var.certificate_arn))',
                    "The certificate must be empty or the ARN of an ACM certificate.",
                )
            ],
        )

    def _functions(self, stack: ModuleStack, functions: Sequence[str]) -> None:
        self.lambda_runtime = stack.variable(
            "lambda_runtime",
            "string",
            default="nodejs20.x",
            description="Runtime of the functions. AWS no longer creates functions with the default: name a newer one.",
            validation=[
                Rule(
                    'can(regex("^nodejs[0-9]+[.]x$", var.lambda_runtime))',
                    "The runtime must be one of Node.js, such as nodejs22.x: the functions are written for it.",
                )
            ],
        )
        self.lambda_memory_mb = _whole_number(
            stack, "lambda_memory_mb", 512, 128, 10240, "Memory of each function, in MB."
        )
        self.lambda_timeout_seconds = _whole_number(
            stack, "lambda_timeout_seconds", 30, 1, 30, "Longest run of a function, in seconds; an HTTP API waits 30."
        )
        self.artifacts_bucket = stack.variable(
            "artifacts_bucket",
            "string",
            description="Bucket that the functions' packages are uploaded to before an apply.",
            validation=[
                Rule('var.artifacts_bucket != ""', "There must be a bucket that holds the functions' packages.")
            ],
        )
        names = expressions.literal(list(functions))
        self.function_packages = stack.variable(
            "function_packages",
            OVERRIDES_TYPE,
            default={},
            description="Packages to use instead of the module's own, by function: a local zip or an object in S3.",
            validation=[
                Rule(
                    f"length(setsubtract(keys(var.function_packages), {names})) == 0",
                    f"The function packages must be named after functions: {', '.join(functions)}.",
                ),
                Rule(
                    "alltrue([for own in values(var.function_packages) : "
                    "(own.filename == null) != (own.s3_key == null)])",
                    "Each function package must have either a filename or an s3_key.",
                ),
            ],
        )
        self.reminder_schedule = stack.variable(
            "reminder_schedule",
            "string",
            default="rate(5 minutes)",
            description="When reminders are processed, as an EventBridge schedule.",
            validation=[
                Rule(
                    'can(regex("^(rate|cron)[(].+[)]$", var.reminder_schedule))',
                    "The reminder schedule must be rate(...) or cron(...).",
                )
            ],
        )

    def _monitoring(self, stack: ModuleStack) -> None:
        self.enable_monitoring = _switch(stack, "enable_monitoring", True, "Alarms, their topic and the dashboard.")
        self.encrypt_logs = _switch(
            stack, "encrypt_logs", True, "Encrypt logs and alerts with a key of our own, paid by the month."
        )
        self.log_retention_days = stack.variable(
            "log_retention_days",
            "number",
            default=30,
            description="Days until a log entry is deleted.",
            validation=[
                Rule(
                    f"contains([{', '.join(map(str, _RETENTION_DAYS))}], var.log_retention_days)",
                    f"The log retention must be one that CloudWatch takes: {', '.join(map(str, _RETENTION_DAYS))}.",
                )
            ],
        )
        self.alert_emails = stack.variable(
            "alert_emails",
            "list(string)",
            default=[],
            description="Addresses that get the alarms; each has to confirm by mail.",
            validation=[
                Rule(
                    'alltrue([for email in var.alert_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", email))])',
                    "Each alert e-mail must be an address.",
                )
            ],
        )
        self.alert_phone_numbers = stack.variable(
            "alert_phone_numbers",
            "list(string)",
            default=[],
            description="Phone numbers that get the alarms by SMS.",
            validation=[
                Rule(
                    'alltrue([for phone in var.alert_phone_numbers : can(regex("^[+][1-9][0-9]{6,14}$", phone))])',
                    "Each alert phone number must be in E.164 form, such as +15555550100.",
                )
            ],
        )


def _switch(stack: ModuleStack, name: str, default: bool, description: str) -> Input:
    return stack.variable(name, "bool", default=default, description=description)


def _whole_number(stack: ModuleStack, name: str, default: int, least: int, most: int, description: str) -> Input:
    return stack.variable(
        name,
        "number",
        default=default,
        description=description,
        validation=[
            Rule(
                f"var.{name} >= {least} && var.{name} <= {most} && floor(var.{name}) == var.{name}",
                f"{name} must be a whole number from {least} to {most}.",
            )
        ],
    )
