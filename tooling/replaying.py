"""Events that went over the bus once, sent again from the stack's archive."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tooling.aws_calls import asking_aws
from tooling.errors import Exit, ToolError
from tooling.moments import shown
from tooling.outputs import applied_outputs
from tooling.progress import StackProgress

if TYPE_CHECKING:
    from tooling.environment.stacks import Stack
    from tooling.session import Session

_OUTPUT = "event_archive_arn"
_ENDED = ("COMPLETED", "CANCELLED", "FAILED")
_POLL_SECONDS = 2.0


@dataclass(frozen=True)
class Archive:
    """Where a stack's events are kept.

    Attributes:
        bus: ARN of the event bus that they came over, and go over again.
        retention_days: After so many days an event is gone; 0: never.
    """

    arn: str
    bus: str
    created: datetime
    retention_days: int
    events: int


@dataclass(frozen=True)
class Replay:
    """One replay of an archive.

    Attributes:
        state: In the words of EventBridge: ``STARTING``, ``RUNNING``, ``COMPLETED``, ``FAILED`` ...
        started: When it began.
        events_from, events_to: The events that it sends again, by the time they came in.
        reached: Time of the last event sent again; None before the first.
    """

    name: str
    state: str
    started: datetime
    events_from: datetime
    events_to: datetime
    reached: datetime | None = None

    @property
    def ended(self) -> bool:
        return self.state in _ENDED


def find_archive(session: Session, stack: Stack) -> Archive:
    """The event archive of an applied stack.

    Raises:
        ToolError: It is not applied, or keeps no events.
    """
    arn = applied_outputs(session, stack).get(_OUTPUT)
    if not arn:
        raise ToolError(
            f"keeps no events: the output {_OUTPUT} is empty",
            where=stack.name,
            hint="set enable_event_archive = true in its terraform.tfvars and apply; what came before is not in it",
        )
    progress = StackProgress(session.progress, stack.name, "archive")
    with asking_aws(progress, hint=f"is the archive still there? groundplan verify --env {stack.env}"):
        found = session.target.client("events").describe_archive(ArchiveName=arn.rpartition("/")[2])
    return Archive(
        arn=str(arn),
        bus=found["EventSourceArn"],
        created=found["CreationTime"].astimezone(UTC),
        retention_days=int(found.get("RetentionDays") or 0),
        events=int(found.get("EventCount", 0)),
    )


def check_period(archive: Archive, since: datetime, until: datetime, now: datetime) -> None:
    """Refuse a period that holds nothing to send.

    Raises:
        ToolError: Exit 2: it is empty, in the future, or older than what is kept.
    """
    period = f"{shown(since)} to {shown(until)}"
    kept_since = archive.created
    if archive.retention_days:
        kept_since = max(kept_since, now - timedelta(days=archive.retention_days))
    if since >= until:
        raise _refused(f"--from is not before --to: {period}", "exchange them")
    if until > now:
        raise _refused(f"--to is in the future: {shown(until)}", "write --to now")
    if until <= kept_since:
        raise _refused(f"nothing is kept of {period}", f"the archive holds events since {shown(kept_since)}")
    if archive.retention_days and since < now - timedelta(days=archive.retention_days):
        raise _refused(
            f"--from is older than what is kept: {shown(since)}",
            f"events are kept for {archive.retention_days} days, so since {shown(kept_since)}",
        )


def start_replay(
    session: Session, stack: Stack, archive: Archive, since: datetime, until: datetime, rules: Sequence[str] = ()
) -> Replay:
    """Send the events of a period over their bus again.

    Args:
        session: Run over the stack.
        stack: Whose events.
        archive: Where they are.
        since: Time of the first event.
        until: Time of the last.
        rules: Names of rules that get them. Default: every rule of the bus.

    Raises:
        ToolError: There is no such rule, or EventBridge refuses.
    """
    client = session.target.client("events")
    progress = StackProgress(session.progress, stack.name, "replay")
    name = f"groundplan-{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
    with asking_aws(progress, hint="nothing was sent again"):
        destination: dict[str, Any] = {"Arn": archive.bus}
        if rules:
            destination["FilterArns"] = _rule_arns(client, archive.bus, rules)
        client.start_replay(
            ReplayName=name,
            Description=f"groundplan events replay by {session.caller}",
            EventSourceArn=archive.arn,
            EventStartTime=since,
            EventEndTime=until,
            Destination=destination,
        )
        return _replay(client.describe_replay(ReplayName=name))


def follow(session: Session, stack: Stack, replay: Replay, *, sleep: Callable[[float], object] = time.sleep) -> Replay:
    """Wait until a replay has ended.

    Raises:
        ToolError: It did not complete.
    """
    client = session.target.client("events")
    progress = StackProgress(session.progress, stack.name, "replay", total=_minutes(replay, replay.events_to))
    with asking_aws(progress, hint=f"the replay {replay.name} goes on; see groundplan events list"):
        while not replay.ended:
            sleep(_POLL_SECONDS)
            answer = client.describe_replay(ReplayName=replay.name)
            replay = _replay(answer)
            progress.done = _minutes(replay, replay.reached) if replay.reached else 0
            progress.step(f"events of {shown(replay.reached)}" if replay.reached else replay.state.lower(), 0)
        if replay.state != "COMPLETED":
            reason = client.describe_replay(ReplayName=replay.name).get("StateReason", "no reason was given")
            raise ToolError(f"the replay {replay.name} is {replay.state}: {reason}", where=stack.name)
    progress.end("completed")
    return replay


def replays(session: Session, stack: Stack, archive: Archive) -> tuple[Replay, ...]:
    """Every replay of an archive that EventBridge remembers, the newest first."""
    client = session.target.client("events")
    progress = StackProgress(session.progress, stack.name, "replays")
    found: list[Replay] = []
    with asking_aws(progress, hint="try again"):
        parameters: dict[str, Any] = {"EventSourceArn": archive.arn}
        while True:
            answer = client.list_replays(**parameters)
            found += [_replay(entry) for entry in answer["Replays"]]
            if not answer.get("NextToken"):
                break
            parameters["NextToken"] = answer["NextToken"]
    return tuple(sorted(found, key=lambda replay: replay.started, reverse=True))


def _rule_arns(client: Any, bus: str, names: Sequence[str]) -> list[str]:
    pages = client.get_paginator("list_rules").paginate(EventBusName=bus.rpartition("/")[2])
    known = {rule["Name"]: rule["Arn"] for page in pages for rule in page["Rules"]}
    for name in names:
        if name not in known:
            raise ToolError(
                f"there is no rule '{name}'",
                where=bus,
                hint=f"there are: {', '.join(sorted(known)) or 'none'}",
                exit_code=Exit.USAGE,
            )
    return [known[name] for name in names]


def _replay(answer: dict[str, Any]) -> Replay:
    reached = answer.get("EventLastReplayedTime")
    return Replay(
        name=answer["ReplayName"],
        state=answer["State"],
        started=answer["ReplayStartTime"].astimezone(UTC),
        events_from=answer["EventStartTime"].astimezone(UTC),
        events_to=answer["EventEndTime"].astimezone(UTC),
        reached=reached.astimezone(UTC) if reached else None,
    )


def _minutes(replay: Replay, until: datetime) -> int:
    """What the progress counts: minutes of the period whose events were sent."""
    return max(0, round((until - replay.events_from) / timedelta(minutes=1)))


def _refused(what: str, hint: str) -> ToolError:
    return ToolError(what, hint=hint, exit_code=Exit.USAGE)
