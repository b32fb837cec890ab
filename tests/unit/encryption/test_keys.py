"""Keys from files and passphrases: found again, and refused with a sentence where they cannot be."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import pytest

from tooling.encryption import KeyFile, KmsKey, Passphrase, make_key_file
from tooling.errors import Exit, ToolError

CONTEXT = {"env": "dev", "seal": "5" * 64}
QUICK = 2**10


def test_a_new_key_file_is_private_random_and_found_again(tmp_path: Path) -> None:
    first, second = tmp_path / "a.key", tmp_path / "b.key"

    make_key_file(first)
    make_key_file(second)

    assert first.stat().st_mode & 0o777 == 0o600
    assert len(base64.b64decode(first.read_text())) == 32
    assert first.read_text() != second.read_text()
    assert KeyFile(first).new(CONTEXT)[0] == KeyFile(first).find({}, CONTEXT)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "a.key"
    make_key_file(file)
    before = file.read_bytes()

    with pytest.raises(ToolError, match="never overwritten") as refused:
        make_key_file(file)

    assert refused.value.exit_code == Exit.USAGE
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content", [b"", b"not base64 at all!", base64.b64encode(b"short"), b"\xff\xfe", b"A" * 10_000]
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.key"
    file.write_bytes(content)

    with pytest.raises(ToolError, match="32 random bytes in base64") as refused:
        KeyFile(file).new(CONTEXT)

    assert refused.value.exit_code == Exit.USAGE


def test_a_missing_key_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="no such key file") as refused:
        KeyFile(tmp_path / "none").find({}, CONTEXT)

    assert "groundplan changeset key --to" in (refused.value.hint or "")


def test_a_passphrase_finds_its_key_with_the_headers_own_parameters() -> None:
    key, header = Passphrase("correct horse battery", n=QUICK).new(CONTEXT)

    assert len(key) == 32
    assert header["n"] == QUICK
    assert Passphrase("correct horse battery").find(header, CONTEXT) == key
    assert Passphrase("correct horse batterz").find(header, CONTEXT) != key
    assert Passphrase("correct horse battery", n=QUICK).new(CONTEXT)[0] != key


def test_a_short_passphrase_is_refused_and_none_is_ever_shown() -> None:
    with pytest.raises(ToolError, match="has 7 characters") as refused:
        Passphrase("hunter2").new(CONTEXT)

    assert "hunter2" not in str(refused.value) + repr(Passphrase("hunter2"))


@pytest.mark.parametrize(
    "change",
    [
        {"n": 2**30},
        {"n": 3},
        {"n": 0},
        {"n": -(2**10)},
        {"n": float("inf")},
        {"n": None},
        {"r": 1024},
        {"p": 4096},
        {"salt": "?"},
        {"salt": 5},
    ],
)
def test_a_header_cannot_ask_for_more_work_than_we_do_ourselves(change: dict[str, Any]) -> None:
    _, header = Passphrase("correct horse battery", n=QUICK).new(CONTEXT)

    with pytest.raises(ToolError) as refused:
        Passphrase("correct horse battery").find(header | change, CONTEXT)

    assert refused.value.exit_code == Exit.USAGE


def no_client(region: str | None) -> Any:
    raise AssertionError("KMS was asked")


def test_a_key_of_another_account_has_to_be_named() -> None:
    header = {"key": "arn:aws:kms:us-east-1:999999999999:key/x", "data_key": "AAAA"}

    with pytest.raises(ToolError, match="outside of account 123456789012") as refused:
        KmsKey(no_client, None, "123456789012").find(header, CONTEXT)

    assert refused.value.exit_code == Exit.REFUSED


@pytest.mark.parametrize("header", [{}, {"key": "k"}, {"key": "k", "data_key": "?"}, {"key": "k", "data_key": None}])
def test_a_damaged_kms_header_is_refused_before_anything_is_asked(header: dict[str, Any]) -> None:
    with pytest.raises(ToolError, match="how its key is found") as refused:
        KmsKey(no_client, "k", "123456789012").find(header, CONTEXT)

    assert refused.value.exit_code == Exit.USAGE
