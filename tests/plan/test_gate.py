"""The gate over the plan of every committed stack, when nothing of it is there yet and much is unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pytest

from tests.plan.committed import STACKS, committed_plan
from tests.support.planner import Planner
from tests.support.plans import Json
from tests.support.project import REPOSITORY
from tooling.gate import ChangeLimits, GateConfig, GateResult, Severity, evaluate
from tooling.plan.sources import declared
from tooling.workspace import Workspace

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module", params=STACKS, ids="-".join)
def stack(request: pytest.FixtureRequest, planner: Planner) -> tuple[str, Json, GateResult]:
    """Name, plan and verdict."""
    env, architecture = request.param
    plan = committed_plan(planner, env, architecture)
    policies = Workspace(REPOSITORY).policies
    config = GateConfig(
        fail_on=Severity.LOW,
        waivers=policies / "waivers.yaml",
        policies=policies,
        today=TODAY,
        limits=ChangeLimits(max_destroys=0, max_replaces=0),
    )
    root = REPOSITORY / "envs" / env / architecture
    lines = declared(REPOSITORY / "modules" / architecture, root)
    name = f"{env}/{architecture}"
    return name, plan, evaluate(plan, stack=name, config=config, declared=lines)


Stack = tuple[str, Json, GateResult]


def test_no_waiver_is_for_nothing(stack: Stack) -> None:
    _, _, result = stack

    assert [finding.message for finding in result.findings if finding.check_id == "GP_WAIVER_1"] == []


def test_everything_is_made_by_the_one_provider_and_runs_nothing(stack: Stack) -> None:
    _, _, result = stack

    everything = (*result.findings, *result.waived)
    assert [finding.address for finding in everything if finding.check_id.startswith("GP_SUPPLY_")] == []


def test_every_finding_has_the_line_that_it_comes_from(stack: Stack) -> None:
    _, _, result = stack

    everything = (*result.findings, *result.waived, *result.undecided_passes)
    assert [finding.address for finding in everything if not finding.declared_at] == []


def test_no_check_passed_on_an_argument_of_which_neither_value_nor_origin_is_known(stack: Stack) -> None:
    # GIVEN arguments that are given, unknown, and taken from what a plan says nothing of
    _, plan, result = stack
    obscure = dict(_obscure(plan))

    # WHEN each check of checkov's that found nothing wrong says what it looked at
    looked_at = _passed(plan)
    passed_on = {
        (check_id, address)
        for (check_id, address), keys in looked_at.items()
        for key in keys
        if key in obscure.get(address, ())
    }

    # THEN
    undecided = {(finding.check_id, finding.address) for finding in result.undecided_passes}
    assert passed_on - undecided == set()
    assert len(looked_at) > 300


def test_an_undecided_check_has_something_unknown_to_wait_for(stack: Stack) -> None:
    _, plan, result = stack
    unknown = {change["address"]: change["change"]["after_unknown"] for change in plan["resource_changes"]}

    for finding in result.undecided_passes:
        argument = finding.message.rpartition(": ")[2].removesuffix(" is known only after apply")
        assert unknown[finding.address][argument], finding


def _obscure(plan: Mapping[str, Any]) -> Iterator[tuple[str, set[str]]]:
    """By address: arguments that are wholly unknown and whose expression names a local, each.value or an output."""
    (call,) = plan["configuration"]["root_module"]["module_calls"].values()
    configured = {resource["address"]: resource.get("expressions", {}) for resource in call["module"]["resources"]}
    for change in plan["resource_changes"]:
        address = change["address"].split(".", 2)[2].partition("[")[0]
        given = configured[address]
        yield (
            change["address"],
            {
                name
                for name, missing in change["change"]["after_unknown"].items()
                if missing is True
                and isinstance(given.get(name), dict)
                and any(
                    text.startswith(("local.", "each.value", "module.")) for text in given[name].get("references", ())
                )
            },
        )


def _passed(plan: Mapping[str, Any]) -> Mapping[tuple[str, str], tuple[str, ...]]:
    from tooling.gate.engine.quiet import quiet
    from tooling.gate.engine.scan import scan
    from tooling.gate.planned import view_of
    from tooling.gate.prepare import for_checkov

    view = view_of(plan, today=TODAY)
    with quiet():
        return scan(for_checkov(plan, view), view, ()).examined
