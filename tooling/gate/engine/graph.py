"""checkov's graph of a plan, with what it looks for among all instances of a block found at once.

checkov compares every reference with every instance of what it may mean, and looks for the place of a resource among
all of them: a plan of ten times the resources takes a hundred times as long. A plan is one file, so that an index
gives the same answers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.graph_builder.foreach.utils import get_terraform_foreach_or_count_key
from checkov.terraform.graph_builder.local_graph import TerraformLocalGraph
from checkov.terraform.plan_utils import build_definitions_context, build_entity_context

_MODULE = "module"


def places(path: str, definition: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, dict[str, Any]]:
    """What checkov's ``build_definitions_context`` gives for a plan: where each block is, by its address.

    Args:
        path: Where checkov believes the plan to be.
        definition: Its blocks, by ``provider``, ``resource`` and ``data``.
    """
    # Of providers there are a handful.
    found = build_definitions_context({path: {"provider": list(definition["provider"])}}, {path: [(1, "")]})
    for kind in ("data", "resource"):
        for block in definition[kind]:
            ((_, named),) = block.items()
            ((_, attributes),) = named.items()
            place = build_entity_context(attributes)
            found[path][place["address"]] = {**place, "code_lines": []}
    return dict(found)


class _Instances:
    """Instances of one block, by what a reference from somewhere is told from another by."""

    def __init__(self) -> None:
        self.first = -1
        self.by_key: dict[tuple[object, object], int] = {}

    def add(self, index: int, key: tuple[object, object]) -> None:
        if self.first < 0:
            self.first = index
        self.by_key.setdefault(key, index)


class PlanGraph(TerraformLocalGraph):  # type: ignore[misc]
    """checkov's graph over the blocks of one file."""

    def __init__(self, module: Any) -> None:
        super().__init__(module)
        self._indexed: dict[tuple[int, int], dict[tuple[str, ...], _Instances]] = {}
        self._with_instances: dict[tuple[Any, str], dict[str, list[int]]] = {}

    def _build_edges(self) -> None:
        # checkov does this again after it took blocks apart.
        self._indexed.clear()
        self._with_instances.clear()
        super()._build_edges()

    def _find_vertex_index_relative_to_path(
        self,
        block_type: str,
        name: str,
        block_path: str,
        relative_module_idx: int | None = None,
        source_module_object: Any = None,
        origin_vertex_index: int | None = None,
    ) -> int:
        if relative_module_idx is None:
            possible = self._get_possible_vertices(source_module_object, block_type, name)
            if len(possible) < 2:
                return possible[0] if possible else -1
            if origin_vertex_index is not None:
                return self._nearest(possible, origin_vertex_index)
        found: int = super()._find_vertex_index_relative_to_path(
            block_type, name, block_path, relative_module_idx, source_module_object, origin_vertex_index
        )
        return found

    def _get_possible_vertices(self, module_dependency_by_name_key: Any, block_type: str, name: str) -> list[int]:
        """The instances of a block; checkov looks through the names of all blocks for one that has a key behind it."""
        possible: list[int]
        if "[" in name or "]" in name:
            possible = super()._get_possible_vertices(module_dependency_by_name_key, block_type, name)
            return possible
        named = self.vertices_by_module_dependency_by_name.get(module_dependency_by_name_key, {}).get(block_type, {})
        possible = named.get(name, [])
        if possible:
            return possible
        key = (module_dependency_by_name_key, block_type)
        if key not in self._with_instances:
            first: dict[str, list[int]] = {}
            for other, indices in named.items():
                base, bracket, _ = other.partition("[")
                if bracket:
                    first.setdefault(base, indices)
            self._with_instances[key] = first
        return self._with_instances[key].get(name, [])

    def _nearest(self, possible: list[int], origin: int) -> int:
        """The instance that shares most of the origin's modules, and of those the one with its key."""
        # The list is the graph's own: it lives as long as the index, and only grows.
        index = self._indexed.get((id(possible), len(possible)))
        if index is None:
            index = self._indexed[id(possible), len(possible)] = self._index(possible)
        parts = self._parts(origin)
        shared = next(count for count in range(len(parts), -1, -1) if parts[:count] in index)
        among = index[parts[:shared]]
        return among.by_key.get(self._key(origin), among.first) if self._address(origin) else among.first

    def _index(self, possible: list[int]) -> dict[tuple[str, ...], _Instances]:
        index: dict[tuple[str, ...], _Instances] = {}
        for candidate in possible:
            parts, key = self._parts(candidate), self._key(candidate)
            for count in range(len(parts) + 1):
                index.setdefault(parts[:count], _Instances()).add(candidate, key)
        return index

    def _address(self, vertex: int) -> str:
        return str(self.vertices[vertex].attributes.get(CustomAttributes.TF_RESOURCE_ADDRESS, ""))

    def _parts(self, vertex: int) -> tuple[str, ...]:
        """Only addresses within modules are compared part by part."""
        address = self._address(vertex)
        return tuple(address.split(".")) if address.startswith(_MODULE) else ()

    def _key(self, vertex: int) -> tuple[object, object]:
        return self.vertices[vertex].for_each_index, get_terraform_foreach_or_count_key(self._address(vertex))
