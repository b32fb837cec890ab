"""checkov's checks of connections over an index: the same answers as checkov's own, in a time linear in the plan."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from checkov.common.checks_infra.solvers.attribute_solvers.equals_attribute_solver import EqualsAttributeSolver
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
from checkov.common.checks_infra.solvers.filter_solvers.within_filter_solver import WithinFilterSolver
from checkov.terraform.plan_runner import Runner
from rustworkx import PyDiGraph

from tooling.gate.engine import connections
from tooling.gate.engine.scan import builtin_ids

CHECKOVS: dict[str, Any] = {
    "exists": ConnectionExistsSolver,
    "not exists": ConnectionNotExistsSolver,
    "one exists": ConnectionOneExistsSolver,
    "and": AndConnectionSolver,
    "or": OrConnectionSolver,
}
OURS: dict[str, Any] = {
    "exists": connections.Exists,
    "not exists": connections.NotExists,
    "one exists": connections.OneExists,
    "and": connections.And,
    "or": connections.Or,
}
KINDS = ("aws_s3_bucket", "aws_s3_bucket_policy", "aws_sns_topic")
Vertex = dict[str, Any]


class Compared(dict[str, Any]):
    """A vertex that counts how often one is compared."""

    times = 0

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return super().__eq__(other)


class Name(str):
    """One that counts as well: results are told apart by it."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        Compared.times += 1
        return super().__eq__(other)

    __hash__ = str.__hash__


def vertex(number: int, kind: str, *, name: str = "", block: str = "resource", **more: Any) -> Vertex:
    return Compared(
        {
            "block_type_": block,
            "resource_type": kind,
            "id_": Name(f"{kind}.{name or number}"),
            "file_path_": "/plan.json",
            "__address__": f"{kind}.{name or number}",
            **more,
        }
    )


def graph_of(vertices: list[Vertex], edges: Iterable[tuple[int, int]]) -> PyDiGraph:
    graph = PyDiGraph()
    graph.add_nodes_from(list(enumerate(vertices)))
    graph.add_edges_from([(start, end, "") for start, end in edges])
    return graph


def any_graph(seed: int) -> PyDiGraph:
    """Buckets, policies, topics and outputs with edges at random; some share a name, some are equal in all."""
    chance = random.Random(seed)
    vertices = []
    for number in range(chance.randrange(4, 30)):
        block = chance.choice(["resource"] * 5 + ["output"])
        kind = chance.choice(KINDS) if block == "resource" else ""
        name = str(chance.randrange(number + 1)) if chance.random() < 0.2 else str(number)
        vertices.append(vertex(number, kind, name=name, block=block, acl=chance.choice(["private", "public", "own"])))
    edges = [(chance.randrange(len(vertices)), chance.randrange(len(vertices))) for _ in range(len(vertices) * 2)]
    return graph_of(vertices, edges)


def solver(kinds: Mapping[str, Any], name: str) -> BaseConnectionSolver:
    buckets, policies, topics = ([kind] for kind in KINDS)
    made: BaseConnectionSolver
    if name in ("exists", "not exists", "one exists"):
        made = kinds[name](buckets, policies)
        return made
    parts = [
        EqualsAttributeSolver(buckets, "acl", "private"),
        kinds["exists"](buckets, policies),
        kinds["not exists"](buckets, topics),
        kinds["one exists"](policies, topics),
    ]
    nested = kinds["or" if name == "and" else "and"]([*parts[1:3]], "or" if name == "and" else "and")
    made = kinds[name]([*parts, nested, WithinFilterSolver([], "resource_type", list(KINDS[:2]))], name)
    return made


def told(results: tuple[list[Vertex], list[Vertex], list[Vertex]]) -> list[list[tuple[object, ...]]]:
    """What was said of which vertex, in the order in which it was; each is connected with others, in circles."""
    return [[(one["id_"], one["block_type_"], one.get("acl")) for one in part] for part in results]


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", CHECKOVS)
def test_a_check_of_connections_says_what_checkovs_own_says(name: str, seed: int) -> None:
    theirs, ours = (solver(kinds, name).run(any_graph(seed)) for kinds in (CHECKOVS, OURS))

    assert told(ours) == told(theirs)


@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("name", ["exists", "not exists", "one exists"])
def test_what_is_left_out_or_not_known_is_treated_as_checkov_does(name: str, seed: int) -> None:
    said = []
    for kinds in (CHECKOVS, OURS):
        graph, chance = any_graph(seed), random.Random(seed)
        vertices = [one for _, one in graph.nodes()]
        left_out, unknown = ([one for one in vertices if chance.random() < 0.3] for _ in range(2))
        asked = solver(kinds, name)
        asked.set_vertices(graph, left_out, unknown)
        said.append(told(asked.get_operation(graph)))

    assert said[1] == said[0]


def test_the_graphs_above_have_something_to_tell() -> None:
    for name in OURS:
        results = [solver(OURS, name).run(any_graph(seed)) for seed in range(60)]

        assert any(passed for passed, _, _ in results), name
        assert any(failed for _, failed, _ in results), name


@pytest.mark.parametrize("name", CHECKOVS)
def test_the_work_grows_as_the_plan_does(name: str) -> None:
    times = {}
    for count in (40, 160):
        buckets = [vertex(number, KINDS[0], acl="private") for number in range(count)]
        policies = [vertex(number, KINDS[1]) for number in range(count)]
        graph = graph_of([*buckets, *policies], [(count + number, number) for number in range(0, count, 2)])
        Compared.times = 0
        solver(OURS, name).run(graph)
        times[count] = Compared.times

    assert times[160] <= 4.2 * times[40]


def test_checkov_makes_its_checks_of_these() -> None:
    assert builtin_ids()
    registry = Runner().graph_registry
    registry.load_checks()

    made = {type(one) for check in registry.checks for one in _parts(check.solver)}

    assert made & set(CHECKOVS.values()) == set()
    assert set(OURS.values()) <= made


def _parts(one: Any) -> list[Any]:
    return [one, *(part for each in getattr(one, "solvers", ()) or () for part in _parts(each))]
