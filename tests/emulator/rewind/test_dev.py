"""Rewind with dev's values, in one region: made, read back, planned again, destroyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.emulator.account import Account
from tests.emulator.stack import apply, must, project_of, verified
from tooling.emulator.process import RunningEmulator

DEV = "111122223333"
pytestmark = pytest.mark.xdist_group("rewind-dev-on-the-emulator")


def test_dev_is_one_region_with_names_of_its_own_and_goes_without_a_trace(
    tmp_path: Path, home: Path, emulator: RunningEmulator
) -> None:
    # GIVEN dev's values, applied
    project = project_of(tmp_path, home, env="dev", stack="rewind")
    account, second_region = Account(emulator, DEV), Account(emulator, DEV, "us-west-2")
    outputs = apply(project, "rewind")

    # THEN it is all there, once
    assert outputs["failover"] == {}
    assert outputs["table_name"] == "RewindDataTable-dev"
    assert outputs["bucket_name"] == f"rewind-frontend-bucket-{DEV}-dev"
    assert outputs["site_url"] == "https://dev.rewindpodcast.com"
    assert outputs["api_url"].endswith("/dev")
    assert {each["FunctionName"] for each in account.pages("lambda", "list_functions", "Functions")} == {
        "podcastHandler-dev",
        "recommendationHandler-dev",
        "shareHandler-dev",
    }
    assert "functions" not in second_region.holdings()
    assert verified(project) > 100
    # WHEN it is destroyed
    must(project.run("destroy", "--yes", seconds=600))

    # THEN only the toolkit's own buckets are left
    assert set(account.holdings()) == {"buckets"}
    assert all(name.startswith("groundplan-") for name in account.holdings()["buckets"])
