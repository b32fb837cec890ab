"""JSON read as the dataclass it was written from: every field of its type, or an error that names the field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


def read_as(kind: type[T], content: Mapping[str, Any], *, may_lack: frozenset[str] = frozenset()) -> T:
    """A value of ``kind``, of which nothing was guessed: no number from a text, no text from a number, no default.

    Args:
        kind: A dataclass whose fields are plain values, or again such dataclasses.
        content: What ``json.loads`` gave.
        may_lack: Fields, at any depth, that have their default where they are missing.

    Raises:
        ValueError: A field is missing, unknown, or of another type; the message names it.
    """
    from pydantic import ValidationError

    described: Any = kind
    try:
        # As JSON, since there alone a list may stand for a tuple and a text for a date while all else is strict.
        read: T = _adapter(described).validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise ValueError(f"{_place(first['loc'])}: {first['msg']}") from None
    _compare(read, content, may_lack, ())
    return read


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    from pydantic import TypeAdapter

    return TypeAdapter(kind)


def _compare(read: Any, content: Any, may_lack: frozenset[str], place: tuple[str | int, ...]) -> None:
    """Refuse names that were passed over, and defaults that stand in for what is missing."""
    if is_dataclass(read):
        names = {field.name for field in fields(read)}
        if missing := sorted(names - content.keys() - may_lack):
            raise ValueError(f"{_place((*place, missing[0]))}: is missing")
        if unknown := sorted(content.keys() - names):
            raise ValueError(f"{_place((*place, unknown[0]))}: is no field")
        for name in names & content.keys():
            _compare(getattr(read, name), content[name], may_lack, (*place, name))
    elif isinstance(read, tuple):
        for number, one in enumerate(read):
            _compare(one, content[number], may_lack, (*place, number))
    elif isinstance(read, dict):
        for key, one in read.items():
            _compare(one, content[key], may_lack, (*place, key))


def _place(parts: tuple[str | int, ...]) -> str:
    return ".".join(str(part)[:60] for part in parts) or "all of it"
