"""What ``groundplan new`` writes passes lint, types, synth and its own tests before anybody has touched it."""

from __future__ import annotations

import pytest

from tests.support.project import Answer, Project
from tests.tutorial.following import copy_to_work_in, python

COMMANDS = (
    ("new", "architecture", "jobs", "--function", "resizePhoto"),
    ("new", "architecture", "vault", "--env", "prod"),
    ("new", "construct", "work_queue", "--resource", "aws_sqs_queue"),
    ("new", "construct", "press_feed", "--resource", "aws_sns_topic_subscription"),
    ("new", "construct", "event_stream", "--resource", "aws_kinesis_stream"),
    tuple("new policy fifo --id GP_FIFO_1 --resource aws_sqs_queue --attribute content_based_deduplication".split()),
    ("new", "env", "qa", "--like", "dev", "--account-id", "222233334444", "--stack", "kefir"),
    ("synth",),
    ("ci", "generate"),
)
PYTEST = ("pytest", "-q", "-p", "no:cacheprovider")
CODE = ("cdktf_app", "policies", "tests/plan/jobs", "tests/plan/vault", "tests/unit/constructs")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Answer]]:
    project = copy_to_work_in(tmp_path_factory.mktemp("scaffolds") / "project")
    return project, {" ".join(words): project.run(*words, seconds=600) for words in COMMANDS}


def test_every_part_is_written_and_synth_takes_all(written: tuple[Project, dict[str, Answer]]) -> None:
    project, answers = written

    assert {line: answer.said for line, answer in answers.items() if answer.code} == {}
    # Where all else is kept, a new bucket is too; where nothing is, it may go.
    assert '"../../../modules/jobs/removable"' in (project.root / "envs/local/jobs/main.tf").read_text()
    assert '"../../../modules/vault"' in (project.root / "envs/prod/vault/main.tf").read_text()
    assert "force_destroy" not in (project.root / "envs/prod/vault/terraform.tfvars").read_text()
    assert (project.root / "envs/qa/kefir/main.tf").is_file()


@pytest.mark.parametrize(
    "check",
    [
        ("ruff", "check", *CODE),
        ("ruff", "format", "--check", *CODE),
        ("mypy", *CODE),
        (*PYTEST, "tests/unit/constructs", "-k", "press_feed or event_stream or work_queue"),
        (*PYTEST, "tests/unit/gate/test_policies.py"),
        (*PYTEST, "tests/plan/jobs", "tests/plan/vault"),
    ],
    ids=["lint", "format", "types", "tests-of-constructs", "examples-of-the-policy", "tests-of-plans"],
)
def test_it_passes(written: tuple[Project, dict[str, Answer]], check: tuple[str, ...]) -> None:
    project, _ = written

    done = python(project, "-m", *check, seconds=600)

    assert done.code == 0, done.said


def test_committed_files_are_fresh_and_workflows_as_generated(written: tuple[Project, dict[str, Answer]]) -> None:
    project, _ = written

    assert {words: project.run(*words, seconds=600).code for words in (("synth", "--check"), ("ci", "check"))} == {
        ("synth", "--check"): 0,
        ("ci", "check"): 0,
    }
