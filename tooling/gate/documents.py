"""IAM policy documents, wherever a plan holds them, as statements that can be read.

A document is either a data source ``aws_iam_policy_document`` or JSON text in an
attribute of some resource. While an ARN in it is not known, the text is not known
either, but the statements of the data source are: so those are what is read, and a
text that a data source of the plan produced is not read a second time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tooling.gate.planned import Planned, PlanView, references_in

DOCUMENT = "aws_iam_policy_document"

#: Attributes that hold a policy; asked only when their text is not known.
POLICY_ATTRIBUTES = frozenset(
    {
        "access_policies",
        "access_policy",
        "assume_role_policy",
        "inline_policy",
        "policy",
        "policy_document",
        "queue_policy",
        "resource_policy",
    }
)


#: Resources whose policy hangs on one thing: there ``*`` means that thing, and nothing
#: else can be written.
_OF_ONE_THING = frozenset(
    {
        "aws_kms_external_key",
        "aws_kms_key",
        "aws_kms_key_policy",
        "aws_kms_replica_external_key",
        "aws_kms_replica_key",
        "aws_secretsmanager_secret",
        "aws_secretsmanager_secret_policy",
    }
)


@dataclass(frozen=True)
class Statement:
    """One statement of a policy. None in a list stands for an element that is not yet known.

    Attributes:
        where: Which statement of which attribute, for messages.
        allows: False for a Deny.
        actions: What is allowed.
        not_actions: What is excepted from an allowed everything.
        resources: On what.
        not_resources: What is excepted from an everything.
        principals: Who, as ``(type, identifier)``; only in policies of resources.
        computed: The unknown elements come from another resource (so they are the
            identity of something, not a wildcard).
        resources_expression: What the resources are in the configuration; None for a JSON text and where a plan does
            not say.
    """

    where: str
    allows: bool
    actions: tuple[str | None, ...]
    not_actions: tuple[str | None, ...]
    resources: tuple[str | None, ...]
    not_resources: tuple[str | None, ...]
    principals: tuple[tuple[str, str | None], ...]
    computed: bool = False
    resources_expression: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Unreadable:
    """A policy of which nothing is known before the apply.

    Attributes:
        where: The attribute it stands in.
    """

    where: str


def policies_of(item: Planned, plan: PlanView) -> Iterator[Statement | Unreadable]:
    """Everything a resource or data source grants, or that it grants something unreadable."""
    if item.is_data:
        if item.type == DOCUMENT:
            yield from _of_data_source(item, plan)
        return
    for path, text in texts_in(item.values, ""):
        document = _parsed(text)
        if document is not None and not _produced_here(document, item, plan):
            yield from _of_document(document, path)
    for attribute in sorted(POLICY_ATTRIBUTES & set(item.expressions)):
        if item.is_unknown(attribute) and document_behind(item, attribute, plan) is None:
            yield Unreadable(attribute)


def hangs_on_one_thing(item: Planned, plan: PlanView) -> bool:
    """Whether ``*`` as a resource means just the key or secret that the policy belongs to."""
    if not item.is_data:
        return item.type in _OF_ONE_THING
    users = plan.types_using(item)
    return bool(users) and users <= _OF_ONE_THING


def document_behind(item: Planned, attribute: str, plan: PlanView) -> Planned | None:
    """The one data source whose JSON an attribute is, if it is nothing else."""
    sources = {
        source.address: source
        for reference in item.references(attribute)
        if reference.startswith(f"data.{DOCUMENT}.")
        and (source := plan.resolve(reference.removesuffix(".json").removesuffix(".minified_json"), seen_from=item))
    }
    return next(iter(sources.values())) if len(sources) == 1 else None


def _of_data_source(item: Planned, plan: PlanView) -> Iterator[Statement | Unreadable]:
    statements = item.values.get("statement")
    if item.is_unknown("statement"):
        yield Unreadable("statement")
    expressions = item.expressions.get("statement")
    unknown = item.unknown.get("statement")
    for index, raw in enumerate(statements or ()):
        missing = unknown[index] if isinstance(unknown, list) and index < len(unknown) else {}
        written = as_written(expressions, index, raw, len(statements or ()))
        yield Statement(
            where=f"statement[{index}]",
            allows=(raw.get("effect") or "Allow") == "Allow",
            actions=elements(raw, missing, "actions"),
            not_actions=elements(raw, missing, "not_actions"),
            resources=elements(raw, missing, "resources"),
            not_resources=elements(raw, missing, "not_resources"),
            principals=principals_in(raw, missing),
            computed=_refers_to_a_resource(written.get("resources")),
            resources_expression=written.get("resources"),
        )
    for attribute in ("source_policy_documents", "override_policy_documents"):
        for index, text in enumerate(item.values.get(attribute) or ()):
            document = _parsed(text) if isinstance(text, str) else None
            if document is not None and not _produced_here(document, item, plan):
                yield from _of_document(document, f"{attribute}[{index}]")
        unread = item.unknown.get(attribute)
        if (unread is True or (isinstance(unread, list) and True in unread)) and not any(
            reference.startswith(f"data.{DOCUMENT}.") for reference in item.references(attribute)
        ):
            yield Unreadable(attribute)


def as_written(expressions: Any, index: int, raw: Mapping[str, Any], count: int) -> Mapping[str, Any]:
    """The expressions of a data source's statement.

    Those of a ``dynamic`` block are not in a plan, which moves the others up.
    """
    if not isinstance(expressions, list):
        return {}
    if len(expressions) == count:
        return expressions[index] if isinstance(expressions[index], Mapping) else {}
    of_that_sid = [each for each in expressions if raw.get("sid") and _constant(each, "sid") == raw["sid"]]
    return of_that_sid[0] if len(of_that_sid) == 1 else {}


def _constant(block: Any, argument: str) -> Any:
    expression = block.get(argument) if isinstance(block, Mapping) else None
    return expression.get("constant_value") if isinstance(expression, Mapping) else None


def _of_document(document: Mapping[str, Any], path: str) -> Iterator[Statement]:
    statements = document.get("Statement")
    for index, raw in enumerate(statements if isinstance(statements, list) else [statements]):
        if isinstance(raw, Mapping):
            yield Statement(
                where=f"{path}.Statement[{index}]",
                allows=raw.get("Effect") == "Allow",
                actions=_listed(raw.get("Action")),
                not_actions=_listed(raw.get("NotAction")),
                resources=_listed(raw.get("Resource")),
                not_resources=_listed(raw.get("NotResource")),
                principals=_json_principals(raw.get("Principal")),
            )


def elements(raw: Mapping[str, Any], missing: Any, key: str) -> tuple[str | None, ...]:
    """A list of a data source's statement, None for what is unknown in it (as ``missing`` says)."""
    unknown = missing.get(key) if isinstance(missing, Mapping) else None
    if unknown is True:
        return (None,)
    return tuple(text if isinstance(text, str) else None for text in raw.get(key) or ())


