"""``groundplan gate`` on a changeset: its forms, and taking over an estate that has findings."""

from __future__ import annotations

import json
from xml.etree import ElementTree as xml

import pytest

from tests.support.project import Project, with_aws

# A queue that lacks what the gate wants of it: encryption, tags.
QUEUE = 'resource "aws_sqs_queue" "old" {\n  name = "old"\n}\n'


@pytest.fixture
def planned(tiny: Project) -> Project:
    answer = tiny.run("plan")
    assert answer.code == 0, answer.err
    return tiny


@pytest.fixture
def untidy(tiny: Project) -> Project:
    with_aws(tiny, QUEUE)
    answer = tiny.run("plan")
    assert answer.code == 4, answer.said
    return tiny


def test_a_provisioner_that_nobody_answers_for_is_refused_with_its_line(planned: Project) -> None:
    # GIVEN
    planned.write("policies/waivers.yaml", "[]\n")

    # WHEN
    answer = planned.run("gate")

    # THEN
    assert answer.code == 4
    line = (planned.root / "modules/tiny/main.tf").read_text().splitlines().index('resource "terraform_data" "item" {')
    assert "GP_SUPPLY_1 module.tiny.terraform_data.item: a provisioner (local-exec) runs" in answer.out
    assert f"[modules/tiny/main.tf:{line + 1}]" in answer.out


def test_a_waiver_for_what_is_gone_is_refused(planned: Project) -> None:
    # GIVEN
    waivers = planned.root / "policies/waivers.yaml"
    waivers.write_text(waivers.read_text() + waivers.read_text().replace("data.item*", "data.gone"))

    # WHEN
    answer = planned.run("gate")

    # THEN
    assert answer.code == 4
    assert "GP_WAIVER_1 module.tiny.terraform_data.gone" in answer.out
    assert "[policies/waivers.yaml:7]" in answer.out


def test_all_forms_say_the_same(planned: Project) -> None:
    # WHEN
    text, as_json, markdown, junit, sarif = (
        planned.run("gate", "--format", form) for form in ("text", "json", "markdown", "junit", "sarif")
    )

    # THEN
    waived = json.loads(as_json.out)["local/tiny"]["waived"]
    assert [finding["check_id"] for finding in waived] == ["GP_SUPPLY_1"]
    assert "1 waived" in text.out
    assert "### Waived (1)" in markdown.out
    assert [case.attrib["name"] for case in xml.fromstring(junit.out).iter("testcase")] == [
        "GP_SUPPLY_1 module.tiny.terraform_data.item"
    ]
    (run,) = json.loads(sarif.out)["runs"]
    assert [entry["ruleId"] for entry in run["results"]] == ["GP_SUPPLY_1"]
    assert (planned.latest / "tiny/gate.junit.xml").read_text() == junit.out


def test_an_estate_is_taken_over_with_what_it_has_and_only_what_is_new_fails(untidy: Project) -> None:
    # GIVEN
    taken_over = untidy.run("gate", "--write-baseline", "--by", "platform")
    assert taken_over.code == 0, taken_over.said
    assert "by: platform" in (untidy.root / "envs/local/baseline.yaml").read_text()

    # WHEN it is planned as it is, and with one queue more
    same = untidy.run("plan")
    untidy.write("modules/tiny/aws.tf", QUEUE + QUEUE.replace("old", "new"))
    more = untidy.run("plan")

    # THEN
    assert same.code == 0, same.said
    assert "in the baseline" in same.out
    assert more.code == 4
    assert "GP_TAGS_1 module.tiny.aws_sqs_queue.new" in more.out
    assert "GP_TAGS_1 module.tiny.aws_sqs_queue.old" not in more.out


def test_a_baseline_gets_shorter_by_itself_and_longer_only_when_told(untidy: Project) -> None:
    # GIVEN
    file = untidy.root / "envs/local/baseline.yaml"
    assert untidy.run("gate", "--write-baseline").code == 0
    taken_over = file.read_text()

    # WHEN the queue gives way to another one
    untidy.write("modules/tiny/aws.tf", QUEUE.replace("old", "new"))
    assert untidy.run("plan").code == 4
    mended = untidy.run("gate", "--write-baseline")
    emptied = file.read_text()
    told = untidy.run("gate", "--write-baseline", "--accept-new")

    # THEN
    assert "aws_sqs_queue.old" in taken_over
    assert mended.code == 4
    assert "0 added" in mended.err
    assert "aws_sqs_queue" not in emptied
    assert told.code == 0, told.said
    assert "aws_sqs_queue.new" in file.read_text()


def test_accepting_is_part_of_writing(planned: Project) -> None:
    assert planned.run("gate", "--accept-new").code == 2
