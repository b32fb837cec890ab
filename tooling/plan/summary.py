"""What a plan does, resource by resource, for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.plan.masking import MASK, overlaid

ACTIONS = {
    ("create",): "create",
    ("update",): "update",
    ("delete",): "destroy",
    ("delete", "create"): "replace",
    ("create", "delete"): "replace",
    ("forget",): "forget",
}
UNKNOWN = "(known after apply)"
SIGNS = {"import": "=", "create": "+", "update": "~", "replace": "±", "destroy": "-", "forget": "."}


@dataclass(frozen=True)
class AttributeChange:
    """One attribute, from what to what; both as text, sensitive values masked."""

    path: str
    before: str
    after: str
    forces_replacement: bool = False


@dataclass(frozen=True)
class ResourceChange:
    """One resource that the plan touches.

    Attributes:
        action: ``create``, ``update``, ``replace``, ``destroy`` or ``forget``; ``import``: taken over as it is.
        attributes: What moves; empty for resources that are made or go.
    """

    address: str
    type: str
    action: str
    attributes: tuple[AttributeChange, ...] = ()


@dataclass(frozen=True)
class PlanSummary:
    changes: tuple[ResourceChange, ...]
    outputs: tuple[str, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Resources by action; imports only where there are any: few plans have them."""
        counts = {sign: sum(change.action == sign for change in self.changes) for sign in SIGNS}
        return {sign: count for sign, count in counts.items() if count or sign != "import"}

    @property
    def empty(self) -> bool:
        return not self.changes and not self.outputs


def summarise(plan: Mapping[str, Any]) -> PlanSummary:
    """Read ``resource_changes`` and ``output_changes`` of a plan's JSON (masked or not)."""
    changes = []
    for entry in plan.get("resource_changes", []):
        taken = "import" if entry["change"].get("importing") else None
        action = ACTIONS.get(tuple(entry["change"]["actions"]), taken)
        if action is None or entry.get("mode") == "data":
            continue
        moved = _attributes(entry["change"]) if action in ("update", "replace") else ()
        changes.append(ResourceChange(entry["address"], entry["type"], action, tuple(moved)))
    order = list(SIGNS)
    changes.sort(key=lambda change: (-order.index(change.action), change.address))
    outputs = tuple(name for name, change in plan.get("output_changes", {}).items() if change["actions"] != ["no-op"])
    return PlanSummary(tuple(changes), outputs)


def _attributes(change: Mapping[str, Any]) -> Iterator[AttributeChange]:
    before = overlaid(change.get("before"), change.get("before_sensitive")) or {}
    after = overlaid(change.get("after"), change.get("after_sensitive")) or {}
    unknown = change.get("after_unknown") or {}
    forcing = {".".join(str(part) for part in path) for path in change.get("replace_paths", [])}
    for path, old, new in _differences("", before, after, unknown):
        hidden = old == new == MASK
        yield AttributeChange(
            path,
            _text(old),
            "(sensitive value, changed)" if hidden else _text(new),
            any(path == force or path.startswith(f"{force}.") for force in forcing),
        )


def _differences(path: str, old: Any, new: Any, unknown: Any) -> Iterator[tuple[str, Any, Any]]:
    if unknown is True:
        yield path, old, UNKNOWN
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        marks = unknown if isinstance(unknown, Mapping) else {}
        for key in sorted({*old, *new, *marks}):
            yield from _differences(f"{path}.{key}" if path else str(key), old.get(key), new.get(key), marks.get(key))
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        marks_list = unknown if isinstance(unknown, list) else []
        for index, (was, will) in enumerate(zip(old, new, strict=True)):
            mark = marks_list[index] if index < len(marks_list) else None
            yield from _differences(f"{path}.{index}", was, will, mark)
    elif old != new:
        yield path, old, new


def _text(value: Any) -> str:
    import json

    if isinstance(value, str):
        return value if value in (UNKNOWN, MASK) else json.dumps(value, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
