"""Encrypted files: what went in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tooling.encryption import read_encrypted, read_header, write_encrypted
from tooling.encryption.stream import CHUNK, MAGIC
from tooling.errors import Exit, ToolError

KEY = bytes(range(32))
ABOUT = {"env": "dev", "seal": "5" * 64}


def encrypted(content: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO()
    write_encrypted(file, [content], about=ABOUT, key=key, found_by={"kind": "key-file"})
    return file.getvalue()


def opened(raw: bytes, key: bytes = KEY) -> bytes:
    file = io.BytesIO(raw)
    header = read_header(file, "x.gpc")
    return b"".join(read_encrypted(file, header, key, "x.gpc"))


SMALL = encrypted(b"the plan of a database with its password")
LARGE = encrypted(os.urandom(2 * CHUNK + 7))


@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=400), max_size=20))
def test_what_went_in_comes_out(pieces: list[bytes]) -> None:
    file = io.BytesIO()

    write_encrypted(file, pieces, about=ABOUT, key=KEY, found_by={"kind": "key-file"})

    assert opened(file.getvalue()) == b"".join(pieces)


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5])
def test_sizes_around_a_chunk_come_out_whole(size: int) -> None:
    content = os.urandom(size)

    assert opened(encrypted(content)) == content


@settings(max_examples=400, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.integers(0, 7))
def test_any_flipped_bit_is_refused(place: int, bit: int) -> None:
    changed = bytearray(SMALL)
    changed[place] ^= 1 << bit

    with pytest.raises(ToolError) as refused:
        opened(bytes(changed))

    assert refused.value.exit_code in (Exit.USAGE, Exit.REFUSED)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SMALL) - 1))
def test_any_truncation_is_refused(length: int) -> None:
    with pytest.raises(ToolError) as refused:
        opened(SMALL[:length])

    assert refused.value.exit_code in (Exit.USAGE, Exit.REFUSED)


@settings(max_examples=50, deadline=None)
@given(st.binary(min_size=1, max_size=100))
def test_anything_added_is_refused(more: bytes) -> None:
    with pytest.raises(ToolError, match="changed or cut off"):
        opened(SMALL + more)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=500))
def test_any_other_file_is_refused(content: bytes) -> None:
    for raw in (content, MAGIC + content):
        with pytest.raises(ToolError) as refused:
            opened(raw)

        assert refused.value.exit_code == Exit.USAGE


def chunks(raw: bytes) -> tuple[bytes, list[bytes]]:
    file = io.BytesIO(raw)
    read_header(file, "x.gpc")
    front, rest = raw[: file.tell()], raw[file.tell() :]
    return front, [rest[at : at + CHUNK + 16] for at in range(0, len(rest), CHUNK + 16)]


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([1, 0, 2], id="two swapped"),
        pytest.param([0, 1], id="the last one gone"),
        pytest.param([1, 2], id="the first one gone"),
        pytest.param([0, 0, 1, 2], id="one doubled"),
        pytest.param([0, 1, 2, 2], id="the last one doubled"),
    ],
)
def test_chunks_hold_in_their_own_places_only(order: list[int]) -> None:
    front, parts = chunks(LARGE)
    assert len(parts) == 3

    with pytest.raises(ToolError, match="changed or cut off"):
        opened(front + b"".join(parts[number] for number in order))


def test_chunks_of_another_file_with_the_same_key_are_refused() -> None:
    front, _ = chunks(SMALL)
    _, others = chunks(encrypted(b"another plan"))

    with pytest.raises(ToolError, match="changed or cut off"):
        opened(front + b"".join(others))


def test_another_key_is_told_from_changed_bytes() -> None:
    with pytest.raises(ToolError, match="the key does not open it") as refused:
        opened(SMALL, key=bytes(32))

    assert refused.value.exit_code == Exit.REFUSED


def test_the_same_content_never_looks_the_same_twice_and_is_not_readable() -> None:
    first, second = encrypted(b"hunter2hunter2"), encrypted(b"hunter2hunter2")

    assert first != second
    assert b"hunter2" not in first
    assert chunks(first)[1] != chunks(second)[1]


def test_what_it_is_of_is_readable_without_a_key() -> None:
    header = read_header(io.BytesIO(SMALL), "x.gpc")

    assert header.about == ABOUT
    assert header.key == {"kind": "key-file"}
