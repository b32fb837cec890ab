"""What API Gateway may do in an account and region: write the execution logs of every REST API there."""

from __future__ import annotations

from cdktf_app.bindings.apigateway import ApiGatewayAccount
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.expressions import count_if
from cdktf_app.module_stack import Input


class ApiAccount(Construct):
    """The account's one API Gateway setting, and its role.

    Args:
        deployment: Names, account and tags.
        managed: Whether this module looks after it; False where another module of the account does.
        generated_name: Let AWS finish the role's name. Default: False.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        deployment: Deployment,
        managed: Input,
        generated_name: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        role = ServiceRole(
            self,
            "role",
            props=ServiceRoleProps(
                deployment=deployment,
                name="api-logs",
                service="apigateway.amazonaws.com",
                generated_name=generated_name,
                enabled=managed.expression,
            ),
        )
        role.allow(
            Statement(
                sid="WriteExecutionLogs",
                actions=[
                    "logs:CreateLogGroup",
                    "logs:CreateLogStream",
                    "logs:DescribeLogStreams",
                    "logs:FilterLogEvents",
                    "logs:GetLogEvents",
                    "logs:PutLogEvents",
                ],
                # API Gateway names the group after the id of the API.
                resources=[deployment.arn("logs", "log-group:API-Gateway-Execution-Logs_*")],
            )
        )
        # It looks for groups before it has one to name.
        role.allow(
            Statement(
                sid="FindLogGroups",
                actions=["logs:DescribeLogGroups"],
                resources=[deployment.arn("logs", "log-group:*")],
            )
        )
        self.settings = ApiGatewayAccount(
            self,
            "settings",
            count=count_if(managed.expression),
            cloudwatch_role_arn=role.arn,
            # API Gateway tries the role at once.
            depends_on=[role.policy],
        )
