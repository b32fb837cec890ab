"""A copy of a plan that holds no secret.

``terraform show -json`` prints sensitive values in full and says beside them which
they are: in ``sensitive_values``, ``before_sensitive``, ``after_sensitive``, and in the
declarations of variables and outputs. The same value also stands unmarked in the
configuration (a literal argument of a module call, a provider's key), so every marked
text is replaced wherever else it occurs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

MASK = "(sensitive value)"

#: Arguments of a provider that are secrets although nothing in a plan marks them.
_PROVIDER_SECRETS = frozenset({"access_key", "secret_key", "token", "password", "private_key", "api_key"})

#: Stands for each character of them.
_HIDDEN = "X"

#: Shorter texts are replaced only where they stand alone: "dev" as a secret must not eat "device".
_SHORTEST_PART = 6

#: Terraform's own words, which must stay readable even if a secret is called the same.
_STRUCTURE = frozenset(
    {"address", "module_address", "mode", "type", "name", "index", "provider_name", "provider_config_key"}
    | {"full_name", "version_constraint", "source", "actions", "references", "replace_paths"}
    | {"format_version", "terraform_version", "timestamp", "action_reason", "relevant_attributes"}
)

#: Below these keys there are only values.
_VALUES = frozenset({"values", "before", "after", "value", "default", "constant_value"})

#: Below these there are no values, only true and false.
_MARKS = frozenset({"after_unknown", "sensitive_values", "before_sensitive", "after_sensitive"})

_MARKED_PAIRS = (
    ("values", "sensitive_values"),
    ("before", "before_sensitive"),
    ("after", "after_sensitive"),
)


class MaskedPlan(dict[str, Any]):
    """A plan without its secrets, in which nothing is changed any more."""


def masked(plan: Mapping[str, Any]) -> MaskedPlan:
    """A copy of a plan (the JSON of ``terraform show -json``) without its secrets; one that is masked as it is.

    What holds no secret is in both: a plan of thousands of resources would take twice the memory otherwise.
    Numbers and booleans that are marked are replaced by the text as well, so a masked
    plan is for reading and for checks, never for Terraform.
    """
    if isinstance(plan, MaskedPlan):
        return plan
    secrets = frozenset(_with_escaped(_secrets(plan)))
    long = sorted((text for text in secrets if len(text) >= _SHORTEST_PART), key=len, reverse=True)
    copy = _masked_marks(plan)
    assert isinstance(copy, dict)
    _mask_declared(copy, plan)
    if not secrets:
        return MaskedPlan(copy)
    swept = _swept(copy, secrets, long)
    assert isinstance(swept, dict)
    return MaskedPlan(swept)


def _masked_marks(node: Any) -> Any:
    """Copy, with every value masked that a neighbouring key marks."""
    if isinstance(node, Mapping):
        marked = {value: mark for value, mark in _MARKED_PAIRS if value in node and mark in node}
        copy = {key: value if key in _MARKS or key in marked else _masked_marks(value) for key, value in node.items()}
        for value_key, mark_key in marked.items():
            copy[value_key] = overlaid(node[value_key], node[mark_key])
        if node.get("sensitive") is True and "value" in node:
            copy["value"] = MASK
        return copy
    if isinstance(node, list):
        return [_masked_marks(item) for item in node]
    return node


def overlaid(value: Any, marks: Any) -> Any:
    """``value``, masked where ``marks`` (of the same shape) says true; a secret that is null stays null.

    One in which nothing is marked comes back itself.
    """
    if marks is True:
        return None if value is None else MASK
    if not _marks_any(marks):
        return value
    if isinstance(value, Mapping):
        inner = marks if isinstance(marks, Mapping) else {}
        return {key: overlaid(item, inner.get(key)) for key, item in value.items()}
    if isinstance(value, list):
        items = marks if isinstance(marks, list) else []
        return [overlaid(item, items[i] if i < len(items) else None) for i, item in enumerate(value)]
    return value


def _marks_any(marks: Any) -> bool:
    if isinstance(marks, Mapping):
        return any(map(_marks_any, marks.values()))
    if isinstance(marks, list):
        return any(map(_marks_any, marks))
    return marks is True


def _mask_declared(copy: dict[str, Any], plan: Mapping[str, Any]) -> None:
    """Mask root variables that the configuration declares sensitive, and provider keys."""
    configuration = copy.get("configuration") or {}
    for name in _sensitive_variables((plan.get("configuration") or {}).get("root_module") or {}):
        if name in (copy.get("variables") or {}):
            copy["variables"][name] = {**copy["variables"][name], "value": MASK}
    for module in _modules(configuration.get("root_module") or {}):
        for variable in (module.get("variables") or {}).values():
            if variable.get("sensitive") and "default" in variable:
                variable["default"] = MASK
    for provider in (configuration.get("provider_config") or {}).values():
        for name, expression in (provider.get("expressions") or {}).items():
            if name in _PROVIDER_SECRETS and isinstance(expression, dict) and "constant_value" in expression:
                # Of the same length: checkov tells a key in the code by its length.
                expression["constant_value"] = _HIDDEN * len(str(expression["constant_value"]))


def _secrets(plan: Mapping[str, Any]) -> Iterator[str]:
    """Every text that something in the plan marks as sensitive."""
    yield from _marked_texts(plan)
    configuration = plan.get("configuration") or {}
    root = configuration.get("root_module") or {}
    for name in _sensitive_variables(root):
        yield from _texts(((plan.get("variables") or {}).get(name) or {}).get("value"))
    for module in _modules(root):
        for name in _sensitive_variables(module):
            yield from _texts(module["variables"][name].get("default"))
        for call in (module.get("module_calls") or {}).values():
            for name in _sensitive_variables(call.get("module") or {}):
                argument = (call.get("expressions") or {}).get(name) or {}
                yield from _texts(argument.get("constant_value"))
    for provider in (configuration.get("provider_config") or {}).values():
        for name, expression in (provider.get("expressions") or {}).items():
            if name in _PROVIDER_SECRETS and isinstance(expression, Mapping):
                # What stands for a key in a plan that was masked before is none.
                yield from (text for text in _texts(expression.get("constant_value")) if text.strip(_HIDDEN))


def _marked_texts(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        for value_key, mark_key in _MARKED_PAIRS:
            if value_key in node and mark_key in node:
                yield from _overlay_texts(node[value_key], node[mark_key])
        if node.get("sensitive") is True and "value" in node:
            yield from _texts(node["value"])
        for key, value in node.items():
            if key not in _MARKS:
                yield from _marked_texts(value)
    elif isinstance(node, list):
        for item in node:
            yield from _marked_texts(item)


def _overlay_texts(value: Any, marks: Any) -> Iterator[str]:
    if marks is True:
        yield from _texts(value)
    elif isinstance(value, Mapping) and isinstance(marks, Mapping):
        for key, mark in marks.items():
            yield from _overlay_texts(value.get(key), mark)
    elif isinstance(value, list) and isinstance(marks, list):
        for item, mark in zip(value, marks, strict=False):
            yield from _overlay_texts(item, mark)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value:
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _sensitive_variables(module: Mapping[str, Any]) -> list[str]:
    return [name for name, variable in (module.get("variables") or {}).items() if variable.get("sensitive")]


def _modules(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield module
    for call in (module.get("module_calls") or {}).values():
        yield from _modules(call.get("module") or {})


def _with_escaped(texts: Iterator[str]) -> Iterator[str]:
    """The texts, and how they stand inside a JSON document that is itself a value."""
    for text in texts:
        yield text
        yield json.dumps(text)[1:-1]


def _swept(node: Any, secrets: frozenset[str], long: list[str], *, in_value: bool = False) -> Any:
    """Without the secrets; where there are none, the very same object."""
    if isinstance(node, dict):
        swept = {
            key: value
            if (key in _STRUCTURE and not in_value) or key in _MARKS
            else _swept(value, secrets, long, in_value=in_value or key in _VALUES)
            for key, value in node.items()
        }
        return node if all(swept[key] is value for key, value in node.items()) else swept
    if isinstance(node, list):
        items = [_swept(item, secrets, long, in_value=in_value) for item in node]
        return node if all(one is item for one, item in zip(items, node, strict=True)) else items
    if isinstance(node, str):
        if node in secrets:
            return MASK
        for text in long:
            if text in node:
                node = node.replace(text, MASK)
    return node
