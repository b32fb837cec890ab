"""What ``ci check`` refuses, and that what is committed passes."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.in_process import run_here
from tests.support.project import REPOSITORY, Project
from tooling.ci.checking import flaws
from tooling.ci.writing import flaws_in

GOOD = """\
name: good
on:
  push:
permissions:
  contents: read
jobs:
  one:
    runs-on: ubuntu-24.04
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0
      - run: make test
"""


def test_a_sound_workflow_has_no_flaw() -> None:
    assert flaws("good.yml", GOOD) == ()


@pytest.mark.parametrize(
    ("old", "new", "at", "says"),
    [
        ("    runs-on: ubuntu-24.04\n", "", "jobs.one", "is not valid"),
        ("timeout-minutes: 5", "timeout-minutes: five", "jobs.one", "is not valid"),
        ("push:", "pushed:", "on", "is not valid"),
        ("name: good", "named: good", "", "Additional properties are not allowed ('named' was unexpected)"),
        ("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@v5", "jobs.one.steps.0", "actions/checkout@v5 is not pinned"),
        ("    timeout-minutes: 5\n", "", "jobs.one", "may run for six hours"),
        ("permissions:\n  contents: read\n", "", "", "grants its jobs every permission"),
        ("  push:", "  pull_request_target:", "on", "runs the code of strangers"),
        ("    steps:", "    needs: two\n    steps:", "jobs.one", "needs 'two', which is no job here"),
        (
            "make test",
            "echo ${{ github.event.pull_request.title }}",
            "jobs.one.steps.1",
            "${{ github.event.pull_request.title }} becomes part of the script",
        ),
        ("make test", "git push ${{ github.ref_name }}", "jobs.one.steps.1", "becomes part of the script"),
        ("make test", "echo ${{ format('{0}', GitHub.head_ref) }}", "jobs.one.steps.1", "becomes part of the script"),
        ("make test", "login ${{ secrets.PASSWORD }}", "jobs.one.steps.1", "becomes part of the script"),
        ("  contents: read\n", "  contents: read\n  contents: write\n", "", "'contents' is there twice"),
        ("permissions:\n  contents: read\n", "permissions: write-all\n", "", "grants every permission"),
        ("    steps:", "    permissions: write-all\n    steps:", "jobs.one", "grants every permission"),
        ("name: good", "name: [good", "", "is no YAML"),
    ],
)
def test_rejects(old: str, new: str, at: str, says: str) -> None:
    assert old in GOOD

    found = flaws("bad.yml", GOOD.replace(old, new))

    assert len(found) == 1, found
    assert found[0].at == at
    assert says in found[0].what


def test_the_schema_is_the_published_one_byte_for_byte() -> None:
    """SHA-256 of the file that the schema's own distribution vouches for."""
    folder = REPOSITORY / "tooling/ci/schema"

    digest = hashlib.sha256((folder / "github-workflow.json").read_bytes()).hexdigest()

    assert digest == "d10c9f4656e1bd5bc6727e9b35080e017dc167154726fca93da33c7a6bd1c4f3"
    assert "Apache License" in (folder / "LICENSE").read_text()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name in ("envs", ".github", "containers"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns(".terraform"))
    (tmp_path / "cdktf_app").mkdir()
    return Project(tmp_path)


@pytest.mark.requirement("FD-CI-01", "KF-CI-01")
def test_what_is_committed_is_what_is_generated_and_has_no_flaw(project: Project) -> None:
    answer = run_here(project, "ci", "check")

    assert answer.code == 0, answer.said
    assert len(list((project.root / ".github/workflows").iterdir())) == 4


def test_the_front_door_sees_stale_workflows() -> None:
    told = subprocess.run(
        ["make", "-n", "check"], cwd=REPOSITORY, capture_output=True, text=True, check=True, timeout=60
    )

    assert "groundplan ci check" in told.stdout


def test_an_edit_by_hand_is_shown_as_a_difference_and_undone(project: Project) -> None:
    file = project.root / ".github/workflows/deploy.yml"
    file.write_text(file.read_text().replace("branches: [main]", "branches: [trunk]"))

    refused = run_here(project, "ci", "check")
    written = run_here(project, "ci", "generate")

    assert refused.code == 1
    assert "-    branches: [trunk]" in refused.out
    assert "+    branches: [main]" in refused.out
    assert "wrote .github/workflows/deploy.yml" in written.out
    assert run_here(project, "ci", "check").code == 0


