"""Inputs of nullcheck. Their defaults are the document's values, or safe for production where it states none.

An environment weakens what it must. ``data_trace_enabled`` and ``cors_origin`` are as the document has them, though
production does better with an origin of its own (NC-DEP-02) and, once there are users, without traces (NC-API-08).
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import inputs
from cdktf_app.module_stack import ModuleStack, Rule


class Variables:
    """The module's variables, declared on the stack.

    Args:
        stack: The module.
        functions: Names of the functions, which ``function_overrides`` and ``function_packages`` speak of.
    """

    def __init__(self, stack: ModuleStack, *, functions: Sequence[str]) -> None:
        self.environment = inputs.environment(stack)
        self.account_id = inputs.account_id(stack)
        self.region = inputs.region(stack)
        self.name_suffix = inputs.name_suffix(stack)
        self.tags = inputs.tags(stack)
        self._data(stack)
        self._api(stack)
        self._functions(stack, functions)
        self._video_and_model(stack)
        self._events(stack)
        self._monitoring(stack)

    def _data(self, stack: ModuleStack) -> None:
        self.deletion_protection = stack.switch(
            "deletion_protection", default=True, description="Let AWS refuse to delete the table."
        )
        self.force_destroy = stack.switch(
            "force_destroy", default=False, description="Let a destroy delete the bucket with the objects in it."
        )
        self.enable_pitr = stack.switch(
            "enable_pitr", default=True, description="Point-in-time recovery of the table, 35 days back."
        )
        self.transcript_expiration_days = stack.whole_number(
            "transcript_expiration_days",
            default=7,
            least=1,
            most=36500,
            description="Age at which an object is hidden, in days; as long again until it is deleted for good.",
        )
        self.allowed_principals = stack.variable(
            "allowed_principals",
            "list(string)",
            default=[],
            description="Roles and users that may read and write objects beside the stack's own; empty for whoever "
            "IAM lets.",
            validation=[
                Rule(
                    "alltrue([for principal in var.allowed_principals : "
                    'can(regex("^arn:aws:iam::[0-9]{12}:(role|user)/.+$", principal))])',
                    "Each allowed principal must be the ARN of an IAM role or user.",
                )
            ],
        )

    def _api(self, stack: ModuleStack) -> None:
        self.cors_origin = stack.variable(
            "cors_origin",
            "string",
            default="*",
            description="Origin of the web pages that may call the API and the bucket; * for any.",
            validation=[
                Rule(
                    'var.cors_origin == "*" || can(regex("^(https://[A-Za-z0-9.-]+(:[0-9]+)?'
                    '|http://localhost(:[0-9]+)?)$", var.cors_origin))',
                    "The CORS origin must be * or an origin such as https://app.example.com, without a path; "
                    "http:// is for localhost only.",
                )
            ],
        )
        self.encryption_key = stack.variable(
            "encryption_key",
            "string",
            sensitive=True,
            description="Secret that the cursors of lists are sealed with, given as TF_VAR_encryption_key.",
            validation=[
                Rule("length(var.encryption_key) >= 16", "The encryption key must have at least 16 characters.")
            ],
        )
        self.data_trace_enabled = stack.switch(
            "data_trace_enabled", default=True, description="Write whole requests and responses into the API's log."
        )
        self.cognito_user_pool_arn = stack.variable(
            "cognito_user_pool_arn",
            "string",
            default="",
            description="User pool whose tokens open the API; empty, and without a function: anybody may call.",
            validation=[
                Rule(
                    'var.cognito_user_pool_arn == "" || '
                    'can(regex("^arn:aws:cognito-idp:[a-z0-9-]+:[0-9]{12}:userpool/.+$", var.cognito_user_pool_arn))',
                    "The user pool must be empty or the ARN of a Cognito user pool.",
                )
            ],
        )
        self.authorizer_lambda_arn = stack.variable(
            "authorizer_lambda_arn",
            "string",
            default="",
            description="Function that decides who may call the API; it must let API Gateway invoke it.",
            validation=[
                Rule(
                    'var.authorizer_lambda_arn == "" || '
                    'can(regex("^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:.+$", var.authorizer_lambda_arn))',
                    "The authorizer must be empty or the ARN of a Lambda function.",
                ),
                Rule(
                    'var.authorizer_lambda_arn == "" || var.cognito_user_pool_arn == ""',
                    "There must be one authorizer at most: a function or a user pool.",
                ),
            ],
        )
        self.manage_api_gateway_account = inputs.manage_api_gateway_account(stack)

    def _functions(self, stack: ModuleStack, functions: Sequence[str]) -> None:
        self.lambda_runtime = stack.variable(
            "lambda_runtime",
            "string",
            default="nodejs22.x",
            description="Runtime of the functions.",
            validation=[
                Rule(
                    'can(regex("^nodejs[0-9]+[.]x$", var.lambda_runtime))',
                    "The runtime must be one of Node.js, such as nodejs22.x: the functions are written for it.",
                )
            ],
        )
        self.lambda_architecture = stack.variable(
            "lambda_architecture",
            "string",
            default="arm64",
            description="Processor of the functions: arm64, or x86_64 for packages that need it.",
            validation=[
                Rule(
                    'contains(["arm64", "x86_64"], var.lambda_architecture)',
                    "The architecture must be arm64 or x86_64.",
                )
            ],
        )
        self.lambda_memory_mb = stack.whole_number(
            "lambda_memory_mb", default=1024, least=128, most=10240, description="Memory of each function, in MB."
        )
        self.lambda_timeout_seconds = stack.whole_number(
            "lambda_timeout_seconds",
            default=25,
            least=1,
            most=29,
            description="Longest run of a function, in seconds; API Gateway waits 29.",
        )
        self.function_overrides = inputs.function_overrides(stack, functions=functions)
        self.reserved_concurrency = stack.whole_number(
            "reserved_concurrency",
            default=-1,
            least=-1,
            most=1000,
            description="Runs at once that are set aside for each function, and its limit; -1 for the account's.",
        )
        self.artifacts_bucket = inputs.artifacts_bucket(stack)
        self.function_packages = inputs.function_packages(stack, functions=functions)

    def _video_and_model(self, stack: ModuleStack) -> None:
        self.chunk_seconds = stack.whole_number(
            "chunk_seconds", default=120, least=1, most=3600, description="Length of a chunk of video, in seconds."
        )
        self.model_id = stack.variable(
            "model_id",
            "string",
            default="us.anthropic.claude-sonnet-4-5-20250929-v1:0",
            description="Inference profile of the model that analyses transcripts.",
            validation=[
                Rule(
                    'can(regex("^(us|us-gov|ca|eu|apac|jp|au)[.][a-z0-9-]+[.][A-Za-z0-9.:-]+$", var.model_id))',
                    "The model must be the id of a geographic inference profile, such as "
                    "us.anthropic.claude-sonnet-4-5-20250929-v1:0.",
                )
            ],
        )
        self.model_regions = stack.variable(
            "model_regions",
            "list(string)",
            default=["us-east-1", "us-east-2", "us-west-2"],
            description="Regions that the inference profile sends requests to.",
            validation=[
                Rule(
                    "length(var.model_regions) > 0 && alltrue([for region in var.model_regions : "
                    'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", region))])',
                    "The model's regions must be one or more AWS regions such as us-east-1.",
                )
            ],
        )
        self.memory_id = stack.variable(
            "memory_id",
            "string",
            default="",
            description="AgentCore memory that is there already; empty to have one made.",
            validation=[
                Rule(
                    'var.memory_id == "" || can(regex("^[A-Za-z][A-Za-z0-9_-]{0,99}-[A-Za-z0-9]{10}$", var.memory_id))',
                    "The memory must be empty or the id of an AgentCore memory, such as clipAgentMemory-a1b2c3d4e5.",
                )
            ],
        )
        self.memory_event_expiry_days = stack.whole_number(
            "memory_event_expiry_days",
            default=90,
            least=7,
            most=365,
            description="Days until an event of the memory is deleted.",
        )

    def _events(self, stack: ModuleStack) -> None:
        self.event_source = stack.variable(
            "event_source",
            "string",
            default="nullcheck",
            description="Source of the application's own events.",
            validation=[
                Rule(
                    'can(regex("^[A-Za-z0-9._-]{1,256}$", var.event_source)) && !startswith(var.event_source, "aws.")',
                    "The event source must be letters, digits, dots, hyphens and underscores, and not begin with aws.",
                )
            ],
        )
        self.enable_dlq = stack.switch(
            "enable_dlq", default=True, description="Keep events that failed in a dead-letter queue, for 14 days."
        )
        self.enable_event_archive = stack.switch(
            "enable_event_archive", default=True, description="Archive events, so that they can be replayed."
        )
        self.event_archive_days = stack.whole_number(
            "event_archive_days", default=30, least=1, most=365, description="Days that archived events are kept."
        )

    def _monitoring(self, stack: ModuleStack) -> None:
        self.enable_alarms = stack.switch("enable_alarms", default=True, description="Alarms, and their topic.")
        self.alarm_thresholds = stack.variable(
            "alarm_thresholds",
            "object({ function_errors = optional(number, 5), function_throttles = optional(number, 5), "
            "api_server_errors = optional(number, 5), dead_letters = optional(number, 0) })",
            default={},
            description="What an alarm goes off above, counted over five minutes.",
            validation=[
                Rule(
                    "alltrue([for threshold in values(var.alarm_thresholds) : threshold >= 0])",
                    "Each alarm threshold must be 0 or more.",
                )
            ],
        )
        self.encrypt_logs = inputs.encrypt_logs(stack)
        self.log_retention_days = inputs.log_retention_days(stack, default=30)
        self.alert_emails = inputs.alert_emails(stack)
