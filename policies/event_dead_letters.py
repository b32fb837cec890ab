"""An event that could not be delivered is dropped after a day, unless there is a queue for it."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.engine.check import PlanCheck, Subject, Violation
from tooling.gate.planned import Planned, PlanView

_RULE = "aws_cloudwatch_event_rule"


class EventsThatCannotBeDeliveredAreKept(PlanCheck):
    """Targets of rules that match events have a dead-letter queue.

    Not asked of a rule by schedule: what one run missed, the next one does. Where losing an event is fine, as in
    development, a waiver says so.
    """

    def __init__(self) -> None:
        super().__init__(
            id="GP_EVENTS_1",
            name="Events that a rule could not deliver go to a dead-letter queue",
            resources=["aws_cloudwatch_event_target"],
        )

    def violations(self, subject: Subject) -> Iterator[Violation]:
        target, plan = subject.resource, subject.plan
        rule = _rule_of(target, plan)
        if rule is not None and not rule.values.get("event_pattern") and not rule.is_unknown("event_pattern"):
            return
        name = (rule.values.get("name") if rule else target.values.get("rule")) or "not known yet"
        queues = target.values.get("dead_letter_config") or []
        awaited = target.unknown.get("dead_letter_config")
        if any(queue.get("arn") for queue in queues) or _is_awaited(awaited):
            return
        if awaited is True:
            yield Violation("whether it has a dead-letter queue is known only after apply", undecided=True)
        elif rule is None:
            yield Violation(f"it has no dead-letter queue, and its rule '{name}' is not in the stack")
        else:
            yield Violation(f"rule '{name}' matches events, and the target has no dead-letter queue")


def _rule_of(target: Planned, plan: PlanView) -> Planned | None:
    name = target.values.get("rule")
    if isinstance(name, str):
        meant = [rule for rule in plan.of_type(_RULE) if rule.values.get("name") == name and _bus(rule) == _bus(target)]
    else:
        sources = plan.sources(target.expressions.get("rule"), seen_from=target)
        meant = [each for source in sources for each in source.instances or () if each.type == _RULE]
    # Two regions may each have a rule of that name.
    meant = [rule for rule in meant if rule.provider == target.provider] or meant
    return meant[0] if len(meant) == 1 else None


def _bus(item: Planned) -> str:
    return str(item.values.get("event_bus_name") or "default")


def _is_awaited(unknown: object) -> bool:
    """Whether there is a queue of which only the ARN is not known yet."""
    return isinstance(unknown, list) and any(isinstance(each, dict) and each.get("arn") is True for each in unknown)


check = EventsThatCannotBeDeliveredAreKept()
