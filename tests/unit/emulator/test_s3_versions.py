"""What is asked of the versions of one object is no more work in a bucket of many."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from moto.s3.models import FakeKey, S3Backend

from tooling.emulator.backends.s3 import backend

KEYS = [f"local/cell-{number:03}.tfstate" for number in range(40)]


@pytest.fixture(scope="module")
def bucket() -> Iterator[S3Backend]:
    """Forty objects, two versions each."""
    assert backend.service == "s3"
    s3 = S3Backend("us-east-1", "123456789012")
    s3.create_bucket("states", "us-east-1")
    s3.put_bucket_versioning("states", "Enabled")
    for key in KEYS * 2:
        s3.put_object("states", key, b"{}")
    yield s3
    s3.reset()


def listed(s3: S3Backend, **options: Any) -> list[tuple[str, bool]]:
    return [(version.name, version.is_latest) for version in s3.list_object_versions("states", **options)[0]]


def test_only_the_versions_that_are_asked_for_are_copied(bucket: S3Backend) -> None:
    before = len(FakeKey.instances_tracked)

    found = listed(bucket, prefix=KEYS[7], max_keys=10)

    assert found == [(KEYS[7], True), (KEYS[7], False)]
    assert len(FakeKey.instances_tracked) - before == 2


def test_without_a_prefix_all_versions_are_listed(bucket: S3Backend) -> None:
    assert len(listed(bucket, max_keys=1000)) == 2 * len(KEYS)


def test_pages_of_a_prefix_follow_one_another(bucket: S3Backend) -> None:
    first, _, _, key, version = bucket.list_object_versions("states", prefix="local/", max_keys=30)
    second = bucket.list_object_versions(
        "states", prefix="local/", max_keys=100, key_marker=key, version_id_marker=version
    )[0]

    assert len(first) == 30
    assert len({(one.name, one.version_id) for one in (*first, *second)}) == 2 * len(KEYS)
