"""Secrets that differ are told apart without being shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tooling.plan.masking import MASK

_WORDS = ("", "another ", "a third ")


def told_apart(shown: Any, value: Any, *others: Any) -> Any:
    """``shown``, in which a mask says whether it stands for what the others have in that place.

    Args:
        shown: ``value`` with its secrets masked.
        value: The same with its secrets.
        others: Values of the same shape, with their secrets, that came before.
    """
    if isinstance(shown, str) and MASK in shown:
        known: list[Any] = []
        for other in others:
            if other is not None and other not in known:
                known.append(other)
        place = known.index(value) if value in known else len(known)
        return shown.replace(MASK, f"({_WORDS[place]}{MASK[1:]}") if place else shown
    if isinstance(shown, Mapping) and isinstance(value, Mapping):
        maps = [other if isinstance(other, Mapping) else {} for other in others]
        return {key: told_apart(item, value.get(key), *(one.get(key) for one in maps)) for key, item in shown.items()}
    if isinstance(shown, list) and isinstance(value, list):
        lists = [other if isinstance(other, list) else [] for other in others]
        return [
            told_apart(item, value[at], *(one[at] if at < len(one) else None for one in lists))
            for at, item in enumerate(shown)
        ]
    return shown
