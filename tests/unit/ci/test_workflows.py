"""The workflows do what the documents of kefir and doomscroll say, in that order."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.project import REPOSITORY
from tests.unit.ci.workflow import COMMITTED, Generated, committed, generated, places
from tooling.ci.pins import PINS


@pytest.fixture(scope="module")
def all_of_them() -> Generated:
    return committed()


@pytest.fixture(scope="module")
def kefir() -> Generated:
    return generated("kefir")


@pytest.fixture(scope="module")
def doomscroll() -> Generated:
    return generated("doomscroll")


@pytest.mark.requirement("KF-CI-01", "KF-CI-02")
def test_a_push_to_main_deploys_kefir_to_dev(kefir: Generated) -> None:
    deploy = kefir["deploy.yml"]

    assert deploy["on"]["push"] == {"branches": ["main"]}
    assert deploy["jobs"]["deploy-dev"]["with"]["environment"] == "dev"
    assert {place.env: place.on_push for place in places("kefir")} == {"dev": ("kefir",), "prod": ()}
    assert "--push" in kefir.scripts("deploy.yml")


@pytest.mark.requirement("KF-CI-03")
def test_by_hand_kefir_goes_to_dev_or_prod(kefir: Generated) -> None:
    stage = kefir["deploy.yml"]["on"]["workflow_dispatch"]["inputs"]["stage"]

    assert (stage["type"], stage["options"], stage["default"]) == ("choice", ["dev", "prod"], "dev")
    choose = kefir.step("deploy.yml", "Choose the stacks")["run"]
    assert 'set -- --to "$STAGE" --stack "$CHOSEN"' in choose


@pytest.mark.requirement("KF-CI-04", "KF-CI-05", "KF-CI-06", "KF-CI-07", "KF-CI-08", "KF-CI-09", "KF-CI-10")
def test_the_steps_of_kefirs_deployment_come_in_the_documents_order(kefir: Generated) -> None:
    wanted = (
        "Check out",
        "Set up Node.js",
        "Install dependencies",
        "Type check",
        "Lint",
        "Configure AWS credentials",
        "Apply",
        "Comment on the commit",
    )

    names = kefir.names("deploy.yml")
    positions = [next(at for at, name in enumerate(names) if name.startswith(start)) for start in wanted]

    assert positions == sorted(positions)
    assert kefir.step("deploy.yml", "Check out")["uses"].startswith("actions/checkout@")
    assert kefir.step("deploy.yml", "Set up Python")["uses"].startswith("actions/setup-python@")
    assert kefir.step("deploy.yml", "Set up Node.js")["with"] == {"node-version": "20"}
    assert kefir.step("deploy.yml", "Install dependencies")["run"] == "make setup"
    assert "mypy" in kefir.step("deploy.yml", "Type check")["run"]
    assert "ruff check" in kefir.step("deploy.yml", "Lint")["run"]
    assert "node --check" in kefir.step("deploy.yml", "Handlers parse")["run"]
    assert "tsc --noEmit" in kefir.step("deploy.yml", "Handlers type check")["run"]
    assert 'apply --env "$ENVIRONMENT" --stack "$STACK" --yes' in kefir.step("deploy.yml", "Apply")["run"]


@pytest.mark.requirement("KF-CI-10", "FD-CI-09")
def test_the_commit_is_told_how_it_ended_whatever_happened(kefir: Generated) -> None:
    notify = kefir["deploy-stack.yml"]["jobs"]["notify"]
    step = kefir.step("deploy-stack.yml", "Comment on the commit")

    assert notify["if"] == step["if"] == "always()"
    assert notify["needs"] == ["plan", "apply"]
    assert "commits/$GITHUB_SHA/comments" in step["run"]
    assert {"needs.plan.result", "needs.apply.result"} <= set(re.findall(r"[\w.]+result", str(step["env"])))


def chosen(expression: str, env: str) -> Any:
    """Which secret GitHub's expression picks for an environment: the first one whose comparison holds."""
    pairs = re.findall(r"inputs\.environment == '(\w+)' && secrets\.(\w+)", expression)
    return next(secret for name, secret in pairs if name == env)


@pytest.mark.requirement("KF-CI-08", "KF-CI-11", "KF-CI-12")
@pytest.mark.parametrize(("env", "ending"), [("dev", ""), ("prod", "_PROD")])
def test_long_lived_keys_are_those_of_the_stage(kefir: Generated, env: str, ending: str) -> None:
    steps = [
        step
        for _, step in kefir.steps("deploy-stack.yml")
        if str(step["name"]) == "Configure AWS credentials by long-lived keys"
    ]

    assert len(steps) == 2
    for step in steps:
        assert step["uses"].startswith("aws-actions/configure-aws-credentials@")
        assert chosen(step["with"]["aws-access-key-id"], env) == f"AWS_ACCESS_KEY_ID{ending}"
        assert chosen(step["with"]["aws-secret-access-key"], env) == f"AWS_SECRET_ACCESS_KEY{ending}"


@pytest.mark.requirement("KF-CI-13")
def test_nothing_is_left_of_pulumi() -> None:
    texts = [path.read_text().lower() for path in COMMITTED.glob("*.yml")]

    assert len(texts) == 4
    assert [text for text in texts if "pulumi" in text] == []


