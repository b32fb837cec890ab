"""The schema extract: made from the provider's schema, small, quick to read."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from cdktf_app.hcl import BlockSchema, HclError, UnknownTypeError
from cdktf_app.hcl.schema import EXTRACT
from cdktf_app.hcl.schema_extract import dump, extract


def block(**nested: Any) -> dict[str, Any]:
    kinds = {name: {"nesting_mode": "list", "block": inner} for name, inner in nested.items()}
    return {"attributes": {"a": {"type": "string"}}, "block_types": kinds}


def provider_schema() -> dict[str, Any]:
    """As Terraform prints it, cut down to two resources that share a tree."""
    shared = block(rule=block(filter=block()))
    return {
        "format_version": "1.0",
        "provider_schemas": {
            "registry.example/hashicorp/tiny": {
                "provider": {"block": block(endpoints=block())},
                "resource_schemas": {"tiny_a": {"block": shared}, "tiny_b": {"block": shared}},
                "data_source_schemas": {"tiny_a": {"block": block()}},
            }
        },
    }


def test_tree_tells_blocks_from_attributes_at_every_level() -> None:
    schema = BlockSchema(extract(provider_schema(), "1.2.3"))

    rule = schema.tree("resource", "tiny_a").nested("rule")

    assert rule is not None
    assert rule.nested("filter") is not None
    assert rule.nested("a") is None
    assert list(schema.tree("data", "tiny_a")) == []
    assert list(schema.provider("tiny")) == ["endpoints"]
    assert schema.types("resource") == {"tiny_a", "tiny_b"}
    assert schema.types("ephemeral") == set()


def test_same_trees_are_kept_once() -> None:
    extracted = extract(provider_schema(), "1.2.3")

    assert extracted["resource"]["tiny_a"] == extracted["resource"]["tiny_b"]
    assert len(extracted["nodes"]) == 4


def test_dumped_extract_reads_as_it_was() -> None:
    extracted = extract(provider_schema(), "1.2.3")

    assert json.loads(dump(extracted)) == extracted


def test_rejects_unknown_types_with_the_way_to_renew() -> None:
    schema = BlockSchema(extract(provider_schema(), "1.2.3"))

    with pytest.raises(UnknownTypeError, match=r"tiny 1\.2\.3 has no data 'tiny_b'.*hcl\.schema_extract"):
        schema.tree("data", "tiny_b")


def test_rejects_output_that_is_no_schema() -> None:
    with pytest.raises(HclError, match="exactly one provider"):
        extract({"format_version": "1.0"}, "1.2.3")


def test_rejects_blocks_with_labels() -> None:
    schemas = provider_schema()
    provider = schemas["provider_schemas"]["registry.example/hashicorp/tiny"]["provider"]
    provider["block"]["block_types"]["endpoints"]["nesting_mode"] = "map"

    with pytest.raises(HclError, match="endpoints: blocks with a label"):
        extract(schemas, "1.2.3")


def test_committed_extract_is_of_the_pinned_provider_and_small() -> None:
    schema = BlockSchema.load()

    assert schema.version == "5.100.0"
    assert {kind: len(schema.types(kind)) for kind in ("resource", "data", "ephemeral")} == {
        "resource": 1526,
        "data": 608,
        "ephemeral": 7,
    }
    assert EXTRACT.stat().st_size < 300_000
    assert dump(json.loads(EXTRACT.read_text(encoding="utf-8"))) == EXTRACT.read_text(encoding="utf-8")


def test_built_in_types_have_no_blocks() -> None:
    assert list(BlockSchema.load().tree("resource", "terraform_data")) == []
    assert list(BlockSchema.load().tree("data", "terraform_remote_state")) == []


def test_command_refuses_to_run_without_a_version() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "cdktf_app.hcl.schema_extract"], input="", capture_output=True, text=True
    )

    assert run.returncode == 1
    assert run.stderr.startswith("usage: terraform providers schema -json |")
