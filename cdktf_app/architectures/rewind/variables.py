"""Inputs of rewind. Their defaults are the document's production values; an environment weakens what it must.

The exceptions are what costs money only when asked for (a pipeline) and ``lambda_runtime``, where the document's value
is older than what AWS still creates (RW-FN-01): every environment sets a newer one.
"""

from __future__ import annotations

from collections.abc import Sequence

from cdktf_app import inputs
from cdktf_app.module_stack import ModuleStack, Rule

_SCHEDULE = "^(rate|cron)[(].+[)]$"


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
        self.name_suffix = inputs.name_suffix(stack)
        self.tags = inputs.tags(stack)
        self._site(stack)
        self._api(stack)
        self._functions(stack, functions)
        self._data(stack)
        self._recommendations(stack)
        self._failover(stack)
        self._costs_and_alarms(stack)
        self._delivery(stack)

    def _site(self, stack: ModuleStack) -> None:
        self.domain_name = inputs.domain_name(
            stack,
            default="rewindpodcast.com",
            description="Domain name of the site; the API gets api.<domain name>.",
        )
        self.hosted_zone_id = inputs.zone_to_delegate(stack)
        self.certificate_arn = inputs.certificate_arn(stack)
        self.frontend_access = stack.variable(
            "frontend_access",
            "string",
            default="cloudfront",
            description="Who may read the site's bucket: cloudfront, or public (not recommended, the gate refuses it).",
            validation=[
                Rule(
                    'contains(["cloudfront", "public"], var.frontend_access)',
                    "The access to the site must be cloudfront or public.",
                )
            ],
        )

    def _api(self, stack: ModuleStack) -> None:
        self.cors_origin = stack.variable(
            "cors_origin",
            "string",
            default="",
            description="Origin of the pages that may call the API; empty for the site's own.",
            validation=[
                Rule(
                    'var.cors_origin == "" || '
                    'can(regex("^(https://[A-Za-z0-9.-]+(:[0-9]+)?|http://localhost(:[0-9]+)?)$", var.cors_origin))',
                    "The origin must be empty or one such as https://rewindpodcast.com, without '*' or a path.",
                )
            ],
        )
        self.api_throttle_rate_limit = stack.whole_number(
            "api_throttle_rate_limit",
            default=100,
            least=1,
            most=10000,
            description="Requests to the stage per second, sustained.",
        )
        self.api_throttle_burst_limit = stack.whole_number(
            "api_throttle_burst_limit",
            default=100,
            least=1,
            most=10000,
            description="Requests to the stage that may come at once.",
        )
        self.waf_rate_limit = inputs.waf_rate_limit(stack)
        self.manage_api_gateway_account = inputs.manage_api_gateway_account(stack)
        self.cognito_user_pool_id = stack.variable(
            "cognito_user_pool_id",
            "string",
            default="",
            description="User pool that there is already; empty to have one made.",
            validation=[
                Rule(
                    'var.cognito_user_pool_id == "" || '
                    'can(regex("^[a-z0-9-]+_[A-Za-z0-9]+$", var.cognito_user_pool_id))',
                    "The user pool must be empty or an id such as us-east-1_AbC123.",
                ),
                Rule(
                    '(var.cognito_user_pool_id == "") == (var.cognito_user_pool_client_id == "")',
                    "Give the user pool and its client together, or neither.",
                ),
            ],
        )
        self.cognito_user_pool_client_id = stack.variable(
            "cognito_user_pool_client_id",
            "string",
            default="",
            description="Client of the user pool that there is already.",
        )

    def _functions(self, stack: ModuleStack, functions: Sequence[str]) -> None:
        self.lambda_runtime = stack.variable(
            "lambda_runtime",
            "string",
            default="nodejs18.x",
            description="Runtime of the functions. AWS no longer creates functions with the default: name a newer one.",
            validation=[
                Rule(
                    'can(regex("^nodejs[0-9]+[.]x$", var.lambda_runtime))',
                    "The runtime must be one of Node.js, such as nodejs22.x: the functions are written for it.",
                )
            ],
        )
        self.lambda_memory_mb = stack.whole_number(
            "lambda_memory_mb", default=256, least=128, most=10240, description="Memory of each function, in MB."
        )
        self.lambda_timeout_seconds = stack.whole_number(
            "lambda_timeout_seconds",
            default=10,
            least=1,
            most=29,
            description="Longest run of a function, in seconds; a REST API waits 29.",
        )
        self.function_overrides = inputs.function_overrides(stack, functions=functions)
        self.provisioned_concurrency = stack.whole_number(
            "provisioned_concurrency",
            default=1,
            least=0,
            most=100,
            description="Instances of each function that are kept warm for the API, paid by the hour; 0 for none.",
        )
        self.artifacts_bucket = inputs.artifacts_bucket(stack)
        self.function_packages = inputs.function_packages(stack, functions=functions)
        self.rss_schedule = stack.variable(
            "rss_schedule",
            "string",
            default="cron(0 0 * * ? *)",
            description="When the feeds are refreshed, as an EventBridge schedule in UTC.",
            validation=[
                Rule(
                    f'can(regex("{_SCHEDULE}", var.rss_schedule))',
                    "The schedule of the feeds must be rate(...) or cron(...).",
                )
            ],
        )

    def _data(self, stack: ModuleStack) -> None:
        self.dynamodb_billing_mode = stack.variable(
            "dynamodb_billing_mode",
            "string",
            default="PAY_PER_REQUEST",
            description="How the table is paid for: PAY_PER_REQUEST, or PROVISIONED with auto-scaling.",
            validation=[
                Rule(
                    'contains(["PAY_PER_REQUEST", "PROVISIONED"], var.dynamodb_billing_mode)',
                    "The billing mode must be PAY_PER_REQUEST or PROVISIONED.",
                )
            ],
        )
        self.autoscaling_target_utilization = stack.whole_number(
            "autoscaling_target_utilization",
            default=70,
            least=20,
            most=90,
            description="Use of a provisioned table's capacity that auto-scaling aims at, in percent.",
        )
        self.autoscaling_least_capacity = stack.whole_number(
            "autoscaling_least_capacity",
            default=1,
            least=1,
            most=40000,
            description="Least capacity of a provisioned table, for reads and for writes, in units a second.",
        )
        self.autoscaling_most_capacity = stack.variable(
            "autoscaling_most_capacity",
            "number",
            default=100,
            description="Most capacity of a provisioned table, for reads and for writes, in units a second.",
            validation=[
                Rule(
                    "var.autoscaling_most_capacity >= var.autoscaling_least_capacity",
                    "The most capacity must not be less than autoscaling_least_capacity.",
                )
            ],
        )
        self.deletion_protection = stack.switch(
            "deletion_protection", default=True, description="Let AWS refuse to delete the table and the user pool."
        )
        self.enable_pitr = stack.switch(
            "enable_pitr", default=True, description="Point-in-time recovery of the table, 35 days back."
        )
        self.force_destroy = stack.switch(
            "force_destroy", default=False, description="Let a destroy delete buckets with what is in them."
        )

    def _recommendations(self, stack: ModuleStack) -> None:
        self.personalize_recipe_arn = stack.variable(
            "personalize_recipe_arn",
            "string",
            default="arn:aws:personalize:::recipe/aws-sims",
            description="Recipe of the recommendations.",
            validation=[
                Rule(
                    'can(regex("^arn:aws:personalize:::recipe/[a-z0-9-]+$", var.personalize_recipe_arn))',
                    "The recipe must be the ARN of one of Personalize's.",
                )
            ],
        )
        self.retrain_schedule = stack.variable(
            "retrain_schedule",
            "string",
            default="rate(7 days)",
            description="When the recommendations are trained anew, as an EventBridge schedule in UTC.",
            validation=[
                Rule(
                    f'can(regex("{_SCHEDULE}", var.retrain_schedule))',
                    "The schedule of the training must be rate(...) or cron(...).",
                )
            ],
        )
        self.enable_campaign = stack.switch(
            "enable_campaign",
            default=True,
            description="Answer recommendations live by a campaign, which is paid by the hour; else in weekly batches.",
        )

    def _failover(self, stack: ModuleStack) -> None:
        self.enable_failover = stack.switch(
            "enable_failover",
            default=True,
            description="Keep a standby of site, data and API in a second region, and fail over to it.",
        )
        self.failover_region = stack.variable(
            "failover_region",
            "string",
            default="us-west-2",
            description="The second region; the caller's provider aws.failover must be for it.",
            validation=[
                Rule(
                    'can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.failover_region)) && '
                    "var.failover_region != var.region",
                    "The second region must be an AWS region such as us-west-2, and not the first.",
                )
            ],
        )
        self.failover_artifacts_bucket = stack.variable(
            "failover_artifacts_bucket",
            "string",
            description="Bucket in the second region that the functions' packages are uploaded to.",
            validation=[
                Rule(
                    'var.failover_artifacts_bucket != ""',
                    "There must be a bucket in the second region that holds the functions' packages.",
                )
            ],
        )

    def _costs_and_alarms(self, stack: ModuleStack) -> None:
        self.error_rate_threshold = stack.variable(
            "error_rate_threshold",
            "number",
            default=0.05,
            description="Share of failed requests over 5 minutes from which on the alarm goes off, 0 to 1.",
            validation=[
                Rule(
                    "var.error_rate_threshold > 0 && var.error_rate_threshold <= 1",
                    "The error rate must be more than 0 and at most 1.",
                )
            ],
        )
        self.monthly_budget = inputs.monthly_budget(stack, default=50)
        self.anomaly_monitor_arn = inputs.anomaly_monitor_arn(stack)
        self.anomaly_least_impact = inputs.anomaly_least_impact(stack)
        self.log_retention_days = inputs.log_retention_days(stack, default=30)
        self.alert_emails = inputs.alert_emails(stack)

    def _delivery(self, stack: ModuleStack) -> None:
        self.ci_repository = stack.variable(
            "ci_repository",
            "string",
            default="",
            description="GitHub repository (owner/name) whose workflows may assume the deploy role; empty for none.",
            validation=[
                Rule(
                    'var.ci_repository == "" || can(regex("^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$", var.ci_repository))',
                    "The repository must be empty or owner/name.",
                )
            ],
        )
        self.ci_oidc_provider_arn = stack.variable(
            "ci_oidc_provider_arn",
            "string",
            default="",
            description="The account's OIDC provider of GitHub, of which there is one; empty to have it made.",
        )
        self.enable_codepipeline = stack.switch(
            "enable_codepipeline", default=False, description="Deploy by AWS CodePipeline with every push."
        )
        self.pipeline_repository = stack.variable(
            "pipeline_repository",
            "string",
            default="",
            description="Repository (owner/name) that the pipeline deploys.",
            validation=[
                Rule(
                    'var.pipeline_repository != "" || !var.enable_codepipeline',
                    "A pipeline needs pipeline_repository.",
                )
            ],
        )
        self.pipeline_branch = stack.variable(
            "pipeline_branch", "string", default="main", description="Branch that the pipeline deploys."
        )
        self.pipeline_apply_role_arn = stack.variable(
            "pipeline_apply_role_arn",
            "string",
            default="",
            description="Role that the pipeline's builds assume to plan and apply; it is made outside this module.",
            validation=[
                Rule(
                    'can(regex("^arn:aws:iam::[0-9]{12}:role/.+$", var.pipeline_apply_role_arn)) || '
                    "!var.enable_codepipeline",
                    "A pipeline needs pipeline_apply_role_arn, the ARN of a role.",
                )
            ],
        )
