"""All mutants of a module: every single change of what its plans show that the module sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.mutation.changes import changes_of, document_changes
from tests.mutation.provider_schema import Schema, attribute, may_be_dropped, nested
from tests.mutation.steps import Place, names
from tests.mutation.view import DOCUMENT, View, is_leaf, leaves, referred, type_of, values_of
from tests.support.plans import Json

UNKNOWN = object()
"""The value of an argument that is known only after the apply."""
# Blocks that say how long Terraform waits.
_NOT_INFRASTRUCTURE = {"timeouts"}


@dataclass(frozen=True)
class Mutant:
    """One change of a module, the same in all of its plans.

    Attributes:
        kind: ``drop``, ``flip``, ``figure``, ``text``, ``element``, ``reference``, ``widen-action``, ...
        block: Address of the resource or data source; ``var.<name>`` or ``output.<name>``.
        path: Place in it.
        detail: What of the kind: ``+1``, or what a reference points at now.
    """

    kind: str
    block: str
    path: Place = ()
    detail: str = ""

    @property
    def id(self) -> str:
        """``aws_dynamodb_table.table:ttl.0.enabled:flip``."""
        place = ".".join(map(str, self.path))
        return ":".join(part for part in (self.block, place, self.kind, self.detail) if part)

    @property
    def type(self) -> str:
        """``aws_dynamodb_table``, ``var`` or ``output``."""
        return type_of(self.block)


def mutants_of(views: Sequence[View], schema: Schema) -> list[Mutant]:
    """Every mutant once, in an order that is always the same."""
    defaults = Defaults(views, schema)
    found: dict[Mutant, None] = {}
    for view in views:
        for block in sorted(view.configured):
            found.update(dict.fromkeys(_of_block(view, block, schema, defaults)))
        for name in sorted(view.variables):
            found.update(dict.fromkeys(_of_variable(name, view.variables[name])))
        for name in sorted(view.outputs):
            found.update(dict.fromkeys(_of_output(name, view.outputs[name])))
    for block in sorted({block for view in views for block in view.configured}):
        made = {bool(view.resources.get(block)) for view in views}
        if made == {True, False} and not block.startswith(DOCUMENT):
            found[Mutant("always", block)] = None
    order = {block: number for number, block in enumerate(sorted({mutant.block for mutant in found}))}
    return sorted(found, key=lambda mutant: order[mutant.block])


class Defaults:
    """What the provider plans for an argument that a module leaves out, as far as the plans tell."""

    def __init__(self, views: Sequence[View], schema: Schema) -> None:
        self._known: dict[tuple[str, tuple[str, ...]], Any] = {}
        for view in views:
            for block, entries in view.resources.items():
                of_type = schema.of(type_of(block))
                for entry in entries:
                    self._learn(type_of(block), (), values_of(entry), view.expressions(block), of_type)

    def of(self, kind: str, path: Place) -> Any:
        return self._known.get((kind, names(path)))

    def _learn(self, kind: str, path: tuple[str, ...], values: Json, expressions: Any, schema: Json) -> None:
        for name, value in values.items():
            if attribute(schema, name) is not None and name not in expressions:
                self._known.setdefault((kind, (*path, name)), value)
            inner = nested(schema, name)
            if inner is not None and name in expressions and isinstance(value, list):
                for number, element in enumerate(value):
                    configured = counterpart(expressions[name], value, number)
                    if configured is not None:
                        self._learn(kind, (*path, name), element, configured, inner["block"])


def counterpart(expressions: Any, elements: Sequence[Any], number: int) -> Any:
    """What the configuration says of one of several nested blocks: Terraform sorts the blocks of a set.

    Returns:
        None if the configuration does not show it: a ``dynamic`` block made it.
    """
    if not isinstance(expressions, list):
        return expressions
    position = counterpart_position(expressions, elements, number)
    return None if position is None else expressions[position]


def counterpart_position(expressions: Sequence[Any], elements: Sequence[Any], number: int) -> int | None:
    """Where in the configuration it is."""

    def agreement(position: int) -> tuple[int, bool]:
        same = sum(
            is_leaf(each) and "constant_value" in each and each["constant_value"] == elements[number].get(name)
            for name, each in expressions[position].items()
        )
        return same, position == number

    if not isinstance(elements[number], dict) or not expressions:
        return None
    return max(range(len(expressions)), key=agreement)


def _of_block(view: View, block: str, schema: Schema, defaults: Defaults) -> Iterator[Mutant]:
    entry, instances = view.configured[block], view.resources.get(block, [])
    document = block.startswith(DOCUMENT)
    if not document:
        yield Mutant("resource", block)
    for instance in instances:
        if isinstance(instance.get("index"), str):
            yield Mutant("instance", block, detail=instance["index"])
        if document:
            for path, kind, detail in document_changes(values_of(instance).get("statement") or []):
                yield Mutant(kind, block, path, detail)
        else:
            arguments = _arguments(values_of(instance), view.expressions(block), schema.of(type_of(block)), ())
            for place, value, droppable in arguments:
                if value is not UNKNOWN and _is_document(view.expressions(block).get(str(place[0]))):
                    # Changed where its statements are.
                    value = UNKNOWN
                yield from _of_place(block, place, value, droppable and value != defaults.of(type_of(block), place))
    if not instances and not document:
        for place, _, droppable in _arguments({}, view.expressions(block), schema.of(type_of(block)), ()):
            yield from _of_place(block, place, UNKNOWN, droppable)
    yield from _references(view, block)
    for awaited in entry.get("depends_on", ()):
        yield Mutant("depends-on", block, detail=awaited)
    keys = {str(each["provider_config_key"]) for each in view.configured.values()}
    for other in sorted(keys - {entry["provider_config_key"]}):
        if not document:
            yield Mutant("provider", block, detail=other)


def _is_document(expression: Any) -> bool:
    references = expression.get("references", ()) if is_leaf(expression) else ()
    return any(each.startswith(DOCUMENT) for each in references)


def _of_place(block: str, path: Place, value: Any, droppable: bool) -> Iterator[Mutant]:
    if droppable:
        yield Mutant("drop", block, path)
    if value is not UNKNOWN:
        for place, kind, detail in changes_of(value, path):
            yield Mutant(kind, block, place, detail)


def _arguments(values: Json, expressions: Any, schema: Json, path: Place) -> Iterator[tuple[Place, Any, bool]]:
    """Place, value and droppability of everything that the module sets; of a nested block, ``UNKNOWN`` as value.

    Where ``expressions`` is None, a dynamic block made the values: whatever is not empty in them is set.
    """
    for name in sorted({*values, *(expressions or ())} - _NOT_INFRASTRUCTURE):
        configured = None if expressions is None else expressions.get(name)
        of_argument, of_block = attribute(schema, name), nested(schema, name)
        if of_argument is not None:
            if configured is not None or (expressions is None and values[name] not in (None, False, "", 0, [], {})):
                known = name in values and values[name] is not None
                droppable = may_be_dropped(of_argument) and (known or name not in values)
                if known or droppable:
                    yield (*path, name), values[name] if known else UNKNOWN, droppable
        elif of_block is not None:
            elements = values.get(name)
            elements = [elements] if isinstance(elements, dict) else elements or []
            single = isinstance(values.get(name), dict)
            for number, element in enumerate(elements):
                place: Place = (*path, name) if single else (*path, name, number)
                yield place, UNKNOWN, len(elements) > of_block.get("min_items", 0)
                inner = counterpart(configured, elements, number) if configured is not None else None
                yield from _arguments(element, inner, of_block["block"], place)


def _references(view: View, block: str) -> Iterator[Mutant]:
    """Point what refers to a block at another one of its type, or at none that there is."""
    for path, expression in leaves(view.expressions(block)):
        targets = sorted({referred(each)[0] for each in expression.get("references", ()) if is_block(each)})
        for target in targets:
            yield Mutant("reference", block, path, f"{target} -> {elsewhere(view.configured, target, block)}")


def is_block(reference: str) -> bool:
    """Whether a reference is to a resource or data source, not to a variable or local value."""
    return reference.startswith(("aws_", "data."))


def elsewhere(configured: Mapping[str, Json], target: str, block: str) -> str:
    """Another block of the type of ``target``."""
    kind = target.rpartition(".")[0]
    others = sorted(other for other in configured if other.rpartition(".")[0] == kind and other not in (target, block))
    return others[0] if others else f"{kind}.elsewhere"


def _of_variable(name: str, variable: Json) -> Iterator[Mutant]:
    if variable.get("default") is not None:
        for path, kind, detail in changes_of(variable["default"]):
            if kind in ("flip", "figure", "text", "element", "drop"):
                yield Mutant("default", f"var.{name}", path, f"{kind}{detail}")
        if variable["default"] == []:
            yield Mutant("default", f"var.{name}", (), "add")


def _of_output(name: str, output: Json) -> Iterator[Mutant]:
    block = f"output.{name}"
    yield Mutant("output", block)
    references = output["expression"].get("references", ())
    targets = sorted({referred(each)[0] for each in references if is_block(each)})
    for target in targets:
        yield Mutant("reference", block, (), f"{target} -> {target.rpartition('.')[0]}.elsewhere")
