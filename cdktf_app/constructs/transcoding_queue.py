"""A MediaConvert queue, which jobs wait in until it is their turn."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.mediaconvert import MediaConvertQueue
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class TranscodingQueueProps:
    """Shape of a queue.

    Attributes:
        deployment: Names, account, region and tags.
        name: Last part of its name.
        description: What its jobs do, for the console.
        role_deployment: Names of the role. Default: those of ``deployment``.
        role_name: Last part of the name of the role that its jobs run in.
    """

    deployment: Deployment
    name: str
    description: str
    role_name: str
    role_deployment: Deployment | None = None


class TranscodingQueue(Construct):
    """MediaConvert queue that costs nothing while it is empty, and the role of its jobs, which may do nothing yet.

    Attributes:
        arn: ARN of the queue, known before it exists.
        role: The role.
        role_arn: ARN of the role, known before it exists.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: TranscodingQueueProps) -> None:
        super().__init__(scope, construct_id)
        deployment = props.deployment
        role_deployment = props.role_deployment or deployment
        name = deployment.name(props.name)
        self.arn = deployment.arn("mediaconvert", f"queues/{name}")
        self.queue = MediaConvertQueue(
            self,
            "this",
            name=name,
            description=props.description,
            pricing_plan="ON_DEMAND",
            status="ACTIVE",
            tags=deployment.tags,
        )
        self.role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=role_deployment,
                name=props.role_name,
                service="mediaconvert.amazonaws.com",
                # Else jobs of anybody's account could run in it.
                conditions=[
                    Condition(test="StringEquals", variable="aws:SourceAccount", values=[deployment.account_id])
                ],
            ),
        )
        self.role_arn = f"arn:aws:iam::{deployment.account_id}:role/{role_deployment.name(props.role_name)}"

    def grant_submit(self, function: LambdaFunction) -> None:
        """Let a function put jobs into the queue, which run in its role."""
        function.allow(Statement(sid="SubmitJobs", actions=["mediaconvert:CreateJob"], resources=[self.arn]))
        function.allow(
            Statement(
                sid="PassJobRole",
                actions=["iam:PassRole"],
                resources=[self.role_arn],
                conditions=[
                    Condition(
                        test="StringEquals", variable="iam:PassedToService", values=["mediaconvert.amazonaws.com"]
                    )
                ],
            )
        )
