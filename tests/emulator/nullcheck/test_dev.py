"""Nullcheck with dev's values: made, read back, restricted to a role of the user's, planned again, destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, must, project_of, verified
from tests.support.project import Project
from tooling.emulator.process import RunningEmulator

DEV = "111122223333"
EDITORS = f"arn:aws:iam::{DEV}:role/Editors"
# Functions with access to the bucket.
USERS = ("analyzeTranscript", "cleanupEpisode", "createUploadUrl", "onMediaConvertJobChange", "onUploadCompleted")
pytestmark = pytest.mark.xdist_group("nullcheck-dev-on-the-emulator")


@pytest.mark.requirement("NC-OV-01", "NC-DDB-06", "NC-SEC-05", "NC-DR-05")
def test_dev_has_names_of_its_own_and_goes_without_a_trace(
    tmp_path: Path, home: Path, emulator: RunningEmulator
) -> None:
    # GIVEN dev's values, applied; the user adds who may read and write objects
    copied = project_of(tmp_path, home, env="dev", stack="nullcheck")
    project = Project(copied.root, {**copied.environ, "TF_VAR_encryption_key": "emulator-only-0123456789"})
    values = project.root / "envs/dev/nullcheck/terraform.tfvars"
    values.write_text(f'{values.read_text()}\nallowed_principals = ["{EDITORS}"]\n')
    account = Account(emulator, DEV)
    outputs = apply(project, "nullcheck")

    # THEN it is all there, under names of its own, without what costs or keeps
    assert outputs["table_name"] == "NullCheckTable-dev"
    assert outputs["bucket_name"].startswith("nullcheck-media-dev-")
    assert outputs["memory_id"].startswith("clipAgentMemory_dev-")
    assert outputs["mediaconvert_role_arn"].endswith(":role/MediaConvertRole-dev")
    assert outputs["api_url"].endswith("/api")
    assert outputs["function_names"]["getEpisode"] == "getEpisode-dev"
    assert not {"dead_letter_queue_url", "event_archive_arn"} & outputs.keys()
    assert not {"alarms", "archives", "keys", "queues", "topics"} & account.holdings().keys()
    # AND the bucket lets in nobody but our own roles and the user's
    policy = json.loads(account.client("s3").get_bucket_policy(Bucket=outputs["bucket_name"])["Policy"])
    (others,) = (each for each in policy["Statement"] if each["Sid"] == "RefuseOthers")
    client = account.client("lambda")
    roles = [client.get_function_configuration(FunctionName=f"{name}-dev")["Role"] for name in USERS]
    assert others["Effect"] == "Deny"
    assert sorted(others["Condition"]["ArnNotLike"]["aws:PrincipalArn"]) == sorted(
        [EDITORS, outputs["mediaconvert_role_arn"], *roles]
    )
    assert verified(project) > 120

    # WHEN it is destroyed, objects and all
    account.client("s3").put_object(Bucket=outputs["bucket_name"], Key="uploads/e/video.mp4", Body=b"video")
    must(project.run("destroy", "--yes", seconds=600))

    # THEN only the toolkit's own buckets are left, and the generated files are as they were
    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith("groundplan-") for name in account.holdings()["buckets"])
    must(project.run("synth", "--check", seconds=120))
