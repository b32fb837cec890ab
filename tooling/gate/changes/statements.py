"""Statements of policies: taken apart into grants that can be compared, and said in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from tooling.gate.changes.subsumption import Grant, Scope
from tooling.gate.prepare import NOT_YET

_ACCOUNT = re.compile(r"\d{12}")
_SHOWN = 4


def grants_in(statement: Mapping[str, Any]) -> Iterator[Grant]:
    """A statement, as one grant for each action, resource and principal in it."""
    conditions = _conditions(statement.get("Condition"))
    for action, resource, principal in product(
        _scopes(statement, "Action", lower=True), _scopes(statement, "Resource"), _principals(statement)
    ):
        yield Grant(statement.get("Effect") == "Allow", action, resource, principal, conditions)


def in_words(statement: Mapping[str, Any], *, whole: bool = False) -> str:
    """``Service lambda.amazonaws.com may kms:Decrypt on *, if aws:SourceAccount is 123456789012``.

    Args:
        whole: Do not shorten lists.
    """
    who = _who(statement, whole)
    verb = "may" if statement.get("Effect") == "Allow" else "must not"
    what = _some(statement, "Action", whole) or _but(statement, "NotAction", whole)
    where = _some(statement, "Resource", whole) or _but(statement, "NotResource", whole)
    conditions = [
        f"{key} {operator} {_listing(_listed(value), whole)}"
        for operator, tests in (statement.get("Condition") or {}).items()
        for key, value in tests.items()
    ]
    words = [who, verb, what, f"on {where}" if where else ""]
    return " ".join(filter(None, words)) + (f", if {' and '.join(conditions)}" if conditions else "")


def named_here(text: str) -> str:
    """An element for people: what is not known yet says so."""
    return "what is known only after the apply" if text == NOT_YET else text


def _scopes(statement: Mapping[str, Any], key: str, *, lower: bool = False) -> list[Scope]:
    def cased(texts: list[str]) -> list[str]:
        return [text.lower() for text in texts] if lower else texts

    if f"Not{key}" in statement:
        return [Scope(frozenset(cased(_listed(statement[f"Not{key}"]))), excepted=True)]
    # A trust policy names no resource.
    return [Scope(frozenset({text})) for text in cased(_listed(statement.get(key))) or ["*"]]


def _principals(statement: Mapping[str, Any]) -> list[Scope]:
    if "NotPrincipal" in statement:
        return [Scope(frozenset(_named(statement["NotPrincipal"])), excepted=True)]
    return [Scope(frozenset({text})) for text in _named(statement.get("Principal")) or ["*"]]


def _named(principal: Any) -> list[str]:
    """Principals as ``AWS:arn:…``. An account is its root; everybody is ``*``, however that is written."""
    if not isinstance(principal, Mapping):
        return _listed(principal)
    found = []
    for kind, value in principal.items():
        for text in _listed(value):
            account = f"arn:aws:iam::{text}:root" if kind == "AWS" and _ACCOUNT.fullmatch(text) else text
            found.append("*" if text == "*" and kind in ("*", "AWS") else f"{kind}:{account}")
    return found


def _conditions(conditions: Any) -> tuple[tuple[tuple[str, str], frozenset[str]], ...]:
    if not isinstance(conditions, Mapping):
        return ()
    return tuple(
        sorted(
            ((str(operator).lower(), str(key).lower()), frozenset(_listed(value)))
            for operator, tests in conditions.items()
            for key, value in tests.items()
        )
    )


def _who(statement: Mapping[str, Any], whole: bool) -> str:
    principal = statement.get("Principal", statement.get("NotPrincipal"))
    if principal is None:
        return ""
    names = ["everybody" if name == "*" else name.replace(":", " ", 1) for name in _named(principal)]
    listed = _listing(names, whole)
    return f"everybody but {listed}" if "NotPrincipal" in statement else listed


def _some(statement: Mapping[str, Any], key: str, whole: bool) -> str:
    return _listing([named_here(text) for text in _listed(statement.get(key))], whole)


def _but(statement: Mapping[str, Any], key: str, whole: bool) -> str:
    texts = _listed(statement.get(key))
    return f"everything but {_listing(texts, whole)}" if texts else ""


def _listing(texts: list[str], whole: bool) -> str:
    if whole or len(texts) <= _SHOWN:
        return ", ".join(texts)
    return f"{', '.join(texts[:_SHOWN])} and {len(texts) - _SHOWN} more"


def _listed(value: Any) -> list[str]:
    return [str(text) for text in (value if isinstance(value, list) else [value]) if text is not None]
