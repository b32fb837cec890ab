"""A plan with refresh, read three ways: what the state says, what is there, and what the code wants.

Terraform reports every value that differs from the state as drift, also what AWS merely filled in. Here counts what a
plan would change. https://developer.hashicorp.com/terraform/internals/json-format#plan-representation
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tooling.drift.model import CODE, FOLLOWS, MOVERS, REALITY, STATE, UNEXPLAINED, DriftedResource, Moved
from tooling.drift.naming import names_of, region_of
from tooling.drift.telling_apart import told_apart
from tooling.gate.addresses import without_keys
from tooling.plan.masking import MASK, masked
from tooling.plan.summary import ACTIONS, UNKNOWN
from tooling.report.semantic.context import Context
from tooling.report.semantic.model import Entry
from tooling.report.semantic.paths import differences

if TYPE_CHECKING:
    from tooling.drift.history import History

_GONE = ["delete"]
_ALL_TAGS = "tags_all"


def drifted(
    plan: Mapping[str, Any], history: History, declared: Mapping[str, str] | None = None
) -> tuple[DriftedResource, ...]:
    """Every resource that a plan would change, and what moved in it.

    Args:
        plan: As Terraform shows it, with its secrets; the result holds none.
        history: How groundplan left the stack.
        declared: Places in the sources by address.
    """
    shown = masked(plan)
    drift = {
        entry["address"]: (entry["change"], veiled["change"])
        for entry, veiled in _paired("resource_drift", plan, shown)
    }
    context = Context(shown)
    found = []
    for entry, veiled in _paired("resource_changes", plan, shown):
        action = ACTIONS.get(tuple(entry["change"]["actions"]))
        if action is None or entry.get("mode") == "data":
            continue
        three = _Three(entry, veiled, None if entry.get("deposed") else drift.get(entry["address"]), context, history)
        found.append(three.resource(action, (declared or {}).get(without_keys(entry["address"]), "")))
    return tuple(sorted(found, key=lambda one: (MOVERS.index(one.moved[0]), not one.gone, one.address)))


def gone_and_unwanted(plan: Mapping[str, Any]) -> tuple[str, ...]:
    """Resources that are gone from the account and that the code does not want either."""
    wanted = {
        entry["address"] for entry in plan.get("resource_changes") or () if "create" in entry["change"]["actions"]
    }
    drift = plan.get("resource_drift") or ()
    gone = [entry["address"] for entry in drift if entry["change"]["actions"] == _GONE]
    return tuple(address for address in gone if address not in wanted)


def _paired(key: str, plan: Mapping[str, Any], shown: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
    return zip(plan.get(key) or (), shown.get(key) or (), strict=True)


@dataclass(frozen=True)
class _Three:
    """One resource in the state, in the account and in the code; each as it is, and masked."""

    entry: Mapping[str, Any]
    veiled: Mapping[str, Any]
    drift: tuple[Mapping[str, Any], Mapping[str, Any]] | None
    context: Context
    history: History

    @property
    def address(self) -> str:
        return str(self.entry["address"])

    @property
    def gone(self) -> bool:
        return self.drift is not None and self.drift[0]["actions"] == _GONE

    @property
    def in_state(self) -> Any:
        """The values of the state, with their secrets."""
        return self.drift[0]["before"] if self.drift else self.entry["change"].get("before")

    def resource(self, action: str, declared_at: str) -> DriftedResource:
        attributes: tuple[Moved, ...] = ()
        if self.gone:
            moved: tuple[str, ...] = (REALITY,)
        elif action in ("update", "replace"):
            attributes = tuple(self._attributes())
            moved = tuple(mover for mover in MOVERS if any(one.mover == mover for one in attributes))
            if self.entry.get("action_reason") == "replace_because_tainted":
                moved = tuple(dict.fromkeys([STATE, *moved]))
            moved = moved or (self._mover(""),)
        else:
            moved = (self._whole(action),)
        veiled = self.drift[1]["before"] if self.drift else self.veiled.get("before")
        values = veiled if isinstance(veiled, Mapping) else {}
        return DriftedResource(
            address=self.address + (f" (deposed {self.entry['deposed']})" if self.entry.get("deposed") else ""),
            type=str(self.entry["type"]),
            plan=action,
            gone=self.gone,
            moved=moved,
            attributes=attributes,
            note=self._note(),
            declared_at=declared_at,
            names=names_of(values),
            region=region_of(values),
        )

    def _note(self) -> str:
        if self.gone:
            return "gone: in the state, not in the account"
        if self.entry.get("deposed"):
            return "what a replacement left behind"
        if self.entry.get("action_reason") == "replace_because_tainted":
            return "the last apply left it half made (tainted)"
        return ""

    def _whole(self, action: str) -> str:
        """What moved when a plan makes or ends a resource that the account has as the state says."""
        then = self.history.then
        if self.entry.get("deposed"):
            return STATE
        if then is not None and (self.address in then) == (action == "create"):
            return STATE
        return self._mover("")

    def _mover(self, attribute: str) -> str:
        """Why the code and the state differ in an attribute, where reality is as the state says."""
        then = self.history.then
        if then is not None and attribute and self._moved_in_state(then, attribute):
            return STATE
        if self.history.code is not None:
            return CODE
        if self.history.state is not None and then is None:
            return STATE
        # What was left undone, or was accepted and does not stand in the code yet, the code asks for as before.
        half = self.history.last is not None and bool(self.history.last.error)
        return CODE if half or self.history.adopted else UNEXPLAINED

    def _moved_in_state(self, then: Mapping[str, Mapping[str, Any]], attribute: str) -> bool:
        if self.address not in then:
            return True
        state = self.in_state if isinstance(self.in_state, Mapping) else {}
        return bool(then[self.address].get(attribute) != state.get(attribute))

    def _attributes(self) -> Iterator[Moved]:
        change, veiled = self.entry["change"], self.veiled["change"]
        unknown = change.get("after_unknown") or {}
        was, there, will = self.in_state, change.get("before"), change.get("after")
        first = self.drift[1]["before"] if self.drift else veiled.get("before")
        second = told_apart(veiled.get("before"), there, was)
        third = told_apart(veiled.get("after"), will, was, there)

        undone = self._wanted(differences("", second, third, unknown))
        by_hand = list(differences("", first, second)) if self.drift else []
        for entry in by_hand:
            if _touches_any(entry, undone):
                yield from _moved(entry, REALITY)
        for entry in self._wanted(differences("", first, third, unknown)):
            if not _touches_any(entry, undone):
                continue
            if entry.after != UNKNOWN:
                yield from _moved(entry, self._mover(_root(entry.label)))
            elif not _touches_any(entry, by_hand):
                yield from _moved(entry, FOLLOWS)

    def _wanted(self, entries: Iterator[Entry]) -> list[Entry]:
        """Without what AWS will give, which nobody wrote an argument for; without tags that are told already."""
        written = self.context.expressions(self.address)
        found = [entry for entry in entries if entry.after != UNKNOWN or _root(entry.label) in written]
        labels = {entry.label for entry in found}
        return [
            entry
            for entry in found
            if not (_root(entry.label) == _ALL_TAGS and f"tags{entry.label.removeprefix(_ALL_TAGS)}" in labels)
        ]


def _root(label: str) -> str:
    return label.partition(".")[0].partition("[")[0]


def _touches_any(entry: Entry, others: list[Entry]) -> bool:
    return any(_touches(entry.label, other.label) for other in others)


def _touches(one: str, other: str) -> bool:
    """Whether one path is the other, or lies within it."""
    shorter, longer = sorted((one, other), key=len)
    return longer == shorter or (longer.startswith(shorter) and longer[len(shorter)] in ".[")


def _moved(entry: Entry, mover: str) -> Iterator[Moved]:
    """An entry, or what it consists of, each with the whole path."""
    if entry.before or entry.after or not entry.parts:
        yield Moved(entry.label, _unquoted(entry.before), _unquoted(entry.after), mover)
        return
    for part in entry.parts:
        path = f"{entry.label}.{part.label}" if part.label else entry.label
        yield Moved(path, _unquoted(part.before), _unquoted(part.after), mover)


def _unquoted(text: str) -> str:
    """Our own word for a secret is no text of the value's."""
    inner = text[1:-1]
    return inner if inner.startswith("(") and inner.endswith(MASK[1:]) and text[:1] == '"' else text
