"""Applying a mutant to the plans: the change itself, and what follows from it where others refer to it."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from tests.mutation.changes import changed, other_default
from tests.mutation.mutants import Defaults, Mutant, counterpart_position
from tests.mutation.steps import REMOVED, Place, edited, value_at
from tests.mutation.view import DOCUMENT, View, is_leaf, leaves, referred, values_of
from tests.support.plans import Json

# Shorter texts stand in others by chance.
_TELLING = 4


def apply(mutant: Mutant, views: Sequence[View], defaults: Defaults) -> int:
    """Change the plans in place.

    Returns:
        How many plans are another one now.
    """
    return sum(_apply(mutant, view, views, defaults) for view in views)


def _apply(mutant: Mutant, view: View, views: Sequence[View], defaults: Defaults) -> bool:
    name = mutant.block.partition(".")[2]
    if mutant.block.startswith("var."):
        return _change_default(view, name, mutant)
    if mutant.block.startswith("output."):
        return _change_output(view, name, mutant)
    match mutant.kind:
        case "resource" if mutant.block in view.configured:
            view.remove(mutant.block)
        case "instance" if any(
            str(each.get("index")) == mutant.detail for each in view.resources.get(mutant.block, ())
        ):
            view.remove(mutant.block, mutant.detail)
        case "always" if not view.resources.get(mutant.block):
            view.add(
                copy.deepcopy(next(each.resources[mutant.block] for each in views if each.resources.get(mutant.block)))
            )
        case "provider":
            view.configured[mutant.block]["provider_config_key"] = mutant.detail
        case "depends-on":
            view.configured[mutant.block]["depends_on"].remove(mutant.detail)
        case "reference":
            return _redirect(view, mutant)
        case "add":
            _add(view, mutant)
        case "set":
            return _set(view, mutant)
        case "resource" | "instance" | "always":
            return False
        case _:
            return _change_value(view, mutant, defaults)
    return True


def _add(view: View, mutant: Mutant) -> None:
    """One more resource: like another of its type, or with nothing known of it."""
    kind, _, name = mutant.block.partition(".")
    like = [entry for block, entries in view.resources.items() if block.startswith(f"{kind}.") for entry in entries]
    configured = [entry for block, entry in view.configured.items() if block.startswith(f"{kind}.")]
    entry = {"mode": "managed", "type": kind, "values": {}, **copy.deepcopy(like[0] if like else {}), "name": name}
    entry.pop("index", None)
    view.configure(
        {
            "provider_config_key": "aws",
            "expressions": {},
            **copy.deepcopy(configured[0] if configured else {}),
            **{"address": mutant.block, "mode": "managed", "type": kind, "name": name},
        }
    )
    view.add([{**entry, "address": f"{view.module}.{mutant.block}"}])


def _set(view: View, mutant: Mutant) -> bool:
    """An argument that the module leaves out."""
    entry, value = view.configured.get(mutant.block), json.loads(mutant.detail)
    if entry is None:
        return False
    name = str(mutant.path[0])
    entry.setdefault("expressions", {})[name] = {"constant_value": value}
    for instance in view.resources.get(mutant.block, ()):
        settle(view, mutant.block, instance, {**values_of(instance), name: value})
    return True


def _change_value(view: View, mutant: Mutant, defaults: Defaults) -> bool:
    """Change one place in all instances of a block, and in what the configuration says of it."""
    default = defaults.of(mutant.type, mutant.path)

    def change(value: Any) -> Any:
        new = changed(value, mutant.kind, mutant.detail)
        return default if new is REMOVED and default is not None else new

    found = False
    before = view.resources.get(mutant.block, [None])[:1]
    sample = values_of(before[0]) if before and before[0] else {}
    for entry in view.resources.get(mutant.block, ()):
        values = values_of(entry)
        try:
            new = edited(values, mutant.path, change)
        except LookupError:
            continue
        if mutant.kind == "drop" and len(mutant.path) == 1 and mutant.path[0] not in new:
            new = {**new, str(mutant.path[0]): None}
        found = True
        settle(view, mutant.block, entry, new)
    expressions = view.expressions(mutant.block)
    return _configure(expressions, sample, mutant.path, change, mutant.kind == "drop") or found


def _configure(node: Any, values: Any, path: Place, change: Callable[[Any], Any], drops: bool) -> bool:
    """The same change in the configuration, as far as it shows the place."""
    if is_leaf(node) and path and not isinstance(node.get("references", []), dict):
        if "constant_value" not in node:
            return False
        try:
            place = _in_constant(node["constant_value"], values, path)
            node["constant_value"] = edited(node["constant_value"], place, change)
        except LookupError:
            return False
        return True
    if is_leaf(node):
        if "constant_value" in node:
            try:
                node["constant_value"] = change(node["constant_value"])
            except LookupError:
                return False
        return True
    step, rest = path[0], path[1:]
    if isinstance(node, dict) and isinstance(step, int):
        return _configure(node, values, rest, change, drops)
    inner = _member(values, step)
    if isinstance(node, dict):
        if step not in node:
            return False
        if not rest and drops:
            del node[step]
            return True
        return _configure(node[step], inner, rest, change, drops)
    elements = values if isinstance(values, list) else []
    known = isinstance(step, int) and step < len(elements)
    position = counterpart_position(node, elements, int(step)) if known else None
    if position is None:
        return False
    if not rest:
        del node[position]
        return True
    return _configure(node[position], inner, rest, change, drops)


def _member(values: Any, step: str | int) -> Any:
    try:
        return values[step]
    except (LookupError, TypeError):
        return None


def _in_constant(constant: Any, planned: Any, path: Place) -> Place:
    """A path into a constant: the plan shows a set sorted, the configuration as it is written."""
    out: list[str | int] = []
    for step in path:
        member = _member(planned, step)
        if isinstance(step, int) and isinstance(constant, list) and member in constant:
            step = constant.index(member)
        out.append(step)
        constant, planned = _member(constant, step), member
    return tuple(out)


def settle(view: View, block: str, entry: Json, values: Json) -> None:
    """Plan other values for an instance, and what follows from them."""
    old = values_of(entry)
    if old.get("tags") != values.get("tags") and "tags_all" in values:
        own = values.get("tags") or {}
        inherited = {name: value for name, value in values["tags_all"].items() if name not in (old.get("tags") or {})}
        values = {**values, "tags_all": {**inherited, **own}}
    if block.startswith(DOCUMENT) and isinstance(values.get("json"), str):
        policy = as_policy(values)
        values = {**values, "json": json.dumps(policy, indent=2), "minified_json": json.dumps(policy)}
    view.set_values(entry, values)
    for argument in old:
        before, after = old[argument], values.get(argument)
        if isinstance(before, str) and isinstance(after, str) and before != after:
            _follow(view, block, argument, before, after)


def _follow(view: View, block: str, argument: str, before: str, after: str) -> None:
    """Put a new text where others take the old one from this argument."""
    for user, path in _users(view, block, argument):
        for entry in view.resources.get(user, ()):
            values = _replaced_at(values_of(entry), path, before, after)
            if values != values_of(entry):
                settle(view, user, entry, values)
    for name, output in view.outputs.items():
        if (block, argument) in {referred(each) for each in output["expression"].get("references", ())}:
            planned = view.raw["planned_values"].get("outputs", {}).get(name, {})
            if "value" in planned:
                planned["value"] = _replaced(planned["value"], before, after)
                view.raw["output_changes"][name]["after"] = planned["value"]


def _users(view: View, block: str, argument: str) -> Iterator[tuple[str, Place]]:
    for target in ((block, argument), (block, None)):
        yield from view.uses.get(target, ())


def _replaced_at(values: Any, path: Place, before: str, after: str) -> Any:
    """Values with a text replaced below a path of the configuration; each element of a list may be meant."""
    if isinstance(values, list) and (not path or not isinstance(path[0], int)):
        return [_replaced_at(each, path, before, after) for each in values]
    if not path:
        return _replaced(values, before, after)
    if isinstance(path[0], int):
        return _replaced_at(values, path[1:], before, after)
    if isinstance(values, dict) and path[0] in values:
        return {**values, path[0]: _replaced_at(values[path[0]], path[1:], before, after)}
    if isinstance(values, dict) and any(isinstance(each, str) for each in values.values()):
        return _replaced(values, before, after)
    return values


def _replaced(value: Any, before: str, after: str) -> Any:
    if isinstance(value, str):
        return after if value == before else value.replace(before, after) if len(before) >= _TELLING else value
    if isinstance(value, list):
        return [_replaced(each, before, after) for each in value]
    if isinstance(value, dict):
        return {name: _replaced(each, before, after) for name, each in value.items()}
    return value


def _redirect(view: View, mutant: Mutant) -> bool:
    """Let an argument refer to another block."""
    target, _, other = mutant.detail.partition(" -> ")
    try:
        expression = value_at(view.expressions(mutant.block), mutant.path)
    except LookupError:
        return False
    references = expression.get("references", [])
    expression["references"] = _redirected(references, target, other)
    if expression["references"] == references:
        return False
    for entry in view.resources.get(mutant.block, ()):
        values = values_of(entry)
        for reference in references:
            block, argument = referred(reference)
            if block == target and argument:
                before, after = (_known(view, each, argument) for each in (target, other))
                if isinstance(before, str):
                    new = after if isinstance(after, str) else f"{before}-elsewhere"
                    values = _replaced_at(values, mutant.path, before, new)
        if values != values_of(entry):
            settle(view, mutant.block, entry, values)
    return True


def _known(view: View, block: str, argument: str) -> Any:
    entries = view.resources.get(block) or [{"values": {}}]
    return values_of(entries[0]).get(argument)


def _redirected(references: list[str], target: str, other: str) -> list[str]:
    return [other + each.removeprefix(target) if referred(each)[0] == target else each for each in references]


def _change_default(view: View, name: str, mutant: Mutant) -> bool:
    """Another default, also where the plan shows that it holds."""
    variable = view.variables.get(name, {})
    old = variable.get("default")

    try:
        new = other_default(old, mutant.path, mutant.detail)
    except LookupError:
        return False
    variable["default"] = new
    root = view.raw["configuration"]["root_module"].get("variables", {}).get(name, {})
    given = view.raw.get("variables", {}).get(name, {}).get("value")
    if view.call["expressions"].get(name, {}).get("references") != [f"var.{name}"] or given not in (None, old):
        return True
    if root.get("default") == old:
        root["default"] = new
    if given == old:
        view.raw["variables"][name]["value"] = new
    for block, entry in view.configured.items():
        for path, expression in leaves(entry.get("expressions", {})):
            if set(expression.get("references", ())) == {f"var.{name}"}:
                for instance in view.resources.get(block, ()):
                    values = _with_value(values_of(instance), path, old, new)
                    if values != values_of(instance):
                        settle(view, block, instance, values)
    return True


def _with_value(values: Any, path: Place, old: Any, new: Any) -> Any:
    """Values with another one at a path of the configuration where the old one stands."""
    if isinstance(values, list) and path and not isinstance(path[0], int):
        return [_with_value(each, path, old, new) for each in values]
    if not path:
        if values == old and isinstance(values, bool) == isinstance(old, bool):
            return new
        return _replaced(values, old, new) if isinstance(old, str) and isinstance(new, str) else values
    if isinstance(path[0], int):
        return _with_value(values, path[1:], old, new)
    if isinstance(values, dict) and path[0] in values:
        return {**values, path[0]: _with_value(values[path[0]], path[1:], old, new)}
    return values


def _change_output(view: View, name: str, mutant: Mutant) -> bool:
    if name not in view.outputs:
        return False
    planned = view.raw["planned_values"].get("outputs", {})
    if mutant.kind == "output":
        del view.outputs[name]
        planned.pop(name, None)
        view.raw["output_changes"].pop(name, None)
        view.raw["configuration"]["root_module"]["outputs"].pop(name, None)
        return True
    target, _, other = mutant.detail.partition(" -> ")
    expression = view.outputs[name]["expression"]
    for reference in expression["references"]:
        block, argument = referred(reference)
        before = _known(view, block, argument) if block == target and argument else None
        if isinstance(before, str) and "value" in planned.get(name, {}):
            planned[name]["value"] = _replaced(planned[name]["value"], before, f"{before}-elsewhere")
    expression["references"] = _redirected(expression["references"], target, other)
    return True


def as_policy(values: Json) -> Json:
    """The policy that the statements of an ``aws_iam_policy_document`` make."""
    return {
        "Version": values.get("version") or "2012-10-17",
        "Statement": [_rendered(each) for each in values["statement"]],
    }


def _rendered(statement: Json) -> Json:
    conditions: dict[str, dict[str, Any]] = {}
    for each in statement.get("condition") or []:
        conditions.setdefault(each["test"], {})[each["variable"]] = _one_or_more(each["values"])
    principals: dict[str, list[str]] = {}
    for each in statement.get("principals") or []:
        principals.setdefault(each["type"], []).extend(each["identifiers"])
    everybody = principals.get("*") == ["*"]
    parts: Json = {
        "Sid": statement.get("sid"),
        "Effect": statement.get("effect") or "Allow",
        "Action": _one_or_more(statement.get("actions")),
        "Resource": _one_or_more(statement.get("resources")),
        "Principal": "*" if everybody else {name: _one_or_more(each) for name, each in principals.items()},
        "Condition": conditions,
    }
    return {name: part for name, part in parts.items() if part}


def _one_or_more(values: list[str] | None) -> str | list[str] | None:
    return values[0] if values and len(values) == 1 else values
