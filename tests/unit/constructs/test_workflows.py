"""What runs besides functions: a state machine, a stack of CloudFormation's, a pipeline, a queue of MediaConvert's."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.delivery_pipeline import DeliveryPipeline, DeliveryPipelineProps
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.log_group import LogSettings
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.provider_gap import ProviderGap, ProviderGapProps
from cdktf_app.constructs.published_value import PublishedValue
from cdktf_app.constructs.state_machine import StateMachine, StateMachineProps
from cdktf_app.constructs.transcoding_queue import TranscodingQueue, TranscodingQueueProps
from cdktf_app.deployment import Deployment
from cdktf_app.expressions import Literal
from cdktf_app.module_stack import Input
from tests.unit.constructs.synthesized import Synthesized

Synthesize = Callable[[], Synthesized]
LOGS = LogSettings(retention_days=30)


@pytest.fixture
def machine(part: Construct, deployment: Deployment) -> StateMachine:
    definition: dict[str, Literal] = {
        "StartAt": "Wait",
        "States": {"Wait": {"Type": "Wait", "Seconds": 1, "End": True}},
    }
    props = StateMachineProps(deployment=deployment, name="train", definition=definition, logs=LOGS)
    return StateMachine(part, "train", props=props)


@pytest.mark.usefixtures("machine")
def test_a_state_machine_logs_each_step_and_cannot_start_before_it_may(synthesize: Synthesize) -> None:
    module = synthesize()

    made = module.the("aws_sfn_state_machine")
    assert made["logging_configuration"] == {
        "level": "ALL",
        "include_execution_data": True,
        "log_destination": "${aws_cloudwatch_log_group.train_logs.arn}:*",
    }
    assert made["tracing_configuration"] == {"enabled": True}
    assert made["depends_on"] == ["aws_iam_role_policy.train_role_policy"]
    group = module.the("aws_cloudwatch_log_group")
    assert (group["name"], group["retention_in_days"]) == ("/aws/vendedlogs/states/app-${var.environment}-train", 30)


def test_a_state_machine_may_do_what_is_granted(machine: StateMachine, synthesize: Synthesize) -> None:
    machine.allow(Statement(sid="Train", actions=["personalize:CreateSolutionVersion"], resources=["arn:s"]))

    statements = synthesize().statements("train_role_permissions")
    assert statements.keys() == {"DeliverLogs", "FindLogGroups", "Train", "WriteTraces"}
    wild = {sid for sid, each in statements.items() if each["resources"] == ["*"]}
    assert wild == {"DeliverLogs", "WriteTraces"}, "these alone have no resource to name"


def test_a_rule_starts_a_state_machine_in_a_role_for_just_that(
    part: Construct, deployment: Deployment, machine: StateMachine, synthesize: Synthesize
) -> None:
    props = EventRuleProps(
        deployment=deployment, name="weekly", description="Weekly.", target=machine, schedule="rate(7 days)"
    )
    EventRule(part, "weekly", props=props)

    module = synthesize()
    target = module.the("aws_cloudwatch_event_target")
    assert target["arn"] == "${aws_sfn_state_machine.train.arn}"
    assert target["role_arn"] == "${aws_iam_role.train_starter.arn}"
    (trust,) = module.statements("train_starter_trust").values()
    assert trust["condition"] == [
        {"test": "ArnEquals", "variable": "aws:SourceArn", "values": ["${aws_cloudwatch_event_rule.weekly.arn}"]}
    ]
    (granted,) = module.statements("train_starter_permissions").values()
    assert granted["actions"] == ["states:StartExecution"]
    assert granted["resources"] == [
        "arn:aws:states:${var.region}:${var.account_id}:stateMachine:app-${var.environment}-train"
    ]


def test_a_published_value_is_not_terraforms_once_it_is_made(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    value = PublishedValue(part, "v", deployment=deployment, name="campaign", description="ARN.", initial="none")

    made = synthesize().the("aws_ssm_parameter")
    assert made["value"] == "none"
    assert made["lifecycle"] == {"ignore_changes": ["value"]}
    assert made["name"] == value.name == "/app-${var.environment}-campaign"
    assert value.arn == "arn:aws:ssm:${var.region}:${var.account_id}:parameter/app-${var.environment}-campaign"


def _gap(part: Construct, deployment: Deployment, *, enabled: str | None = None, retain: bool = False) -> ProviderGap:
    props = ProviderGapProps(
        deployment=deployment,
        name="memory",
        resources={"Memory": {"Type": "AWS::BedrockAgentCore::Memory"}},
        outputs={"MemoryId": {"Ref": "Memory"}},
        enabled=enabled,
        retain_data=retain,
    )
    return ProviderGap(part, "memory", props=props)


def test_what_the_provider_lacks_is_a_stack_whose_template_the_plan_shows(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    gap = _gap(part, deployment, retain=True)

    made = synthesize().the("aws_cloudformation_stack")
    assert made["template_body"] == (
        '${jsonencode({\n  AWSTemplateFormatVersion = "2010-09-09"\n'
        '  Resources = { Memory = { Type = "AWS::BedrockAgentCore::Memory" } }\n'
        '  Outputs = { MemoryId = { Value = { Ref = "Memory" } } }\n})}'
    )
    assert made["lifecycle"] == {"prevent_destroy": True}
    assert gap.output("MemoryId") == 'aws_cloudformation_stack.memory.outputs["MemoryId"]'


def test_an_output_of_a_stack_that_hangs_on_a_condition_is_of_the_one_there_is(
    part: Construct, deployment: Deployment, synthesize: Synthesize
) -> None:
    gap = _gap(part, deployment, enabled='var.memory_id == ""')

    made = synthesize().the("aws_cloudformation_stack")
    assert made["count"] == '${var.memory_id == "" ? 1 : 0}'
    assert "lifecycle" not in made
    assert gap.output("MemoryId") == 'one(aws_cloudformation_stack.memory[*].outputs)["MemoryId"]'


def test_refuses_an_output_that_the_stack_has_not(part: Construct, deployment: Deployment) -> None:
    with pytest.raises(ValueError, match="the stack has no output 'Arn': there are MemoryId"):
        _gap(part, deployment).output("Arn")


@pytest.fixture
def pipeline(part: Construct, deployment: Deployment) -> DeliveryPipeline:
    props = DeliveryPipelineProps(
        deployment=deployment,
        repository=Input("repository"),
        branch=Input("branch"),
        apply_role_arn=Input("apply_role_arn"),
        plan_commands=["make plan"],
        apply_commands=["make apply"],
        environment=Input("environment"),
        logs=LOGS,
        force_destroy=Input("force_destroy"),
    )
    return DeliveryPipeline(part, "ci", props=props)


@pytest.mark.usefixtures("pipeline")
def test_a_pipeline_applies_what_was_planned_and_gated(synthesize: Synthesize) -> None:
    module = synthesize()

    source, build, deploy = [stage["action"][0] for stage in module.the("aws_codepipeline")["stage"]]
    assert source["configuration"]["FullRepositoryId"] == "${var.repository}"
    assert source["configuration"]["BranchName"] == "${var.branch}"
    assert source["output_artifacts"] == build["input_artifacts"] == ["source"]
    # The folder as the build left it, with the sealed plan in it.
    assert build["output_artifacts"] == deploy["input_artifacts"] == ["planned"]
    assert build["configuration"] == {"ProjectName": "${aws_codebuild_project.ci_plan.name}"}
    assert deploy["configuration"] == {"ProjectName": "${aws_codebuild_project.ci_apply.name}"}
    assert "make plan" in module.resource("aws_codebuild_project", "ci_plan")["source"]["buildspec"]
    assert "make apply" in module.resource("aws_codebuild_project", "ci_apply")["source"]["buildspec"]


@pytest.mark.usefixtures("pipeline")
def test_builds_may_do_no_more_than_assume_the_role_that_applies(synthesize: Synthesize) -> None:
    statements = synthesize().statements("ci_builds_role_permissions")

    assert statements.keys() == {"Apply", "UseArtifacts", "WriteLogsOfApply", "WriteLogsOfPlan"}
    assert statements["Apply"]["actions"] == ["sts:AssumeRole"]
    assert statements["Apply"]["resources"] == ["${var.apply_role_arn}"]
    assert statements["UseArtifacts"]["resources"] == [
        "arn:aws:s3:::app-${var.environment}-pipeline-${var.account_id}/*"
    ]


@pytest.mark.usefixtures("pipeline")
def test_the_pipeline_may_start_its_two_builds_only(synthesize: Synthesize) -> None:
    statements = synthesize().statements("ci_pipeline_role_permissions")

    assert statements["Build"]["resources"] == [
        "${aws_codebuild_project.ci_plan.arn}",
        "${aws_codebuild_project.ci_apply.arn}",
    ]
    assert statements.keys() == {"Build", "Fetch", "UseArtifacts"}


def test_jobs_of_a_transcoding_queue_run_in_a_role_that_this_account_alone_may_use(
    part: Construct, deployment: Deployment, function: LambdaFunction, synthesize: Synthesize
) -> None:
    props = TranscodingQueueProps(
        deployment=deployment,
        name="chunks",
        description="Cuts.",
        role_name="MediaConvertRole",
        role_deployment=deployment.verbatim,
    )
    queue = TranscodingQueue(part, "queue", props=props)
    queue.grant_submit(function)

    module = synthesize()
    assert module.the("aws_media_convert_queue")["pricing_plan"] == "ON_DEMAND"
    assert module.resource("aws_iam_role", "queue_role")["name"] == "MediaConvertRole"
    (trust,) = module.statements("queue_role_trust").values()
    assert trust["condition"][0]["variable"] == "aws:SourceAccount"
    statements = module.statements("job_role_permissions")
    assert statements["SubmitJobs"]["resources"] == [queue.arn]
    passed = statements["PassJobRole"]
    assert passed["resources"] == ["arn:aws:iam::${var.account_id}:role/MediaConvertRole"]
    assert passed["condition"] == [
        {"test": "StringEquals", "variable": "iam:PassedToService", "values": ["mediaconvert.amazonaws.com"]}
    ]
