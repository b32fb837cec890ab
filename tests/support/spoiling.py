"""Bad input, generated: real files spoiled in every way that files get spoiled, and files made up from their words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

# What stands where something else is expected.
DEEP = 3_000
ODD_TEXTS = (
    "",
    " ",
    "\0",
    "a\0b",
    "null",
    "true",
    "-1",
    "../../../etc/passwd",
    "/dev/null",
    "a/b",
    "\u202egnp.exe",
    "\ufeffx",
    "e\u0301\U0001f4a5",
    "\ud800",
    "x" * 5_000,
    "${jsonencode(var.secret)}",
    "%s%n{0}",
    "[red]markup[/]",
    "\x1b[2J",
    "2026-02-30",
    "0000-00-00T00:00:00Z",
    "9999-12-31T23:59:59+23:59",
)
ODD_NUMBERS = (0, -1, 2**31, 2**63, 10**400, 0.1, 1e308, -0.0, float("nan"), float("inf"))
ODD_VALUES: tuple[Any, ...] = (None, True, False, [], {}, [[]], [None], {"": None}, {"a": {"b": [1]}}, *ODD_NUMBERS)
CHUNKS = (
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"\r",
    b"\x1b]0;x\x07",
    b"\xe2\x80\xae",
    b"9" * 5_000,
    b"1e999999",
    b"[" * DEEP,
    b"{" * DEEP,
    b'{"a":' * DEEP,
    b"- " * DEEP,
    b"a." * DEEP,
    b"&a *a",
    b"!!python/object:os.system",
    b"<<: *x\n",
    b"%",
    b"'",
    b'"',
    b"\\",
    b"\n\n\n",
    b"}",
    b"]",
    b":",
    b"=",
    b"#",
)

odd_values = st.one_of(st.sampled_from(ODD_VALUES), st.sampled_from(ODD_TEXTS), st.text(max_size=8), st.integers())


@st.composite
def spoiled_bytes(draw: Draw, originals: Sequence[bytes]) -> bytes:
    """One of the files, damaged byte by byte or line by line in one to three places."""
    content: bytes = draw(st.sampled_from(originals))
    for _ in range(draw(st.integers(1, 3))):
        content = draw(st.sampled_from(_DAMAGES))(content, draw)
    return content


def _place(content: bytes, draw: Draw) -> int:
    return int(draw(st.integers(0, max(0, len(content) - 1))))


def _flip(content: bytes, draw: Draw) -> bytes:
    place = _place(content, draw)
    return (
        content[:place] + bytes([content[place] ^ (1 << draw(st.integers(0, 7)))]) + content[place + 1 :]
        if content
        else b""
    )


def _cut(content: bytes, draw: Draw) -> bytes:
    return content[: _place(content, draw)]


def _take_out(content: bytes, draw: Draw) -> bytes:
    first, second = sorted((_place(content, draw), _place(content, draw)))
    return content[:first] + content[second:]


def _put_in(content: bytes, draw: Draw) -> bytes:
    place = _place(content, draw)
    chunk: bytes = draw(st.one_of(st.sampled_from(CHUNKS), st.binary(max_size=12)))
    return content[:place] + chunk + content[place:]


def _line(content: bytes, draw: Draw) -> bytes:
    lines = content.split(b"\n")
    one, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
    match draw(st.sampled_from(["delete", "double", "exchange", "indent"])):
        case "delete":
            del lines[one]
        case "double":
            lines.insert(other, lines[one])
        case "exchange":
            lines[one], lines[other] = lines[other], lines[one]
        case _:
            lines[one] = b"   " + lines[one]
    return b"\n".join(lines)


_SCALAR = re.compile(rb'"[^"\n]*"|(?<=[=:] )[\w.-]+')


def _another_value(content: bytes, draw: Draw) -> bytes:
    found = list(_SCALAR.finditer(content))
    if not found:
        return content
    one = found[draw(st.integers(0, len(found) - 1))]
    return content[: one.start()] + _as_text(deepcopy(draw(odd_values))) + content[one.end() :]


_DAMAGES = (_flip, _cut, _take_out, _put_in, _line, _another_value, _another_value)


def _as_text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


# Values


@st.composite
def spoiled_value(draw: Draw, originals: Sequence[Any]) -> Any:
    """One of the values of JSON, with one to four of its parts gone, renamed, of another type, or much too deep."""
    value = json.loads(json.dumps(draw(st.sampled_from(originals))))
    for _ in range(draw(st.integers(1, 4))):
        value = _spoil(value, draw)
    return value


def _spoil(value: Any, draw: Draw) -> Any:
    paths = list(_paths(value))
    path = paths[draw(st.integers(0, len(paths) - 1))]
    if not path:
        return deepcopy(draw(odd_values))
    place = value
    for step in path[:-1]:
        place = place[step]
    last = path[-1]
    match draw(st.sampled_from(["gone", "renamed", "other", "other", "other", "wrapped", "deep", "twice", "moved"])):
        case "gone":
            del place[last]
        case "renamed" if isinstance(place, dict):
            place[draw(st.one_of(st.sampled_from(ODD_TEXTS), st.text(max_size=5)))] = place.pop(last)
        case "wrapped":
            place[last] = [place[last]]
        case "deep":
            place[last] = _nested(200)
        case "twice" if isinstance(place, list):
            place.append(place[last])
        case "moved":
            other = paths[draw(st.integers(0, len(paths) - 1))]
            place[last] = json.loads(json.dumps(_at(value, other)))
        case _:
            place[last] = deepcopy(draw(odd_values))
    return value


def _nested(depth: int) -> Any:
    value: Any = 0
    for number in range(depth):
        value = [value] if number % 2 else {"a": value}
    return value


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if len(path) < 40:
        entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, part in entries:
            yield from _paths(part, (*path, key))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


def made_up(words: Sequence[str], leaves: Sequence[Any] = ()) -> st.SearchStrategy[Any]:
    """Values whose keys are words of a format, put together by chance."""
    leaf = st.one_of(odd_values, st.sampled_from([*words, *leaves])) if leaves else odd_values
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            st.lists(part, max_size=3), st.dictionaries(st.sampled_from(list(words)), part, max_size=6)
        ),
        max_leaves=20,
    )


def as_json_text(value: Any) -> bytes:
    """As Terraform and groundplan write JSON, also what is no JSON: NaN, lone surrogates."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def words_of(value: Any) -> list[str]:
    """Every key that stands in a value."""
    found: dict[str, None] = {}
    for path in _paths(value):
        if path and isinstance(path[-1], str):
            found[path[-1]] = None
    return list(found)
