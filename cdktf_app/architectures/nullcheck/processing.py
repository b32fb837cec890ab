"""What happens when something has happened: the functions behind events, and the rules that call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.architectures.nullcheck.bus import Bus
from cdktf_app.architectures.nullcheck.data import Data
from cdktf_app.architectures.nullcheck.functions import Functions
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.deployment import Deployment

# The rules' names for the document's own events.
_UPLOAD_COMPLETED = "Video Upload Completed"
_CLEANUP_REQUESTED = "Episode Cleanup Requested"


@dataclass(frozen=True, kw_only=True)
class ProcessingProps:
    """Shape of the processing.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: Makes the functions.
        data: What they read and write.
        bus: Where events come from, and where the functions send their own.
    """

    deployment: Deployment
    variables: Variables
    functions: Functions
    data: Data
    bus: Bus


class Processing(Construct):
    """A function and a rule for each event of MediaConvert and of the application itself."""

    def __init__(self, scope: Construct, construct_id: str, *, props: ProcessingProps) -> None:
        super().__init__(scope, construct_id)
        self._props = props
        own = props.variables.event_source.expression
        self.functions = [
            self._add(
                "on_media_convert_job_change",
                "onMediaConvertJobChange",
                "Writes down how the cutting of a video ended.",
                rule="job-ended",
                pattern={
                    "source": ["aws.mediaconvert"],
                    "detail-type": ["MediaConvert Job State Change"],
                    "detail": {"status": ["COMPLETE", "ERROR"]},
                },
            ),
            self._add(
                "on_upload_completed",
                "onUploadCompleted",
                "Counts the chunks of an episode whose video is complete.",
                rule="upload-completed",
                pattern={"source": [own], "detail-type": [_UPLOAD_COMPLETED]},
            ),
            self._add(
                "cleanup_episode",
                "cleanupEpisode",
                "Removes an episode.",
                rule="cleanup-requested",
                pattern={"source": [own], "detail-type": [_CLEANUP_REQUESTED]},
            ),
        ]

    def _add(
        self,
        construct_id: str,
        name: str,
        description: str,
        *,
        rule: str,
        pattern: Mapping[str, expressions.Literal],
    ) -> LambdaFunction:
        props = self._props
        function = props.functions.add(
            self,
            construct_id,
            name=name,
            group="event",
            description=description,
            environment={
                "BUCKET_NAME": props.data.bucket.name,
                "EVENT_SOURCE": props.variables.event_source.string,
                "TABLE_NAME": props.data.table.name,
            },
        )
        # The document's list, which is one for all functions of the group.
        props.data.table.grant(
            function,
            "ChangeEpisodes",
            ["dynamodb:DeleteItem", "dynamodb:GetItem", "dynamodb:UpdateItem"],
            indexes=[],
        )
        props.data.bucket.grant_read(function)
        props.data.bucket.grant_list(function)
        function.allow(Statement(sid="PublishEvents", actions=["events:PutEvents"], resources=[props.bus.arn]))
        EventRule(
            self,
            f"{construct_id}_rule",
            props=EventRuleProps(
                deployment=props.deployment,
                name=rule,
                description=description,
                target=function,
                event_pattern=pattern,
                dead_letters=props.bus.dead_letters,
            ),
        )
        return function
