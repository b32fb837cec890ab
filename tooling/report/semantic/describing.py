"""One resource's change, told attribute by attribute in the way that fits the attribute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from tooling.gate.addresses import parse_address
from tooling.gate.documents import DOCUMENT, POLICY_ATTRIBUTES
from tooling.plan.masking import MASK, overlaid
from tooling.plan.summary import UNKNOWN
from tooling.report.semantic import reach
from tooling.report.semantic.context import Context
from tooling.report.semantic.model import CHANGED, Entry, Meaning, Section
from tooling.report.semantic.paths import differences
from tooling.report.semantic.settled import settled
from tooling.report.semantic.statements import Grant, compare, document_in, of_blocks
from tooling.report.semantic.values import parsed, readable

_TAGS = ("tags", "tags_all")
_PERMISSION = "aws_lambda_permission"
_SPELLED = Entry(CHANGED, "the same in another spelling: nothing that a reader could tell apart")


def describe(entry: Mapping[str, Any], context: Context) -> Meaning:
    """What the plan does to the resource of one entry of ``resource_changes``."""
    change = entry["change"]
    before = overlaid(change.get("before"), change.get("before_sensitive"))
    after = overlaid(change.get("after"), change.get("after_sensitive"))
    unknown = change.get("after_unknown") or {}
    # A plan may mark a whole resource as unknown or give nothing of it.
    unknown = unknown if isinstance(unknown, Mapping) else {}
    old = before if isinstance(before, Mapping) else {}
    new = after if isinstance(after, Mapping) else {}
    written = context.expressions(entry["address"])
    told = _Told(entry, old, new, unknown, written, context)
    moved = bool(old) and bool(new)
    sections = [*told.policies(), *told.reaches()]
    if moved:
        sections += [*told.rest(), *told.tags(), *told.hidden(), *told.computed()]
        sections = _forcing(sections, change.get("replace_paths") or ())
        if not sections and dict(old) != dict(new):
            sections = [Section("attributes", "arguments", (_SPELLED,))]
        return Meaning(tuple(sections))
    kept = {key: value for key, value in (new or old).items() if key not in told.done}
    awaited = {key: mark for key, mark in unknown.items() if new and key not in told.done}
    return Meaning(tuple(sections), settled(kept, awaited, written))


class _Told:
    """Goes over the attributes of one resource; what one way has told, the next leaves out."""

    def __init__(
        self,
        entry: Mapping[str, Any],
        old: Mapping[str, Any],
        new: Mapping[str, Any],
        unknown: Mapping[str, Any],
        written: Mapping[str, Any],
        context: Context,
    ) -> None:
        self.entry, self.context = entry, context
        self.old, self.new, self.unknown, self.written = old, new, unknown, written
        self.done: set[str] = set()

    def policies(self) -> Iterator[Section]:
        if self.entry["type"] == _PERMISSION:
            yield from self._permission()
            return
        for name in sorted({*self.old, *self.new, *self.unknown}):
            before, after = self._statements(name)
            if before is None and after is None:
                continue
            if name in POLICY_ATTRIBUTES and after is None and self.unknown.get(name):
                entries: tuple[Entry, ...] = (Entry(CHANGED, f"the whole policy is {UNKNOWN[1:-1]}"),)
            else:
                entries = compare(before or (), after or ())
            self.done.add(name)
            if entries:
                yield Section("policy", name, entries)

    def _statements(self, name: str) -> tuple[tuple[Grant, ...] | None, tuple[Grant, ...] | None]:
        before = document_in(self.old.get(name))
        if self.unknown.get(name) is True and name in POLICY_ATTRIBUTES:
            return before, self._behind(name)
        return before, document_in(self.new.get(name))

    def _behind(self, name: str) -> tuple[Grant, ...] | None:
        """The statements of the data source that a policy is made by, while its text is not known."""
        at = parse_address(self.entry["address"])
        sources = self.context.meant(self.written.get(name), at, DOCUMENT)
        if len(sources) != 1:
            return None
        change = self.context.entries[sources[0]]["change"]
        unknown = change.get("after_unknown") or {}
        blocks = (change.get("after") or {}).get("statement") or ()
        return of_blocks(
            blocks,
            unknown.get("statement") if isinstance(unknown, Mapping) else None,
            self.context.expressions(sources[0]).get("statement"),
        )

    def _permission(self) -> Iterator[Section]:
        def grants(values: Mapping[str, Any]) -> tuple[Grant, ...]:
            if not values:
                return ()
            tied = {key: values.get(key) for key in ("source_arn", "source_account", "principal_org_id")}
            awaited = {key for key in tied if self.unknown.get(key) and values is self.new}
            texts = {f"{key} is {value}" for key, value in tied.items() if value} | {
                f"{key} is {self._name(key)}" for key in awaited
            }
            function = values.get("function_name") or self._name("function_name")
            return (
                Grant(
                    sid="",
                    allows=True,
                    actions=frozenset({str(values.get("action"))}),
                    resources=frozenset({str(function)}),
                    principals=frozenset({str(values.get("principal"))}),
                    conditions=frozenset(texts),
                ),
            )

        self.done |= {"action", "function_name", "principal", "principal_org_id", "source_account", "source_arn"}
        entries = compare(grants(self.old), grants(self.new))
        if entries:
            yield Section("policy", "who may call the function", entries)

    def _name(self, attribute: str) -> str:
        from tooling.report.semantic.statements import awaited

        return awaited(self.written.get(attribute))

    def reaches(self) -> Iterator[Section]:
        if self.entry["type"] not in reach.KINDS:
            return
        was = reach.ways(self.entry, self.old or None, self.context)
        will = reach.ways(self.entry, self.new or None, self.context)
        self.done |= reach.TOLD if was or will else set()
        entries = reach.compare(was, will)
        if entries:
            yield Section("reach", "who can reach what", entries)

    def rest(self) -> Iterator[Section]:
        plain: list[Entry] = []
        for name in sorted({*self.old, *self.new, *self.unknown}):
            if name in self.done or name in _TAGS or self._awaited(name):
                continue
            before, after = self.old.get(name), self.new.get(name)
            found = tuple(differences(name, before, after, self.unknown.get(name)))
            if not found:
                continue
            kind = _kind(name, before, after)
            if kind == "attributes":
                plain += found
            else:
                yield Section(kind, name, found)
        if plain:
            yield Section("attributes", "arguments", tuple(plain))

    def hidden(self) -> Iterator[Section]:
        """Whether a secret moves cannot be seen from its mask; Terraform's marks say only where it is."""
        names = [name for name, value in self.new.items() if MASK == value == self.old.get(name)]
        if names:
            entry = Entry(CHANGED, ", ".join(sorted(names)), note="may have changed")
            yield Section("hidden", "sensitive, not compared", (entry,), minor=True)

    def _awaited(self, name: str) -> bool:
        """Given by AWS: nobody wrote an argument for it."""
        return self.unknown.get(name) is True and name not in self.written

    def tags(self) -> Iterator[Section]:
        for name in _TAGS:
            found = tuple(differences(name, self.old.get(name), self.new.get(name), self.unknown.get(name)))
            if found:
                yield Section("tags", name, found, minor=True)
                return

    def computed(self) -> Iterator[Section]:
        names = [name for name in sorted(self.unknown) if self._awaited(name) and name not in (*_TAGS, *self.done)]
        if names:
            yield Section("computed", UNKNOWN[1:-1], (Entry(CHANGED, ", ".join(names)),), minor=True)


def _kind(name: str, before: Any, after: Any) -> str:
    if parsed(before) is not None or parsed(after) is not None:
        return "document"
    if name in ("environment", "environment_variables", "variables"):
        return "environment"
    texts = [readable(value) for value in (before, after) if isinstance(value, str)]
    return "text" if any("\n" in text for text in texts) else "attributes"


def _forcing(sections: list[Section], paths: Any) -> list[Section]:
    """Mark what makes Terraform replace the resource."""
    forcing = {str(path[0]) for path in paths if path}
    marked = []
    for section in sections:
        if section.title in forcing:
            marked.append(replace(section, title=f"{section.title} (forces replacement)"))
            continue
        entries = tuple(
            replace(entry, note=entry.note or "forces replacement") if _root(entry.label) in forcing else entry
            for entry in section.entries
        )
        marked.append(replace(section, entries=entries))
    return marked


def _root(label: str) -> str:
    return label.partition(".")[0].partition("[")[0]
