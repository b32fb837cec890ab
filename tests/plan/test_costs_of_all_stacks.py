"""Every stack as committed is priced whole: no resource without a line, no unknown line, no assumption for nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from tests.plan import committed
from tests.plan.committed import committed_plan
from tests.support.changesets import a_changeset
from tests.support.planner import Planner
from tests.support.plans import Json
from tests.support.project import REPOSITORY
from tooling.cli.main import cli
from tooling.cost import CostEstimate, Usage, budget_findings, estimate, from_json, load_usage, to_json
from tooling.cost.prices import load_prices
from tooling.cost.resources import FREE, PRICED
from tooling.cost.usage import Assumptions
from tooling.gate.addresses import glob_matches
from tooling.workspace import Workspace, find_workspace

STACKS = [f"{env}/{architecture}" for env, architecture in committed.STACKS]
ENVIRONMENTS = sorted({stack.partition("/")[0] for stack in STACKS})


@pytest.fixture(scope="module")
def plans(planner: Planner) -> Mapping[str, Json]:
    """The plan of each stack, when it is asked for."""

    class Plans(dict[str, Json]):
        def __missing__(self, stack: str) -> Json:
            env, _, architecture = stack.partition("/")
            self[stack] = committed_plan(planner, env, architecture)
            return self[stack]

    return Plans()


@cache
def usage_of(env: str) -> Usage:
    return load_usage(REPOSITORY / "envs" / env / "usage.yaml", f"envs/{env}/usage.yaml")


def cost_of(plan: Json, stack: str) -> CostEstimate:
    usage = usage_of(stack.partition("/")[0])
    return estimate(plan, stack=stack, region="us-east-1", usage=usage, prices=load_prices())


def managed(plan: Json) -> Iterator[tuple[str, str]]:
    for entry in plan["resource_changes"]:
        if entry["mode"] == "managed":
            yield entry["address"], entry["type"]


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_is_free_for_a_reason_or_has_a_line(plans: Mapping[str, Json], stack: str) -> None:
    found = cost_of(plans[stack], stack)

    with_lines = {line.address for line in found.lines}
    assert [address for address, kind in managed(plans[stack]) if kind not in FREE and address not in with_lines] == []
    assert {kind for _, kind in managed(plans[stack])} <= {*FREE, *PRICED}
    assert {entry.type: entry.count for entry in found.free} == {
        kind: sum(kind == other for _, other in managed(plans[stack]))
        for _, kind in managed(plans[stack])
        if kind in FREE
    }


@pytest.mark.parametrize("stack", STACKS)
def test_no_line_is_unknown(plans: Mapping[str, Json], stack: str) -> None:
    found = cost_of(plans[stack], stack)

    assert [f"{line.address} {line.part}: {line.assumption}" for line in found.unknown] == []


@pytest.mark.parametrize("stack", STACKS)
def test_lines_add_up_and_come_back_from_their_file(plans: Mapping[str, Json], stack: str) -> None:
    found = cost_of(plans[stack], stack)

    assert found.monthly_usd == sum((line.monthly_usd or Decimal(0) for line in found.lines), Decimal(0))
    assert found.monthly_usd == found.fixed_usd + found.usage_usd
    assert (found.monthly_before_usd, found.change_usd) == (Decimal(0), found.monthly_usd)
    assert from_json(json.loads(json.dumps(to_json(found)))) == found


@pytest.mark.parametrize("stack", STACKS)
def test_stack_that_is_there_costs_before_what_it_costs_after(plans: Mapping[str, Json], stack: str) -> None:
    """The same values as they are in a state: what the plan knows, made the earlier side of a plan without changes."""
    plan = json.loads(json.dumps(plans[stack]))
    for entry in plan["resource_changes"]:
        if entry["mode"] == "managed":
            entry["change"] |= {"actions": ["no-op"], "before": entry["change"]["after"], "after_unknown": {}}

    found = cost_of(plan, stack)

    assert [line.address for line in found.lines if line.before_usd != line.monthly_usd] == []
    assert found.change_usd == 0


@pytest.mark.parametrize("stack", STACKS)
def test_every_line_has_a_price_with_a_source_or_costs_nothing(plans: Mapping[str, Json], stack: str) -> None:
    for line in cost_of(plans[stack], stack).lines:
        if line.monthly_usd:
            assert line.source.startswith("https://aws.amazon.com/"), line.address
            assert line.as_of, line.address
        assert line.monthly_usd or line.assumption or line.quantity == 0, line


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_every_assumption_is_used_by_a_line(plans: Mapping[str, Json], env: str) -> None:
    usage = usage_of(env)
    stacks = [stack for stack in STACKS if stack.startswith(f"{env}/")]
    said = {line.assumption for stack in stacks for line in cost_of(plans[stack], stack).lines}

    def unused(assumptions: Assumptions) -> list[str]:
        return [each.where for each in assumptions.values() if not any(each.sentence in text for text in said)]

    assert set(usage.stacks) <= {stack.partition("/")[2] for stack in stacks}
    groups = [usage.everywhere, *(own.own for own in usage.stacks.values())]
    groups += [assumptions for own in usage.stacks.values() for _, assumptions in own.addresses]
    assert [where for group in groups for where in unused(group)] == []


@pytest.mark.parametrize("env", ENVIRONMENTS)
def test_every_glob_of_a_usage_file_names_a_resource(plans: Mapping[str, Json], env: str) -> None:
    for architecture, own in usage_of(env).stacks.items():
        addresses = [address for address, _ in managed(plans[f"{env}/{architecture}"])]
        for glob, _ in own.addresses:
            assert any(glob_matches(glob, address) for address in addresses), glob


def test_every_stack_above_its_own_budget_is_waived_and_no_other(plans: Mapping[str, Json]) -> None:
    waivers = yaml.safe_load((REPOSITORY / "policies/waivers.yaml").read_text(encoding="utf-8"))
    waived = {(stack, each["address"]) for each in waivers if each["check"] == "GP_COST_1" for stack in each["stacks"]}

    found = {
        (stack, finding.address)
        for stack in STACKS
        for finding in budget_findings(cost_of(plans[stack], stack), plans[stack], None)
    }

    assert found == waived


@pytest.fixture
def command(tmp_path: Path, plans: Mapping[str, Json], monkeypatch: pytest.MonkeyPatch) -> Any:
    """``groundplan cost estimate`` on a changeset of one stack's real plan."""
    (tmp_path / "cdktf_app").mkdir()
    for folder in ("envs", "modules"):
        (tmp_path / folder).symlink_to(REPOSITORY / folder)
    monkeypatch.setenv("GROUNDPLAN_ROOT", str(tmp_path))

    def run(stack: str, *options: str) -> str:
        env, _, architecture = stack.partition("/")
        workspace: Workspace = find_workspace()
        a_changeset(workspace, env, {architecture: plans[stack]})
        answer = CliRunner().invoke(
            cli, ["cost", "estimate", "--env", env, "--stack", architecture, *options], catch_exceptions=False
        )
        assert answer.exit_code == 0
        return answer.stdout

    return run


