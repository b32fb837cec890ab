"""Inputs of kefir. Their defaults are the document's production values; an environment weakens what it must.

The exceptions are what costs money only when asked for (a domain, AWS Backup) and ``lambda_runtime``, where the
document's value is older than what AWS still creates (KF-FN-01): every environment sets a newer one.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import inputs
from cdktf_app.module_stack import ModuleStack, Rule


class Variables:
    """The module's variables, declared on the stack.

    Args:
        stack: The module.
        functions: Names of the functions, which ``function_packages`` may replace.
    """

    def __init__(self, stack: ModuleStack, *, functions: Sequence[str]) -> None:
        self.environment = inputs.environment(stack)
        self.account_id = inputs.account_id(stack)
        self.region = inputs.region(stack)
        self.tags = inputs.tags(stack)
        self._auth(stack)
        self._data(stack)
        self._api(stack)
        self._functions(stack, functions)
        self._monitoring(stack)

    def _auth(self, stack: ModuleStack) -> None:
        self.access_token_minutes = stack.whole_number(
            "access_token_minutes",
            default=60,
            least=5,
            most=1440,
            description="Life of access and ID tokens, in minutes.",
        )
        self.refresh_token_days = stack.whole_number(
            "refresh_token_days",
            default=30,
            least=1,
            most=3650,
            description="Days until a user has to sign in again.",
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
        self.deletion_protection = stack.switch(
            "deletion_protection", default=True, description="Let AWS refuse to delete the table and the user pool."
        )
        self.force_destroy = stack.switch(
            "force_destroy", default=False, description="Let a destroy delete the bucket with the photos in it."
        )
        self.enable_pitr = stack.switch(
            "enable_pitr", default=True, description="Point-in-time recovery of the table, 35 days back."
        )
        self.enable_versioning = stack.switch(
            "enable_versioning", default=True, description="Keep replaced and deleted photos for 30 days."
        )
        self.enable_aws_backup = stack.switch(
            "enable_aws_backup", default=False, description="Back up the table daily with AWS Backup, kept 35 days."
        )
        self.object_expiration_days = stack.whole_number(
            "object_expiration_days",
            default=365,
            least=1,
            most=36500,
            description="Age at which a photo is deleted, in days.",
        )
        self.abort_upload_days = stack.whole_number(
            "abort_upload_days",
            default=7,
            least=1,
            most=365,
            description="Age at which an unfinished upload is dropped, in days.",
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
        self.throttle_burst_limit = stack.whole_number(
            "throttle_burst_limit",
            default=1000,
            least=1,
            most=100000,
            description="Requests to the API that may come at once.",
        )
        self.throttle_rate_limit = stack.whole_number(
            "throttle_rate_limit",
            default=2000,
            least=1,
            most=100000,
            description="Requests to the API per second, sustained.",
        )
        self.domain_name = inputs.optional_domain_name(stack)
        self.hosted_zone_id = inputs.hosted_zone_id(stack)
        self.certificate_arn = inputs.certificate_arn(stack)

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
        self.lambda_memory_mb = stack.whole_number(
            "lambda_memory_mb", default=512, least=128, most=10240, description="Memory of each function, in MB."
        )
        self.lambda_timeout_seconds = stack.whole_number(
            "lambda_timeout_seconds",
            default=30,
            least=1,
            most=30,
            description="Longest run of a function, in seconds; an HTTP API waits 30.",
        )
        self.artifacts_bucket = inputs.artifacts_bucket(stack)
        self.function_packages = inputs.function_packages(stack, functions=functions)
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
        self.enable_monitoring = stack.switch(
            "enable_monitoring", default=True, description="Alarms, their topic and the dashboard."
        )
        self.encrypt_logs = inputs.encrypt_logs(stack)
        self.log_retention_days = inputs.log_retention_days(stack, default=30)
        self.alert_emails = inputs.alert_emails(stack)
        self.alert_phone_numbers = inputs.alert_phone_numbers(stack)
