"""Images in files: what is read of them, and what is refused."""

from __future__ import annotations

import gzip
import json
import time
from pathlib import Path

import pytest

from tests.support.image_files import archive, docker_archive, oci_archive
from tooling.errors import Exit, ToolError
from tooling.images.archive import read_archive


def test_a_damaged_or_foreign_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.tar").write_text("no archive")
    whole = gzip.compress(docker_archive(tmp_path / "whole.tar").read_bytes())
    (tmp_path / "cut.tar.gz").write_bytes(whole[: len(whole) // 2])
    config, layer = b"{}", b"\x28\xb5\x2f\xfd..."
    described = json.dumps([{"Config": "config.json", "Layers": ["layer.tar"]}]).encode()
    members = {"config.json": config, "layer.tar": layer, "manifest.json": described}
    files = {
        "compressed with zstd": archive(tmp_path / "4.tar", members),
        "end-of-stream": tmp_path / "cut.tar.gz",
        "no attribute": archive(
            tmp_path / "5.tar", {"index.json": b'{"manifests": [{"mediaType": "x", "digest": 1}]}'}
        ),
        "KeyError|0": archive(tmp_path / "6.tar", {"manifest.json": b'{"Config": 1}'}),
        "not found": archive(tmp_path / "7.tar", {"manifest.json": described}),
        "damaged": oci_archive(tmp_path / "1.tar", damaged=True)[0],
        "it holds 2 images": oci_archive(tmp_path / "2.tar", platforms=2)[0],
        "without an image": archive(tmp_path / "3.tar", {"readme": b""}),
        "no image that can be read": tmp_path / "text.tar",
    }

    for number, (says, file) in enumerate(files.items()):
        work = tmp_path / f"work-{number}"
        work.mkdir()
        with pytest.raises(ToolError, match=says) as refused:
            read_archive(file, work)
        assert refused.value.exit_code == Exit.USAGE
        assert "\n" not in refused.value.what


def test_the_same_image_has_the_same_digest_on_every_machine(tmp_path: Path) -> None:
    file = docker_archive(tmp_path / "image.tar")
    for work in ("one", "other"):
        (tmp_path / work).mkdir()

    first = read_archive(file, tmp_path / "one").digest
    time.sleep(1.1)

    assert read_archive(file, tmp_path / "other").digest == first
