"""Which rows of the ledger a mutant breaks: those whose check names the place that it changes.

A row of a kind that only a test proves names, in its ``check`` and ``resources``,

- types: a mutant that takes away a resource of one, adds one that was switched off, or moves it to another region is a
  mutant of the row; so is every change of one that its check names without any argument;
- paths (``aws_dynamodb_table.ttl[0].enabled``), and arguments beside a type (``threshold == 10``): so is every change
  at such a path of such a type, inside a text of JSON too;
- policies: so is every change of a policy document that a resource of a named type is made from;
- variables and outputs, by their name;
- what there must not be (``no aws_nat_gateway``, ``exactly one aws_dynamodb_table``, ``vpc_config empty``): a mutant
  adds it.

Selectors (``[frontend]``) and environments (``plan[prod]``) are not looked at: a path named for one resource of a type
counts for all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.mutation.mutants import Mutant
from tests.mutation.provider_schema import Schema, attribute, nested
from tests.mutation.steps import names
from tests.mutation.view import DOCUMENT, View, leaves, referred, type_of, values_of
from tests.support.plans import Json
from tooling.requirements.ledger import PREFIXES, PROVEN_BY_TEST

_TYPE = r"aws_[a-z0-9_]+"
# "no aws_apigatewayv2_api", "no resource of type aws_instance, aws_nat_gateway", "no aws_vpc"; "exactly one aws_x".
_FORBIDDEN = re.compile(rf"\b(?:no|neither)\b[^;]*?({_TYPE}(?:(?:,| or| nor| and)+ {_TYPE})*)")
_ONE = re.compile(rf"\bone ({_TYPE})")
_PATH = re.compile(rf"({_TYPE})((?:\[[^\]]*\]|[.][a-z_]\w*)*)")
# What takes a whole resource away, or makes another of it.
_OF_RESOURCE = {"resource", "instance", "always", "provider", "add"}
# Texts for people, and labels.
_PROSE = {"sid", "description", "alarm_description", "comment", "statement_id", "target_id", "tags"}


@dataclass(frozen=True)
class Row:
    """What a row of the ledger names.

    Attributes:
        id: As ``RW-DDB-05``.
        types: Resource types.
        paths: Paths of arguments, by type.
        whole: Types that its check names without any argument.
        words: All other words of its check.
        absent: Types of which there must be none.
        single: Types of which there must be one.
    """

    id: str
    types: frozenset[str]
    paths: Mapping[str, frozenset[tuple[str, ...]]]
    whole: frozenset[str]
    words: frozenset[str]
    absent: frozenset[str]
    single: frozenset[str]


class Rows:
    """The rows of an architecture.

    Args:
        rows: What they name.
        schema: The provider's.
        views: Plans of the module.
    """

    def __init__(self, rows: Sequence[Row], schema: Schema, views: Sequence[View]) -> None:
        self._rows, self._schema, self._views = rows, schema, views
        self._owners = _owners(views)
        self._arguments = {
            row.id: {word for kind in row.types for word in row.words & _arguments_of(schema, kind)} for row in rows
        }

    def of(self, mutant: Mutant) -> tuple[str, ...]:
        """Ids of the rows that a mutant is one of."""
        return tuple(row.id for row in self._rows if self._names(row, mutant))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(row.id for row in self._rows)

    def additions(self) -> list[Mutant]:
        """What the rows forbid, or leave unset, added to the module."""
        blocks = {block for view in self._views for block in view.configured}
        there = {type_of(block) for block in blocks}
        found: dict[Mutant, None] = {}
        for row in self._rows:
            for kind in sorted(row.absent - there):
                found[Mutant("add", f"{kind}.mutant")] = None
            for kind in sorted(row.single & there):
                found[Mutant("add", f"{kind}.mutant")] = None
            for kind in sorted(row.paths.keys() & there):
                for name in sorted({path[0] for path in row.paths[kind]}):
                    found.update(dict.fromkeys(self._unset(kind, name, sorted(blocks))))
        return list(found)

    def _unset(self, kind: str, name: str, blocks: Sequence[str]) -> Iterator[Mutant]:
        """An argument that no resource of a type has, set on each."""
        of_type = [block for block in blocks if block.startswith(f"{kind}.")]
        entries = [(view, block) for view in self._views for block in of_type if block in view.configured]
        if any(name in view.expressions(block) for view, block in entries):
            return
        planned = [values_of(entry) for view, block in entries for entry in view.resources.get(block, ())]
        if any(values.get(name) not in (None, [], "", False, -1, 0) for values in planned):
            # A dynamic block sets it.
            return
        value = _some_value(self._schema.of(kind), name)
        if value is not None:
            for block in of_type:
                yield Mutant("set", block, (name,), json.dumps(value))

    def _names(self, row: Row, mutant: Mutant) -> bool:
        if mutant.type in ("var", "output"):
            return mutant.block in row.words
        if mutant.block.startswith(DOCUMENT):
            return bool(row.types & self._owners.get(mutant.block, set())) and not _PROSE & set(names(mutant.path))
        if mutant.type not in row.types:
            return False
        if mutant.kind in _OF_RESOURCE:
            return True
        place = names(mutant.path)
        if not place or (_PROSE & set(place) and not self._arguments[row.id] & set(place)):
            return False
        return (
            (mutant.type in row.whole)
            or any(_meet(place, path) for path in row.paths.get(mutant.type, ()))
            or bool(self._arguments[row.id] & set(place))
        )


def read_rows(ledger: Path, architecture: str, variables: frozenset[str], outputs: frozenset[str]) -> list[Row]:
    """What every row of an architecture names, of those that only a test proves."""
    raw = yaml.load(ledger.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return [
        _read(row, variables, outputs)
        for row in raw
        if PREFIXES[row["id"].split("-")[0]] == architecture and row["kind"] in PROVEN_BY_TEST
    ]


def _read(row: Mapping[str, Any], variables: frozenset[str], outputs: frozenset[str]) -> Row:
    check = str(row["check"])
    paths: dict[str, set[tuple[str, ...]]] = {}
    for kind, path in _PATH.findall(check):
        steps = tuple(re.sub(r"\[[^\]]*\]", "", path).strip(".").split(".")) if path else ()
        if steps and steps != ("",):
            paths.setdefault(kind, set()).add(steps)
    words = set(re.findall(r"[A-Za-z_]\w*", _PATH.sub(" ", check)))
    # A name of one word ("region", "tags") is a word of the language too: it counts where it is said to be one.
    said = set(re.findall(r"\b(?:var|variables|output|outputs)[. ]([a-z]\w*)", check))
    named = {word for word in set(re.findall(r"[a-z]\w*", check)) if "_" in word} | said
    return Row(
        row["id"],
        frozenset({*re.findall(rf"\b{_TYPE}", check), *row["resources"]}),
        {kind: frozenset(of_type) for kind, of_type in paths.items()},
        frozenset(set(re.findall(rf"\b(?<!optional ){_TYPE}", check)) - paths.keys()),
        frozenset(words)
        | {f"var.{name}" for name in named & variables}
        | {f"output.{name}" for name in named & outputs},
        frozenset(kind for found in _FORBIDDEN.findall(check) for kind in re.findall(_TYPE, found)),
        frozenset(_ONE.findall(check)),
    )


def _some_value(block: Json, name: str) -> Any:
    """A value that an argument or nested block could have."""
    of_argument, of_block = attribute(block, name), nested(block, name)
    if of_block is not None:
        inner = of_block["block"]
        given = {each: _some_value(inner, each) for each in inner.get("attributes", {})}
        return [{each: value for each, value in given.items() if value is not None}]
    if of_argument is None or not (of_argument.get("optional") or of_argument.get("required")):
        return None
    kind = of_argument["type"]
    if isinstance(kind, list):
        return {"mutant": "mutant"} if kind[0] == "map" else ["mutant"]
    return {"bool": True, "number": 7}.get(kind, "mutant")


def _meet(place: tuple[str, ...], path: tuple[str, ...]) -> bool:
    """Whether one leads through the other: dropping a block breaks what is in it."""
    length = min(len(place), len(path))
    return length > 0 and place[:length] == path[:length]


def _arguments_of(schema: Schema, kind: str) -> set[str]:
    try:
        block = schema.of(kind)
    except KeyError:
        return set()
    found: set[str] = set()
    waiting = [block]
    while waiting:
        here = waiting.pop()
        found |= {*here.get("attributes", {}), *here.get("block_types", {})}
        waiting += [each["block"] for each in here.get("block_types", {}).values()]
    return found


def _owners(views: Sequence[View]) -> dict[str, set[str]]:
    """Types of the resources that are made from a policy document."""
    found: dict[str, set[str]] = {}
    for view in views:
        for block, entry in view.configured.items():
            for _, expression in leaves(entry.get("expressions", {})):
                for reference in expression.get("references", ()):
                    if reference.startswith(DOCUMENT):
                        found.setdefault(referred(reference)[0], set()).add(type_of(block))
    return found
