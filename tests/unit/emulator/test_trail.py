"""The record of writes: bounded, and forgotten with everything else."""

from __future__ import annotations

from typing import Any

from tooling.emulator.call import Call
from tooling.emulator.identity import Identity
from tooling.emulator.reply import Reply
from tooling.emulator.store import Stores
from tooling.emulator.trail import Trail

DONE = Reply(200, {}, b"{}")


def call(name: str, body: bytes = b"{}", *, account: str = "555555555555") -> Call:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "HTTP_X_AMZ_TARGET": f"Logs_20140328.{name}",
        "CONTENT_TYPE": "application/x-amz-json-1.1",
        "socket": object(),
    }
    return Call(environ, body, Identity(f"{account}.alice", "us-east-1", "logs"), Stores())


def names(trail: Trail, account: str = "555555555555", region: str = "us-east-1") -> list[str]:
    return [written.name for written in trail.newest_first(account, region)]


def test_the_oldest_goes_when_there_are_too_many() -> None:
    trail = Trail(most_events=2)

    for name in ("CreateLogGroup", "PutRetentionPolicy", "DeleteLogGroup"):
        trail.record(call(name), DONE)

    assert names(trail) == ["DeleteLogGroup", "PutRetentionPolicy"]


def test_the_oldest_goes_when_they_are_too_large() -> None:
    trail = Trail(most_bytes=100)

    for name in ("CreateLogGroup", "PutRetentionPolicy"):
        trail.record(call(name, b'{"logGroupName": "' + b"x" * 40 + b'"}'), DONE)

    assert names(trail) == ["PutRetentionPolicy"]


def test_what_is_too_large_to_be_a_setting_is_not_kept() -> None:
    trail = Trail()

    trail.record(call("CreateLogGroup", b" " * 70_000), DONE)

    assert names(trail) == []


def test_what_was_refused_or_only_read_is_not_kept() -> None:
    trail = Trail()

    trail.record(call("CreateLogGroup"), Reply(400, {}, b""))
    trail.record(call("DescribeLogGroups"), DONE)
    trail.record(call("PutLogEvents"), DONE)

    assert names(trail) == []


def test_accounts_and_regions_are_kept_apart() -> None:
    trail = Trail()

    trail.record(call("CreateLogGroup", account="111111111111"), DONE)

    assert (names(trail), names(trail, "111111111111", "eu-west-1")) == ([], [])
    assert names(trail, "111111111111") == ["CreateLogGroup"]


def test_a_reset_forgets() -> None:
    stores = Stores()
    stores.trail.record(call("CreateLogGroup"), DONE)

    stores.clear()

    assert names(stores.trail) == []
