"""Generated estates are sound projects; what plans and reports take is linear; figures and curves get into the page."""

from __future__ import annotations

import cProfile
import gc
import json
import pstats
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.curves import Curve, nice, picture
from bench.estate import SHARING, Estate, make_estate, make_wide
from bench.growth import measure, run
from bench.growth_page import Growth, OfChanged, OfEstate, OfPlan, Run, figures, markers, write
from tests.support.emulated import emulator_in
from tests.support.project import REPOSITORY
from tests.support.report_plans import create, plan_of
from tooling import gate
from tooling.environment.config import load_environment
from tooling.environment.stacks import select_stacks
from tooling.errors import ToolError
from tooling.gate import GateConfig, Severity
from tooling.initialising import ensure_initialised
from tooling.plan.masking import MaskedPlan
from tooling.planning import plan_changeset
from tooling.report import ReportStack
from tooling.session import open_session
from tooling.workspace import Workspace

TOOK = Run(seconds=20.0, own=1.0, all=10.0, peak=180.0)


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Estate]:
    """Three stacks whose state bucket is there."""
    home = tmp_path_factory.mktemp("emulator")
    with emulator_in(home):
        made = make_estate(tmp_path_factory.mktemp("estate") / "e", 3, emulator_home=home, bucket="growth-test")
        answer = made.project.run("bootstrap", "--env", "local", "--yes")
        assert answer.code == 0, answer.said
        yield made


def test_every_stack_of_an_estate_is_planned_and_passes_the_gate(estate: Estate) -> None:
    took = run(estate, "plan", "--env", "local")

    changeset = json.loads((estate.project.latest / "changeset.json").read_text())
    assert [part["architecture"] for part in changeset["stacks"]] == list(estate.names)
    assert all(part["gate_passed"] and part["changes"]["create"] == 2 for part in changeset["stacks"])
    assert 0 < took.own < took.all
    assert took.peak > 50


def test_no_plan_is_in_memory_any_more_when_all_stacks_are_planned(estate: Estate) -> None:
    session = open_session(Workspace(estate.project.root), "local")

    planned = plan_changeset(session)

    gc.collect()
    assert len(planned.stacks) == 3
    assert [each for each in gc.get_objects() if isinstance(each, MaskedPlan | ReportStack)] == []


def test_a_stack_that_needs_no_provider_is_initialised_once(estate: Estate) -> None:
    session = open_session(Workspace(estate.project.root), "local", [estate.names[0]])
    ensure_initialised(session, session.stack)

    assert not ensure_initialised(session, session.stack)

    shutil.rmtree(session.stack.work / "terraform")
    assert ensure_initialised(session, session.stack)


def test_a_module_that_a_called_module_calls_anew_is_initialised(estate: Estate) -> None:
    session = open_session(Workspace(estate.project.root), "local", [estate.names[0]])
    ensure_initialised(session, session.stack)
    estate.project.write("modules/further/main.tf", 'resource "terraform_data" "further" {\n}\n')
    call = estate.project.write("modules/shared-000/calls.tf", 'module "further" {\n  source = "../further"\n}\n')

    run(estate, "plan", "--env", "local", "--stack", estate.names[0])

    call.unlink()
    assert ensure_initialised(session, session.stack)


def test_a_command_that_fails_is_no_figure(estate: Estate) -> None:
    with pytest.raises(ToolError, match=r"ended with 2: .*no stack 'nowhere'"):
        run(estate, "plan", "--env", "local", "--stack", "nowhere")


def test_ten_stacks_share_a_module_and_each_has_one_of_its_own(tmp_path: Path) -> None:
    made = make_estate(tmp_path / "e", 2 * SHARING + 1, emulator_home=None, bucket="b-1")

    modules = sorted(path.name for path in (tmp_path / "e/modules").iterdir())
    assert modules == [*made.names, "shared-000", "shared-001", "shared-002"]
    workspace = Workspace(tmp_path / "e")
    assert len(select_stacks(workspace, "local", load_environment(workspace, "local"), [])) == 2 * SHARING + 1


def test_a_wide_stack_has_as_many_units_as_one_wants(tmp_path: Path) -> None:
    made = make_wide(tmp_path / "w", emulator_home=None, bucket="b-1")
    made.change("wide", 50)

    assert (tmp_path / "w/envs/local/wide/terraform.tfvars").read_text() == "units = 50\n"


