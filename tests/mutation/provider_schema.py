"""What of a resource may be left out, as the provider's schema says it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from tests.support.plans import Json
from tooling.terraform.binary import find_terraform


class Schema:
    """The provider's resource types and data sources.

    Args:
        types: Schema of a type's block, by the type.
    """

    def __init__(self, types: dict[str, Json]) -> None:
        self._types = types

    def of(self, kind: str) -> Json:
        """The block of a type."""
        return self._types[kind]


def attribute(block: Json, name: str) -> Json | None:
    """An argument of a block."""
    found: Json | None = block.get("attributes", {}).get(name)
    return found


def nested(block: Json, name: str) -> Json | None:
    """A nested block of a block: its ``block``, its nesting and how many there must be."""
    found: Json | None = block.get("block_types", {}).get(name)
    return found


def may_be_dropped(of_argument: Json) -> bool:
    return bool(of_argument.get("optional"))


def read_schema(model: Path, cli_config: Path, kept: Path) -> Schema:
    """The schema as ``terraform providers schema`` prints it.

    Args:
        model: A folder that is initialised with the provider.
        cli_config: Where Terraform finds the provider.
        kept: File with what an earlier call read.
    """
    if not kept.is_file():
        done = subprocess.run(
            [find_terraform().path, "providers", "schema", "-json"],
            cwd=model,
            env={"TF_CLI_CONFIG_FILE": str(cli_config), "CHECKPOINT_DISABLE": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        (provider,) = json.loads(done.stdout)["provider_schemas"].values()
        blocks: dict[str, Any] = {
            name: each["block"]
            for part in ("resource_schemas", "data_source_schemas")
            for name, each in reversed(provider[part].items())
            if part == "resource_schemas" or name == "aws_iam_policy_document"
        }
        kept.write_text(json.dumps(blocks))
    return Schema(json.loads(kept.read_text()))
