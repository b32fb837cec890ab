"""A lock as Terraform writes it, and what its holder and its standing are called."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tooling.environment.stacks import Stack
from tooling.errors import Exit, ToolError
from tooling.lock_object import DEAD, ELSEWHERE, RUNS, UNKNOWN, LockInfo, locked_by, parse_lock, seconds_of
from tooling.process import ProcessId, this_process

# Word for word as Terraform 1.11.4 wrote it.
TERRAFORMS = (
    b'{"ID":"cf9907ba-6446-e76d-2784-7db6f5ee06e6","Operation":"OperationTypeApply","Info":"","Who":"ada@build-7",'
    b'"Version":"1.11.4","Created":"2026-11-22T00:21:32.650197119Z","Path":"bucket/dev/kefir.tfstate"}'
)
STACK = Stack("dev", "kefir", Path("root"), Path("module"), Path("work"), "dev/kefir.tfstate")


def ours(owner: ProcessId, run: str = "") -> LockInfo:
    words = f"groundplan apply --env dev{f', run {run}' if run else ''}, {owner.to_text()}"
    return replace(parse_lock(TERRAFORMS), info=words)


def dead() -> ProcessId:
    return replace(this_process(), birth="never")


def test_terraforms_lock_is_read_and_written_byte_for_byte() -> None:
    lock = parse_lock(TERRAFORMS)

    assert lock.to_bytes() == TERRAFORMS
    assert lock.holder == "ada@build-7 since 2026-11-22 00:21:32 UTC (OperationTypeApply)"
    assert (lock.owner, lock.run, lock.standing) == (None, "", UNKNOWN)


NO_LOCKS = {
    "empty": b"",
    "cut short": b"{",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"text"',
    "no id": b"{}",
    "an empty id": b'{"ID": ""}',
    "a number for an id": b'{"ID": 7}',
    "a list for a name": b'{"ID": "x", "Who": ["ada"]}',
    "no text": b"\xff\xfe",
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("data", NO_LOCKS.values(), ids=NO_LOCKS)
def test_anything_else_is_a_lock_without_an_id(data: bytes) -> None:
    assert parse_lock(data) == LockInfo("", "", "", "", "", "", "")
    assert "an object that is no lock" in str(locked_by(STACK, parse_lock(data)))


@pytest.mark.parametrize(
    ("lock", "standing", "says", "hint"),
    [
        (ours(this_process()), RUNS, "which still runs", "wait for it, or use --lock-timeout 5m"),
        (
            ours(dead()),
            DEAD,
            "which is dead",
            "nothing holds it any more: groundplan state unlock --env dev --stack kefir "
            "cf9907ba-6446-e76d-2784-7db6f5ee06e6",
        ),
        (
            ours(dead(), "20261122T002132Z-0a1b2c"),
            DEAD,
            "which is dead",
            "finish what that run began: groundplan resume --env dev --stack kefir",
        ),
        (
            ours(ProcessId("build-9", 1, "1")),
            ELSEWHERE,
            "of which this machine cannot know whether it still runs",
            "wait for it, or use --lock-timeout 5m; if that run is dead for certain: groundplan state unlock "
            "--env dev --stack kefir cf9907ba-6446-e76d-2784-7db6f5ee06e6",
        ),
    ],
)
def test_the_standing_of_the_owner_is_told_with_what_to_do(lock: LockInfo, standing: str, says: str, hint: str) -> None:
    error = locked_by(STACK, lock)

    assert lock.standing == standing
    assert str(error).startswith(f"dev/kefir: the state is locked by {lock.holder}: groundplan apply --env dev")
    assert str(error).endswith(says)
    assert error.hint == hint


def test_the_run_is_read_from_the_line_for_people() -> None:
    assert ours(this_process(), "20261122T002132Z-0a1b2c").run == "20261122T002132Z-0a1b2c"
    assert json.loads(ours(this_process()).to_bytes())["Info"].startswith("groundplan apply --env dev, process ")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("0s", 0), ("30s", 30), ("5m", 300), ("1h30m", 5400), ("1.5m", 90), ("250ms", 0.25), (" 2s ", 2)],
)
def test_a_duration_is_read_as_terraform_reads_it(text: str, seconds: float) -> None:
    assert seconds_of(text) == seconds


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "-5s", "5d", "soon", "1m1", "0s0"])
def test_what_is_no_duration_is_wrong_usage(text: str) -> None:
    with pytest.raises(ToolError) as refused:
        seconds_of(text)

    assert refused.value.exit_code == Exit.USAGE
