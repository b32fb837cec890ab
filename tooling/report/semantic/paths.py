"""Differences of two values by path: maps by key, lists by what names their elements."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import ndiff
from typing import Any

from tooling.plan.summary import UNKNOWN
from tooling.report.semantic.model import ADDED, CHANGED, REMOVED, Entry
from tooling.report.semantic.values import parsed, readable, text_of

# What names an element of a list of objects, wherever all of them have it and no two alike.
_NAMES = ("name", "Name", "Sid", "sid", "id", "Id", "ID", "key", "Key", "rule_name", "origin_id", "alias", "Variable")
_NAMES_LATE = ("x,y", "title", "type", "Type", "device_name", "priority", "containerPort")
_PAIRS = ({"name", "value"}, {"name", "valueFrom"})
_MOST_LINES = 60
_MOST_LEAVES = 40


def differences(path: str, old: Any, new: Any, unknown: Any = None) -> Iterator[Entry]:
    """Every difference, as an entry with its path.

    Args:
        path: Of the two values; empty for a whole document.
        unknown: The shape of ``new`` with True where a value is known only after apply.
    """
    if unknown is True:
        yield Entry(CHANGED if old is not None else ADDED, path, "" if old is None else text_of(old), UNKNOWN)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        marks = unknown if isinstance(unknown, Mapping) else {}
        for key in sorted({*old, *new, *(name for name, mark in marks.items() if _any(mark))}, key=str):
            yield from differences(_below(path, str(key)), old.get(key), new.get(key), marks.get(key))
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(path, old, new, unknown if isinstance(unknown, list) else [])
    elif _any(unknown) and isinstance(new, Mapping | list):
        yield from differences(path, [] if isinstance(new, list) else {}, new, unknown)
    elif old != new:
        yield from _of_values(path, old, new)


def _below(path: str, key: str) -> str:
    shown = key if key.replace("_", "").replace("-", "").isalnum() else text_of(key)
    return f"{path}.{shown}" if path else shown


def _any(marks: Any) -> bool:
    if isinstance(marks, Mapping):
        return any(_any(item) for item in marks.values())
    return any(_any(item) for item in marks) if isinstance(marks, list) else marks is True


def _of_values(path: str, old: Any, new: Any) -> Iterator[Entry]:
    documents = parsed(old), parsed(new)
    if documents[0] is not None and documents[1] is not None:
        yield from differences(path, *documents)
    elif isinstance(old, str) and isinstance(new, str) and "\n" in readable(old) + readable(new):
        yield Entry(CHANGED, path, parts=tuple(lines(readable(old), readable(new))))
    elif _nothing(old):
        yield Entry(ADDED, path, after=_leaf(new), parts=tuple(leaves(new, ADDED)))
    elif _nothing(new):
        yield Entry(REMOVED, path, before=_leaf(old), parts=tuple(leaves(old, REMOVED)))
    else:
        yield Entry(CHANGED, path, text_of(old), text_of(new))


def _nothing(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _leaf(value: Any) -> str:
    document = value if isinstance(value, Mapping | list) else parsed(value)
    return "" if document else text_of(value)


def leaves(value: Any, sign: str) -> Iterator[Entry]:
    """What an object that comes or goes as a whole consists of; nothing for a plain value."""
    document = value if isinstance(value, Mapping | list) else parsed(value)
    found = list(_leaves("", document)) if document else []
    for path, leaf in found[:_MOST_LEAVES]:
        text = text_of(leaf)
        yield Entry(sign, path, before=text) if sign == REMOVED else Entry(sign, path, after=text)
    if len(found) > _MOST_LEAVES:
        yield Entry(sign, f"… and {len(found) - _MOST_LEAVES} more values")


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(_below(path, str(key)), item)
    elif isinstance(value, list) and value and not all(_plain(item) for item in value):
        for index, item in enumerate(value):
            yield from _leaves(f"{path}[{index}]", item)
    elif not _nothing(value):
        yield path, value


def _plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)


def _of_lists(path: str, old: list[Any], new: list[Any], unknown: Sequence[Any]) -> Iterator[Entry]:
    if all(_plain(item) for item in (*old, *new)):
        yield from _of_scalars(path, old, new, unknown)
        return
    if _are_pairs([*old, *new]):
        yield from differences(path, _as_map(old), _as_map(new), _as_map_of_marks(new, unknown))
        return
    name = _naming([*old], [*new])
    if name is not None:
        was, will = ({_name(item, name): item for item in items} for items in (old, new))
        marks = {_name(item, name): unknown[i] for i, item in enumerate(new) if i < len(unknown)}
        for key in dict.fromkeys([*was, *will]):
            yield from differences(f"{path}[{key}]", was.get(key), will.get(key), marks.get(key))
        if was.keys() == will.keys() and [*was] != [*will]:
            yield Entry(CHANGED, path, text_of([*was]), text_of([*will]), note="other order")
        return
    if len(old) == len(new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            mark = unknown[index] if index < len(unknown) else None
            yield from differences(path if len(new) == 1 else f"{path}[{index}]", before, after, mark)
        return
    gone = [item for item in old if item not in new]
    come = [(index, item) for index, item in enumerate(new) if item not in old]
    for index, item in enumerate(gone):
        yield from differences(f"{path}[{old.index(item) if len(old) > 1 else index}]", item, None)
    if not gone and not come:
        yield Entry(CHANGED, path, f"{len(old)} elements", f"{len(new)} elements", note="the same, other in number")
    for index, item in come:
        yield from differences(f"{path}[{index}]", None, item, unknown[index] if index < len(unknown) else None)


def _of_scalars(path: str, old: list[Any], new: list[Any], unknown: Sequence[Any]) -> Iterator[Entry]:
    awaited = sum(mark is True for mark in unknown)
    known = [item for index, item in enumerate(new) if not (index < len(unknown) and unknown[index] is True)]
    gone, come = [item for item in old if item not in known], [item for item in known if item not in old]
    for item in gone:
        yield Entry(REMOVED, path, before=text_of(item))
    for item in come:
        yield Entry(ADDED, path, after=text_of(item))
    if awaited:
        yield Entry(CHANGED if old else ADDED, path, after=UNKNOWN if awaited == 1 else f"{awaited} × {UNKNOWN}")
    elif not gone and not come and old != new:
        yield Entry(CHANGED, path, text_of(old), text_of(new), note="same elements, other order or number")


def _are_pairs(items: list[Any]) -> bool:
    """Whether they are a map that is spelled as a list, as containers have their environment."""
    return all(isinstance(item, Mapping) and item.keys() in _PAIRS for item in items)


def _as_map(items: list[Any]) -> dict[str, Any]:
    return {str(item["name"]): next(item[key] for key in item if key != "name") for item in items}


def _as_map_of_marks(items: list[Any], unknown: Sequence[Any]) -> dict[str, Any]:
    marked = zip(items, unknown, strict=False)
    return {str(item["name"]): mark.get("value") for item, mark in marked if isinstance(mark, Mapping)}


def _naming(old: list[Any], new: list[Any]) -> str | None:
    if not all(isinstance(item, Mapping) for item in (*old, *new)):
        return None
    for name in (*_NAMES, *_NAMES_LATE):
        if all(_unique([_name(item, name) for item in items]) for items in (old, new)):
            return name
    return None


def _name(item: Mapping[str, Any], name: str) -> str | None:
    keys = name.split(",")
    values = [item.get(key) for key in keys]
    if any(isinstance(value, Mapping | list) or value in (None, "") for value in values):
        return None
    return ",".join(str(value) for value in values)


def _unique(names: list[str | None]) -> bool:
    return None not in names and len(set(names)) == len(names)


def lines(old: str, new: str) -> Iterator[Entry]:
    """The lines of a text that come and go."""
    moved = [line for line in ndiff(old.splitlines(), new.splitlines()) if line[0] in "+-"]
    for line in moved[:_MOST_LINES]:
        text = line[2:]
        shown = text if len(text) <= 300 else f"{text[:299]}…"
        yield Entry(ADDED, "", after=shown) if line[0] == "+" else Entry(REMOVED, "", before=shown)
    if len(moved) > _MOST_LINES:
        yield Entry(CHANGED, f"… and {len(moved) - _MOST_LINES} more lines")
