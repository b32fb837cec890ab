"""checkov's checks of what is connected with what, in a time that grows with the plan as the plan does.

checkov looks for each end of every edge among all resources of its type, and for each result among all results. Here
they are found by what they are called, and then compared as checkov does, so that the answers are the same.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from checkov.common.checks_infra import checks_parser
from checkov.common.checks_infra.solvers.connections_solvers.and_connection_solver import AndConnectionSolver
from checkov.common.checks_infra.solvers.connections_solvers.base_connection_solver import BaseConnectionSolver
from checkov.common.checks_infra.solvers.connections_solvers.connection_exists_solver import ConnectionExistsSolver
from checkov.common.checks_infra.solvers.connections_solvers.connection_not_exists_solver import (
    ConnectionNotExistsSolver,
)
from checkov.common.checks_infra.solvers.connections_solvers.connection_one_exists_solver import (
    ConnectionOneExistsSolver,
)
from checkov.common.checks_infra.solvers.connections_solvers.or_connection_solver import OrConnectionSolver
from checkov.common.graph.graph_builder import CustomAttributes
from checkov.terraform.graph_builder.graph_components.block_types import BlockType
from rustworkx import PyDiGraph

Vertex = dict[str, Any]
Results = tuple[list[Vertex], list[Vertex], list[Vertex]]


class Vertices(list[Vertex]):
    """Vertices of a graph among which one is found at once. What is added later is not found."""

    def __init__(self, vertices: Iterable[Vertex] = ()) -> None:
        super().__init__(vertices)
        self._by_name: dict[object, list[Vertex]] = {}
        for vertex in self:
            self._by_name.setdefault(_called(vertex), []).append(vertex)

    def __contains__(self, vertex: object) -> bool:
        return isinstance(vertex, dict) and vertex in self._by_name.get(_called(vertex), ())


class _Indexed(ConnectionExistsSolver):  # type: ignore[misc]
    """What the three kinds of connection share."""

    vertices_under_resource_types: list[Vertex]
    vertices_under_connected_resources_types: list[Vertex]
    excluded_vertices: list[Vertex]
    unknown_vertices: list[Vertex]

    def set_vertices(
        self, graph_connector: Any, exclude_vertices: list[Vertex], unknown_vertices: list[Vertex]
    ) -> None:
        super().set_vertices(graph_connector, exclude_vertices, unknown_vertices)
        self.vertices_under_resource_types = Vertices(self.vertices_under_resource_types)
        self.vertices_under_connected_resources_types = Vertices(self.vertices_under_connected_resources_types)
        self.excluded_vertices = Vertices(self.excluded_vertices)
        self.unknown_vertices = Vertices(self.unknown_vertices)

    def get_operation(self, graph_connector: Any) -> Results:
        mine, theirs = self.vertices_under_resource_types, self.vertices_under_connected_resources_types
        if not mine or not theirs:
            return [], [*mine, *theirs], []
        passed: list[Vertex] = []
        failed: list[Vertex] = []
        unknown: list[Vertex] = []
        is_ours = isinstance(graph_connector, PyDiGraph)
        go_through = self.get_rustworkx_operation if is_ours else self.get_networkx_operation
        go_through(graph_connector=graph_connector, passed=passed, failed=failed, unknown=unknown)
        decided = Vertices((*passed, *unknown))
        failed += [vertex for vertex in itertools.chain(mine, theirs) if vertex not in decided]
        return passed, failed, unknown

    def get_rustworkx_operation(
        self, graph_connector: Any, passed: list[Vertex], failed: list[Vertex], unknown: list[Vertex]
    ) -> None:
        mine, theirs = self.vertices_under_resource_types, self.vertices_under_connected_resources_types
        vertices = [vertex for _, vertex in graph_connector.nodes()]
        for start, end in graph_connector.edge_list():
            origin, destination = vertices[start], vertices[end]
            opposite = theirs if origin in mine else mine if origin in theirs else []
            if not opposite:
                continue
            if destination in opposite:
                self.populate_checks_results(origin, destination, passed, failed, unknown)
                self._set_connected_node(destination, origin)
            elif destination.get(CustomAttributes.BLOCK_TYPE) == BlockType.OUTPUT:
                behind = next(iter(graph_connector.adj_direction(end, False)), None)
                if behind is not None and self.is_associated_edge(
                    origin.get(CustomAttributes.RESOURCE_TYPE), vertices[behind].get(CustomAttributes.RESOURCE_TYPE)
                ):
                    passed += [origin, vertices[behind]]


class Exists(_Indexed):
    """A resource of one kind is connected with one of another."""


class NotExists(_Indexed, ConnectionNotExistsSolver):  # type: ignore[misc]
    """None is."""

    def get_operation(self, graph_connector: Any) -> Results:
        passed, failed, unknown = super().get_operation(graph_connector)
        return failed, passed, unknown


class OneExists(_Indexed, ConnectionOneExistsSolver):  # type: ignore[misc]
    """At least one is, whatever the others are."""

    def get_operation(self, graph_connector: Any) -> Results:
        passed, failed, unknown = super().get_operation(graph_connector)
        found = Vertices(passed)
        return passed, [one for one in failed if one not in found], [one for one in unknown if one not in found]


class And(AndConnectionSolver):  # type: ignore[misc]
    """Every part holds."""

    def get_operation(self, graph_connector: Any) -> Results:
        if not self.vertices_under_resource_types:
            return [], [], []
        passed, failed, unknown = self.run_attribute_solvers(graph_connector)
        passed = _without(passed, failed, unknown)
        for solver in self.get_sorted_connection_solvers():
            solver.set_vertices(graph_connector, Vertices(failed), Vertices(unknown))
            for found, more in zip((passed, failed, unknown), solver.get_operation(graph_connector), strict=True):
                found += more
        results: Results = self.filter_results(_without(passed, failed, unknown), failed, _without(unknown, failed))
        return results


class Or(OrConnectionSolver):  # type: ignore[misc]
    """One part holds."""

    def get_operation(self, graph_connector: Any) -> Results:
        passed, failed, unknown = self.run_attribute_solvers(graph_connector)
        for solver in self.solvers:
            if isinstance(solver, BaseConnectionSolver):
                solver.set_vertices(graph_connector, [], [])
                for found, more in zip((passed, failed, unknown), solver.get_operation(graph_connector), strict=True):
                    found += more
        results: Results = self.filter_results(passed, _without(failed, passed, unknown), _without(unknown, passed))
        return results


def _called(vertex: Mapping[str, Any]) -> tuple[object, ...]:
    """What checkov tells results apart by; equal vertices have equal names."""
    return tuple(
        vertex.get(name)
        for name in (CustomAttributes.ID, CustomAttributes.FILE_PATH, CustomAttributes.TF_RESOURCE_ADDRESS)
    )


def _without(vertices: Iterable[Vertex], *others: Iterable[Vertex]) -> list[Vertex]:
    names = {_called(vertex) for vertex in itertools.chain(*others)}
    return [vertex for vertex in vertices if _called(vertex) not in names]


def use_indexes() -> None:
    """Have checkov make these of its checks. It reads them once in a process, the first time that it needs them."""
    checks_parser.operator_to_connection_solver_classes.update(
        exists=Exists, not_exists=NotExists, one_exists=OneExists
    )
    checks_parser.operator_to_complex_connection_solver_classes.update({"and": And, "or": Or})