def test_a_workflow_of_ones_own_is_checked_as_well(project: Project) -> None:
    project.write(".github/workflows/own.yaml", GOOD.replace("@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "@main"))

    answer = run_here(project, "ci", "check", "--json")

    assert answer.code == 1
    assert [flaw["file"] for flaw in json.loads(answer.out)["flaws"]] == ["own.yaml"]


def test_a_script_of_github_script_is_looked_at_as_well() -> None:
    step = "      - uses: a/b@08c6903cd8c0fde910a37f88322edcfb5dd907a8\n"
    script = f"{step}        with:\n          script: f(${{{{ inputs.a }}}})\n"

    found = flaws("bad.yml", GOOD + script)

    assert [(flaw.at, flaw.what.partition(" becomes")[0]) for flaw in found] == [
        ("jobs.one.steps.2", "${{ inputs.a }}")
    ]


def test_what_is_no_text_is_a_flaw_and_no_crash(project: Project) -> None:
    (project.root / ".github/workflows/own.yml").write_bytes(b"\xff\xfe")

    answer = run_here(project, "ci", "check")

    assert answer.code == 1, answer.said
    assert ".github/workflows/own.yml" in answer.out


def test_a_workflow_of_ones_own_is_never_overwritten(project: Project) -> None:
    file = project.root / ".github/workflows/deploy.yml"
    file.write_text(GOOD)
    (project.root / ".github/workflows/drift.yml").unlink()

    answer = run_here(project, "ci", "generate")

    assert answer.code == 2
    assert "deploy.yml: is there, and was not generated" in answer.err
    assert file.read_text() == GOOD
    assert not (project.root / ".github/workflows/drift.yml").exists()


def test_generating_twice_writes_nothing_the_second_time(project: Project) -> None:
    answer = run_here(project, "ci", "generate")

    assert answer.out.startswith("every workflow is as it would be generated\n")


def test_workflows_of_one_architecture_check_and_deploy_that_one_only(project: Project) -> None:
    run_here(project, "ci", "generate", "--env", "dev", "--env", "prod", "--stack", "kefir")
    everything = run_here(project, "ci", "check")
    same = run_here(project, "ci", "check", "--env", "dev", "--env", "prod", "--stack", "kefir")

    calls = [
        line.strip()
        for file in sorted((project.root / ".github/workflows").iterdir())
        for line in file.read_text().splitlines()
        if "groundplan ci " in line and not line.startswith("#")
    ]
    assert (everything.code, same.code) == (1, 0), same.said
    assert len(calls) == 5
    # What is chosen by hand or by a push gets its stacks from the lines below.
    assert [call for call in calls if "--env dev --env prod --stack kefir" not in call] == [
        '.venv/bin/groundplan ci stacks --env dev --env prod "$@" --form github >> "$GITHUB_OUTPUT"'
    ]
    chosen = (project.root / ".github/workflows/deploy.yml").read_text()
    assert 'set -- --push --base "$BEFORE" --stack kefir\n' in chosen
    assert 'set -- --to "$STAGE" --stack kefir\n' in chosen


@pytest.mark.requirement("FD-CI-01", "KF-CI-01")
@pytest.mark.parametrize("architecture", ["kefir", "doomscroll"])
def test_workflows_of_one_architecture_name_no_other(project: Project, tmp_path: Path, architecture: str) -> None:
    answer = run_here(project, "ci", "generate", "--stack", architecture, "--to", str(tmp_path / "out"), "--json")

    assert answer.code == 0, answer.said
    assert len(json.loads(answer.out)["written"]) == 4
    text = "".join(path.read_text() for path in (tmp_path / "out").iterdir())
    assert architecture in text
    assert [other for other in ("rewind", "solemate", "nullcheck") if other in text] == []
    assert flaws_in(tmp_path / "out") == ()


@pytest.mark.requirement("KF-CI-11", "KF-CI-12")
def test_what_has_to_be_set_at_github_is_said(project: Project) -> None:
    answer = run_here(project, "ci", "generate", "--stack", "kefir", "--json")

    needed = {(one["kind"], one["name"]) for one in json.loads(answer.out)["needed"]}
    assert {
        ("secret", "AWS_ACCESS_KEY_ID"),
        ("secret", "AWS_SECRET_ACCESS_KEY"),
        ("secret", "AWS_ACCESS_KEY_ID_PROD"),
        ("secret", "AWS_SECRET_ACCESS_KEY_PROD"),
        ("secret", "GROUNDPLAN_PASSPHRASE"),
        ("environment", "prod"),
        ("environment", "prod-plan"),
    } <= needed
    assert [name for kind, name in needed if name.startswith("TF_VAR")] == []
