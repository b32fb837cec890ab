"""checkov's graph of a plan with an index: the same edges and places as checkov's own, in a time linear in the plan."""

from __future__ import annotations

import json
from typing import Any

import pytest
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph
from checkov.terraform.plan_parser import _get_providers, _prepare_resource_block
from checkov.terraform.plan_runner import Runner
from checkov.terraform.plan_utils import build_definitions_context

from tooling.gate.addresses import without_keys
from tooling.gate.engine.graph import PlanGraph, places

PATH = "/plan.json"


def block(address: str, **values: Any) -> dict[str, Any]:
    """One resource of a plan as checkov's parser prepares it; its expressions are what it refers to."""
    kind, name = without_keys(address).split(".")[-2:]
    expressions = {key: {"references": [value.removeprefix("-> ")]} for key, value in values.items()}
    resource = {
        "address": address,
        "mode": "managed",
        "type": kind,
        "name": name,
        "values": {"start_line": 0, "end_line": 0, "name": address},
        "expressions": expressions,
    }
    prepared: dict[str, Any]
    prepared, _, there = _prepare_resource_block(resource, resource, {})
    assert there
    return prepared


def buckets_and_their_blocks(places_of: list[str]) -> list[dict[str, Any]]:
    """In every place a bucket, and a block of public access that refers to it."""
    return [
        each
        for place in places_of
        for each in (
            block(place.format("aws_s3_bucket.files")),
            block(place.format("aws_s3_bucket_public_access_block.files"), bucket="aws_s3_bucket.files.id"),
        )
    ]


SHAPES = {
    "one of each": ["{}"],
    "instances by key": ['{}["a"]', '{}["b"]', '{}["c.d"]'],
    "instances by number": ["{}[0]", "{}[1]", "{}[2]"],
    "instances in a module": ['module.m.{}["a"]', 'module.m.{}["b"]'],
    "modules side by side": ["module.m.{}", "module.n.{}", "module.n.module.deep.{}"],
    "instances of a module": ['module.m["a"].{}', 'module.m["b"].{}', 'module.m["b"].module.deep.{}[0]'],
    "a root and modules": ["{}", 'module.m.{}["a"]', 'module.m.{}["b"]'],
}


def graphs(blocks: list[dict[str, Any]]) -> tuple[TerraformLocalGraph, TerraformLocalGraph]:
    """checkov's own, and ours."""
    made = []
    for kind in (TerraformLocalGraph, PlanGraph):
        runner = Runner()
        definitions = {PATH: {"provider": _get_providers({"configuration": {}}), "resource": blocks, "data": []}}
        module, _ = runner.graph_manager.parser.parse_hcl_module_from_tf_definitions(
            json.loads(json.dumps(definitions)), "", runner.graph_manager.source
        )
        graph = kind(module)
        graph.build_graph(render_variables=False)
        made.append(graph)
    return made[0], made[1]


def edges(graph: TerraformLocalGraph) -> list[tuple[str, str, str]]:
    def named(index: int) -> str:
        return str(graph.vertices[index].attributes.get("__address__", graph.vertices[index].name))

    return sorted((named(edge.origin), edge.label, named(edge.dest)) for edge in graph.edges)


@pytest.mark.parametrize("shape", SHAPES)
def test_the_graph_has_the_edges_that_checkov_finds(shape: str) -> None:
    blocks = buckets_and_their_blocks(SHAPES[shape])

    own, indexed = graphs(blocks)

    assert edges(own), "a graph without edges shows nothing"
    assert edges(indexed) == edges(own)


@pytest.mark.parametrize("keys", [("[0]",), ("[1]", "[0]"), ('["a"]', '["b"]'), ("", "[0]")])
def test_a_reference_without_a_key_means_what_checkov_takes_it_for(keys: tuple[str, ...]) -> None:
    # GIVEN blocks that have their key in their name, and one that refers to them without and with it
    ((kind, named),) = block("aws_s3_bucket.files").items()
    ((_, bucket),) = named.items()
    referring = [
        block("aws_s3_bucket_policy.of_all", bucket="aws_s3_bucket.files.id", policy="aws_s3_bucket.others.id"),
        block("aws_s3_bucket_policy.of_one", bucket=f"aws_s3_bucket.files{keys[0]}.id"),
    ]
    blocks = [{kind: {f"files{key}": {**bucket, "__address__": f"aws_s3_bucket.files{key}"}}} for key in keys]

    own, indexed = graphs([*blocks, *referring])

    assert edges(own), "a graph without edges shows nothing"
    assert edges(indexed) == edges(own)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_block_is_where_checkov_finds_it(shape: str) -> None:
    definition = {
        "provider": [{"aws": {"start_line": [0], "end_line": [0], "__address__": "aws.default"}}],
        "resource": buckets_and_their_blocks(SHAPES[shape]),
        "data": [],
    }

    assert places(PATH, definition) == dict(build_definitions_context({PATH: definition}, {PATH: [(1, "")]}))


def test_no_reference_is_compared_with_every_instance(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {40: 0, 160: 0}
    original = PlanGraph._address
    for count in asked:

        def counted(graph: PlanGraph, vertex: int, count: int = count) -> str:
            asked[count] += 1
            return original(graph, vertex)

        monkeypatch.setattr(PlanGraph, "_address", counted)
        monkeypatch.setattr(PlanGraph, "_find_vertex_with_best_match", never)
        graphs_of = buckets_and_their_blocks([f'module.m.{{}}["{number}"]' for number in range(count)])
        runner = Runner()
        definitions = {PATH: {"provider": [], "resource": graphs_of, "data": []}}
        module, _ = runner.graph_manager.parser.parse_hcl_module_from_tf_definitions(
            definitions, "", runner.graph_manager.source
        )
        PlanGraph(module).build_graph(render_variables=False)

    assert 0 < asked[160] <= 4.2 * asked[40]


def never(_: PlanGraph, among: list[int], *__: object) -> int:
    assert not among, "checkov compares a reference with all instances"
    return -1
