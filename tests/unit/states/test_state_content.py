"""What counts as a state, whatever lies in the object."""

from __future__ import annotations

import json

import pytest

from tooling.state import parse_state

SOUND = {"version": 4, "serial": 3, "lineage": "x", "outputs": {}, "resources": []}


def test_a_state_is_read() -> None:
    assert parse_state(json.dumps(SOUND).encode()) == SOUND


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (json.dumps(SOUND).encode()[:-9], "no JSON"),
        (b"\xff\xfe\x00", "no JSON"),
        pytest.param(b"[" * 100_000, "no JSON", id="deep"),
        (b"[]", "format 4"),
        (b"null", "format 4"),
        (b'"state"', "format 4"),
        (json.dumps({**SOUND, "version": 5}).encode(), "format 4"),
        (json.dumps({**SOUND, "serial": "3"}).encode(), "lineage, serial"),
        (json.dumps({**SOUND, "serial": True}).encode(), "lineage, serial"),
        (json.dumps({**SOUND, "lineage": ""}).encode(), "lineage, serial"),
        (json.dumps({**SOUND, "resources": {}}).encode(), "lineage, serial"),
        (json.dumps({key: value for key, value in SOUND.items() if key != "resources"}).encode(), "resources"),
    ],
)
def test_anything_else_is_told_apart_in_words(data: bytes, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_state(data)
