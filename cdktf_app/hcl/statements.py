"""Everything that may stand at the top of a Terraform file, from its JSON form.

Where Terraform reads strings without evaluating them (defaults, descriptions, sources, backends), ``${`` in
JSON is two characters of text, so that it is escaped in HCL; everywhere else a JSON string is a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from cdktf_app.hcl.blocks import (
    COMMENT,
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
from cdktf_app.hcl.resources import resource, schema_body
from cdktf_app.hcl.schema import LEAF, BlockSchema
from cdktf_app.hcl.strings import Reading
from cdktf_app.hcl.syntax import Attribute, Block, aligned, indented

RESOURCE_KINDS = ("data", "ephemeral", "resource")
"""Blocks with a type and a name whose type is the provider's."""


def resource_block(kind: str, type_name: str, name: str, body: Body, schema: BlockSchema) -> Block:
    """A ``resource``, ``data`` or ``ephemeral`` block."""
    return Block(kind, (type_name, name), resource(body, schema.tree(kind, type_name)))


def module_block(name: str, body: Body) -> Block:
    """A ``module`` call: source and version first; every other argument is a value."""
    fixed: Group = [attribute(key, body[key], Reading.LITERAL) for key in ("source", "version") if key in body]
    rest = {key: value for key, value in body.items() if key not in ("source", "version")}
    return Block("module", (name,), [fixed, *resource(rest, LEAF)])


def provider_block(name: str, body: Body, schema: BlockSchema) -> Block:
    """A ``provider`` block; an alias comes first."""
    return Block("provider", (name,), schema_body(body, schema.provider(name)))


def variable_block(name: str, body: Body) -> Block:
    """A ``variable`` block, with everything that was said about it, ``false`` and ``null`` too."""
    head: list[Item] = []
    if "description" in body:
        head.append(attribute("description", body["description"], Reading.LITERAL))
    if "type" in body:
        head.append(unquoted("type", body["type"]))
    rest = {key: value for key, value in body.items() if key not in ("description", "type")}
    own, *validations = fields(
        rest,
        first=("default", "nullable", "sensitive", "ephemeral"),
        literal=frozenset({"default"}),
        blocks={"validation": condition},
    )
    return Block("variable", (name,), [[*head, *own], *validations])


def output_block(name: str, body: Body) -> Block:
    """An ``output`` block."""
    return Block(
        "output",
        (name,),
        fields(
            body,
            first=("description", "value", "sensitive", "ephemeral"),
            literal=frozenset({"description"}),
            blocks={"precondition": condition},
        ),
    )


def locals_block(values: Body) -> Block:
    """All local values in one block, sorted by name."""
    return Block("locals", (), [[attribute(name, values[name]) for name in sorted(values) if name != COMMENT]])


def check_block(name: str, body: Body, schema: BlockSchema) -> Block:
    """A ``check`` block with its data source and its assertions."""
    data = [
        resource_block("data", type_name, data_name, inner, schema)
        for (type_name, data_name), inner in labelled(body.get("data"), 2)
    ]
    rest = {key: value for key, value in body.items() if key != "data"}
    return Block("check", (name,), [*apart(data), *fields(rest, blocks={"assert": condition})])


def refactoring_block(keyword: str, body: Body) -> Block:
    """``moved``, ``import`` or ``removed``: addresses come first and without quotation marks."""
    addresses: Group = [unquoted(key, body[key]) for key in ("provider", "from", "to") if key in body]
    rest = {key: value for key, value in body.items() if key not in ("provider", "from", "to")}
    own = fields(rest, first=("for_each", "id"), blocks={"lifecycle": fields})
    return Block(keyword, (), [[*addresses, *own[0]], *own[1:]])


def terraform_block(body: Body) -> Block:
    """The ``terraform`` block: versions, providers, backend.

    Raises:
        HclError: It holds something else, which would have to be read in its own way.
    """
    groups: list[Group] = []
    for key, value in body.items():
        if key == "required_version":
            groups.insert(0, [attribute(key, value, Reading.LITERAL)])
        elif key == "required_providers":
            groups += apart(nested_blocks(key, value, _required_providers))
        elif key == "backend":
            groups += apart(nested_blocks(key, value, _literal, labels=1))
        elif key == "cloud":
            make = partial(_literal, blocks=frozenset({"workspaces"}))
            groups += apart(nested_blocks(key, value, make))
        elif key != COMMENT:
            raise HclError(f"argument {key!r} of the terraform block is not supported")
    return Block("terraform", (), groups)


def _required_providers(body: Body) -> list[Group]:
    return [[_required_provider(name, value) for name, value in body.items() if name != COMMENT]]


def _required_provider(name: str, value: object) -> Attribute:
    if not isinstance(value, Mapping):
        return attribute(name, value, Reading.LITERAL)
    with located(name):
        entries = [
            unquoted(key, item) if key == "configuration_aliases" else attribute(key, item, Reading.LITERAL)
            for key, item in value.items()
        ]
    lines = aligned((entry.name, entry.value) for entry in entries)
    return Attribute(name, ["{", *indented(lines), "}"])


def _literal(body: Body, blocks: frozenset[str] = frozenset()) -> list[Group]:
    return fields(body, literal=frozenset(body) - blocks, blocks=dict.fromkeys(blocks, _literal))
