"""The content of an exported changeset: whatever is in it, nothing but known files of plausible sizes comes out."""

from __future__ import annotations

import json
import struct
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tooling.changeset.parcel import LARGEST_FILE, LARGEST_INDEX, pack, unpack
from tooling.errors import Exit, ToolError


def parcel(index: Any, *contents: bytes) -> bytes:
    text = index if isinstance(index, bytes) else json.dumps(index).encode()
    return struct.pack(">I", len(text)) + text + b"".join(contents)


def unpacked(raw: bytes, folder: Path) -> dict[str, bytes]:
    unpack(iter([raw]), folder, "x.gpc")
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_packed_comes_out_and_nothing_beside_it(tmp_path: Path) -> None:
    source, there = tmp_path / "source", tmp_path / "there"
    for path in ("changeset.json", "report.md", "kefir/plan.tfplan", "kefir/receipt-1.json", "other/plan.tfplan"):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        (source / path).write_bytes(path.encode() * 1000)
    there.mkdir()

    unpack(pack(source, ["kefir"]), there, "x.gpc")

    found = {str(path.relative_to(there)) for path in there.rglob("*") if path.is_file()}
    assert found == {"changeset.json", "report.md", "kefir/plan.tfplan"}
    assert (there / "kefir/plan.tfplan").read_bytes() == b"kefir/plan.tfplan" * 1000
    assert (there / "kefir/plan.tfplan").stat().st_mode & 0o777 == 0o600
    assert (there / "kefir").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    "path",
    [
        "../changeset.json",
        "../../envs/prod/env.toml",
        "/etc/passwd",
        "kefir/../../plan.tfplan",
        "../plan.tfplan",
        "./plan.tfplan",
        ".terraform/plan.tfplan",
        "kefir/plan.tfplan/plan.json",
        "kefir//plan.tfplan",
        "kefir\n/plan.tfplan",
        "kefir\\plan.tfplan",
        "plan.tfplan",
        "kefir/changeset.json",
        "kefir/receipt-1.json",
        "changeset.json\n",
        "",
        5,
        None,
        ["changeset.json"],
    ],
)
def test_rejects_names_that_no_changeset_has(tmp_path: Path, path: Any) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)

    with pytest.raises(ToolError, match="no file of a changeset") as refused:
        unpack(iter([parcel([{"path": path, "size": 1}], b"x")]), inside, "x.gpc")

    assert refused.value.exit_code == Exit.USAGE
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


@pytest.mark.parametrize("size", [-1, LARGEST_FILE + 1, 2**80, 1.0, "1", None, True])
def test_rejects_sizes_that_no_plan_has(tmp_path: Path, size: Any) -> None:
    with pytest.raises(ToolError, match="bytes") as refused:
        unpack(iter([parcel([{"path": "changeset.json", "size": size}], b"x")]), tmp_path, "x.gpc")

    assert refused.value.exit_code == Exit.USAGE
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        pytest.param(b"", "shorter", id="empty"),
        pytest.param(struct.pack(">I", LARGEST_INDEX + 1), "its index would have", id="large index"),
        pytest.param(parcel(b"["), "cannot be read", id="no JSON"),
        pytest.param(parcel({"path": "changeset.json"}), "cannot be read", id="no list"),
        pytest.param(parcel([{"path": "changeset.json"}]), "cannot be read", id="no size"),
        pytest.param(parcel([5]), "cannot be read", id="no entry"),
        pytest.param(parcel([{"path": "changeset.json", "size": 2}], b"x"), "shorter", id="too short"),
        pytest.param(parcel([{"path": "changeset.json", "size": 1}], b"xy"), "longer", id="too long"),
        pytest.param(parcel([{"path": "report.md", "size": 0}] * 2), "no file of a changeset", id="twice"),
        pytest.param(parcel(b"[" * 100_000), "cannot be read", id="deep"),
    ],
)
def test_rejects_what_is_no_parcel(tmp_path: Path, raw: bytes, says: str) -> None:
    with pytest.raises(ToolError, match=says) as refused:
        unpack(iter([raw]), tmp_path, "x.gpc")

    assert refused.value.exit_code == Exit.USAGE


KEYS = st.sampled_from(["path", "size", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.binary(max_size=60), JSON), st.binary(max_size=20))
def test_no_index_whatsoever_writes_outside_of_the_folder_or_ends_in_a_bug(index: Any, content: bytes) -> None:
    with TemporaryDirectory() as base:
        folder = Path(base) / "in"
        folder.mkdir()

        with suppress(ToolError):
            unpack(iter([parcel(index, content)]), folder, "x.gpc")

        assert [path for path in Path(base).rglob("*") if not path.is_relative_to(folder)] == []
