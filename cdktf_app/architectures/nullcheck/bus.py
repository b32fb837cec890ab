"""What becomes of events that fail, or that somebody wants to see again."""

from __future__ import annotations

from dataclasses import dataclass

from cdktf_app.architectures.nullcheck.variables import Variables
from cdktf_app.bindings.core import Construct
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue, DeadLetterQueueProps
from cdktf_app.constructs.event_archive import EventArchive, EventArchiveProps
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class BusProps:
    """Shape of what is around the default bus.

    Attributes:
        deployment: Names, account, region and tags.
        variables: The module's inputs.
    """

    deployment: Deployment
    variables: Variables


class Bus(Construct):
    """Dead-letter queue and archive, each where it is switched on."""

    def __init__(self, scope: Construct, construct_id: str, *, props: BusProps) -> None:
        super().__init__(scope, construct_id)
        variables = props.variables
        self.arn = props.deployment.arn("events", "event-bus/default")
        self.dead_letters = DeadLetterQueue(
            self,
            "dead_letters",
            props=DeadLetterQueueProps(
                deployment=props.deployment, name="dead-letters", enabled=variables.enable_dlq.expression
            ),
        )
        self.archive = EventArchive(
            self,
            "archive",
            props=EventArchiveProps(
                deployment=props.deployment,
                name="events",
                description="What the rules of nullcheck listen to, for a replay.",
                event_pattern={"source": ["aws.s3", "aws.mediaconvert", variables.event_source.expression]},
                retention_days=variables.event_archive_days.number,
                enabled=variables.enable_event_archive.expression,
            ),
        )
