"""Makes ``aws_blocks.json``, the extract of the provider's schema that `schema` reads.

To be run in a folder whose configuration requires the provider, after a change of its version::

    terraform providers schema -json | python -m cdktf_app.hcl.schema_extract 5.100.0
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any

from cdktf_app.hcl.errors import HclError
from cdktf_app.hcl.schema import EXTRACT

_KINDS = {
    "resource": "resource_schemas",
    "data": "data_source_schemas",
    "ephemeral": "ephemeral_resource_schemas",
}


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


def main(arguments: list[str]) -> None:
    """Reads the schema from standard input and writes the committed file; the argument is the version."""
    if len(arguments) != 1:
        sys.exit("usage: terraform providers schema -json | python -m cdktf_app.hcl.schema_extract <provider version>")
    EXTRACT.write_text(dump(extract(json.load(sys.stdin), arguments[0])), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
