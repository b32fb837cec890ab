"""An archive of the default event bus, from which events can be replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.eventbridge import CloudwatchEventArchive
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class EventArchiveProps:
    """Shape of an archive.

    Attributes:
        deployment: Names, account and region. EventBridge archives have no tags.
        name: Last part of its name, which may be 48 characters long.
        description: What it keeps, for the console.
        event_pattern: Events that it keeps; without one it would keep those of everybody in the account.
        retention_days: Days until an event is deleted.
        enabled: Condition, as a Terraform expression, under which the archive exists. Default: always.
    """

    deployment: Deployment
    name: str
    description: str
    event_pattern: Mapping[str, expressions.Literal]
    retention_days: float
    enabled: str | None = None


class EventArchive(Construct):
    """EventBridge archive of some events of this region's default bus."""

    def __init__(self, scope: Construct, construct_id: str, *, props: EventArchiveProps) -> None:
        super().__init__(scope, construct_id)
        self._exists = expressions.Existence(props.enabled)
        self.archive = CloudwatchEventArchive(
            self,
            "this",
            count=self._exists.count,
            name=props.deployment.name(props.name),
            description=props.description,
            event_source_arn=props.deployment.arn("events", "event-bus/default"),
            event_pattern=expressions.jsonencode(props.event_pattern),
            retention_days=props.retention_days,
        )

    @property
    def arn(self) -> str:
        """ARN of the archive; null when it is not enabled."""
        return self._exists.attribute(self.archive, "arn")