@pytest.mark.requirement("RW-NOTE-02", "RW-BUD-02")
def test_estimate_of_rewind_has_lambda_dynamodb_and_personalize_by_service(command: Any) -> None:
    text = command("dev/rewind", "--by", "service")

    assert text.startswith("dev/rewind: $")
    for service in ("AWS Lambda", "Amazon DynamoDB", "Amazon Personalize"):
        assert f"\n  {service}  $" in text


@pytest.mark.requirement("RW-PZ-06")
def test_estimate_says_how_long_personalize_is_free_and_that_dev_keeps_no_campaign(command: Any) -> None:
    content = json.loads(command("dev/rewind", "--json"))["dev/rewind"]

    lines = {line["part"]: line for line in content["lines"] if line["service"] == "Amazon Personalize"}
    assert "its free tier covers the first two months only" in lines["training"]["assumption"]
    assert lines["campaign"]["monthly_usd"] == 0
    assert "enable_campaign is false" in lines["campaign"]["assumption"]


@pytest.mark.requirement("SM-FR6-06")
@pytest.mark.parametrize("stack", ["staging/solemate", "prod/solemate"])
def test_estimate_of_solemate_begins_with_what_costs_most(command: Any, stack: str) -> None:
    text = command(stack)

    amounts = [
        Decimal(line.rpartition("$")[2].replace(",", ""))
        for line in text.splitlines()
        if line.startswith("  module.solemate.")
    ]
    assert len(amounts) > 20
    assert amounts == sorted(amounts, reverse=True)


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
@pytest.mark.parametrize("stack", ["dev/doomscroll", "prod/doomscroll"])
def test_estimate_of_doomscroll_prints_the_documents_lines_with_kind_source_and_date(command: Any, stack: str) -> None:
    text = command(stack, "--by", "service")

    for service in ("Amazon Elastic Container Service", "Amazon Relational Database Service", "AWS Data Transfer"):
        assert f"\n  {service}  $" in text
    (database,) = [line for line in text.splitlines() if "aws_db_instance.database db.t4g" in line]
    assert database.startswith("    fixed ")
    assert "https://aws.amazon.com/rds/postgresql/pricing/" in database


@pytest.mark.requirement("NC-COST-01")
@pytest.mark.parametrize("stack", [stack for stack in STACKS if stack.endswith("/nullcheck")])
def test_compute_of_nullcheck_costs_nothing_while_nobody_uses_it(plans: Mapping[str, Json], stack: str) -> None:
    found = cost_of(plans[stack], stack)

    fixed = {line.service for line in found.lines if line.kind == "fixed" and line.monthly_usd}
    # A dashboard, alarms and a key are there all month; no service that computes is.
    assert fixed <= {"AmazonCloudWatch", "AWS Key Management Service"}
