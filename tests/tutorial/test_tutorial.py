"""Whoever follows docs/tutorial.md to the letter gets what it says, and the scaffolds pass the project's own checks."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import pytest

from tests.support.project import REPOSITORY, Answer, Project
from tests.tutorial.following import Step, copy_to_work_in, follow, python, steps

PAGE = REPOSITORY / "docs/tutorial.md"
# Everything from here on needs the emulator and minutes.
_FIRST_OF_THE_SECOND_HALF = "groundplan emulator up"


def halves() -> tuple[list[Step], list[Step]]:
    found = steps(PAGE)
    (cut,) = [place for place, step in enumerate(found) if _FIRST_OF_THE_SECOND_HALF in step.text]
    before, _, after = found[cut].text.partition(_FIRST_OF_THE_SECOND_HALF)
    return [*found[:cut], Step("sh", "", before)], [
        Step("sh", "", _FIRST_OF_THE_SECOND_HALF + after),
        *found[cut + 1 :],
    ]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Answer]]:
    """The copy after all that needs no emulator, and what the commands answered."""
    project = copy_to_work_in(tmp_path_factory.mktemp("tutorial") / "project")
    answers = {line: answer for step in halves()[0] for line, answer in follow(project, step)}
    return project, answers


def test_every_command_before_the_emulator_ends_well(followed: tuple[Project, dict[str, Answer]]) -> None:
    _, answers = followed

    assert [line.split()[:3] for line in answers] == [
        ["groundplan", "new", "architecture"],
        ["groundplan", "new", "construct"],
        ["groundplan", "new", "policy"],
        ["python", "-m", "pytest"],
        ["groundplan", "synth"],
    ]
    assert {line: answer.said for line, answer in answers.items() if answer.code} == {}


def test_what_was_written_and_what_was_scaffolded_passes_lint(followed: tuple[Project, dict[str, Answer]]) -> None:
    project, _ = followed

    checked = python(
        project, "-m", "ruff", "check", "cdktf_app", "policies", "tests/plan/jobs", "tests/unit/constructs"
    )
    formatted = python(
        project, "-m", "ruff", "format", "--check", "cdktf_app", "policies", "tests/plan/jobs", "tests/unit/constructs"
    )

    assert (checked.code, formatted.code) == (0, 0), checked.said + formatted.said


def test_synth_made_the_module_and_its_root(followed: tuple[Project, dict[str, Answer]]) -> None:
    project, _ = followed

    assert (
        'resource "aws_lambda_event_source_mapping" "queue_to"' in (project.root / "modules/jobs/work.tf").read_text()
    )
    assert 'module "jobs"' in (project.root / "envs/local/jobs/main.tf").read_text()
    assert "queue_url" in (project.root / "envs/local/jobs/outputs.tf").read_text()


@pytest.fixture(scope="module")
def applied(followed: tuple[Project, dict[str, Answer]]) -> Iterator[dict[str, Answer]]:
    """The rest, on an emulator of the copy's own."""
    project, _ = followed
    answers: dict[str, Answer] = {}
    try:
        for step in halves()[1]:
            for line, answer in follow(project, step):
                answers[line] = answer
                if answer.code:
                    break
        yield answers
    finally:
        project.run("emulator", "down")


def test_the_gate_passes_it_is_applied_verified_and_goes_again(applied: dict[str, Answer]) -> None:
    assert {line: answer.said for line, answer in applied.items() if answer.code} == {}
    assert "gate passed" in applied["groundplan plan --stack jobs"].out
    assert "queue_url" in applied["groundplan output --stack jobs"].out
    assert list(applied)[-1] == "groundplan emulator down"


def test_every_command_of_the_page_is_one_of_groundplan_or_a_test_run() -> None:
    lines = [line for step in steps(PAGE) if not step.path for line in step.text.splitlines()]

    assert {shlex.split(line)[0] for line in lines} == {"groundplan", "python"}
    assert len(lines) > 8
