from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.changed_estate import DAY, Estate, applied_estate
from tooling.emulator.process import RunningEmulator


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, home: Path, emulator: RunningEmulator) -> Estate:
    return applied_estate(tmp_path_factory.mktemp("estate"), home, emulator)


@pytest.fixture
def estate(made: Estate, tmp_path: Path) -> Iterator[Estate]:
    """The same for every test: files and bucket are put back after it."""
    kept = tmp_path / "kept"
    shutil.copytree(made.project.root, kept, symlinks=True)
    client = made.target.client("s3")
    before = {
        one["Key"]: client.get_object(Bucket=made.bucket, Key=one["Key"])["Body"].read()
        for one in client.list_objects_v2(Bucket=made.bucket)["Contents"]
    }
    yield made
    for one in client.list_objects_v2(Bucket=made.bucket)["Contents"]:
        if one["Key"] not in before:
            client.delete_object(Bucket=made.bucket, Key=one["Key"])
    for key, body in before.items():
        client.put_object(Bucket=made.bucket, Key=key, Body=body)
    shutil.rmtree(made.project.root)
    shutil.copytree(kept, made.project.root, symlinks=True)
    made.terraform, made.today = "1.11.4", DAY
