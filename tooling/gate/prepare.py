"""The plan as checkov is shown it: no secret, nothing hidden, nothing it could misread.

checkov reads ``planned_values`` only, and takes a null for an absent argument. So it
would not see a policy document whose values are all known (Terraform read that one
already), nor a policy that is a JSON text with one unknown ARN in it, nor that a
statement without an effect allows. These gaps are filled here, which also makes a second
plan, when everything is known, show the same findings as the first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tooling.gate.documents import (
    DOCUMENT,
    POLICY_ATTRIBUTES,
    document_behind,
    elements,
    hangs_on_one_thing,
    principals_in,
)
from tooling.gate.planned import Planned, PlanView

#: Stands for a name that AWS has yet to give. Not a wildcard, and an ARN by its form.
NOT_YET = "arn:aws:unknown:::known-only-after-apply"

#: Stands for ``*`` in the policy of a key or a secret.
THAT_THING = "arn:aws:unknown:::the-key-or-secret-itself"

_LISTS = ("actions", "not_actions", "resources", "not_resources")


def for_checkov(plan: Mapping[str, Any], view: PlanView) -> dict[str, Any]:
    """What checkov evaluates: ``resources``, each with its values, and the ``configuration``.

    Args:
        plan: The masked plan.
        view: The same, as ``planned.view_of`` reads it.
    """
    return {
        "resources": [
            {
                "address": item.address,
                "mode": item.at.mode,
                "type": item.type,
                "name": item.at.name,
                "values": _values(item, view),
            }
            for item in view.resources.values()
        ],
        "configuration": plan.get("configuration") or {},
    }


def _values(item: Planned, view: PlanView) -> dict[str, Any]:
    values = dict(item.values)
    if item.is_data:
        if item.type == DOCUMENT and isinstance(values.get("statement"), list):
            everything = THAT_THING if hangs_on_one_thing(item, view) else "*"
            values["statement"] = [_statement(raw, missing, everything) for raw, missing in _statements(item)]
        return values
    for attribute in POLICY_ATTRIBUTES & set(item.expressions):
        if item.is_unknown(attribute):
            source = document_behind(item, attribute, view)
            document = _rendered(source) if source is not None else None
            if document is not None:
                values[attribute] = json.dumps(document)
    return values


def _statements(source: Planned) -> list[tuple[Mapping[str, Any], Any]]:
    unknown = source.unknown.get("statement")
    return [
        (raw, unknown[index] if isinstance(unknown, list) and index < len(unknown) else {})
        for index, raw in enumerate(source.values.get("statement") or ())
    ]


def _statement(raw: Mapping[str, Any], missing: Any, everything: str) -> dict[str, Any]:
    """A statement of a data source as somebody would write it in HCL.

    That is: without the empty lists that a plan puts for what was not given (at an empty
    ``condition`` checkov gives up and passes the document), and with the effect that a
    statement has when it says none.
    """
    lists = {key: _written(elements(raw, missing, key)) for key in _LISTS}
    lists["resources"] = [everything if text == "*" else text for text in lists["resources"]]
    principals = [
        {"type": kind, "identifiers": [NOT_YET if text is None else text]} for kind, text in principals_in(raw, missing)
    ]
    conditions = [
        {**condition, "values": _written(tuple(condition.get("values") or [None]))}
        for condition in raw.get("condition") or ()
    ]
    written = {"sid": raw.get("sid"), **lists, "principals": principals, "condition": conditions}
    return {"effect": raw.get("effect") or "Allow", **{key: value for key, value in written.items() if value}}


def _rendered(source: Planned) -> dict[str, Any] | None:
    """The JSON document that a data source will produce; None when that cannot be told."""
    merged = ("source_policy_documents", "override_policy_documents", "source_json", "override_json")
    if source.is_unknown("statement") or not source.values.get("statement"):
        return None
    if any(source.values.get(name) or source.unknown.get(name) for name in merged):
        return None
    return {
        "Version": source.values.get("version") or "2012-10-17",
        "Statement": [_json_statement(raw, missing) for raw, missing in _statements(source)],
    }


def _json_statement(raw: Mapping[str, Any], missing: Any) -> dict[str, Any]:
    statement: dict[str, Any] = {"Effect": raw.get("effect") or "Allow"}
    for key, name in zip(_LISTS, ("Action", "NotAction", "Resource", "NotResource"), strict=True):
        if texts := _written(elements(raw, missing, key)):
            statement[name] = texts
    principals: dict[str, list[str]] = {}
    for kind, text in principals_in(raw, missing):
        principals.setdefault(kind, []).append(NOT_YET if text is None else text)
    if principals:
        statement["Principal"] = "*" if "*" in principals else principals
    for condition in raw.get("condition") or ():
        texts = _written(tuple(condition.get("values") or [None]))
        statement.setdefault("Condition", {}).setdefault(str(condition.get("test")), {})[
            str(condition.get("variable"))
        ] = texts
    return statement


def _written(texts: tuple[str | None, ...]) -> list[str]:
    return [NOT_YET if text is None else text for text in texts]
