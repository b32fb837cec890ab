"""The agent: its memory, and the function that asks the model about transcripts."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.nullcheck.bus import Bus
from cdktf_app.architectures.nullcheck.data import Data
from cdktf_app.architectures.nullcheck.functions import Functions
from cdktf_app.architectures.nullcheck.patterns import object_created
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Condition, Statement
from cdktf_app.constructs.provider_gap import ProviderGap, ProviderGapProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class AgentProps:
    """Shape of the agent.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: Makes the function.
        data: Where the transcripts are.
        bus: Where their events come from.
        retain_data: Refuse, at plan, whatever would destroy the memory.
    """

    deployment: Deployment
    variables: Variables
    functions: Functions
    data: Data
    bus: Bus
    retain_data: bool


class Agent(Construct):
    """Memory, unless one is given, the function that analyses transcripts, and the rule that calls it.

    Attributes:
        memory_id: Id of the memory, known after the apply where it is made here.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: AgentProps) -> None:
        super().__init__(scope, construct_id)
        variables, bucket = props.variables, props.data.bucket
        made = ProviderGap(
            self,
            "memory",
            props=ProviderGapProps(
                deployment=props.deployment,
                name="memory",
                resources={"Memory": _memory(variables)},
                outputs={"MemoryId": {"Fn::GetAtt": ["Memory", "MemoryId"]}},
                enabled=f'{variables.memory_id.expression} == ""',
                retain_data=props.retain_data,
            ),
        )
        given = variables.memory_id.expression
        self.memory_id = expressions.string(f'{given} == "" ? {made.output("MemoryId")} : {given}')
        analyze = props.functions.add(
            self,
            "analyze_transcript",
            name="analyzeTranscript",
            group="agent",
            description="Has the model find the moments of a transcript that are worth a clip.",
            environment={
                "BUCKET_NAME": bucket.name,
                "MEMORY_ID": self.memory_id,
                "MODEL_ID": variables.model_id.string,
            },
        )
        self.analyze_transcript = analyze
        bucket.grant_read(analyze, prefix="transcripts/")
        analyze.allow(
            Statement(
                sid="Remember",
                actions=["bedrock-agentcore:CreateEvent", "bedrock-agentcore:ListEvents"],
                resources=[props.deployment.arn("bedrock-agentcore", f"memory/{self.memory_id}")],
            )
        )
        _grant_model(analyze, props.deployment, variables)
        EventRule(
            self,
            "transcripts",
            props=EventRuleProps(
                deployment=props.deployment,
                name="transcript-uploaded",
                description="Has transcripts analysed.",
                target=analyze,
                event_pattern=object_created(bucket, prefix="transcripts/"),
                dead_letters=props.bus.dead_letters,
            ),
        )


def _memory(variables: Variables) -> expressions.Literal:
    # Names of memories have no hyphens.
    name = expressions.Expression(
        f'"clipAgentMemory${{replace({variables.name_suffix.expression}, "-", "_")}}"',
    )
    return {
        "Type": "AWS::BedrockAgentCore::Memory",
        "Properties": {
            "Name": name,
            "EventExpiryDuration": variables.memory_event_expiry_days.expression,
            "MemoryStrategies": [
                {
                    "SummaryMemoryStrategy": {
                        "Name": "summary",
                        "Namespaces": ["/summaries/{actorId}/{sessionId}"],
                    }
                },
                {"SemanticMemoryStrategy": {"Name": "semantic", "Namespaces": ["/facts/{actorId}"]}},
            ],
        },
    }


def _grant_model(function: LambdaFunction, deployment: Deployment, variables: Variables) -> None:
    """Let a function ask the one model, through its inference profile.

    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    """
    profile = deployment.arn("bedrock", f"inference-profile/{variables.model_id.string}")
    # A profile is its model's id behind the name of the part of the world that it covers.
    model = f'replace({variables.model_id.expression}, "/^[a-z-]+[.]/", "")'
    function.allow(Statement(sid="InvokeProfile", actions=["bedrock:InvokeModel"], resources=[profile]))
    function.allow(
        Statement(
            sid="InvokeModelByProfile",
            actions=["bedrock:InvokeModel"],
            resources=expressions.strings(
                f"[for region in {variables.model_regions.expression} : "
                f'"arn:aws:bedrock:${{region}}::foundation-model/${{{model}}}"]'
            ),
            conditions=[Condition(test="StringEquals", variable="bedrock:InferenceProfileArn", values=[profile])],
        )
    )
    # It has no resources to name.
    function.allow(Statement(sid="FindProfiles", actions=["bedrock:ListInferenceProfiles"], resources=["*"]))
