"""What is done, counted: a count is the same on a busy machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from bench import bare
from bench.cdktf_cli import node_home
from bench.estate import Estate, make_estate
from bench.place import ENV, Place
from tests.speed import limits
from tests.speed.recording import Recorded, overheard, recorded
from tooling.changeset import FACTS, LATEST
from tooling.emulator.process import status
from tooling.faultproxy.asked import BACKEND, BOTO3, PROVIDER
from tooling.faultproxy.proxy import FaultProxy
from tooling.target import ENDPOINT_VARIABLE
from tooling.terraform.binary import BINARY_VARIABLE

PLAN = f"groundplan plan --env {ENV} --stack kefir"
CHANGED = f"groundplan plan --env {ENV} --changed"
SYNTH = "groundplan synth"


@pytest.fixture(scope="module")
def programs(place: Place, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Recorded]:
    """What a second plan of kefir starts."""
    folder = tmp_path_factory.mktemp("programs")
    found = {name: recorded(folder, name) for name in ("terraform", "git")}
    environ = {
        **place.environ,
        "PATH": f"{folder}{os.pathsep}{place.environ['PATH']}",
        BINARY_VARIABLE: str(found["terraform"].program),
    }
    place.run(PLAN, environ)
    return found


def test_a_second_plan_runs_terraform_for_the_plan_and_its_json_and_for_nothing_else(
    programs: dict[str, Recorded],
) -> None:
    called = [line.split()[0] for line in programs["terraform"].lines]

    assert tuple(command for command in called if command != "version") == limits.TERRAFORM_OF_A_PLAN
    assert called.count("version") <= limits.VERSIONS_OF_A_PLAN


def test_a_plan_that_says_the_same_again_is_not_judged_or_priced_again(
    place: Place, programs: dict[str, Recorded]
) -> None:
    assert programs["terraform"].lines
    facts = place.workspace.changesets(ENV) / LATEST / "kefir" / FACTS

    assert json.loads(facts.read_text(encoding="utf-8"))["reused"] == ["cost", "gate"]


def test_a_plan_asks_git_no_more_often_than_it_has_to(programs: dict[str, Recorded]) -> None:
    assert len(programs["git"].lines) <= limits.GITS_OF_A_PLAN, programs["git"].lines


def test_a_plan_asks_the_cloud_what_bare_terraform_asks_and_little_more(place: Place) -> None:
    ours = calls(place, PLAN, place.environ)
    shell = place.bare()
    place.run(bare.initialised(("kefir",), 1), shell)
    theirs = calls(place, bare.planned(("kefir",), 1, init=False, checkov=False), shell)

    print(f"  calls of a plan: {ours}, of bare Terraform: {theirs}", file=sys.stderr)
    assert ours[PROVIDER] <= theirs[PROVIDER]
    assert ours[BACKEND] <= theirs[BACKEND]
    assert ours[BOTO3] <= limits.OWN_CALLS_OF_A_PLAN, ours


@pytest.fixture(scope="module")
def applied(place: Place, tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, Estate]:
    """A generated estate on the same emulator, all of it applied and what its receipts say read once."""
    root = tmp_path_factory.mktemp("estate") / "project"
    estate = make_estate(root, 4, emulator_home=place.workspace.emulator_home, bucket="groundplan-speed")
    there = replace(place, root=root, environ={**place.environ, "GROUNDPLAN_ROOT": str(root)})
    for step in ("emulator ready", "plan", "apply --yes", "plan --changed"):
        there.run(f"groundplan {step} --env {ENV}", there.environ)
    return there, estate


def test_what_did_not_change_costs_a_handful_of_calls_and_no_terraform(
    applied: tuple[Place, Estate], tmp_path: Path
) -> None:
    there, estate = applied
    terraform = recorded(tmp_path, "terraform")
    environ = {**there.environ, BINARY_VARIABLE: str(terraform.program)}

    found = calls(there, f"{CHANGED} --stack {estate.names[0]}", environ)

    print(f"  calls of plan --changed: {found}", file=sys.stderr)
    assert found.total() <= limits.CALLS_OF_CHANGED, found
    assert [line for line in terraform.lines if not line.startswith("version")] == []


def test_more_stacks_that_did_not_change_cost_no_more_calls(applied: tuple[Place, Estate]) -> None:
    there, estate = applied

    of_one = calls(there, f"{CHANGED} --stack {estate.names[0]}", there.environ)
    of_all = calls(there, CHANGED, there.environ)

    assert of_all.total() <= of_one.total(), (of_one, of_all)


@pytest.fixture(scope="module")
def node(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    """What a synth from nothing says to Node; nothing is known of files that another Node made."""
    found = overheard(tmp_path_factory.mktemp("node"), os.environ.get("JSII_NODE") or str(node_home() / "bin/node"))
    place.run(SYNTH, {**place.environ, "JSII_NODE": str(found.program)})
    return found


def test_synth_speaks_with_node_no_more_often_than_it_did(node: Recorded) -> None:
    print(f"  messages to Node: {len(node.lines)}", file=sys.stderr)
    assert 0 < len(node.lines) <= limits.ROUND_TRIPS_OF_SYNTH


def test_a_synth_of_which_nothing_changed_asks_node_nothing(place: Place, node: Recorded) -> None:
    before = len(node.lines)

    place.run(SYNTH, {**place.environ, "JSII_NODE": str(node.program)})

    assert len(node.lines) == before


def test_help_loads_few_modules() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import tooling.cli.main, sys; print(len(sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) <= limits.MODULES_FOR_HELP


def calls(place: Place, script: str, environ: Mapping[str, str]) -> Counter[str]:
    """Calls to the emulator by who made them, while a script runs."""
    running = status(place.workspace.emulator_home)
    assert running is not None
    with FaultProxy(running.endpoint) as proxy:
        place.run(script, {**environ, ENDPOINT_VARIABLE: proxy.endpoint, "AWS_ENDPOINT_URL": proxy.endpoint})
        return Counter(entry.asked.caller for entry in proxy.log)
