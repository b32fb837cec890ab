"""What one plan does and another does not, or does differently: resources, attributes, outputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.plan.masking import MASK
from tooling.plan.summary import ACTIONS, UNKNOWN

NOT_THERE = "(nothing)"
HIDDEN = "(sensitive value)"
OTHER_HIDDEN = "(another sensitive value)"


@dataclass(frozen=True)
class ValueDifference:
    """One attribute (or output) that two plans set differently; as text, secrets masked."""

    path: str
    first: str
    second: str


@dataclass(frozen=True)
class ResourceDifference:
    """One resource that two plans treat differently.

    Attributes:
        first, second: The action of each plan; empty for one that leaves it alone.
        values: What differs in it, if both plans change it.
    """

    address: str
    type: str
    first: str
    second: str
    values: tuple[ValueDifference, ...] = ()


@dataclass(frozen=True)
class PlanDifference:
    """Two plans of one stack, compared.

    Attributes:
        hidden: Secrets that both plans set and that were masked before we could compare them; 0 for plans as
            Terraform shows them.
    """

    resources: tuple[ResourceDifference, ...] = ()
    outputs: tuple[ValueDifference, ...] = ()
    hidden: int = 0

    @property
    def same(self) -> bool:
        return not self.resources and not self.outputs


@dataclass(frozen=True)
class _Secret:
    """A sensitive value: compared by what it is, never shown."""

    value: Any


@dataclass(frozen=True)
class _Change:
    type: str
    action: str
    values: Mapping[str, tuple[Any, Any]]


_ABSENT = object()


def compare_plans(first: Mapping[str, Any], second: Mapping[str, Any]) -> PlanDifference:
    """Compare what two plans change; what both leave as it is does not count.

    Args:
        first, second: As ``terraform show -json`` prints them, or masked. Secrets of masked plans cannot be compared:
            they are counted in ``hidden``.
    """
    ours, theirs = _changes(first), _changes(second)
    resources = []
    hidden = 0
    for address in sorted({*ours, *theirs}):
        one, other = ours.get(address), theirs.get(address)
        values: tuple[ValueDifference, ...] = ()
        if one is not None and other is not None:
            values = tuple(_differences(one.values, other.values))
            hidden += _masked_in_both(one.values, other.values)
        action = one.action if one else "", other.action if other else ""
        if action[0] != action[1] or values:
            kind = one or other
            assert kind is not None
            resources.append(ResourceDifference(address, kind.type, *action, values))
    outputs_first, outputs_second = _outputs(first), _outputs(second)
    hidden += _masked_in_both(outputs_first, outputs_second)
    return PlanDifference(tuple(resources), tuple(_differences(outputs_first, outputs_second)), hidden)


def _changes(plan: Mapping[str, Any]) -> dict[str, _Change]:
    changes = {}
    for entry in plan.get("resource_changes") or []:
        change = entry["change"]
        action = ACTIONS.get(tuple(change["actions"]))
        moved = entry.get("previous_address")
        if entry.get("mode") == "data" or (action is None and not moved and not change.get("importing")):
            continue
        address = entry["address"] + (f" (deposed {entry['deposed']})" if entry.get("deposed") else "")
        words = action or ("import" if change.get("importing") else "move")
        if moved:
            words += f" (moved from {moved})"
        changes[address] = _Change(entry["type"], words, dict(_moving(change, action)))
    return changes


def _outputs(plan: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    values: dict[str, tuple[Any, Any]] = {}
    for name, change in (plan.get("output_changes") or {}).items():
        if change["actions"] != ["no-op"]:
            before, after = _marked(change)
            values[name] = (before, after)
    return values


def _moving(change: Mapping[str, Any], action: str | None) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """What a change sets, attribute by attribute. A resource that goes just goes, whatever it held."""
    if action in ("destroy", "forget", None):
        return
    before, after = _marked(change)
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    for path in {*old, *new}:
        was, will = old.get(path, _ABSENT), new.get(path, _ABSENT)
        # What is made is compared in full, what is changed in what moves; of two masks nobody can tell.
        if (was != will and not (action == "create" and will is None)) or MASK in str(was):
            yield path, (was, will)
    forcing = [".".join(str(part) for part in path) for path in change.get("replace_paths") or []]
    if forcing:
        yield "(forces replacement)", (_ABSENT, ", ".join(sorted(forcing)))


def _marked(change: Mapping[str, Any]) -> tuple[Any, Any]:
    before = _secret(change.get("before"), change.get("before_sensitive"))
    after = _secret(change.get("after"), change.get("after_sensitive"))
    return before, _unknown(after, change.get("after_unknown"))


def _secret(value: Any, marks: Any) -> Any:
    if marks is True:
        return None if value is None else _Secret(value)
    if isinstance(value, Mapping):
        inner = marks if isinstance(marks, Mapping) else {}
        return {key: _secret(item, inner.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        items = marks if isinstance(marks, list) else []
        return [_secret(item, items[at] if at < len(items) else None) for at, item in enumerate(value)]
    return value


def _unknown(value: Any, marks: Any) -> Any:
    """``value`` with :data:`UNKNOWN` where the plan leaves it to the apply."""
    if marks is True:
        return UNKNOWN
    if not _any(marks):
        return value
    if isinstance(marks, Mapping):
        own = dict(value) if isinstance(value, Mapping) else {}
        return own | {key: _unknown(own.get(key), mark) for key, mark in marks.items() if _any(mark)}
    own_items = value if isinstance(value, list) else []
    return [_unknown(own_items[at] if at < len(own_items) else None, mark) for at, mark in enumerate(marks)]


def _any(marks: Any) -> bool:
    inner = marks.values() if isinstance(marks, Mapping) else marks if isinstance(marks, list) else ()
    return marks is True or any(_any(mark) for mark in inner)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for key, item in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), item)
    elif isinstance(value, list) and value:
        for index, item in enumerate(value):
            yield from _leaves(f"{path}.{index}", item)
    elif not (path == "" and value is None):
        yield path, value


def _differences(
    first: Mapping[str, tuple[Any, Any]], second: Mapping[str, tuple[Any, Any]]
) -> Iterator[ValueDifference]:
    for path in sorted({*first, *second}):
        one, other = first.get(path), second.get(path)
        if one == other:
            continue
        if inside := tuple(_inside(path, one, other)):
            yield from inside
            continue
        shown, against = _shown(one), _shown(other)
        yield ValueDifference(path, shown, OTHER_HIDDEN if shown == against else against)


def _inside(path: str, one: tuple[Any, Any] | None, other: tuple[Any, Any] | None) -> Iterator[ValueDifference]:
    """Of two JSON documents (policies mostly) that replace the same value, what differs in them."""
    if one is None or other is None or one[0] != other[0]:
        return
    documents = _document(one[1]), _document(other[1])
    if documents[0] is None or documents[1] is None:
        return
    old, new = dict(_leaves("", documents[0])), dict(_leaves("", documents[1]))
    for leaf in sorted({*old, *new}):
        was, will = old.get(leaf, _ABSENT), new.get(leaf, _ABSENT)
        if was != will:
            yield ValueDifference(f"{path}: {leaf}", _text(was), _text(will))


def _document(value: Any) -> Any:
    """The JSON document that a text holds; None for any other value."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _masked_in_both(first: Mapping[str, tuple[Any, Any]], second: Mapping[str, tuple[Any, Any]]) -> int:
    return sum(MASK in str(first[path]) and MASK in str(second[path]) for path in {*first} & {*second})


def _shown(change: tuple[Any, Any] | None) -> str:
    if change is None:
        return NOT_THERE
    before, after = change
    return _text(after) if before in (_ABSENT, None) else f"{_text(before)} → {_text(after)}"


def _text(value: Any) -> str:
    if value is _ABSENT:
        return NOT_THERE
    plain = _plain(value)
    return plain if plain in (UNKNOWN, MASK, HIDDEN) else json.dumps(plain, ensure_ascii=False, sort_keys=True)


def _plain(value: Any) -> Any:
    if isinstance(value, _Secret):
        return HIDDEN
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
