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

#: What a bucket shows of the resources beside it as that was before the plan, be it taken away now or not: the
#: deprecated arguments of aws_s3_bucket in the provider's documentation.
_OF_THE_BUCKETS_NEIGHBOURS = frozenset(
    {
        "acceleration_status",
        "acl",
        "cors_rule",
        "grant",
        "lifecycle_rule",
        "logging",
        "object_lock_configuration",
        "policy",
        "replication_configuration",
        "request_payer",
        "server_side_encryption_configuration",
        "versioning",
        "website",
    }
)

_LISTS = ("actions", "not_actions", "resources", "not_resources")


def for_checkov(plan: Mapping[str, Any], view: PlanView) -> dict[str, Any]:
    """What checkov evaluates: ``resources`` with values and expressions, and the ``configuration``.

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
                "expressions": _meant(item.values, item.unknown, item.expressions),
            }
            for item in view.resources.values()
        ],
        "configuration": plan.get("configuration") or {},
    }


def _values(item: Planned, view: PlanView) -> dict[str, Any]:
    if item.is_data:
        values = dict(item.values)
        if item.type == DOCUMENT and isinstance(values.get("statement"), list):
            everything = THAT_THING if hangs_on_one_thing(item, view) else "*"
            values["statement"] = [_statement(raw, missing, everything) for raw, missing in statements_of(item)]
        return values
    values = _given(item.values, item.expressions)
    if item.type == "aws_s3_bucket":
        shown = _OF_THE_BUCKETS_NEIGHBOURS - set(item.expressions)
        values = {name: value for name, value in values.items() if name not in shown}
    for attribute in POLICY_ATTRIBUTES & set(item.expressions):
        if item.is_unknown(attribute):
            source = document_behind(item, attribute, view)
            document = _rendered(source) if source is not None else None
            if document is not None:
                values[attribute] = json.dumps(document)
    return values


def _given(values: Mapping[str, Any], expressions: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the configuration gives, and none that a default or AWS filled in.

    checkov's checks are written for code: an absent argument means that nobody asked for
    anything. In a plan it is there, as null, as -1, as an empty list, and after the first
    apply as whatever AWS made of it, and a check passes today that failed yesterday.

    Blocks that a ``dynamic`` block makes have no expression either, so those that hold
    something are kept.
    """
    given: dict[str, Any] = {}
    for name, value in values.items():
        expression = expressions.get(name)
        if value is None or (expression is None and not isinstance(value, list | Mapping)):
            continue
        if expression is None and not value:
            continue
        given[name] = value
        if isinstance(expression, list) and isinstance(value, list) and len(expression) == len(value):
            given[name] = [
                _given(block, inner) if isinstance(block, Mapping) and isinstance(inner, Mapping) else block
                for block, inner in zip(value, expression, strict=True)
            ]
    return given


def _meant(values: Any, unknown: Any, expressions: Mapping[str, Any]) -> dict[str, Any]:
    """The expressions whose value is not null.

    Where a value is missing checkov puts what the expression refers to, which is right
    for one that is not known yet. But ``var.encrypt ? aws_kms_key.this.arn : null`` that
    is null would pass for encrypted.
    """
    meant: dict[str, Any] = {}
    for name, expression in expressions.items():
        value = values.get(name) if isinstance(values, Mapping) else None
        awaited = unknown.get(name) if isinstance(unknown, Mapping) else None
        if value is None and not awaited:
            continue
        meant[name] = expression
        if isinstance(expression, list) and isinstance(value, list) and len(expression) == len(value):
            inner = awaited if isinstance(awaited, list) and len(awaited) == len(value) else [None] * len(value)
            meant[name] = [
                _meant(block, missing, given) if isinstance(given, Mapping) else given
                for block, missing, given in zip(value, inner, expression, strict=True)
            ]
    return meant


def statements_of(source: Planned) -> list[tuple[Mapping[str, Any], Any]]:
    """The statements of a data source, each with what of it is unknown."""
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
        "Statement": [rendered_statement(raw, missing) for raw, missing in statements_of(source)],
    }


def rendered_statement(raw: Mapping[str, Any], missing: Any) -> dict[str, Any]:
    """A statement of a data source as it will stand in the JSON, with ``NOT_YET`` for what is unknown."""
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
