"""Places inside a JSON value, JSON texts within it included."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Step = str | int
Place = tuple[Step, ...]

TEXT = "{}"
"""The step from a text to the JSON that it holds."""
REMOVED = object()
"""What a change returns to take a member of a list or an object away."""


def edited(value: Any, path: Place, change: Callable[[Any], Any]) -> Any:
    """The value with one place in it changed; the value itself stays as it is.

    Raises:
        LookupError: There is no such place.
    """
    if not path:
        return change(value)
    step, rest = path[0], path[1:]
    if isinstance(value, str):
        inner = json_in(value) if step == TEXT else None
        if inner is None:
            raise LookupError(path)
        return json.dumps(edited(inner, rest, change), separators=(",", ":"))
    if isinstance(value, dict) and step in value:
        new = edited(value[step], rest, change)
        return {name: new if name == step else old for name, old in value.items() if name != step or new is not REMOVED}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        new = edited(value[step], rest, change)
        return [*value[:step], *([] if new is REMOVED else [new]), *value[step + 1 :]]
    raise LookupError(path)


def value_at(value: Any, path: Place) -> Any:
    """What stands at a place.

    Raises:
        LookupError: There is no such place.
    """
    found: list[Any] = []

    def keep(here: Any) -> Any:
        found.append(here)
        return here

    edited(value, path, keep)
    return found[0]


def json_in(text: str) -> Any:
    """The object or list that a text is as JSON; None: it is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except ValueError:
        return None


def names(path: Place) -> tuple[str, ...]:
    """The names of a path down to a text: arguments and blocks, without the numbers of lists."""
    outside = path[: path.index(TEXT)] if TEXT in path else path
    return tuple(step for step in outside if isinstance(step, str))
