"""The reports of a changeset: written with it, rendered again from what was sealed, refused from what was not."""

from __future__ import annotations

import json
import stat

from tests.support.project import Project


def test_a_plan_leaves_both_reports_and_says_where(tiny: Project) -> None:
    planned = tiny.run("plan")

    page, text = tiny.latest / "report.html", tiny.latest / "report.md"
    assert planned.code == 0, planned.said
    assert f"{tiny.latest.name}/report.html" in planned.out
    assert "module.tiny.terraform_data.item[0]" in page.read_text()
    assert "module.tiny.terraform_data.item[0]" in text.read_text()
    assert [stat.S_IMODE(file.stat().st_mode) for file in (page, text)] == [0o600, 0o600]


def test_a_report_is_rendered_again_to_the_same_text(tiny: Project) -> None:
    tiny.run("plan")
    page, text = (tiny.latest / "report.html").read_text(), (tiny.latest / "report.md").read_text()
    (tiny.latest / "report.html").unlink()

    again = tiny.run("report")
    markdown = tiny.run("report", "--format", "markdown")

    assert again.code == 0, again.said
    assert (tiny.latest / "report.html").read_text() == page
    assert markdown.out == text


def test_json_says_what_changes_and_how_long_it_took(tiny: Project) -> None:
    tiny.run("plan")

    answer = tiny.run("report", "--format", "json")

    content = json.loads(answer.out)
    stack = content["stacks"]["local/tiny"]
    assert content["counts"]["create"] == 1
    assert [(change["address"], change["action"]) for change in stack["changes"]] == [
        ("module.tiny.terraform_data.item[0]", "create")
    ]
    assert stack["changes"][0]["declared_at"].startswith("modules/tiny/main.tf:")
    assert {"init", "plan", "gate"} <= set(stack["facts"]["seconds"])


def test_a_report_goes_to_the_file_that_is_named(tiny: Project) -> None:
    tiny.run("plan")

    answer = tiny.run("report", "--format", "markdown", "--to", "review.md")

    assert answer.code == 0, answer.said
    assert (tiny.root / "review.md").read_text() == (tiny.latest / "report.md").read_text()


def test_no_report_is_made_of_parts_that_were_edited(tiny: Project) -> None:
    tiny.run("plan")
    facts = tiny.latest / "tiny" / "facts.json"
    facts.write_text(facts.read_text().replace("modules/tiny", "modules/nice"))

    answer = tiny.run("report")

    assert answer.code == 4
    assert "facts.json changed after the plan was sealed" in answer.err


def test_there_is_no_report_without_a_changeset(tiny: Project) -> None:
    answer = tiny.run("report", "--changeset", "20260101T000000Z-abcdef")

    assert answer.code == 2
    assert "there is no changeset" in answer.err


def test_only_a_page_can_be_opened(tiny: Project) -> None:
    answer = tiny.run("report", "--format", "json", "--open")

    assert answer.code == 2
    assert "--open shows the page" in answer.err
