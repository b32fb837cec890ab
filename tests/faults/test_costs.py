"""What a stack costs, through the command line: in a plan, by itself, and as a bill."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tests.support.project import Project
from tooling.cost.prices import load_prices

USAGE = "envs/local/usage.yaml"


def test_plan_says_what_is_paid_and_its_changeset_keeps_the_estimate(tiny: Project) -> None:
    answer = tiny.run("plan")

    assert answer.code == 0, answer.said
    assert "  cost $0.00 a month\n" in answer.out
    kept = json.loads((tiny.root / ".groundplan/changesets/local/latest/tiny/cost.json").read_bytes())
    assert (kept["stack"], kept["monthly_usd"], kept["lines"]) == ("local/tiny", 0.0, [])
    assert kept["free"] == [{"type": "terraform_data", "count": 1, "why": "of Terraform itself, not of AWS"}]


def test_estimate_of_a_changeset_needs_neither_terraform_nor_an_account(tiny: Project) -> None:
    assert tiny.run("plan").code == 0

    answer = tiny.run("cost", "estimate", environ={"PATH": "/nowhere", "GROUNDPLAN_TERRAFORM": "/nowhere/terraform"})
    as_json = tiny.run("cost", "estimate", "--json")

    assert answer.code == 0, answer.said
    assert "local/tiny: $0.00 a month ($0.00 fixed, $0.00 by assumed usage)" in answer.out
    assert "free: 1 terraform_data: of Terraform itself, not of AWS" in answer.out
    assert json.loads(as_json.out)["local/tiny"]["unknown_lines"] == 0
    # AND old prices are told beside both
    warning = load_prices().age_warning(datetime.now(UTC).date())
    told = f"warning: {warning}\n" if warning else ""
    assert answer.err == told
    assert as_json.err == told


def test_estimate_without_a_changeset_says_how_to_make_one(tiny: Project) -> None:
    answer = tiny.run("cost", "estimate")

    assert answer.code == 2
    assert "there is no changeset" in answer.err
    assert "groundplan plan" in answer.err


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("usage:\n  nat.gbs: {value: 1, note: x}\n", 2, "there is nothing called 'nat.gbs' to assume"),
        ("usage: [\n", 2, "is not YAML"),
    ],
)
def test_malformed_usage_file_stops_a_plan_with_its_line(tiny: Project, text: str, line: int, says: str) -> None:
    tiny.write(USAGE, text)

    answer = tiny.run("plan")

    assert answer.code == 2
    assert f"error: {USAGE}:{line}: {says}" in answer.err
    assert "Traceback" not in answer.said


def test_bill_is_asked_of_cost_explorer(tiny: Project) -> None:
    """The emulator's Cost Explorer answers that nothing was paid."""
    answer = tiny.run("cost", "report", "--weekly")
    as_json = json.loads(tiny.run("cost", "report", "--weekly", "--by", "day", "--json").out)

    assert answer.code == 0, answer.said
    assert "local/tiny, " in answer.out
    assert ": $0.00 paid" in answer.out
    assert "are they active cost allocation tags?" in answer.out
    assert (as_json["local/tiny"]["usd"], as_json["local/tiny"]["paid"]) == (0.0, [])
