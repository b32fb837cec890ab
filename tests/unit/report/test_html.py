"""``report.html`` as text: alone in one file, with everything a reviewer needs, and nothing that a name could break."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from tests.support.report_plans import HOSTILE, SECRET, large_plan, plan_of
from tests.support.reports import finding, report_of, report_stack, sample_report, verdict
from tooling.report import html


class Elements(HTMLParser):
    """Every element with its attributes, and all text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 - the name is the parser's
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.text += data


PAGE = html(sample_report())


def test_the_page_names_no_other_file() -> None:
    elements = Elements(PAGE)

    attributes = [(name, value or "") for _, attrs in elements.found for name, value in attrs.items()]
    assert [value for name, value in attributes if name in ("src", "srcset", "data", "action", "poster")] == []
    assert [value for name, value in attributes if name.endswith("href") and not value.startswith("#")] == []
    assert "link" not in {tag for tag, _ in elements.found}
    assert not re.search(r"@import|url\((?!['\"]?(#|data:))", PAGE)


def test_no_attribute_runs_anything() -> None:
    names = {name for _, attrs in Elements(PAGE).found for name in attrs}

    assert {name for name in names if name.startswith("on")} == set()


def test_a_hostile_name_is_shown_as_it_is() -> None:
    elements = Elements(PAGE)

    assert "img" not in {tag for tag, _ in elements.found}
    assert HOSTILE in elements.text


def test_a_secret_is_nowhere() -> None:
    assert SECRET not in PAGE


def test_everything_that_a_reviewer_has_to_know_is_there() -> None:
    text = re.sub(r"\s+", " ", Elements(PAGE).text)

    for said in (
        "Gate REFUSED",
        "111122223333, us-east-1, on aws",
        "2026-11-21 20:15 UTC by arn:aws:sts::111122223333:assumed-role/deployer/jane",
        "2026-11-24 20:15 UTC",
        "an approval by another identity",
        "0123456789abcdef0123456789abcdef01234567",
        "5eal" * 16,
        "Goes: the table and its items.",
        "the internet (0.0.0.0/0) can reach aws_security_group.web on TCP 443",
        "modules/kefir/table.tf:3",
        'resource "aws_dynamodb_table" "gone" {',
        "rolled out by hand tonight",
        "The document wants it so.",
        "KF-DDB-01, platform, until 2026-12-01",
        "In the baseline",
        "Undecided",
        "Waivers that end soon",
        "≥ $24.56",
        "no figure in usage.yaml",
        "waiver of CKV_AWS_2; tests of aws_dynamodb_table",
    ):
        assert said in text, said


def test_no_document_stands_beside_another() -> None:
    text = Elements(PAGE).text

    assert '{"widgets"' not in text
    assert '[{"name"' not in text
    assert '"Statement"' not in text


def test_stacks_that_differ_from_each_other_get_ids_of_their_own() -> None:
    stacks = [report_stack(large_plan(3), name=f"dev/{name}") for name in ("kefir", "rewind")]

    ids = [attrs["id"] for _, attrs in Elements(html(report_of(*stacks))).found if "id" in attrs]

    assert len(ids) == len(set(ids))


def test_few_changes_are_open_and_many_are_not() -> None:
    page = Elements(PAGE)
    many = Elements(html(report_of(report_stack(large_plan(40)))))

    rows = [attrs for _, attrs in page.found if (attrs.get("class") or "").startswith("r ")]
    assert {("open" in attrs) for attrs in rows if attrs["class"] == "r update"} == {True}
    assert not any("open" in attrs for _, attrs in many.found if (attrs.get("class") or "").startswith("r "))


def test_a_plan_that_does_nothing_says_so() -> None:
    text = Elements(html(report_of(report_stack(plan_of())))).text

    assert "1 stack: no changes. The gate lets it pass." in text
    assert "Nothing is deleted or made anew" in text


def test_findings_of_one_check_are_one_group() -> None:
    findings = tuple(finding("CKV_AWS_1", f"aws_sqs_queue.q{index}") for index in range(5))

    page = html(report_of(report_stack(plan_of(), gate=verdict(passed=False, findings=findings))))

    assert len(re.findall(r'<details class="f refuses"', page)) == 1
    assert "5 resources" in page
