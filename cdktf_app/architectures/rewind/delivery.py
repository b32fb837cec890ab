"""Releases: the role that deploys the site, and a pipeline where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.rewind.site import Site
from cdktf_app.architectures.rewind.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.conditional_part import ConditionalPart
from cdktf_app.constructs.ci_role import CiRole, CiRoleProps
from cdktf_app.constructs.delivery_pipeline import DeliveryPipeline, DeliveryPipelineProps
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.deployment import Deployment

_SIGN_IN = [
    "pip install --require-hashes -r requirements.lock && pip install --no-deps -e .",
    "export $(aws sts assume-role --role-arn $APPLY_ROLE_ARN --role-session-name $CODEBUILD_BUILD_ID "
    "--query 'join(`\\n`, [join(``, [`AWS_ACCESS_KEY_ID=`, Credentials.AccessKeyId]), "
    "join(``, [`AWS_SECRET_ACCESS_KEY=`, Credentials.SecretAccessKey]), "
    "join(``, [`AWS_SESSION_TOKEN=`, Credentials.SessionToken])])' --output text)",
]


@dataclass(frozen=True, kw_only=True)
class DeliveryProps:
    """Shape of the releases.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        site: What is released.
    """

    deployment: Deployment
    variables: Variables
    site: Site


class Delivery(Construct):
    """The deploy role. It puts files of the site and empties the cache; it runs nothing and no function has it."""

    def __init__(self, scope: Construct, construct_id: str, *, props: DeliveryProps) -> None:
        super().__init__(scope, construct_id)
        self.role = CiRole(
            self,
            "deploy",
            props=CiRoleProps(
                deployment=props.deployment,
                name="deploy",
                repository=props.variables.ci_repository,
                provider_arn=props.variables.ci_oidc_provider_arn,
            ),
        )
        bucket = props.site.bucket
        self.role.allow(
            Statement(
                sid="PutSite",
                actions=["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
                resources=[f"{bucket.arn}/*"],
            )
        )
        self.role.allow(Statement(sid="ListSite", actions=["s3:ListBucket"], resources=[bucket.arn]))
        self.role.allow(
            Statement(
                sid="EmptyCache",
                actions=["cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"],
                resources=[props.site.distribution.distribution.arn],
            )
        )


class Pipeline(ConditionalPart):
    """CodePipeline that plans, gates and applies; it exists with ``enable_codepipeline``."""

    def __init__(
        self, scope: Construct, construct_id: str, *, deployment: Deployment, variables: Variables, logs: LogSettings
    ) -> None:
        super().__init__(scope, construct_id, condition=variables.enable_codepipeline.expression)
        DeliveryPipeline(
            self,
            "pipeline",
            props=DeliveryPipelineProps(
                deployment=deployment,
                repository=variables.pipeline_repository,
                branch=variables.pipeline_branch,
                apply_role_arn=variables.pipeline_apply_role_arn,
                plan_commands=[*_SIGN_IN, "groundplan plan --env $ENV --stack rewind"],
                apply_commands=[*_SIGN_IN, "groundplan apply --env $ENV --stack rewind --yes"],
                environment=variables.environment,
                logs=logs,
                force_destroy=variables.force_destroy,
            ),
        )
