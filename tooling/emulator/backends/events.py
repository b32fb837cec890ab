"""EventBridge: which rules an event reaches, and which of their targets can be reached here."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from moto.events.models import EventPattern, Rule, events_backends

from tooling.emulator.call import Call
from tooling.emulator.registry import Backend

backend = Backend("events")

# Targets that keep what they are sent: log groups, queues, buses and archives. Functions and state machines are not
# run by events here.
_REACHED = ("logs", "sqs", "events")


@backend.prepares("PutEvents", "StartReplay")
def deliver_where_it_can_be(call: Call) -> None:
    """What functions ask for, and the replay of an archive.

    moto fails an event as soon as it matches a rule with a function; it takes a schedule for a pattern that matches
    all, and a disabled rule for an enabled one.
    """
    for bus in events_backends[call.account][call.region].event_buses.values():
        for rule in bus.rules.values():
            rule.send_to_targets = partial(_send_to_targets, rule)


@backend.answers("TestEventPattern")
def test_event_pattern(call: Call) -> Mapping[str, Any]:
    """Whether a pattern takes an event: moto answers nothing."""
    pattern = EventPattern.load(call.params["EventPattern"])
    return {"Result": pattern.matches_event(json.loads(call.params["Event"]))}


def _send_to_targets(rule: Rule, event: Any, transform_input: bool = True) -> None:
    if rule.state == "DISABLED" or not rule.event_pattern.get_pattern():
        return
    reachable = copy.copy(rule)
    reachable.targets = [target for target in rule.targets if target["Arn"].split(":")[2] in _REACHED]
    Rule.send_to_targets(reachable, event, transform_input)
