"""What is a nested block and what an attribute, per resource type of the AWS provider.

JSON writes both as properties; HCL does not. The answer is the provider's: ``aws_blocks.json`` beside this
file is an extract of its schema with the block trees alone (`schema_extract` renews it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from cdktf_app.hcl.errors import UnknownTypeError

EXTRACT = Path(__file__).with_name("aws_blocks.json")
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
    """The block trees of one version of a provider.

    Args:
        extract: What `schema_extract.extract` returns.
    """

    def __init__(self, extract: Mapping[str, Any]) -> None:
        self._extract = extract
        self._nodes: list[dict[str, int]] = extract["nodes"]

    @classmethod
    def load(cls) -> BlockSchema:
        """The extract that is committed with this package (read once, some milliseconds)."""
        return _load_extract()

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
                "terraform providers schema -json | python -m cdktf_app.hcl.schema_extract <version>"
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


@cache
def _load_extract() -> BlockSchema:
    return BlockSchema(json.loads(EXTRACT.read_text(encoding="utf-8")))
