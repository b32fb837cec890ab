"""What AWS answers over minutes and pages, which the emulator does at once and in one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.project import Project
from tooling.cli.drill_live import show
from tooling.databases.login import Login
from tooling.databases.model import Database, wait_for_instance
from tooling.databases.restoring import window_of
from tooling.databases.snapshots import take_snapshot
from tooling.drill.rehearsal import Rehearsal
from tooling.drill.task import find_service
from tooling.errors import ToolError
from tooling.keeping import kept
from tooling.live import LiveStack, live_stack
from tooling.progress import StackProgress
from tooling.session import open_session
from tooling.suppressions import suppressed
from tooling.workspace import Workspace

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Slow:
    """An account whose clients are this: each call gives its next answer, the last one for ever."""

    statuses: Sequence[str] = ()
    pages: Sequence[dict[str, Any]] = ()
    asked: list[dict[str, Any]] = field(default_factory=list)

    def client(self, *_: object) -> Slow:
        return self

    def _next(self, answers: Sequence[Any], **asked: Any) -> Any:
        self.asked.append(asked)
        assert len(self.asked) < 20, "asked for ever"
        return answers[min(len(self.asked), len(answers)) - 1]

    def describe_db_instances(self, **asked: Any) -> dict[str, Any]:
        return {"DBInstances": [{"DBInstanceStatus": self._next(self.statuses, **asked)}]}

    def create_db_snapshot(self, **_: Any) -> None:
        pass

    def describe_db_snapshots(self, **asked: Any) -> dict[str, Any]:
        told = {"DBSnapshotIdentifier": asked["DBSnapshotIdentifier"], "DBInstanceIdentifier": "db"}
        return {"DBSnapshots": [{**told, "Status": self._next(self.statuses, **asked)}]}

    def list_suppressed_destinations(self, **asked: Any) -> dict[str, Any]:
        page: dict[str, Any] = self._next(self.pages, **asked)
        return page

    def list_backups(self, **asked: Any) -> dict[str, Any]:
        page: dict[str, Any] = self._next(self.pages, **asked)
        return page


@pytest.fixture
def live(applied: Callable[..., Project]) -> LiveStack:
    project = applied("kefir", {"aws_dynamodb_table.table": {"name": "table"}})
    session = open_session(Workspace(project.root), "local", ["kefir"])
    return live_stack(session, session.stack)


def _slow(live: LiveStack, slow: Slow) -> Slow:
    live.session.target = slow  # type: ignore[assignment]
    return slow


def test_an_instance_is_waited_for_until_it_is_available(live: LiveStack) -> None:
    slow, slept = Slow(["creating", "backing-up", "available"]), list[float]()
    progress = StackProgress(live.session.progress, "local/kefir", "restore")

    told = wait_for_instance(live, slow, "db", progress, slept.append)

    assert (told["DBInstanceStatus"], len(slept)) == ("available", 2)


@pytest.mark.parametrize("status", ["incompatible-parameters", "incompatible-network", "failed"])
def test_what_never_becomes_available_is_not_waited_for(live: LiveStack, status: str) -> None:
    progress = StackProgress(live.session.progress, "local/kefir", "restore")

    with pytest.raises(ToolError, match=f"db is {status}"):
        wait_for_instance(live, Slow(["creating", status]), "db", progress, lambda _: None)


DATABASE = Database("module.x", "db", "us-east-1", {})


def test_a_snapshot_is_waited_for_and_one_that_fails_is_an_error(live: LiveStack) -> None:
    _slow(live, Slow(["creating", "available"]))
    taken = take_snapshot(live, DATABASE, sleep=lambda _: None)
    again = LiveStack(live.session, live.stack, live.state)
    _slow(again, Slow(["creating", "failed"]))

    assert taken.status == "available"
    with pytest.raises(ToolError, match=r"the snapshot db-.* failed"):
        take_snapshot(again, DATABASE, sleep=lambda _: None)


def test_every_page_of_a_tables_copies_is_read(live: LiveStack) -> None:
    def page(name: str, **more: str) -> dict[str, Any]:
        told = {"BackupName": name, "BackupArn": f"arn:{name}", "BackupStatus": "AVAILABLE"}
        return {"BackupSummaries": [{**told, "BackupCreationDateTime": NOW}], **more}

    slow = _slow(live, Slow(pages=[page("one", LastEvaluatedBackupArn="arn:one"), page("two")]))

    copies = kept(live, live.of("aws_dynamodb_table"))

    assert {one.name for one in copies} == {"one", "two"}
    assert [asked.get("ExclusiveStartBackupArn") for asked in slow.asked] == [None, "arn:one"]


def test_every_page_of_the_suppression_list_is_read(applied: Callable[..., Project]) -> None:
    project = applied("doomscroll", {"aws_sesv2_email_identity.domain": {"email_identity": "example.com"}})
    session = open_session(Workspace(project.root), "local", ["doomscroll"])
    live = live_stack(session, session.stack)

    def page(address: str, **more: str) -> dict[str, Any]:
        told = {"EmailAddress": address, "Reason": "BOUNCE", "LastUpdateTime": NOW}
        return {"SuppressedDestinationSummaries": [told], **more}

    slow = _slow(live, Slow(pages=[page("a@example.com", NextToken="more"), page("b@example.com")]))

    found = suppressed(live, NOW, ("BOUNCE",))

    assert [one.address for one in found] == ["a@example.com", "b@example.com"]
    assert [(asked["EndDate"], asked.get("NextToken")) for asked in slow.asked] == [(NOW, None), (NOW, "more")]


class Deploying(Slow):
    """Two tasks of a service run, and another version of it is on its way."""

    def describe_services(self, **_: Any) -> dict[str, Any]:
        told = {"status": "ACTIVE", "desiredCount": 2, "runningCount": 2, "deployments": [{}, {}]}
        return {"services": [told]}

    def get_paginator(self, _: str) -> Deploying:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return [{"taskArns": ["one"]}, {"taskArns": ["two"]}]

    def describe_tasks(self, *, tasks: list[str], **_: Any) -> dict[str, Any]:
        return {"tasks": [{"taskArn": arn, "lastStatus": "RUNNING"} for arn in tasks]}


def test_no_task_is_stopped_in_the_middle_of_a_deployment(applied: Callable[..., Project]) -> None:
    project = applied("doomscroll", {"aws_ecs_service.service": {"name": "service", "cluster": "cluster"}})
    session = open_session(Workspace(project.root), "local", ["doomscroll"])
    live = live_stack(session, session.stack)
    _slow(live, Deploying())

    with pytest.raises(ToolError, match="service runs 2 of 2 tasks and is deploying"):
        find_service(live)


def test_a_database_whose_first_backup_is_still_made_has_no_window() -> None:
    assert window_of([{"Status": "creating"}, {"Status": "active", "RestoreWindow": {}}], "us-east-1") is None


def test_what_took_longer_than_promised_is_shown_and_a_failure(capsys: pytest.CaptureFixture[str]) -> None:
    show(Rehearsal("in-time", "", 60.0, 60.0), as_json=False)

    with pytest.raises(ToolError, match=r"late took 60\.1 s, 60 were promised"):
        show(Rehearsal("late", "from a to b", 60.1, 60.0), as_json=False)

    assert capsys.readouterr().out.splitlines()[1] == "✗ late: from a to b in 60 s"


def test_a_login_does_not_tell_its_password() -> None:
    assert "open sesame" not in repr(Login("secret", "host", 5432, "database", "user", "open sesame"))
