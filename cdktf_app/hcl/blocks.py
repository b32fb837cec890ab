"""Properties of Terraform JSON as the attributes and nested blocks of HCL."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext

from cdktf_app.hcl.errors import HclError, located
from cdktf_app.hcl.expressions import bare_lines, value_lines
from cdktf_app.hcl.strings import Reading
from cdktf_app.hcl.syntax import Attribute, Block

COMMENT = "//"
"""The property that Terraform ignores in any body; cdktf keeps its metadata there."""

Body = Mapping[str, object]
Item = Attribute | Block
Group = Sequence[Item]
BodyMaker = Callable[[Body], list[Group]]

UNQUOTED = frozenset({"ignore_changes", "replace_triggered_by", "depends_on", "provider", "providers"})
"""Arguments that take references, which JSON has to put between quotation marks and HCL does not."""


def labelled(value: object, labels: int) -> Iterator[tuple[tuple[str, ...], Body]]:
    """The blocks that a property of Terraform JSON stands for, with their labels.

    Objects carry one label a level, arrays repeat what they stand for at any level, null is no block.

    Raises:
        HclError: It is something else, an expression for instance.
    """
    if value is None:
        return
    if isinstance(value, Sequence) and not isinstance(value, str):
        for item in value:
            yield from labelled(item, labels)
    elif not isinstance(value, Mapping):
        raise HclError(f"expected a block, got {value!r}; blocks made by an expression are dynamic blocks")
    elif labels == 0:
        yield (), value
    else:
        for label, inner in value.items():
            if label != COMMENT:
                with located(label):
                    yield from (((label, *rest), body) for rest, body in labelled(inner, labels - 1))


def attribute(name: str, value: object, reading: Reading = Reading.TEMPLATE) -> Attribute:
    """An attribute with a value."""
    with located(name):
        return Attribute(name, value_lines(value, reading))


def unquoted(name: str, value: object) -> Attribute:
    """An attribute that takes references or types."""
    with located(name):
        return Attribute(name, bare_lines(value))


def nested_blocks(keyword: str, value: object, make: BodyMaker, *, labels: int = 0) -> list[Block]:
    """The blocks of one property, their bodies made by ``make``."""
    blocks = []
    with located(keyword):
        for found, body in labelled(value, labels):
            with located(" ".join(found)) if found else nullcontext():
                blocks.append(Block(keyword, found, make(body)))
    return blocks


def fields(
    body: Body,
    *,
    first: Sequence[str] = (),
    literal: frozenset[str] = frozenset(),
    blocks: Mapping[str, BodyMaker] | None = None,
) -> list[Group]:
    """A body whose blocks Terraform itself defines (variable, output, lifecycle).

    Args:
        body: The JSON body.
        first: Attributes that come first, in this order.
        literal: Attributes whose strings Terraform reads without evaluating them.
        blocks: Which properties are nested blocks, and how to make their bodies.
    """
    makers = blocks or {}
    attributes: list[Item] = []
    nested: list[Group] = []
    for key in (*(key for key in first if key in body), *(key for key in body if key not in first)):
        if key in makers:
            nested += apart(nested_blocks(key, body[key], makers[key]))
        elif key in UNQUOTED:
            attributes.append(unquoted(key, body[key]))
        elif key != COMMENT:
            attributes.append(attribute(key, body[key], Reading.LITERAL if key in literal else Reading.TEMPLATE))
    return [attributes, *nested]


def apart(blocks: Iterable[Block]) -> list[Group]:
    """Each block a group of its own, so that a blank line parts them."""
    return [[block] for block in blocks]


def condition(body: Body) -> list[Group]:
    """The body of ``validation``, ``precondition``, ``postcondition`` and ``assert``."""
    return fields(body, first=("condition", "error_message"))