def principals_in(raw: Mapping[str, Any], missing: Any) -> tuple[tuple[str, str | None], ...]:
    """The principals of a data source's statement, as ``(type, identifier)``."""
    unknown = missing.get("principals") if isinstance(missing, Mapping) else None
    if unknown is True:
        return (("AWS", None),)
    found: list[tuple[str, str | None]] = []
    for index, principal in enumerate(raw.get("principals") or ()):
        inner = unknown[index] if isinstance(unknown, list) and index < len(unknown) else {}
        found += [(str(principal.get("type")), text) for text in elements(principal, inner, "identifiers")]
    return tuple(found)


def _json_principals(principal: Any) -> tuple[tuple[str, str | None], ...]:
    if isinstance(principal, Mapping):
        return tuple((str(kind), text) for kind, value in principal.items() for text in _listed(value))
    return tuple(("*", text) for text in _listed(principal))


def _listed(value: Any) -> tuple[str | None, ...]:
    if value is None:
        return ()
    return tuple(text if isinstance(text, str) else None for text in (value if isinstance(value, list) else [value]))


def _refers_to_a_resource(expression: Any) -> bool:
    """Whether a list's unknown elements can be told to be names that AWS will give.

    A value is unknown at plan only because a resource has yet to make it; when the
    expression names that resource, the value is its identity.
    """
    references = expression.get("references") if isinstance(expression, Mapping) else None
    local = ("var.", "local.", "each.", "count.", "path.", "terraform.", "self.")
    return any(not str(reference).startswith(local) for reference in references or ())


def texts_in(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Every text below a value, with its path: ``inline_policy[0].policy``."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from texts_in(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from texts_in(item, f"{path}[{index}]")


def _parsed(text: str) -> dict[str, Any] | None:
    """The policy document in a text, if it is one: JSON with statements that have an effect."""
    if not text.lstrip().startswith("{") or '"Statement"' not in text:
        return None
    try:
        document = json.loads(text)
    except ValueError:
        return None
    statements = document.get("Statement")
    first = statements[0] if isinstance(statements, list) and statements else statements
    return document if isinstance(first, dict) and "Effect" in first else None


def _produced_here(document: Mapping[str, Any], item: Planned, plan: PlanView) -> bool:
    """Whether the text is what a data source of the same plan produced, and so is read there."""
    wanted = _canonical(document)
    for reference in references_in(item.expressions):
        if not reference.startswith(f"data.{DOCUMENT}."):
            continue
        source = plan.resolve(reference.removesuffix(".json").removesuffix(".minified_json"), seen_from=item)
        text = source.values.get("json") if source is not None else None
        produced = _parsed(text) if isinstance(text, str) else None
        if produced is not None and _canonical(produced) == wanted:
            return True
    return False


def _canonical(value: Any) -> str:
    """One text for all spellings of a document: AWS and the provider reorder lists and unwrap single ones."""
    return json.dumps(_ordered(value), sort_keys=True)


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _ordered(item) for key, item in value.items()}
    if isinstance(value, list):
        items = sorted((_ordered(item) for item in value), key=lambda item: json.dumps(item, sort_keys=True))
        return items[0] if len(items) == 1 else items
    return value
