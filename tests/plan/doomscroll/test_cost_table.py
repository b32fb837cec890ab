"""The document's own table of costs, line by line, against the estimate of the stacks as committed.

``docs/cost.md`` shows both and explains each line that differs. This holds the page to the figures in both directions:
a difference without a reason fails, and so does a reason for what agrees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.support.plans import Plan
from tests.support.project import REPOSITORY
from tooling.cost import CostEstimate, estimate, load_usage
from tooling.cost.model import total
from tooling.cost.prices import load_prices

# How far a figure of the document, which rounds to dollars and says "about", may be off and still agree.
TOLERANCE = Decimal("0.15")
AGREES = "agrees"
# The lines of the document, by the services of Cost Explorer that they are.
SERVICES = {
    "ECS Fargate": ("Amazon Elastic Container Service",),
    "RDS": ("Amazon Relational Database Service",),
    "ALB": ("Amazon Elastic Load Balancing",),
    "CloudWatch": ("AmazonCloudWatch",),
    "Data transfer": ("AWS Data Transfer", "Amazon CloudFront"),
    "SES": ("Amazon Simple Email Service",),
}
TOTAL = "Total"
# Services that the document has no line for are named on the page from so many dollars on.
WORTH_NAMING = Decimal(2)
DOCUMENT = (REPOSITORY / "specs/doomscroll.md").read_text(encoding="utf-8")
PAGE = (REPOSITORY / "docs/cost.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """A row of the page: what the document says, what the estimate says, and why they differ."""

    document: str
    estimate: str
    why: str


def document_lines(heading: str) -> dict[str, Decimal]:
    """What the document says of one tier: ``- RDS db.t4g.micro: ~$20``."""
    (section,) = re.findall(rf"^\*\*{heading}\*\*.*?\n((?:- .*\n)+)", DOCUMENT, re.MULTILINE)
    found = re.findall(r"^- (?:\*\*)?([A-Za-z ]+?)(?: db\.\S+| \(.*?\))?(?:\*\*)?: ~\$(\d+)", section, re.MULTILINE)
    return {name: Decimal(usd) for name, usd in found}


def page_rows(env: str) -> dict[str, Row]:
    (table,) = re.findall(rf"^\| {env} \| document \| estimate \| .*\n\|[-|]+\n((?:\|.*\n)+)", PAGE, re.MULTILINE)
    cells = [[cell.strip() for cell in line.strip("|\n").split(" | ")] for line in table.splitlines()]
    return {name: Row(document, expected, why) for name, document, expected, why in cells}


def expected_cost(plan: Plan, env: str) -> CostEstimate:
    path = REPOSITORY / "envs" / env / "usage.yaml"
    return estimate(
        plan.whole, stack=f"{env}/doomscroll", region="us-east-1", usage=load_usage(path), prices=load_prices()
    )


def rounded(usd: Decimal) -> str:
    return f"${usd.quantize(Decimal(1), ROUND_HALF_UP)}"


def as_they_should_be(found: CostEstimate, document: dict[str, Decimal]) -> dict[str, tuple[str, str, bool]]:
    """By line: the document's figure, the estimate's, and whether they agree."""
    by_service = {name: total(line.monthly_usd for line in lines) for name, lines in found.by_service().items()}
    own = {name: sum((by_service.get(each, Decimal(0)) for each in SERVICES[name]), Decimal(0)) for name in SERVICES}
    named = {service for name in document if name != TOTAL for service in SERVICES[name]}
    rows = {}
    for name, said in document.items():
        usd = found.monthly_usd if name == TOTAL else own[name]
        rows[name] = (f"${said}", rounded(usd), abs(usd - said) <= said * TOLERANCE)
    others = {name: usd for name, usd in by_service.items() if name not in named and usd >= WORTH_NAMING}
    for name, usd in others.items():
        rows[name] = ("no line", rounded(usd), False)
    rest = (
        found.monthly_usd - sum(others.values()) - sum((by_service.get(each, Decimal(0)) for each in named), Decimal(0))
    )
    rows["all others"] = ("no line", rounded(rest), False)
    return rows


@pytest.fixture(scope="module", params=[("dev", "Development/Testing"), ("prod", "Production")], ids=["dev", "prod"])
def tier(request: pytest.FixtureRequest) -> tuple[str, dict[str, Decimal], CostEstimate]:
    env, heading = request.param
    return env, document_lines(heading), expected_cost(request.getfixturevalue(env), env)


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_document_is_read_whole(tier: tuple[str, dict[str, Decimal], CostEstimate]) -> None:
    env, document, _ = tier

    lines = {
        "dev": {"ECS Fargate": 15, "RDS": 20, "ALB": 16, "Data transfer": 5, TOTAL: 60},
        "prod": {"ECS Fargate": 22, "RDS": 50, "ALB": 16, "CloudWatch": 10, "Data transfer": 10, "SES": 5, TOTAL: 110},
    }
    assert document == lines[env]


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_estimate_of_the_stack_has_no_unknown_line(tier: tuple[str, dict[str, Decimal], CostEstimate]) -> None:
    _, _, found = tier

    assert [f"{line.address} {line.part}: {line.assumption}" for line in found.unknown] == []


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_page_has_every_line_with_its_figures(tier: tuple[str, dict[str, Decimal], CostEstimate]) -> None:
    env, document, found = tier
    should = as_they_should_be(found, document)

    rows = page_rows(env)

    assert {name: (row.document, row.estimate) for name, row in rows.items()} == {
        name: (said, usd) for name, (said, usd, _) in should.items()
    }


@pytest.mark.requirement("FD-COST-01", "FD-COST-02")
def test_page_explains_each_difference_and_nothing_that_agrees(
    tier: tuple[str, dict[str, Decimal], CostEstimate],
) -> None:
    env, document, found = tier
    rows = page_rows(env)

    for name, (said, usd, agrees) in as_they_should_be(found, document).items():
        why = rows[name].why
        if agrees:
            assert why == AGREES, f"{env} {name}: {said} and {usd} agree; the reason '{why}' is stale"
        else:
            assert len(why) > 20, f"{env} {name}: {said} and {usd} differ; docs/cost.md has to say why"
