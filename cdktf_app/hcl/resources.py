"""Bodies of resources, data sources, modules and providers."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from cdktf_app.hcl.blocks import (
    COMMENT,
    UNQUOTED,
    Body,
    Group,
    Item,
    apart,
    attribute,
    condition,
    fields,
    labelled,
    nested_blocks,
    unquoted,
)
from cdktf_app.hcl.errors import HclError, located
from cdktf_app.hcl.schema import BlockTree
from cdktf_app.hcl.syntax import Attribute, Block

_FIRST = ("count", "for_each", "provider", "providers")
_LEADING = ("alias", "sid", "effect")
_LAST = ("lifecycle", "depends_on")
_UNSUPPORTED = frozenset({"provisioner", "connection"})


def resource(body: Body, tree: BlockTree) -> list[Group]:
    """The body of anything that takes meta-arguments: they come first, lifecycle and depends_on last.

    Raises:
        HclError: A block is given as an expression, a dynamic block is none by the schema, or a provisioner
            is used.
    """
    first: Group = [(unquoted if key in UNQUOTED else attribute)(key, body[key]) for key in _FIRST if key in body]
    own = {key: value for key, value in body.items() if key not in _FIRST and key not in _LAST}
    return [first, *schema_body(own, tree), *_lifecycle(body), _order(body)]


def schema_body(body: Body, tree: BlockTree) -> list[Group]:
    """Attributes, then nested blocks as they come; the schema says which is which."""
    attributes: list[Attribute] = []
    blocks: list[Block] = []
    for key, value in body.items():
        if key == COMMENT:
            continue
        if key in _UNSUPPORTED:
            raise HclError(f"{key} blocks are not supported: what they do shows in no plan")
        if key == "dynamic":
            blocks += _dynamic_blocks(value, tree)
            continue
        nested = tree.nested(key)
        if nested is None:
            attributes.append(attribute(key, value))
        else:
            blocks += nested_blocks(key, value, partial(schema_body, tree=nested))
    # cdktf sorts attributes by name; but what a statement is called and whether it allows is read first.
    attributes.sort(key=lambda item: _LEADING.index(item.name) if item.name in _LEADING else len(_LEADING))
    return [attributes, *apart(blocks)]


def _lifecycle(body: Body) -> list[Group]:
    make = partial(fields, blocks={"precondition": condition, "postcondition": condition})
    return apart(nested_blocks("lifecycle", body.get("lifecycle"), make))


def _order(body: Body) -> Group:
    return [unquoted("depends_on", body["depends_on"])] if "depends_on" in body else []


def _dynamic_blocks(value: object, tree: BlockTree) -> Iterator[Block]:
    for (label,), body in labelled(value, 1):
        with located(f"dynamic {label}"):
            nested = tree.nested(label)
            if nested is None:
                raise HclError(f"the provider has no such block here, it has {', '.join(tree) or 'none'}")
            yield Block("dynamic", (label,), _dynamic(body, nested))


def _dynamic(body: Body, tree: BlockTree) -> list[Group]:
    head: list[Item] = []
    content: list[Block] = []
    for key, value in body.items():
        if key == "content":
            content = nested_blocks(key, value, partial(schema_body, tree=tree))
        elif key == "for_each":
            head.append(attribute(key, value))
        elif key == "iterator":
            head.append(unquoted(key, value))
        elif key != COMMENT:
            raise HclError(f"a dynamic block takes for_each, iterator and content, not {key!r}")
    return [head, *apart(content)]
