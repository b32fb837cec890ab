"""A Lambda function with a role, a policy and a log group of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings import aws_lambda
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.function_packages import FunctionPackages
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment

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
    """

    deployment: Deployment
    packages: FunctionPackages
    environment: Mapping[str, str]
    logs: LogSettings
    runtime: str
    memory_mb: float
    timeout_seconds: float
    architecture: str = "arm64"
    tracing: bool = False


@dataclass(frozen=True, kw_only=True)
class LambdaFunctionProps:
    """Shape of one function.

    Attributes:
        name: Name of its package, and last part of its own name.
        description: What it does, for the console.
        settings: What it shares with the others.
        handler: Entry point in the package. Default: ``index.handler``.
    """

    name: str
    description: str
    settings: FunctionSettings
    handler: str = "index.handler"


class LambdaFunction(Construct):
    """Lambda function that may write its own logs and, until something is granted, nothing else.

    Creates: function, role with policy, log group (JSON entries).
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LambdaFunctionProps) -> None:
        super().__init__(scope, construct_id)
        settings = props.settings
        reserved = sorted(RESERVED_KEYS.intersection(settings.environment))
        if reserved:
            raise ValueError(f"{props.name}: Lambda sets {', '.join(reserved)} itself: leave it out of the environment")
        self.key = props.name
        self.logs = LogGroup(
            self,
            "logs",
            props=LogGroupProps(
                deployment=settings.deployment, service="lambda", name=props.name, settings=settings.logs
            ),
        )
        self.role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(deployment=settings.deployment, name=props.name, service="lambda.amazonaws.com"),
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
            function_name=settings.deployment.name(props.name),
            description=props.description,
            role=self.role.arn,
            filename=source.filename,
            s3_bucket=source.s3_bucket,
            s3_key=source.s3_key,
            source_code_hash=source.source_code_hash,
            handler=props.handler,
            runtime=settings.runtime,
            architectures=[settings.architecture],
            memory_size=settings.memory_mb,
            timeout=settings.timeout_seconds,
            environment=aws_lambda.LambdaFunctionEnvironment(variables=dict(sorted(settings.environment.items()))),
            logging_config=aws_lambda.LambdaFunctionLoggingConfig(log_format="JSON", log_group=self.logs.name),
            tracing_config=aws_lambda.LambdaFunctionTracingConfig(mode="Active" if settings.tracing else "PassThrough"),
            tags=settings.deployment.tags,
            # Else the first invocation could come before the permission to log it.
            depends_on=[self.role.policy],
        )

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

    def allow(self, statement: Statement) -> None:
        """Add a statement to the function's own role."""
        self.role.allow(statement)

    def allow_invocation(self, construct_id: str, *, service: str, source_arn: str) -> None:
        """Let a service invoke the function on behalf of one of its resources."""
        aws_lambda.LambdaPermission(
            self,
            construct_id,
            statement_id=construct_id,
            action="lambda:InvokeFunction",
            function_name=self.name,
            principal=service,
            source_arn=source_arn,
        )
