"""An EventBridge rule that invokes a target, by the clock or by events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from cdktf_app import expressions
from cdktf_app.bindings.core import Construct
from cdktf_app.bindings.eventbridge import (
    CloudwatchEventRule,
    CloudwatchEventTarget,
)
from cdktf_app.constructs.dead_letter_queue import DeadLetterQueue
from cdktf_app.deployment import Deployment


class RuleTarget(Protocol):
    """What a rule can invoke: a function, a state machine."""

    @property
    def key(self) -> str:
        """Name of the target within its rule."""

    @property
    def arn(self) -> str: ...

    def allow_rule(self, rule_arn: str) -> str | None:
        """Let a rule invoke it; the ARN of the role that it has to do so in, if it needs one."""


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
        dead_letters: Queue for events that could not be delivered. Default: they are dropped.
    """

    deployment: Deployment
    name: str
    description: str
    target: RuleTarget
    schedule: str | None = None
    event_pattern: Mapping[str, expressions.Literal] | None = None
    input: Mapping[str, expressions.Literal] | None = None
    dead_letters: DeadLetterQueue | None = None


class EventRule(Construct):
    """EventBridge rule, enabled, with its target and leave to invoke it."""

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
            role_arn=props.target.allow_rule(self.rule.arn),
            depends_on=[props.dead_letters.policy] if props.dead_letters else None,
        )
        if props.dead_letters:
            expressions.block_if(
                self.target, "dead_letter_config", props.dead_letters.enabled, {"arn": props.dead_letters.arn}
            )
