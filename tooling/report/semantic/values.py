"""Values of a plan as text: short enough for a line, and never a secret."""

from __future__ import annotations

import json
from typing import Any

from tooling.plan.masking import MASK
from tooling.plan.summary import UNKNOWN

LONGEST = 160


def text_of(value: Any, longest: int = LONGEST) -> str:
    """One line for any value; a cut one says how long it was."""
    if value in (UNKNOWN, MASK):
        return str(value)
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    if len(text) <= longest:
        return text
    return f"{text[: longest - 1]}… ({len(text):,} characters)"


def parsed(value: Any) -> Any:
    """The object or list that a text holds as JSON; None if it holds none."""
    if not isinstance(value, str) or not value.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(value)
    except ValueError:
        return None
    return found if isinstance(found, dict | list) else None


def readable(value: str) -> str:
    """A text that was packed as base64 (user data of instances), unpacked; any other as it is."""
    import base64
    import binascii

    if len(value) < 24 or len(value) % 4:
        return value
    try:
        unpacked = base64.b64decode(value, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return value
    return unpacked if "\n" in unpacked and unpacked.replace("\n", "").replace("\t", "").isprintable() else value