@pytest.mark.requirement("KF-CI-14")
def test_the_region_may_be_named_and_is_us_east_1_otherwise(kefir: Generated) -> None:
    stack = kefir["deploy-stack.yml"]["jobs"]
    called = kefir["deploy.yml"]["jobs"]["deploy-dev"]["with"]
    variable = re.search(
        r'variable "region" \{(.*?)\n\}', (REPOSITORY / "modules/kefir/variables.tf").read_text(), re.DOTALL
    )

    assert [stack[job]["env"]["AWS_REGION"] for job in ("plan", "apply")] == [
        "${{ secrets.AWS_REGION || inputs.region }}"
    ] * 2
    assert called["region"] == "us-east-1"
    assert variable is not None
    assert 'default     = "us-east-1"' in variable.group(1)


@pytest.mark.requirement("KF-CI-15", "KF-CI-16", "KF-CI-17", "KF-CI-18", "KF-CI-19")
def test_a_pull_request_is_checked(all_of_them: Generated) -> None:
    check = all_of_them["pr-check.yml"]

    assert check["on"] == {"pull_request": {"branches": ["main"]}}
    assert all_of_them.step("pr-check.yml", "Type check")["run"] == ".venv/bin/mypy"
    assert "ruff check" in all_of_them.step("pr-check.yml", "Lint")["run"]
    formats = all_of_them.step("pr-check.yml", "Format check")["run"]
    assert "ruff format --check" in formats
    assert "terraform fmt -check" in formats
    valid = all_of_them.step("pr-check.yml", "Configuration is valid")["run"]
    assert "groundplan synth --check" in valid
    assert "for root in envs/*/*/" in valid
    assert "validate" in valid


@pytest.mark.requirement("FD-CI-01", "FD-CI-02")
def test_a_push_to_main_takes_doomscroll_through_dev_to_prod(doomscroll: Generated) -> None:
    deploy = doomscroll["deploy.yml"]

    assert deploy["on"]["push"]["branches"] == ["main"]
    assert {place.env: place.on_push for place in places("doomscroll")} == {
        "dev": ("doomscroll",),
        "prod": ("doomscroll",),
    }
    assert "deploy-dev" in deploy["jobs"]["deploy-prod"]["needs"]
    assert deploy["jobs"]["deploy-prod"]["with"]["environment"] == "prod"


@pytest.mark.requirement("FD-CI-03", "FD-CI-04", "FD-CI-05", "FD-CI-06", "FD-CI-07", "FD-CI-08", "FD-CI-09")
def test_the_steps_of_doomscrolls_deployment_come_in_the_documents_order(doomscroll: Generated) -> None:
    wanted = ("Tests", "Build the image", "Push the image", "Apply", "Wait", "Smoke test", "Comment on the commit")

    names = doomscroll.names("deploy.yml")
    last = [max(at for at, name in enumerate(names) if name.startswith(start)) for start in wanted]

    assert last == sorted(last)
    assert "pytest" in doomscroll.step("deploy.yml", "Tests")["run"]
    # plan holds the gate: checkov and the policies.
    assert "groundplan plan" in doomscroll.step("deploy.yml", "Plan")["run"]
    build = doomscroll.step("deploy-stack.yml", "Build the image")["run"]
    assert build == 'docker build --pull --tag "$STACK:$GITHUB_SHA" "containers/$STACK"'
    assert 'groundplan wait --env "$ENVIRONMENT"' in doomscroll.step("deploy.yml", "Wait")["run"]
    assert 'groundplan smoke --env "$ENVIRONMENT"' in doomscroll.step("deploy.yml", "Smoke test")["run"]


@pytest.mark.requirement("FD-CI-05", "FD-CI-06")
def test_the_image_of_the_commit_is_pushed_and_is_the_one_that_is_planned(doomscroll: Generated) -> None:
    push = doomscroll.step("deploy-stack.yml", "Push the image")["run"]
    outputs = (REPOSITORY / "modules/doomscroll/outputs.tf").read_text()
    service = (REPOSITORY / "modules/doomscroll/service.tf").read_text()

    assert 'groundplan image push --env "$ENVIRONMENT" --stack "$STACK"' in push
    assert '--image "$STACK:$GITHUB_SHA" --tag "$GITHUB_SHA"' in push
    assert "ecr_repository_url" in push
    repository = "${var.account_id}.dkr.ecr.${var.region}.amazonaws.com/fckdoomscroll/app"
    assert f'value       = "{repository}"' in outputs
    assert f'image        = "{repository}:${{var.image_tag}}"' in service
    for job in ("plan", "apply"):
        assert doomscroll["deploy-stack.yml"]["jobs"][job]["env"]["TF_VAR_image_tag"] == "${{ github.sha }}"


def test_a_project_without_images_gets_no_steps_for_them(kefir: Generated) -> None:
    assert [name for name in kefir.names("deploy.yml") if "image" in name.lower()] == []
    assert "TF_VAR_image_tag" not in kefir["deploy-stack.yml"]["jobs"]["plan"]["env"]


