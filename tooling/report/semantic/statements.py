"""IAM and resource policies, statement by statement, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tooling.gate.planned import references_in
from tooling.plan.masking import MASK
from tooling.plan.summary import UNKNOWN
from tooling.report.semantic.model import ADDED, CHANGED, REMOVED, Entry
from tooling.report.semantic.values import parsed

_ELEMENTS = ("actions", "not_actions", "resources", "not_resources", "principals", "not_principals", "conditions")
_MOST_NAMED = 4
_WORDS = {
    "actions": "action",
    "not_actions": "excepted action",
    "resources": "resource",
    "not_resources": "excepted resource",
    "principals": "principal",
    "not_principals": "excepted principal",
    "conditions": "condition",
}


@dataclass(frozen=True)
class Grant:
    """One statement. Orders and spellings that mean the same are the same here."""

    sid: str
    allows: bool
    actions: frozenset[str] = frozenset()
    not_actions: frozenset[str] = frozenset()
    resources: frozenset[str] = frozenset()
    not_resources: frozenset[str] = frozenset()
    principals: frozenset[str] = frozenset()
    not_principals: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()

    @property
    def meaning(self) -> tuple[object, ...]:
        """All but its name."""
        return (self.allows, *(getattr(self, element) for element in _ELEMENTS))

    def __str__(self) -> str:
        """As in ``Allow service lambda.amazonaws.com: sts:AssumeRole, if aws:SourceAccount is 1``."""
        who = ""
        if self.principals:
            who = f" {_listed(self.principals)}"
        elif self.not_principals:
            who = f" everyone but {_listed(self.not_principals)}"
        what = _listed(self.actions) if self.actions else f"everything but {_listed(self.not_actions)}"
        on = f" on {_listed(self.resources)}" if self.resources else ""
        if self.not_resources:
            on = f" on everything but {_listed(self.not_resources)}"
        when = f", if {' and '.join(sorted(self.conditions))}" if self.conditions else ""
        name = f"{self.sid}: " if self.sid else ""
        return f"{name}{'Allow' if self.allows else 'Deny'}{who}: {what}{on}{when}"


def _listed(items: Iterable[str]) -> str:
    return ", ".join(sorted(items))


def document_in(value: Any) -> tuple[Grant, ...] | None:
    """The statements of a policy document in JSON text; None if the text is no policy."""
    document = parsed(value)
    if not isinstance(document, Mapping) or "Statement" not in document:
        return None
    raw = document["Statement"]
    statements = raw if isinstance(raw, list) else [raw]
    if not all(isinstance(each, Mapping) and "Effect" in each for each in statements):
        return None
    return tuple(
        Grant(
            sid=str(each.get("Sid") or ""),
            allows=each.get("Effect") == "Allow",
            actions=_texts(each.get("Action")),
            not_actions=_texts(each.get("NotAction")),
            resources=_texts(each.get("Resource")),
            not_resources=_texts(each.get("NotResource")),
            principals=_principals(each.get("Principal")),
            not_principals=_principals(each.get("NotPrincipal")),
            conditions=frozenset(_conditions(each.get("Condition") or {})),
        )
        for each in statements
    )


def of_blocks(blocks: Sequence[Mapping[str, Any]], unknown: Any, written: Any) -> tuple[Grant, ...]:
    """The statements of a data source ``aws_iam_policy_document``.

    Args:
        blocks: Its ``statement`` blocks, with None for what is known only after apply.
        unknown: Their marks.
        written: Their expressions, which say what an unknown value will be.
    """
    grants = []
    for index, block in enumerate(blocks):
        marks = unknown[index] if isinstance(unknown, list) and index < len(unknown) else {}
        source = _as_written(written, index, block, len(blocks))
        grants.append(_of_block(block, marks if isinstance(marks, Mapping) else {}, source))
    return tuple(grants)


def _as_written(written: Any, index: int, block: Mapping[str, Any], count: int) -> Mapping[str, Any]:
    """The expressions of a statement. Those of a ``dynamic`` block are not in a plan, which moves the others up."""
    if isinstance(written, list) and len(written) == count:
        return _at(written, index)
    sid = {"constant_value": block.get("sid")}
    named = [
        each for each in written or () if isinstance(each, Mapping) and block.get("sid") and each.get("sid") == sid
    ]
    return named[0] if len(named) == 1 else {}


def _of_block(block: Mapping[str, Any], marks: Mapping[str, Any], written: Mapping[str, Any]) -> Grant:
    def texts(key: str) -> frozenset[str]:
        return _known_texts(block.get(key), marks.get(key), written.get(key))

    def who(key: str) -> frozenset[str]:
        found: set[str] = set()
        for index, each in enumerate(block.get(key) or ()):
            inner = _at(marks.get(key), index)
            source = _at(written.get(key), index)
            identifiers = _known_texts(each.get("identifiers"), inner.get("identifiers"), source.get("identifiers"))
            found |= {_principal(str(each.get("type")), text) for text in identifiers}
        return frozenset(found)

    conditions = set()
    for index, each in enumerate(block.get("condition") or ()):
        inner, source = _at(marks.get("condition"), index), _at(written.get("condition"), index)
        values = _known_texts(each.get("values"), inner.get("values"), source.get("values"))
        conditions.add(_condition(str(each.get("test")), str(each.get("variable")), values))
    return Grant(
        sid=str(block.get("sid") or ""),
        allows=(block.get("effect") or "Allow") == "Allow",
        actions=texts("actions"),
        not_actions=texts("not_actions"),
        resources=texts("resources"),
        not_resources=texts("not_resources"),
        principals=who("principals"),
        not_principals=who("not_principals"),
        conditions=frozenset(conditions),
    )


def _at(items: Any, index: int) -> Mapping[str, Any]:
    found = items[index] if isinstance(items, list) and index < len(items) else {}
    return found if isinstance(found, Mapping) else {}


def _known_texts(values: Any, marks: Any, written: Any) -> frozenset[str]:
    """The texts of a list; what is not known yet is named by the expression it comes from."""
    known = {str(value) for value in values or () if value is not None}
    if marks is True or (isinstance(marks, list) and True in marks):
        known.add(awaited(written))
    return frozenset(known)


def awaited(written: Any) -> str:
    """How an expression names what is known only after apply."""
    found = references_in(written)
    # A plan names the resource once more beside its attribute.
    whole = [each for each in found if not any(other.startswith((f"{each}.", f"{each}[")) for other in found)]
    whole = [each for each in whole if not each.startswith(("var.", "local."))] or whole
    if not whole:
        return f"⟨{UNKNOWN[1:-1]}⟩"
    more = f" and {len(whole) - _MOST_NAMED} more" if len(whole) > _MOST_NAMED else ""
    return f"⟨{', '.join(whole[:_MOST_NAMED])}{more}⟩"


def _texts(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset()
    return frozenset(str(item) for item in (value if isinstance(value, list) else [value]))


def _principals(value: Any) -> frozenset[str]:
    if isinstance(value, Mapping):
        return frozenset(_principal(str(kind), text) for kind, who in value.items() for text in _texts(who))
    return frozenset(_principal("*", text) for text in _texts(value))


def _principal(kind: str, name: str) -> str:
    if name == "*":
        return "anyone"
    return {"Service": f"service {name}", "Federated": f"identity provider {name}"}.get(kind, name)


def _conditions(raw: Any) -> Iterator[str]:
    if raw == MASK or not isinstance(raw, Mapping):
        yield str(raw)
        return
    for test, pairs in raw.items():
        for variable, values in pairs.items() if isinstance(pairs, Mapping) else ():
            yield _condition(str(test), str(variable), _texts(_boolean(values)))


def _boolean(value: Any) -> Any:
    items = value if isinstance(value, list) else [value]
    return [str(item).lower() if isinstance(item, bool) else item for item in items]


def _condition(test: str, variable: str, values: frozenset[str]) -> str:
    plain = test in ("StringEquals", "ArnEquals", "Bool", "NumericEquals")
    verb = "is" if plain else f"({test})"
    return f"{variable} {verb} {' or '.join(sorted(values))}"


def compare(before: Sequence[Grant], after: Sequence[Grant]) -> tuple[Entry, ...]:
    """What comes, goes and changes; statements that mean the same under another name are left out."""
    gone, come = _without(before, after), _without(after, before)
    entries = []
    for old in list(gone):
        new = _partner(old, come)
        if new is not None:
            gone.remove(old)
            come.remove(new)
            entries.append(Entry(CHANGED, f"{_subject(new)}", parts=tuple(_moved(old, new))))
    removed = [Entry(REMOVED, str(grant)) for grant in gone]
    added = [Entry(ADDED, str(grant)) for grant in come]
    return (*added, *entries, *removed)


def _without(ones: Sequence[Grant], others: Sequence[Grant]) -> list[Grant]:
    meanings = {grant.meaning for grant in others}
    return [grant for grant in ones if grant.meaning not in meanings]


def _partner(old: Grant, others: Sequence[Grant]) -> Grant | None:
    """The statement that took the place of ``old``: of the same name, else the only one that shares half of it."""
    named = [new for new in others if old.sid and new.sid == old.sid]
    if named:
        return named[0]
    alike = [new for new in others if not (old.sid and new.sid) and _shared(old, new) > len(_ELEMENTS) // 2]
    return max(alike, key=lambda new: _shared(old, new), default=None)


def _shared(old: Grant, new: Grant) -> int:
    if old.allows != new.allows:
        return 0
    return sum(bool(getattr(old, each) == getattr(new, each)) for each in _ELEMENTS)


def _subject(grant: Grant) -> str:
    return grant.sid or str(grant)


def _moved(old: Grant, new: Grant) -> Iterator[Entry]:
    if old.allows != new.allows:
        words = {True: "Allow", False: "Deny"}
        yield Entry(CHANGED, "effect", words[old.allows], words[new.allows])
    for element in _ELEMENTS:
        was, will = getattr(old, element), getattr(new, element)
        yield from (Entry(ADDED, _WORDS[element], after=text) for text in sorted(will - was))
        yield from (Entry(REMOVED, _WORDS[element], before=text) for text in sorted(was - will))
