"""Which resource of a plan another one names: by its id where that is known, by the expression where it is not yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from tooling.gate.planned import Planned, PlanView


@dataclass(frozen=True)
class Part:
    """An argument of a resource, however deep: its value, which of it is unknown, the expression it comes from."""

    item: Planned
    value: Any
    unknown: Any
    expression: Any

    def at(self, *steps: str | int) -> Part:
        """An argument of a block in it."""
        value, unknown, expression = self.value, self.unknown, self.expression
        for step in steps:
            value, unknown, expression = (_step(each, step) for each in (value, unknown, expression))
        return Part(self.item, value, unknown, expression)

    def blocks(self) -> tuple[Part, ...]:
        """The blocks of it, if it is made of blocks."""
        return tuple(self.at(index) for index in range(len(self.value))) if isinstance(self.value, list) else ()

    @property
    def awaited(self) -> bool:
        """Whether some of it is unknown although the configuration gives it."""
        return _has_true(self.unknown) and self.expression is not None


@dataclass(frozen=True)
class Linked:
    """The resources that an argument names.

    Attributes:
        items: Those of the plan.
        whole: Whether these are all: nothing that is named is of another stack, or cannot be told.
    """

    items: tuple[Planned, ...]
    whole: bool

    @property
    def one(self) -> Planned | None:
        return self.items[0] if len(self.items) == 1 else None


def part(item: Planned, *steps: str | int) -> Part:
    """An argument of a resource, or of a block in it: ``part(service, "network_configuration", 0, "subnets")``."""
    return Part(item, item.values, item.unknown, item.expressions).at(*steps)


def linked(argument: Part, kinds: Collection[str], view: PlanView) -> Linked:
    """The managed resources of these types that an argument names."""
    texts = argument.value if isinstance(argument.value, list) else [argument.value]
    known = [text for text in texts if isinstance(text, str)]
    found = {item.address: item for text in known for item in view.named(text) if item.type in kinds}
    whole = all(any(item.type in kinds for item in view.named(text)) for text in known)
    if argument.unknown is True or _has_true(argument.unknown):
        for source in view.sources(argument.expression, seen_from=argument.item):
            whole = whole and source.instances is not None
            found.update({each.address: each for each in source.instances or () if each.type in kinds})
        whole = whole and bool(found)
    return Linked(tuple(found.values()), whole)


def short(item: Planned) -> str:
    """Its address without the modules it is in."""
    return item.address.removeprefix(f"{item.at.module}.") if item.at.module else item.address


def _step(value: Any, step: str | int) -> Any:
    if value is True:  # all of it is unknown
        return True
    if isinstance(step, int):
        return value[step] if isinstance(value, list) and step < len(value) else None
    if isinstance(value, Mapping):
        # A map or a list as one expression: what it refers to is what its elements refer to.
        return value if "references" in value and step not in value else value.get(step)
    return None


def _has_true(unknown: Any) -> bool:
    if isinstance(unknown, Mapping):
        return any(map(_has_true, unknown.values()))
    if isinstance(unknown, list):
        return any(map(_has_true, unknown))
    return unknown is True
