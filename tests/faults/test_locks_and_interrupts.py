"""Somebody else holds the state, two start at once, or Ctrl-C: said in one sentence, and nothing is lost."""

from __future__ import annotations

import json
import signal
import time
from typing import Any

import pytest

from tests.support.project import Project
from tests.support.under_way import wait_until_it_applies
from tooling.target import Target

LOCK_KEY = "local/tiny.tfstate.tflock"
STATE_KEY = "local/tiny.tfstate"


@pytest.fixture
def s3(target: Target) -> Any:
    return target.client("s3")


def lock_exists(s3: Any, bucket: str) -> bool:
    return "Contents" in s3.list_objects_v2(Bucket=bucket, Prefix=LOCK_KEY)


def wait_for_lock(s3: Any, bucket: str) -> None:
    for _ in range(200):
        if lock_exists(s3, bucket):
            return
        time.sleep(0.05)
    raise AssertionError("the state was never locked")


def test_a_lock_of_another_says_who_since_when_and_how_to_break_it(tiny: Project, s3: Any, bucket: str) -> None:
    lock = {
        "ID": "6d5b9a3e-0000-4000-8000-000000000001",
        "Operation": "OperationTypeApply",
        "Info": "",
        "Who": "ada@build-7",
        "Version": "1.11.4",
        "Created": "2026-01-02T03:04:05.000000000Z",
        "Path": f"{bucket}/{STATE_KEY}",
    }
    s3.put_object(Bucket=bucket, Key=LOCK_KEY, Body=json.dumps(lock).encode())

    refused = tiny.run("plan")
    kept = tiny.run("state", "unlock", "--stack", "tiny", "--yes", lock["ID"])
    unlocked = tiny.run("state", "unlock", "--stack", "tiny", "--yes", "--force", lock["ID"])
    planned = tiny.run("plan")

    assert refused.code == 1, refused.said
    assert "the state is locked by ada@build-7 since 2026-01-02 03:04:05" in refused.err
    assert f"groundplan state unlock --env local --stack tiny {lock['ID']}" in refused.err
    assert kept.code == 1, kept.said
    assert "the lock names no process that could be proven dead" in kept.err
    assert unlocked.code == 0, unlocked.said
    assert not lock_exists(s3, bucket)
    assert planned.code == 0, planned.said


def test_a_second_apply_at_the_same_time_is_refused_and_the_first_is_not_disturbed(
    tiny: Project, s3: Any, bucket: str
) -> None:
    tiny.tfvars("seconds = 4\n")
    assert tiny.run("plan").code == 0
    first = tiny.start("apply")
    wait_for_lock(s3, bucket)

    second = tiny.run("apply")
    out, err = first.communicate(timeout=60)

    assert second.code == 1, second.said
    assert "the state is locked by" in second.err
    assert first.returncode == 0, out + err
    assert not lock_exists(s3, bucket)
    state = json.loads(s3.get_object(Bucket=bucket, Key=STATE_KEY)["Body"].read())
    assert len(state["resources"][0]["instances"]) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_is_passed_on_once_and_state_and_lock_are_in_order(
    tiny: Project, s3: Any, bucket: str, number: signal.Signals
) -> None:
    # GIVEN an apply of 30 resources, ten at a time, that would take nine seconds
    tiny.tfvars("size = 30\nseconds = 3\n")
    assert tiny.run("plan").code == 0
    apply = tiny.start("apply")
    wait_until_it_applies(tiny)

    # WHEN it is interrupted, twice
    apply.send_signal(number)
    time.sleep(0.5)
    apply.send_signal(number)
    out, err = apply.communicate(timeout=60)

    # THEN what was under way is finished, saved and unlocked, and the rest was not begun
    assert apply.returncode == 130, out + err
    assert err.count("interrupt passed on; terraform ends what is under way") == 1
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not lock_exists(s3, bucket)
    state = json.loads(s3.get_object(Bucket=bucket, Key=STATE_KEY)["Body"].read())
    done = len(state["resources"][0]["instances"])
    assert 0 < done < 30
    # and the next run makes exactly what is missing
    again = tiny.run("plan", "--json")
    assert again.code == 0, again.said
    assert json.loads(again.out)["stacks"]["local/tiny"]["counts"]["create"] == 30 - done
