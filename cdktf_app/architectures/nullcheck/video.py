"""Video: each upload becomes a MediaConvert job that cuts it into chunks."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.nullcheck.bus import Bus
from cdktf_app.architectures.nullcheck.data import Data
from cdktf_app.architectures.nullcheck.functions import Functions
from cdktf_app.architectures.nullcheck.patterns import object_created
from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.event_rule import EventRule, EventRuleProps
from cdktf_app.constructs.policy_document import Statement
from cdktf_app.constructs.transcoding_queue import TranscodingQueue, TranscodingQueueProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class VideoProps:
    """Shape of the video's part.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
        functions: Makes the function.
        data: Where the videos are.
        bus: Where their events come from.
    """

    deployment: Deployment
    variables: Variables
    functions: Functions
    data: Data
    bus: Bus


class Video(Construct):
    """Queue, role of its jobs, the function that starts them, and the rule that calls it."""

    def __init__(self, scope: Construct, construct_id: str, *, props: VideoProps) -> None:
        super().__init__(scope, construct_id)
        bucket = props.data.bucket
        self.chunking = TranscodingQueue(
            self,
            "chunking",
            props=TranscodingQueueProps(
                deployment=props.deployment,
                name="chunking",
                description="Cuts uploaded videos into chunks.",
                role_name="MediaConvertRole",
                role_deployment=props.deployment.verbatim,
            ),
        )
        self.chunking.role.allow(
            Statement(
                sid="ReadVideosWriteChunks",
                actions=["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"],
                resources=[f"{bucket.arn}/*"],
            )
        )
        start = props.functions.add(
            self,
            "start_chunking",
            name="startChunking",
            group="mediaconvert",
            description="Has MediaConvert cut an uploaded video into chunks.",
            environment={
                "BUCKET_NAME": bucket.name,
                "CHUNK_SECONDS": props.variables.chunk_seconds.string,
                "MEDIACONVERT_QUEUE_ARN": self.chunking.arn,
                "MEDIACONVERT_ROLE_ARN": self.chunking.role_arn,
            },
        )
        self.chunking.grant_submit(start)
        EventRule(
            self,
            "uploads",
            props=EventRuleProps(
                deployment=props.deployment,
                name="video-uploaded",
                description="Has uploaded videos cut into chunks.",
                target=start,
                # Chunks are written to the same bucket: without the prefix they would be cut again, without end.
                event_pattern=object_created(bucket, prefix="uploads/"),
                dead_letters=props.bus.dead_letters,
            ),
        )
