"""A Lambda function with a role, a policy and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from cdktf_app import expressions
from cdktf_app.bindings import aws_lambda
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue
from cdktf_app.constructs.function_packages import PackageSources
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

# Lambda sets these itself and rejects them as configuration, but only at apply (KF-ENV-06).
RESERVED_KEYS = frozenset(
    {
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
        "AWS_DEFAULT_REGION",
        "AWS_EXECUTION_ENV",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        "AWS_LAMBDA_FUNCTION_NAME",
        "AWS_LAMBDA_FUNCTION_VERSION",
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        "AWS_LAMBDA_LOG_GROUP_NAME",
        "AWS_LAMBDA_LOG_STREAM_NAME",
        "AWS_LAMBDA_RUNTIME_API",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "LAMBDA_RUNTIME_DIR",
        "LAMBDA_TASK_ROOT",
    }
)


@dataclass(frozen=True, kw_only=True)
class FunctionSettings:
    """What the functions of an architecture have in common.

    Attributes:
        deployment: Names, account, region and tags.
        packages: Where the code comes from.
        environment: Environment variables; no key that Lambda reserves.
        logs: Retention and encryption of the log groups.
        runtime: Identifier of the runtime (``nodejs22.x``).
        memory_mb: Memory, which sets the share of CPU too.
        timeout_seconds: Longest run.
        architecture: Processor. Default: ``arm64``.
        tracing: Send traces to X-Ray, which needs a permission on all resources. Default: False.
        generated_role_names: Let AWS finish the names of the functions' roles. Default: False.
        reserved_concurrency: Runs at once that are set aside for each function, and its limit. Default: neither.
        dead_letters: Where events go that a function failed on when invoked asynchronously. Default: nowhere.
    """

    deployment: Deployment
    packages: PackageSources
    environment: Mapping[str, str]
    logs: LogSettings
    runtime: str
    memory_mb: float
    timeout_seconds: float
    architecture: str = "arm64"
    tracing: bool = False
    generated_role_names: bool = False
    reserved_concurrency: float | None = None
    dead_letters: DeadLetterQueue | None = None


@dataclass(frozen=True, kw_only=True)
class LambdaFunctionProps:
    """Shape of one function.

    Attributes:
        name: Name of its package, and last part of its own name.
        description: What it does, for the console.
        settings: What it shares with the others.
        handler: Entry point in the package. Default: ``index.handler``.
        environment: Environment variables of its own, beside those of the settings. Default: none.
        memory_mb: Memory other than the settings'. Default: theirs.
        timeout_seconds: Longest run other than the settings'. Default: theirs.
        tags: Tags of its own, beside the deployment's. Default: none.
        published: Make a version of each change, which an alias can point at. Default: False.
    """

    name: str
    description: str
    settings: FunctionSettings
    handler: str = "index.handler"
    environment: Mapping[str, str] = field(default_factory=dict)
    memory_mb: float | None = None
    timeout_seconds: float | None = None
    tags: Mapping[str, str] = field(default_factory=dict)
    published: bool = False


class LambdaFunction(Construct):
    """Lambda function that may write its own logs and, until something is granted, nothing else.

    Creates: function, role with policy, log group (JSON entries).
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LambdaFunctionProps) -> None:
        super().__init__(scope, construct_id)
        settings = props.settings
        deployment = settings.deployment.tagged(props.tags) if props.tags else settings.deployment
        environment = {**settings.environment, **props.environment}
        reserved = sorted(RESERVED_KEYS.intersection(environment))
        if reserved:
            raise ValueError(f"{props.name}: Lambda sets {', '.join(reserved)} itself: leave it out of the environment")
        self.key = props.name
        self._published = props.published
        self.logs = LogGroup(
            self,
            "logs",
            props=LogGroupProps(deployment=deployment, service="lambda", name=props.name, settings=settings.logs),
        )
        self.role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=deployment,
                name=props.name,
                service="lambda.amazonaws.com",
                generated_name=settings.generated_role_names,
            ),
        )
        self.allow(
            Statement(
                sid="WriteOwnLogs",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[self.logs.streams_arn],
            )
        )
        if settings.tracing:
            self.allow(
                Statement(
                    sid="WriteTraces",
                    actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                    # X-Ray has no resources to name.
                    resources=["*"],
                )
            )
        source = settings.packages.source(props.name)
        self.function = aws_lambda.LambdaFunction(
            self,
            "this",
            function_name=deployment.name(props.name),
            description=props.description,
            role=self.role.arn,
            filename=source.filename,
            s3_bucket=source.s3_bucket,
            s3_key=source.s3_key,
            source_code_hash=source.source_code_hash,
            handler=props.handler,
            runtime=settings.runtime,
            architectures=[settings.architecture],
            memory_size=settings.memory_mb if props.memory_mb is None else props.memory_mb,
            timeout=settings.timeout_seconds if props.timeout_seconds is None else props.timeout_seconds,
            reserved_concurrent_executions=settings.reserved_concurrency,
            publish=props.published or None,
            environment=aws_lambda.LambdaFunctionEnvironment(variables=dict(sorted(environment.items()))),
            logging_config=aws_lambda.LambdaFunctionLoggingConfig(log_format="JSON", log_group=self.logs.name),
            tracing_config=aws_lambda.LambdaFunctionTracingConfig(mode="Active" if settings.tracing else "PassThrough"),
            tags=deployment.tags,
            # Else the first invocation could come before the permission to log it, or fail before there is a queue.
            depends_on=[self.role.policy, *([settings.dead_letters.queue] if settings.dead_letters else [])],
        )
        self._invoke_arn = expressions.string(expressions.attribute(self.function, "invoke_arn"))
        self._alias: aws_lambda.LambdaAlias | None = None
        if settings.dead_letters:
            self._keep_failures(settings.dead_letters)

    @property
    def name(self) -> str:
        return self.function.function_name

    @property
    def arn(self) -> str:
        return self.function.arn

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression]:
        """What CloudWatch knows its metrics by."""
        return {"FunctionName": expressions.attribute(self.function, "function_name")}

    @property
    def invoke_arn(self) -> str:
        """What an API calls: the alias, if there is one."""
        return self._invoke_arn

    def allow(self, statement: Statement) -> None:
        """Add a statement to the function's own role."""
        self.role.allow(statement)

    def allow_rule(self, rule_arn: str) -> None:
        """Let an EventBridge rule invoke the function."""
        self.allow_invocation("events", service="events.amazonaws.com", source_arn=rule_arn)

    def add_alias(self, name: str, *, provisioned: Input) -> None:
        """Have APIs call the newest version by an alias, which can keep instances warm.

        Args:
            name: Name of the alias.
            provisioned: Number of instances that are kept ready, paid by the hour; 0 for none.

        Raises:
            ValueError: The function makes no versions.
        """
        if not self._published:
            raise ValueError(f"{self.key}: an alias needs versions, and the function publishes none")
        self._alias = aws_lambda.LambdaAlias(
            self,
            name,
            name=name,
            description="The version that the API calls.",
            function_name=self.name,
            function_version=self.function.version,
        )
        self._invoke_arn = expressions.string(expressions.attribute(self._alias, "invoke_arn"))
        aws_lambda.LambdaProvisionedConcurrencyConfig(
            self,
            f"{name}_provisioned",
            count=expressions.count_if(f"{provisioned.expression} > 0"),
            function_name=self.name,
            qualifier=self._alias.name,
            provisioned_concurrent_executions=provisioned.number,
        )

    def _keep_failures(self, queue: DeadLetterQueue) -> None:
        self.allow(Statement(sid="KeepFailures", actions=["sqs:SendMessage"], resources=[queue.arn]))
        expressions.block_if(self.function, "dead_letter_config", queue.enabled, {"target_arn": queue.arn})

    def allow_invocation(self, construct_id: str, *, service: str, source_arn: str, by_alias: bool = False) -> None:
        """Let a service invoke the function, or its alias if it has one, on behalf of one of its resources."""
        aws_lambda.LambdaPermission(
            self,
            construct_id,
            statement_id=construct_id,
            action="lambda:InvokeFunction",
            function_name=self.name,
            qualifier=self._alias.name if by_alias and self._alias else None,
            principal=service,
            source_arn=source_arn,
        )
