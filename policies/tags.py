"""Whose is it, and may it be deleted? Tags answer when nobody remembers."""

from __future__ import annotations

from collections.abc import Iterator

from tooling.gate.engine.check import PlanCheck, Subject, Violation

#: What the provider's default_tags of every stack set.
REQUIRED = ("Architecture", "Environment", "ManagedBy")


class EveryResourceIsTagged(PlanCheck):
    """Every type that can have tags has ``tags_all``: its own tags and the provider's default ones."""

    def __init__(self) -> None:
        super().__init__(id="GP_TAGS_1", name="Every resource carries the tags of its stack", resources=["aws_*"])

    def violations(self, subject: Subject) -> Iterator[Violation]:
        resource = subject.resource
        if "tags_all" not in resource.values and "tags_all" not in resource.unknown:
            return
        if resource.is_unknown("tags_all"):
            yield Violation("its tags are known only after apply", undecided=True)
            return
        tags = resource.values.get("tags_all") or {}
        awaited = resource.unknown.get("tags_all")
        missing = [
            key
            for key in REQUIRED
            if not (tags.get(key) or "").strip() and not (isinstance(awaited, dict) and awaited.get(key))
        ]
        if missing:
            yield Violation(f"has no tag {', '.join(missing)}")


check = EveryResourceIsTagged()
