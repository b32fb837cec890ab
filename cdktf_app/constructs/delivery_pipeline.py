"""A CodePipeline that plans, gates and applies a repository with every push."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.codepipeline import (
    CodebuildProject,
    CodebuildProjectArtifacts,
    CodebuildProjectEnvironment,
    CodebuildProjectEnvironmentEnvironmentVariable,
    CodebuildProjectLogsConfig,
    CodebuildProjectLogsConfigCloudwatchLogs,
    CodebuildProjectSource,
    Codepipeline,
    CodepipelineArtifactStore,
    CodepipelineStage,
    CodepipelineStageAction,
    CodestarconnectionsConnection,
)
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.log_group import LogGroup, LogGroupProps, LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.private_bucket import PrivateBucket, PrivateBucketProps
from cdktf_app.constructs.service_role import ServiceRole, ServiceRoleProps
from cdktf_app.deployment import Deployment
from cdktf_app.module_stack import Input

_IMAGE = "aws/codebuild/amazonlinux2-aarch64-standard:3.0"


@dataclass(frozen=True, kw_only=True)
class DeliveryPipelineProps:
    """Shape of a pipeline.

    Attributes:
        deployment: Names, account, region and tags.
        repository: Repository, ``owner/name``.
        branch: Branch.
        apply_role_arn: Role that the builds assume to plan and apply.
        plan_commands: What the build stage runs: plan and gate. It fails when the gate refuses.
        apply_commands: What the deploy stage runs, in the folder as the build stage left it.
        environment: Name of the environment that is deployed.
        logs: Retention and encryption of the logs.
        force_destroy: Delete the bucket of the artifacts with what is in it.
    """

    deployment: Deployment
    repository: Input
    branch: Input
    apply_role_arn: Input
    plan_commands: Sequence[str]
    apply_commands: Sequence[str]
    environment: Input
    logs: LogSettings
    force_destroy: Input


class DeliveryPipeline(Construct):
    """Pipeline of source, build and deploy. Its connection to the repository's host has to be confirmed by hand once.

    Creates: connection, bucket of artifacts, two build projects with a log each, pipeline; a role for the builds and
    one for the pipeline.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DeliveryPipelineProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        deployment = props.deployment
        connection = CodestarconnectionsConnection(
            self, "connection", name=deployment.name("pipeline"), provider_type="GitHub", tags=deployment.tags
        )
        artifacts = PrivateBucket(
            self,
            "artifacts",
            props=PrivateBucketProps(
                deployment=deployment,
                name="pipeline",
                expire_after_days=30,
                retain_data=False,
                force_destroy=props.force_destroy.boolean,
            ),
        )
        use_artifacts = Statement(
            sid="UseArtifacts",
            actions=["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
            resources=[f"{artifacts.arn}/*"],
        )
        builds = self._role("builds", "codebuild.amazonaws.com")
        builds.allow(use_artifacts)
        builds.allow(Statement(sid="Apply", actions=["sts:AssumeRole"], resources=[props.apply_role_arn.string]))
        plan = self._project("plan", props.plan_commands, builds)
        apply = self._project("apply", props.apply_commands, builds)
        pipeline = self._role("pipeline", "codepipeline.amazonaws.com")
        pipeline.allow(use_artifacts)
        pipeline.allow(
            Statement(
                sid="Build",
                actions=["codebuild:BatchGetBuilds", "codebuild:StartBuild"],
                resources=[plan.arn, apply.arn],
            )
        )
        pipeline.allow(
            Statement(sid="Fetch", actions=["codestar-connections:UseConnection"], resources=[connection.arn])
        )
        Codepipeline(
            self,
            "this",
            name=deployment.name("pipeline"),
            pipeline_type="V2",
            role_arn=pipeline.arn,
            artifact_store=[CodepipelineArtifactStore(location=artifacts.name, type="S3")],
            stage=[
                CodepipelineStage(
                    name="Source",
                    action=[
                        CodepipelineStageAction(
                            name="Fetch",
                            category="Source",
                            owner="AWS",
                            provider="CodeStarSourceConnection",
                            version="1",
                            output_artifacts=["source"],
                            configuration={
                                "ConnectionArn": connection.arn,
                                "FullRepositoryId": props.repository.string,
                                "BranchName": props.branch.string,
                            },
                        )
                    ],
                ),
                _build_stage("Build", "PlanAndGate", plan, source="source", result="planned"),
                _build_stage("Deploy", "Apply", apply, source="planned"),
            ],
            tags=deployment.tags,
        )

    def _role(self, name: str, service: str) -> ServiceRole:
        return ServiceRole(
            self,
            f"{name}_role",
            props=ServiceRoleProps(deployment=self._props.deployment, name=f"ci-{name}", service=service),
        )

    def _project(self, name: str, commands: Sequence[str], role: ServiceRole) -> CodebuildProject:
        props = self._props
        logs = LogGroup(
            self,
            f"{name}_logs",
            props=LogGroupProps(deployment=props.deployment, service="codebuild", name=name, settings=props.logs),
        )
        role.allow(
            Statement(
                sid=f"WriteLogsOf{name.capitalize()}",
                actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                resources=[logs.streams_arn],
            )
        )
        return CodebuildProject(
            self,
            name,
            name=props.deployment.name(name),
            service_role=role.arn,
            build_timeout=60,
            artifacts=CodebuildProjectArtifacts(type="CODEPIPELINE"),
            environment=CodebuildProjectEnvironment(
                type="ARM_CONTAINER",
                compute_type="BUILD_GENERAL1_SMALL",
                image=_IMAGE,
                environment_variable=[
                    CodebuildProjectEnvironmentEnvironmentVariable(name=variable, value=value)
                    for variable, value in (
                        ("ENV", props.environment.string),
                        ("APPLY_ROLE_ARN", props.apply_role_arn.string),
                    )
                ],
            ),
            source=CodebuildProjectSource(
                type="CODEPIPELINE",
                buildspec=expressions.jsonencode(
                    {
                        "version": 0.2,
                        "phases": {"build": {"commands": list(commands)}},
                        "artifacts": {"files": ["**/*"], "enable-symlinks": "yes"},
                    }
                ),
            ),
            logs_config=CodebuildProjectLogsConfig(
                cloudwatch_logs=CodebuildProjectLogsConfigCloudwatchLogs(group_name=logs.name)
            ),
            tags=props.deployment.tags,
        )


def _build_stage(
    name: str, action: str, project: CodebuildProject, *, source: str, result: str | None = None
) -> CodepipelineStage:
    return CodepipelineStage(
        name=name,
        action=[
            CodepipelineStageAction(
                name=action,
                category="Build",
                owner="AWS",
                provider="CodeBuild",
                version="1",
                input_artifacts=[source],
                output_artifacts=[result] if result else None,
                configuration={"ProjectName": project.name},
            )
        ],
    )
