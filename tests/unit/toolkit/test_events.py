"""`groundplan events`: what went over the bus is sent again, on purpose and within what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.project import Answer, Project
from tooling.errors import Exit, ToolError
from tooling.progress import Tick
from tooling.replaying import Archive, Replay, check_period, follow
from tooling.session import open_session
from tooling.target import Target
from tooling.workspace import Workspace

Applied = Callable[..., Project]
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass
class Stack:
    """A stack that keeps its events, and a queue that gets them."""

    project: Project
    target: Target
    name: str
    queue: str
    archive: str

    def run(self, *args: str) -> Answer:
        return self.project.run("events", args[0], "--stack", "nullcheck", *args[1:])

    def send(self, detail: str) -> None:
        content = json.dumps({"what": detail})
        entry = {"Source": f"test.{self.name}", "DetailType": "Video Upload Completed", "Detail": content}
        self.target.client("events").put_events(Entries=[entry])

    def received(self) -> list[tuple[str, bool]]:
        """Detail of each event in the queue, and whether it was sent again."""
        messages = self.target.client("sqs").receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10)
        bodies = [json.loads(message["Body"]) for message in messages.get("Messages", [])]
        return [(body["detail"]["what"], "replay-name" in body) for body in bodies]


@pytest.fixture
def stack(applied: Applied, target: Target, name: str) -> Stack:
    events, sqs = target.client("events"), target.client("sqs")
    queue = sqs.create_queue(QueueName=f"q-{name}")["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    pattern = json.dumps({"source": [f"test.{name}"]})
    events.put_rule(Name=f"upload-{name}", EventPattern=pattern)
    events.put_targets(Rule=f"upload-{name}", Targets=[{"Id": "1", "Arn": queue_arn}])
    bus = events.describe_event_bus(Name="default")["Arn"]
    archive = events.create_archive(
        ArchiveName=f"archive-{name}", EventSourceArn=bus, EventPattern=pattern, RetentionDays=7
    )["ArchiveArn"]
    project = applied("nullcheck", {"event_archive_arn": archive})
    return Stack(project, target, name, queue, archive)


@pytest.mark.requirement("NC-MON-05")
def test_the_events_of_a_period_are_sent_again_and_followed_to_the_end(stack: Stack) -> None:
    stack.send("first")
    assert stack.received() == [("first", False)]

    answer = stack.run("replay", "--from", "1h ago", "--to", "now", "--rule", f"upload-{stack.name}", "--json")

    assert answer.code == 0, answer.said
    result = json.loads(answer.out)
    assert result["state"] == "COMPLETED"
    assert stack.received() == [("first", True)]
    described = stack.target.client("events").describe_replay(ReplayName=result["name"])
    assert described["EventSourceArn"] == stack.archive
    assert described["EventEndTime"] - described["EventStartTime"] == timedelta(hours=1)
    assert [arn.rpartition("/")[2] for arn in described["Destination"]["FilterArns"]] == [f"upload-{stack.name}"]
    assert "replay: completed" in answer.err


@pytest.mark.requirement("NC-MON-05")
def test_the_list_tells_of_the_archive_and_its_replays(stack: Stack) -> None:
    stack.send("first")
    replayed = stack.run("replay", "--from", "1h ago", "--to", "now", "--no-wait")
    assert replayed.code == 0, replayed.said

    answer = stack.run("list")

    assert answer.code == 0, answer.said
    assert f"{stack.archive}: 1 events since " in answer.out
    assert "kept 7 days" in answer.out
    assert replayed.out.partition(":")[0] in answer.out


def test_a_rule_that_is_not_there_is_refused_and_nothing_is_sent(stack: Stack) -> None:
    answer = stack.run("replay", "--from", "1h ago", "--to", "now", "--rule", "nobody")

    assert answer.code == 2
    assert "there is no rule 'nobody'" in answer.err
    assert f"upload-{stack.name}" in answer.err
    assert stack.target.client("events").list_replays(EventSourceArn=stack.archive)["Replays"] == []


def test_a_stack_that_keeps_no_events_says_how_to_keep_them(applied: Applied) -> None:
    project = applied("nullcheck", {"event_archive_arn": None})

    answer = project.run("events", "replay", "--stack", "nullcheck", "--from", "2h ago", "--to", "now")

    assert answer.code == 1
    assert "error: local/nullcheck: keeps no events: the output event_archive_arn is empty" in answer.err
    assert "enable_event_archive = true" in answer.err


def test_an_archive_that_is_gone_is_told(applied: Applied) -> None:
    arn = "arn:aws:events:us-east-1:123456789012:archive/gone"
    project = applied("nullcheck", {"event_archive_arn": arn})

    answer = project.run("events", "list", "--stack", "nullcheck")

    assert answer.code == 1
    assert "DescribeArchive was refused (ResourceNotFoundException: Archive gone does not exist.)" in answer.err


def archive(*, created_days_ago: int = 30, retention_days: int = 7) -> Archive:
    return Archive("arn:archive", "arn:bus", NOW - timedelta(days=created_days_ago), retention_days, 0)


@pytest.mark.parametrize(
    ("kept", "since", "until", "says"),
    [
        (archive(), 1.0, 2.0, "--from is not before --to"),
        (archive(), 1.0, 1.0, "--from is not before --to"),
        (archive(), 1.0, -1.0, "--to is in the future"),
        (archive(), 24 * 9.0, 24 * 8.0, "nothing is kept of"),
        (archive(), 24 * 8.0, 1.0, "--from is older than what is kept"),
        (archive(created_days_ago=2), 24 * 4.0, 24 * 3.0, "nothing is kept of"),
        (archive(retention_days=0), 24 * 50.0, 24 * 40.0, "nothing is kept of"),
    ],
)
def test_a_period_that_holds_nothing_to_send_is_refused(kept: Archive, since: float, until: float, says: str) -> None:
    with pytest.raises(ToolError, match=says) as caught:
        check_period(kept, NOW - timedelta(hours=since), NOW - timedelta(hours=until), NOW)

    assert caught.value.exit_code == Exit.USAGE


@pytest.mark.parametrize(
    ("kept", "since"),
    [(archive(), 24 * 6.9), (archive(created_days_ago=2), 24 * 4.0), (archive(retention_days=0), 24 * 40.0)],
)
def test_a_period_that_is_kept_is_taken(kept: Archive, since: float) -> None:
    check_period(kept, NOW - timedelta(hours=since), NOW, NOW)


class Heard:
    """A watcher that remembers."""

    def __init__(self) -> None:
        self.ticks: list[Tick] = []
        self.notes: list[str] = []

    def tick(self, tick: Tick) -> None:
        self.ticks.append(tick)

    def note(self, text: str) -> None:
        self.notes.append(text)


def running(name: str) -> Replay:
    return Replay(name, "RUNNING", NOW, NOW - timedelta(hours=1), NOW)


def test_an_interrupt_says_that_the_replay_goes_on(applied: Applied) -> None:
    session = open_session(Workspace(applied("nullcheck", {}).root), "local", ["nullcheck"])
    session.progress = heard = Heard()

    def interrupt(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        follow(session, session.stack, running("mine"), sleep=interrupt)

    assert heard.notes == ["local/nullcheck: the replay mine goes on; see groundplan events list"]
    assert heard.ticks[-1].failed


def test_a_replay_that_did_not_complete_is_a_failure(stack: Stack) -> None:
    session = open_session(Workspace(stack.project.root), "local", ["nullcheck"])
    client = stack.target.client("events")
    client.start_replay(
        ReplayName=f"r-{stack.name}",
        EventSourceArn=stack.archive,
        EventStartTime=NOW,
        EventEndTime=NOW + timedelta(hours=1),
        Destination={"Arn": client.describe_archive(ArchiveName=f"archive-{stack.name}")["EventSourceArn"]},
    )
    cancelled = Replay(f"r-{stack.name}", "CANCELLED", NOW, NOW, NOW)

    with pytest.raises(ToolError, match="is CANCELLED"):
        follow(session, session.stack, cancelled)
