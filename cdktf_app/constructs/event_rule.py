"""An EventBridge rule that invokes a Lambda function, by the clock or by events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.eventbridge import (
    CloudwatchEventRule,
    CloudwatchEventTarget,
    CloudwatchEventTargetDeadLetterConfig,
)
from cdktf_app.constructs.lambda_function import LambdaFunction
from cdktf_app.deployment import Deployment


@dataclass(frozen=True, kw_only=True)
class EventRuleProps:
    """Shape of a rule; exactly one of ``schedule`` and ``event_pattern`` is to be given.

    Attributes:
        deployment: Names and tags.
        name: Last part of its name.
        description: When it fires, for the console.
        target: What it invokes.
        schedule: ``rate(...)`` or ``cron(...)``.
        event_pattern: Events of the default bus that it fires for.
        input: What the target gets instead of the event. Default: the event.
        dead_letter_queue_arn: Queue for events that could not be delivered. Default: they are dropped.
    """

    deployment: Deployment
    name: str
    description: str
    target: LambdaFunction
    schedule: str | None = None
    event_pattern: Mapping[str, expressions.Literal] | None = None
    input: Mapping[str, expressions.Literal] | None = None
    dead_letter_queue_arn: str | None = None


class EventRule(Construct):
    """EventBridge rule, enabled, with its target and the permission to invoke it."""

    def __init__(self, scope: Construct, construct_id: str, *, props: EventRuleProps) -> None:
        super().__init__(scope, construct_id)
        if (props.schedule is None) == (props.event_pattern is None):
            given = "both" if props.schedule else "neither"
            raise ValueError(f"rule {props.name}: give a schedule or an event pattern, got {given}")
        self.rule = CloudwatchEventRule(
            self,
            "this",
            name=props.deployment.name(props.name),
            description=props.description,
            schedule_expression=props.schedule,
            event_pattern=expressions.jsonencode(props.event_pattern) if props.event_pattern else None,
            state="ENABLED",
            tags=props.deployment.tags,
        )
        self.target = CloudwatchEventTarget(
            self,
            "target",
            rule=self.rule.name,
            target_id=props.target.key,
            arn=props.target.arn,
            input=expressions.jsonencode(props.input) if props.input else None,
            dead_letter_config=(
                CloudwatchEventTargetDeadLetterConfig(arn=props.dead_letter_queue_arn)
                if props.dead_letter_queue_arn
                else None
            ),
        )
        props.target.allow_invocation("events", service="events.amazonaws.com", source_arn=self.rule.arn)
