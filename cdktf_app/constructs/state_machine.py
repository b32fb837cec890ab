"""A Step Functions state machine with a role and a log of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.cloudwatch import CloudwatchLogGroup
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.stepfunctions import (
    SfnStateMachine,
    SfnStateMachineLoggingConfiguration,
    SfnStateMachineTracingConfiguration,
)
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class StateMachineProps:
    """Shape of a state machine.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        definition: What it does, in the Amazon States Language.
        logs: Retention and encryption of its log.
    """

    deployment: Deployment
    name: str
    definition: Mapping[str, expressions.Literal]
    logs: LogSettings


class StateMachine(Construct):
    """Standard workflow, traced, whose log holds every step with its data; it may do what is granted.

    Creates: state machine, role with policy, log group; a role for the rule that starts it.

    Attributes:
        key: Name of the state machine as the target of a rule.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: StateMachineProps) -> None:
        super().__init__(scope, construct_id)
        self._deployment = props.deployment
        self.key = props.name
        self._name = props.deployment.name(props.name)
        self.role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(deployment=props.deployment, name=props.name, service="states.amazonaws.com"),
        )
        # Neither logs nor traces have a resource to name here.
        # https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html
        self.allow(
            Statement(
                sid="DeliverLogs",
                actions=[
                    "logs:CreateLogDelivery",
                    "logs:DeleteLogDelivery",
                    "logs:DescribeResourcePolicies",
                    "logs:GetLogDelivery",
                    "logs:ListLogDeliveries",
                    "logs:PutResourcePolicy",
                    "logs:UpdateLogDelivery",
                ],
                resources=["*"],
            )
        )
        self.allow(
            Statement(
                sid="WriteTraces",
                actions=["xray:PutTelemetryRecords", "xray:PutTraceSegments"],
                resources=["*"],
            )
        )
        self.allow(
            Statement(
                sid="FindLogGroups",
                actions=["logs:DescribeLogGroups"],
                resources=[props.deployment.arn("logs", "log-group:*")],
            )
        )
        logs = CloudwatchLogGroup(
            self,
            "logs",
            # A prefix that CloudWatch's policy for deliveries covers once for all state machines.
            name=f"/aws/vendedlogs/states/{self._name}",
            retention_in_days=props.logs.retention_days,
            kms_key_id=props.logs.kms_key.arn if props.logs.kms_key else None,
            tags=props.deployment.tags,
        )
        self.machine = SfnStateMachine(
            self,
            "this",
            name=self._name,
            role_arn=self.role.arn,
            definition=expressions.jsonencode(props.definition),
            logging_configuration=SfnStateMachineLoggingConfiguration(
                level="ALL", include_execution_data=True, log_destination=f"{logs.arn}:*"
            ),
            tracing_configuration=SfnStateMachineTracingConfiguration(enabled=True),
            tags=props.deployment.tags,
            # Step Functions tries at once whether the role can log.
            depends_on=[self.role.policy],
        )

    @property
    def arn(self) -> str:
        return self.machine.arn

    @property
    def dimensions(self) -> Mapping[str, expressions.Expression | str]:
        """What CloudWatch knows its metrics by."""
        return {"StateMachineArn": self._own_arn}

    @property
    def _own_arn(self) -> str:
        return self._deployment.arn("states", f"stateMachine:{self._name}")

    def allow(self, statement: Statement) -> None:
        """Add a statement to the state machine's own role."""
        self.role.allow(statement)

    def allow_rule(self, rule_arn: str) -> str:
        """Let an EventBridge rule start it; the role that it does so in."""
        starter = ServiceRole(
            self,
            "starter",
            props=ServiceRoleProps(
                deployment=self._deployment,
                name=f"{self.key}-starter",
                service="events.amazonaws.com",
                conditions=[Condition(test="ArnEquals", variable="aws:SourceArn", values=[rule_arn])],
            ),
        )
        starter.allow(Statement(sid="Start", actions=["states:StartExecution"], resources=[self._own_arn]))
        return starter.arn
