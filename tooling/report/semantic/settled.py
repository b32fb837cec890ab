"""All arguments of a resource as text, in the manner of HCL; for what is made or goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tooling.report.semantic.statements import awaited
from tooling.report.semantic.values import parsed, text_of

_MOST_LINES = 120
_LEFT_OUT = frozenset({"tags_all"})


def settled(values: Mapping[str, Any], unknown: Mapping[str, Any], written: Mapping[str, Any]) -> str:
    """One argument a line, those without a value left out.

    Args:
        values: The attributes.
        unknown: Their marks; a value that nobody set and that AWS gives is left out.
        written: The expressions, which name what an unknown value will be.
    """
    kept = {key: value for key, value in values.items() if key not in _LEFT_OUT}
    lines = list(_lines(kept, unknown, written, ""))
    if len(lines) > _MOST_LINES:
        lines = [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES} more lines"]
    return "\n".join(lines)


def _lines(values: Mapping[str, Any], unknown: Any, written: Any, indent: str) -> Iterator[str]:
    marks = unknown if isinstance(unknown, Mapping) else {}
    source = written if isinstance(written, Mapping) else {}
    shown = {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}
    coming = {key: awaited(source[key]) for key, mark in marks.items() if mark is True and key in source}
    width = max((len(str(key)) for key in (*shown, *coming) if not _is_block(shown.get(key))), default=0)
    for key in sorted({*shown, *coming} - _LEFT_OUT, key=lambda key: (key == "tags", str(key))):
        if key not in shown:
            yield f"{indent}{key!s:<{width}} = {coming[key]}"
        elif _is_block(shown[key]):
            yield from _block(str(key), shown[key], marks.get(key), source.get(key), indent)
        else:
            yield f"{indent}{key!s:<{width}} = {text_of(shown[key])}"


def _block(key: str, value: Any, marks: Any, written: Any, indent: str) -> Iterator[str]:
    document = parsed(value)
    items = value if isinstance(value, list) else [value if document is None else document]
    for index, item in enumerate(items):
        inner = item if isinstance(item, Mapping) else {str(place): each for place, each in enumerate(item)}
        lines = list(_lines(inner, _at(marks, index, len(items)), _at(written, index, len(items)), f"{indent}  "))
        yield f"{indent}{key}{' = JSON' if document is not None else ''} {{{'' if lines else ' }'}"
        yield from lines
        if lines:
            yield f"{indent}}}"


def _at(items: Any, index: int, count: int) -> Any:
    """One block's; a plan leaves out the expressions of ``dynamic`` blocks, so that places may not fit."""
    if isinstance(items, list):
        return items[index] if len(items) == count else None
    return items


def _is_block(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, Mapping) for item in value)
    return isinstance(value, Mapping) or parsed(value) is not None
