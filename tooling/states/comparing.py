"""What one state holds and another does not: resources, attributes, outputs. Secrets are compared, never shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from tooling.plan.comparing import NOT_THERE, OTHER_HIDDEN, ResourceDifference, ValueDifference
from tooling.plan.masking import MASK, masked
from tooling.states.content import instances

THERE = "there"
_ABSENT = object()


@dataclass(frozen=True)
class StateDifference:
    """Two states of one stack, compared.

    Attributes:
        resources: Those that only one holds, or that differ in an attribute.
        outputs: Those that differ.
    """

    resources: tuple[ResourceDifference, ...] = ()
    outputs: tuple[ValueDifference, ...] = ()

    @property
    def same(self) -> bool:
        return not self.resources and not self.outputs


def compare_states(first: Mapping[str, Any] | None, second: Mapping[str, Any] | None) -> StateDifference:
    """Compare two states; None is one that holds nothing.

    What Terraform marks as sensitive is masked, and so is every text that equals or holds such a value in either.
    """
    old, new = _objects(first), _objects(second)
    outputs = _outputs(first), _outputs(second)
    # Masked together: a secret of one may stand in the open in the other.
    hidden = masked({"first": old, "second": new, "outputs": list(outputs)})
    resources = []
    for address in sorted({*old, *new}):
        one, other = old.get(address), new.get(address)
        kind = str((one or other or {})["kind"])
        if one is None or other is None:
            resources.append(ResourceDifference(address, kind, THERE if one else "", THERE if other else ""))
            continue
        shown = hidden["first"][address]["values"], hidden["second"][address]["values"]
        if values := tuple(_differing("", (one["values"], other["values"]), shown)):
            resources.append(ResourceDifference(address, kind, THERE, THERE, values))
    return StateDifference(tuple(resources), tuple(_outputs_differing(outputs, hidden["outputs"])))


def _objects(state: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    """By address: what an object is, its attributes, and which of them are secret, as in a plan."""
    found = {}
    for one in instances(state):
        address = one.address + (f" (deposed {one.deposed})" if one.deposed else "")
        values = one.body.get("attributes") or {}
        marks = _marks(values, one.body.get("sensitive_attributes") or ())
        found[address] = {"kind": one.resource["type"], "values": values, "sensitive_values": marks}
    return found


def _marks(values: Any, paths: Any) -> Any:
    """Terraform's list of paths to secrets, as a tree that says true where one is."""
    if any(not path for path in paths):
        return True
    children: dict[Any, list[Any]] = {}
    for first, *rest in paths:
        # An attribute's name, or a map's key or list's index with its type.
        key = first["value"]["value"] if isinstance(first["value"], Mapping) else first["value"]
        children.setdefault(key, []).append(rest)
    if isinstance(values, list):
        return [_marks(item, children.get(index, ())) for index, item in enumerate(values)]
    if isinstance(values, Mapping):
        return {key: _marks(values.get(key), deeper) for key, deeper in children.items()}
    # Elements of a set have no path that stands still: all of what is below is secret.
    return bool(children)


def _outputs(state: Mapping[str, Any] | None) -> dict[str, dict[str, Any]]:
    outputs = (state or {}).get("outputs") or {}
    return {name: {"value": one.get("value"), "sensitive": bool(one.get("sensitive"))} for name, one in outputs.items()}


def _outputs_differing(plain: tuple[Any, Any], shown: Any) -> Iterator[ValueDifference]:
    for name in sorted({*plain[0], *plain[1]}):
        pairs = [tuple(side.get(name, {}).get("value", _ABSENT) for side in sides) for sides in (plain, shown)]
        yield from _differing(name, (pairs[0][0], pairs[0][1]), (pairs[1][0], pairs[1][1]))


def _differing(path: str, plain: tuple[Any, Any], shown: tuple[Any, Any]) -> Iterator[ValueDifference]:
    """Where two values differ, leaf by leaf, with what may be shown of each."""
    if plain[0] == plain[1]:
        return
    if all(isinstance(side, Mapping) for side in (*plain, *shown)):
        for key in sorted({*plain[0], *plain[1]}):
            yield from _differing(_below(path, key), _at(plain, key), _at(shown, key))
        return
    if all(isinstance(side, list) for side in (*plain, *shown)):
        rows = zip_longest(*plain, *shown, fillvalue=_ABSENT)
        for index, (one, other, shown_one, shown_other) in enumerate(rows):
            yield from _differing(_below(path, index), (one, other), (shown_one, shown_other))
        return
    documents = [_document(side) for side in (*plain, *shown)]
    if all(document is not None for document in documents):
        yield from _differing(f"{path}:", (documents[0], documents[1]), (documents[2], documents[3]))
        return
    first, second = _text(shown[0]), _text(shown[1])
    yield ValueDifference(path, first, OTHER_HIDDEN if first == second else second)


def _below(path: str, key: object) -> str:
    return f"{path} {key}" if path.endswith(":") else f"{path}.{key}" if path else str(key)


def _at(sides: tuple[Any, Any], key: str) -> tuple[Any, Any]:
    return sides[0].get(key, _ABSENT), sides[1].get(key, _ABSENT)


def _document(value: Any) -> Any:
    """The JSON document that a text holds, policies mostly; None for any other value."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return None
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return None


def _text(value: Any) -> str:
    if value is _ABSENT:
        return NOT_THERE
    return value if value == MASK else json.dumps(value, ensure_ascii=False)
