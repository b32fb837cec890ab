"""What is a nested block and what an attribute, per resource type of the AWS provider.

JSON writes both as properties; HCL does not. The answer is the provider's: ``aws_blocks.json`` beside this
file is an extract of its schema with the block trees alone, each distinct tree once. Renew it after a change
of the provider::

    terraform providers schema -json | python -m cdktf_app.hcl.schema 5.100.0
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cdktf_app.hcl.errors import HclError, UnknownTypeError

_EXTRACT = Path(__file__).with_name("aws_blocks.json")
_KINDS = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}
# Part of Terraform itself, so no provider's schema lists them; neither has nested blocks.
_BUILT_IN = frozenset({("resource", "terraform_data"), ("data", "terraform_remote_state")})


class BlockTree:
    """The nested blocks that may stand in a block."""

    def __init__(self, nodes: list[dict[str, int]], number: int) -> None:
        self._nodes = nodes
        self._children = nodes[number]

    def nested(self, name: str) -> BlockTree | None:
        """The tree of the nested block of this name; None when the name is an attribute's."""
        number = self._children.get(name)
        return None if number is None else BlockTree(self._nodes, number)

    def __iter__(self) -> Iterator[str]:
        return iter(self._children)


LEAF = BlockTree([{}], 0)
"""A block that holds attributes only."""


class BlockSchema:
    """The block trees of one version of a provider."""

    def __init__(self, extract: Mapping[str, Any]) -> None:
        self._extract = extract
        self._nodes: list[dict[str, int]] = extract["nodes"]

    @classmethod
    def load(cls) -> BlockSchema:
        """The extract that is committed with this package (read once, some milliseconds)."""
        return _load_extract()

    @classmethod
    def from_provider(cls, schemas: Mapping[str, Any], version: str) -> BlockSchema:
        """From what ``terraform providers schema -json`` prints; see `extract`."""
        return cls(extract(schemas, version))

    @property
    def version(self) -> str:
        """Version of the provider that the trees were taken from."""
        return str(self._extract["version"])

    def types(self, kind: str) -> frozenset[str]:
        """Names of all types of a kind: ``resource``, ``data`` or ``ephemeral``."""
        return frozenset(self._extract[kind])

    def tree(self, kind: str, type_name: str) -> BlockTree:
        """The blocks of a ``resource``, ``data`` or ``ephemeral`` type.

        Raises:
            UnknownTypeError: The provider had no such type when the extract was made.
        """
        if (kind, type_name) in _BUILT_IN:
            return LEAF
        number = self._extract[kind].get(type_name)
        if number is None:
            raise UnknownTypeError(
                f"provider {self._extract['provider']} {self.version} has no {kind} {type_name!r}; check its "
                "spelling or, after a change of the provider's version, renew the extract: "
                "terraform providers schema -json | python -m cdktf_app.hcl.schema <version>"
            )
        return BlockTree(self._nodes, number)

    def provider(self, name: str) -> BlockTree:
        """The blocks of a ``provider`` block.

        Raises:
            UnknownTypeError: It is another provider than the extract's.
        """
        if name != self._extract["provider"]:
            raise UnknownTypeError(f"the schema extract is of provider {self._extract['provider']!r}, not {name!r}")
        return BlockTree(self._nodes, self._extract["provider_block"])


def extract(schemas: Mapping[str, Any], version: str) -> dict[str, Any]:
    """The block trees of the one provider in the output of ``terraform providers schema -json``.

    Args:
        schemas: That output, parsed.
        version: The provider's version, which Terraform does not print there.

    Raises:
        HclError: It is not such an output, holds several providers, or uses map blocks (which take a label).
    """
    providers = schemas.get("provider_schemas")
    if not isinstance(providers, Mapping) or len(providers) != 1:
        raise HclError("expected the schemas of exactly one provider (terraform providers schema -json)")
    ((address, schema),) = providers.items()
    nodes: dict[tuple[tuple[str, int], ...], int] = {}

    def number(block: Mapping[str, Any]) -> int:
        children = []
        for name, nested in sorted(block.get("block_types", {}).items()):
            if nested["nesting_mode"] == "map":
                raise HclError(f"{name}: blocks with a label (nesting mode map) are not supported")
            children.append((name, number(nested["block"])))
        return nodes.setdefault(tuple(children), len(nodes))

    number({})  # Leaves are number 0.
    kinds = {
        kind: {name: number(entry["block"]) for name, entry in sorted(schema.get(key, {}).items())}
        for kind, key in _KINDS.items()
    }
    return {
        "provider": address.rsplit("/", 1)[-1],
        "version": version,
        "provider_block": number(schema["provider"]["block"]),
        **kinds,
        "nodes": [dict(children) for children in nodes],
    }


def dump(extracted: Mapping[str, Any]) -> str:
    """The extract as the text of its file: one line a key, to keep it small."""
    lines = (f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}" for key, value in extracted.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


@cache
def _load_extract() -> BlockSchema:
    return BlockSchema(json.loads(_EXTRACT.read_text(encoding="utf-8")))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: terraform providers schema -json | python -m cdktf_app.hcl.schema <provider version>")
    _EXTRACT.write_text(dump(extract(json.load(sys.stdin), sys.argv[1])), encoding="utf-8")
