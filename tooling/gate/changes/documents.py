"""Policies of a plan as JSON documents, with their conditions: as they stand there, or as they will be written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.gate.documents import DOCUMENT, POLICY_ATTRIBUTES, Statement, policies_of, texts_in
from tooling.gate.planned import Planned, PlanView
from tooling.gate.prepare import rendered_statement, statements_of

_MERGED = ("source_policy_documents", "override_policy_documents")


@dataclass(frozen=True)
class Policy:
    """A policy that stands in an attribute of a resource.

    Attributes:
        attribute: Where: ``policy``, ``inline_policy[0].policy``.
        statements: Its statements as JSON has them; None when nothing of it is known.
        made_from: For each statement: what the resources of it that are not known yet come from. Empty where all are
            known.
    """

    attribute: str
    statements: tuple[Mapping[str, Any], ...] | None
    made_from: tuple[tuple[Planned, ...], ...] = ()


def policies_in(item: Planned, view: PlanView) -> Iterator[Policy]:
    """Every policy of a managed resource that stands in its configuration.

    Not what AWS shows in it of a policy that is a resource of its own: that may be taken away by this very plan.
    """
    read: set[str] = set()
    for path, text in texts_in(item.values, ""):
        attribute = path.partition("[")[0].partition(".")[0]
        statements = statements_in(text) if attribute in item.expressions or not item.expressions else None
        if statements is not None:
            read.add(attribute)
            yield Policy(path, statements)
    for attribute in sorted(POLICY_ATTRIBUTES & set(item.expressions) - read):
        if _is_awaited(item.unknown.get(attribute)):
            yield _behind(item, attribute, view)


def statements_in(text: str) -> tuple[Mapping[str, Any], ...] | None:
    """The statements of a policy in a text; None if it is no policy."""
    if not text.lstrip().startswith("{") or '"Statement"' not in text:
        return None
    try:
        statements = json.loads(text).get("Statement")
    except ValueError:
        return None
    listed = statements if isinstance(statements, list) else [statements]
    found = tuple(each for each in listed if isinstance(each, Mapping) and "Effect" in each)
    return found if found or statements == [] else None


def _behind(item: Planned, attribute: str, view: PlanView) -> Policy:
    """The statements of the data source that an attribute comes from, through the variables of modules."""
    sources = view.sources(item.expressions.get(attribute), seen_from=item)
    documents = {each.address: each for source in sources for each in source.instances or () if each.type == DOCUMENT}
    unclear = any(source.instances is None for source in sources)
    if len(documents) != 1 or unclear:
        return Policy(attribute, None)
    return _of_data_source(attribute, next(iter(documents.values())), view)


def _of_data_source(attribute: str, source: Planned, view: PlanView) -> Policy:
    if source.is_unknown("statement"):
        return Policy(attribute, None)
    found: list[Mapping[str, Any]] = [rendered_statement(raw, missing) for raw, missing in statements_of(source)]
    made_from = [_made_from(source, index, view) for index in range(len(found))]
    for merged in _MERGED:
        for text in source.values.get(merged) or ():
            known = (statements_in(text) or ()) if isinstance(text, str) else ()
            found += known
            made_from += [()] * len(known)
        if _is_awaited(source.unknown.get(merged)):
            other = _behind(source, merged, view)
            if other.statements is None:
                return Policy(attribute, None)
            found += other.statements
            made_from += other.made_from
    return Policy(attribute, tuple(found), tuple(made_from))


def _made_from(source: Planned, index: int, view: PlanView) -> tuple[Planned, ...]:
    written = [each for each in policies_of(source, view) if each.where == f"statement[{index}]"]
    if not written or not isinstance(written[0], Statement):
        return ()
    sources = view.sources(written[0].resources_expression, seen_from=source)
    return tuple(each for one in sources for each in one.instances or ())


def _is_awaited(unknown: Any) -> bool:
    if isinstance(unknown, list):
        return any(map(_is_awaited, unknown))
    if isinstance(unknown, Mapping):
        return any(map(_is_awaited, unknown.values()))
    return unknown is True