def plan_with_references(count: int) -> dict[str, Any]:
    """Half of them buckets, half what refers to them."""
    configured = {
        "root_module": {
            "resources": [
                {"address": "aws_s3_bucket.files", "mode": "managed", "type": "aws_s3_bucket", "name": "files"},
                {
                    "address": "aws_s3_bucket_public_access_block.files",
                    "mode": "managed",
                    "type": "aws_s3_bucket_public_access_block",
                    "name": "files",
                    "expressions": {"bucket": {"references": ["aws_s3_bucket.files"]}},
                },
            ]
        }
    }
    entries = [
        each
        for number in range(count // 2)
        for each in (
            create(f'aws_s3_bucket.files["{number}"]', {"bucket": f"files-{number}"}),
            create(
                f'aws_s3_bucket_public_access_block.files["{number}"]',
                {"block_public_acls": True},
                # Only of a value that is not known yet checkov looks for what it refers to.
                after_unknown={"bucket": True},
            ),
        )
    ]
    return plan_of(*entries, configuration=configured)


def calls_of_a_gate(count: int) -> int:
    """Python's calls: on a busy machine they are as many as on a quiet one."""
    policies = REPOSITORY / "policies"
    config = GateConfig(
        fail_on=Severity.LOW, waivers=policies / "waivers.yaml", policies=policies, today=date(2026, 1, 2)
    )
    plan = plan_with_references(count)
    profile = cProfile.Profile()
    profile.enable()
    gate.evaluate(plan, stack="dev/wide", config=config)
    profile.disable()
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def test_a_gate_of_four_times_the_resources_takes_four_times_as_long() -> None:
    gate.warm_up()
    calls_of_a_gate(20)

    assert calls_of_a_gate(800) < 4.3 * calls_of_a_gate(200)


def test_figures_get_between_their_markers_and_leave_the_rest(tmp_path: Path) -> None:
    later = replace(TOOK, own=3.0, all=14.0)
    growth = Growth(
        estates=(OfEstate(10, TOOK, TOOK, 2_000_000), OfEstate(50, TOOK, later, 2_000_000)),
        plans=(OfPlan(500, TOOK, TOOK, TOOK, 1_000_000),),
        changed=OfChanged(50, applied=TOOK, looked=TOOK, changed=TOOK, named=TOOK),
    )
    page = tmp_path / "growth.md"
    page.write_text((REPOSITORY / "docs/growth.md").read_text(), encoding="utf-8")

    write(growth, page, tmp_path)

    text = page.read_text(encoding="utf-8")
    assert "| 10 | 20.0 | 1.0 | 10.0 |  |  | 180 | 20.0 | 1.0 | 180 | 2.0 |" in text
    assert "| 50 | 20.0 | 3.0 | 14.0 | 50 | 100 | 180 | 20.0 | 1.0 | 180 | 2.0 |" in text
    assert "| 500 | 1.0 | 1.0 |  | 180 | 180 | 1.0 | 180 | 1.0 |" in text
    assert "Ratio of CPU 1.00 (at most 1.5), medians of 3 rounds." in text
    assert text.startswith("# How far one machine goes\n")
    assert sorted(path.name for path in tmp_path.glob("*.svg")) == ["growth-memory.svg"]


def test_a_part_that_was_not_measured_keeps_its_figures(tmp_path: Path) -> None:
    page = tmp_path / "growth.md"
    page.write_text((REPOSITORY / "docs/growth.md").read_text(), encoding="utf-8")
    write(Growth((OfEstate(10, TOOK, TOOK, 2_000_000),), (), None), page, tmp_path)

    write(Growth((), (), OfChanged(50, applied=TOOK, looked=TOOK, changed=TOOK, named=TOOK)), page, tmp_path)

    text = page.read_text(encoding="utf-8")
    assert "| 10 | 20.0 | 1.0 | 10.0 |" in text
    assert "| 3 of 50 stacks moved |" in text


def test_a_part_that_there_is_not_is_refused() -> None:
    with pytest.raises(ToolError, match="'moved' is no part"):
        measure(sizes=[1], resources=[10], changed=3, only="moved")


def test_the_page_has_the_markers_of_every_part() -> None:
    text = (REPOSITORY / "docs/growth.md").read_text(encoding="utf-8")
    parts = figures(
        Growth((OfEstate(1, TOOK, TOOK, 1),), (OfPlan(1, TOOK, TOOK, TOOK, 1),), OfChanged(1, TOOK, TOOK, TOOK, TOOK))
    )

    assert len(parts) == 3
    assert [text.count(marker) for part in parts for marker in markers(part)] == [1] * 6


def test_a_curve_is_a_picture_with_its_names_escaped() -> None:
    drawn = ET.fromstring(picture("a < b", "stacks", [Curve("x & y", {10: 1.0, 1000: 3.0})]))

    texts = ["".join(each.itertext()) for each in drawn.iter() if each.tag.endswith("text")]
    assert {"a < b", "x & y", "stacks", "10", "1,000", "4"} <= set(texts)


@pytest.mark.parametrize(("value", "end"), [(0.06, 0.1), (0.7, 0.8), (3.0, 4), (9.0, 10), (130.0, 200), (820.0, 1000)])
def test_an_axis_ends_at_a_round_value(value: float, end: float) -> None:
    assert nice(value) == pytest.approx(end)
