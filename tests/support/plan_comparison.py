"""How the plans of two forms of one configuration differ."""

from __future__ import annotations

import re
from typing import Any

_ABSENT = "(absent)"
_SEQUENCE = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
_ESCAPED = re.compile(r"([$%])\1\{")


def differences(of_json: Any, of_hcl: Any, path: str = "") -> list[str]:
    """Every place where the plan of the HCL form is not that of the JSON form, with both values."""
    if path.endswith(".constant_value"):
        of_json = _as_hcl_shows_it(of_json)
        # Terraform shows an expression of the JSON form as the source of its template, one of HCL not at all
        # (or evaluated, if it needs nothing). Its value is compared in `planned_values`, its references
        # beside this one.
        return [] if of_json is _ABSENT or of_json == of_hcl else [f"{path}: {of_json!r} became {of_hcl!r}"]
    if of_hcl is _ABSENT and isinstance(of_json, dict) and set(of_json) == {"constant_value"}:
        of_hcl = {}
    if isinstance(of_json, dict) and isinstance(of_hcl, dict):
        keys = [*of_json, *(key for key in of_hcl if key not in of_json)]
        return [
            line
            for key in keys
            for line in differences(of_json.get(key, _ABSENT), of_hcl.get(key, _ABSENT), f"{path}.{key}")
        ]
    if isinstance(of_json, list) and isinstance(of_hcl, list) and len(of_json) == len(of_hcl):
        pairs = enumerate(zip(of_json, of_hcl, strict=True))
        return [line for n, (one, other) in pairs for line in differences(one, other, f"{path}[{n}]")]
    return [] if of_json == of_hcl else [f"{path}: {of_json!r} became {of_hcl!r}"]


def _as_hcl_shows_it(source: Any) -> Any:
    """A constant of the JSON form as HCL would show it; absent where it holds an expression."""
    if isinstance(source, str):
        return _ABSENT if _SEQUENCE.search(source) else _ESCAPED.sub(r"\1{", source)
    if isinstance(source, list):
        items = [_as_hcl_shows_it(item) for item in source]
        return _ABSENT if any(item is _ABSENT for item in items) else items
    if isinstance(source, dict):
        entries = {_as_hcl_shows_it(key): _as_hcl_shows_it(value) for key, value in source.items()}
        return _ABSENT if _ABSENT in entries or any(v is _ABSENT for v in entries.values()) else entries
    return source
