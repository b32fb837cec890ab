"""Twenty applies of one changeset at the same moment: one makes what was reviewed, nineteen say why they did not."""

from __future__ import annotations

import json
from typing import Any

from tests.support.project import Project
from tooling.target import Target

RACERS = 20
STATE = "local/tiny.tfstate"


def test_one_of_twenty_wins_and_the_others_say_why(tiny: Project, target: Target, bucket: str) -> None:
    # GIVEN a stack of one resource, and a changeset that makes two more, which takes a while
    s3: Any = target.client("s3")
    assert tiny.run("plan").code == 0
    assert tiny.run("apply").code == 0
    before = json.loads(s3.get_object(Bucket=bucket, Key=STATE)["Body"].read())
    tiny.tfvars("size = 3\nseconds = 6\n")
    assert tiny.run("plan").code == 0

    # WHEN it is applied twenty times at the same moment
    racers = [tiny.start("apply") for _ in range(RACERS)]
    ended = [(racer, *racer.communicate(timeout=240)) for racer in racers]

    # THEN one wins
    won = [err for racer, _, err in ended if racer.returncode == 0]
    lost = [(racer.returncode, err) for racer, _, err in ended if racer.returncode != 0]
    assert len(won) == 1, [err for _, _, err in ended]
    # and each other says in a sentence why it did nothing
    for code, err in lost:
        said = next(line for line in err.splitlines() if line.startswith("error: "))
        assert "Traceback" not in err
        assert (code == 1 and "the state is locked by" in said and "which still runs" in said) or (
            code == 4 and ("this changeset was applied at" in said or "the state moved from serial" in said)
        ), err
    assert any("the state is locked by" in err for _, err in lost)
    # and everything was made once
    after = json.loads(s3.get_object(Bucket=bucket, Key=STATE)["Body"].read())
    assert after["lineage"] == before["lineage"]
    assert after["serial"] == before["serial"] + 1
    assert len(after["resources"][0]["instances"]) == 3
    assert "Contents" not in s3.list_objects_v2(Bucket=bucket, Prefix=f"{STATE}.tflock")
    receipts = s3.list_objects_v2(Bucket=bucket, Prefix="local/receipts/tiny/")["Contents"]
    whole = [json.loads(s3.get_object(Bucket=bucket, Key=one["Key"])["Body"].read())["whole"] for one in receipts]
    assert whole.count(True) == 2