@pytest.mark.requirement("FD-SEC-08")
def test_dependencies_and_images_are_scanned(all_of_them: Generated) -> None:
    audit = all_of_them.scripts("pr-check.yml")
    scan = all_of_them.step("deploy-stack.yml", "What the registry's scan found")["run"]

    assert "pip-audit --require-hashes --disable-pip -r requirements.lock" in audit
    assert "npm audit --prefix functions" in audit
    assert "groundplan image scan-report" in scan


def test_applies_only_what_the_plan_job_sealed(all_of_them: Generated) -> None:
    scripts = dict.fromkeys(("plan", "apply", "notify"), "")
    for job, step in all_of_them.steps("deploy-stack.yml"):
        scripts[job] += f"{step.get('run', '')}\n"

    assert "changeset export" in scripts["plan"]
    assert "groundplan plan " not in scripts["apply"]
    assert scripts["apply"].index("changeset import") < scripts["apply"].index("groundplan apply")
    kept = all_of_them.step("deploy-stack.yml", "Keep it for the apply")["with"]
    fetched = all_of_them.step("deploy-stack.yml", "Fetch the changeset")["with"]
    assert kept["name"] == fetched["name"]


def test_only_the_job_behind_the_reviewers_gets_the_role_that_changes_things(all_of_them: Generated) -> None:
    jobs = all_of_them["deploy-stack.yml"]["jobs"]

    assert jobs["plan"]["environment"] == "${{ inputs.environment }}-plan"
    assert jobs["apply"]["environment"] == "${{ inputs.environment }}"
    assert "inputs.deploy-role" not in json.dumps(jobs["plan"])
    assert "inputs.plan-role" not in json.dumps(jobs["apply"])
    assert jobs["notify"]["permissions"] == {"contents": "write"}
    assert jobs["plan"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert jobs["apply"]["permissions"] == {"actions": "read", "contents": "read", "id-token": "write"}


def test_a_workflow_that_is_called_gets_no_more_than_its_caller_has(all_of_them: Generated) -> None:
    """GitHub refuses the whole run otherwise."""
    needed = {
        (name, right)
        for job in all_of_them["deploy-stack.yml"]["jobs"].values()
        for name, right in job["permissions"].items()
    }
    for env in ("dev", "staging", "prod"):
        granted = all_of_them["deploy.yml"]["jobs"][f"deploy-{env}"]["permissions"]

        assert {name for name, _ in needed} == set(granted)
        assert {name for name, right in needed if right == "write"} == {
            name for name, right in granted.items() if right == "write"
        }


def test_credentials_are_never_given_to_a_branch_of_somebody_else(all_of_them: Generated) -> None:
    jobs = all_of_them["pr-check.yml"]["jobs"]

    assert "head.repo.full_name == github.repository" in jobs["stacks"]["if"]
    assert jobs["plan"]["needs"] == "stacks"
    assert "secrets." not in json.dumps([jobs["check"], jobs["audit"], jobs["stacks"]])


def test_one_run_at_a_time_for_a_stack_and_none_is_cut_off(all_of_them: Generated) -> None:
    for env in ("dev", "staging", "prod"):
        job = all_of_them["deploy.yml"]["jobs"][f"deploy-{env}"]

        assert job["concurrency"] == {
            "group": f"groundplan-{env}-${{{{ matrix.stack }}}}",
            "cancel-in-progress": False,
        }
        assert job["strategy"]["fail-fast"] is False


def test_secrets_of_a_stack_are_given_to_that_stack_only(all_of_them: Generated) -> None:
    found = all_of_them["deploy-stack.yml"]["jobs"]["plan"]["env"]

    assert found["TF_VAR_db_password"] == (
        "${{ contains(fromJSON('[\"doomscroll\"]'), inputs.stack) && secrets.TF_VAR_DB_PASSWORD || '' }}"
    )
    assert {name for name in found if name.startswith("TF_VAR_")} == {
        "TF_VAR_encryption_key",
        "TF_VAR_db_password",
        "TF_VAR_session_secret",
        "TF_VAR_master_password",
        "TF_VAR_image_tag",
    }


def test_drift_is_looked_for_every_night_in_every_stack(all_of_them: Generated) -> None:
    drift = all_of_them["drift.yml"]

    assert drift["on"]["schedule"] == [{"cron": "17 3 * * *"}]
    assert "groundplan drift" in all_of_them.scripts("drift.yml")
    assert "ci stacks --form github" in all_of_them.scripts("drift.yml")
    assert "apply" not in all_of_them.scripts("drift.yml")


def test_every_action_is_a_known_pin_with_its_release_beside_it(all_of_them: Generated) -> None:
    used = {str(step["uses"]) for name in all_of_them.by_name for _, step in all_of_them.steps(name) if "uses" in step}
    text = "\n".join(path.read_text() for path in COMMITTED.glob("*.yml"))

    assert used == {f"{pin.action}@{pin.digest}" for pin in PINS.values()}
    for pin in PINS.values():
        assert text.count(f"@{pin.digest}") == text.count(f"@{pin.digest} # {pin.release}\n")
