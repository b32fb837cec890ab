"""What goes through a VPC, written down."""

from __future__ import annotations

from cdktf_app.bindings import vpc
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment

_NAME = "flow-logs"


class FlowLog(Construct):
    """Flow log of a VPC, of what was let through and what was not.

    Creates: flow log, log group, and the role that it is written in.

    Args:
        deployment: Names, account, region and tags.
        vpc_id: The VPC.
        logs: Retention and encryption.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, vpc_id: str, logs: LogSettings
    ) -> None:
        super().__init__(scope, construct_id)
        group = LogGroup(
            self, "group", props=LogGroupProps(deployment=deployment, service="vpc", name=_NAME, settings=logs)
        )
        # https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=deployment,
                name=_NAME,
                service="vpc-flow-logs.amazonaws.com",
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[deployment.account_id]),
                    Condition(
                        test="ArnLike",
                        variable="aws:SourceArn",
                        values=[deployment.arn("ec2", "vpc-flow-log/*")],
                    ),
                ],
            ),
        )
        role.allow(
            Statement(
                sid="WriteLogs",
                actions=["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
                resources=[group.streams_arn],
            )
        )
        role.allow(
            Statement(
                sid="FindLogGroups",
                actions=["logs:DescribeLogGroups"],
                resources=[deployment.arn("logs", "log-group:*")],
            )
        )
        vpc.FlowLog(
            self,
            "this",
            vpc_id=vpc_id,
            traffic_type="ALL",
            log_destination_type="cloud-watch-logs",
            log_destination=group.arn,
            iam_role_arn=role.arn,
            tags=deployment.tagged({"Name": deployment.name(_NAME)}).tags,
            # Without the policy the log starts with an access error.
            depends_on=[role.policy],
        )
