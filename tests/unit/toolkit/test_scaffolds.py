"""New environments, policies, constructs and architectures: what is written, what is refused, and nothing half."""

from __future__ import annotations

import ast
import shutil
from datetime import date
from pathlib import Path

import pytest

from tests.support.project import REPOSITORY
from tooling.environment.config import load_environment
from tooling.errors import Exit, ToolError
from tooling.gate import GateConfig, Severity, evaluate
from tooling.gate.canary import plan_of
from tooling.gate.policies_folder import read_policies
from tooling.scaffold.architecture import draft_architecture
from tooling.scaffold.binding import read_binding
from tooling.scaffold.construct import draft_construct
from tooling.scaffold.draft import write
from tooling.scaffold.environment import draft_environment
from tooling.scaffold.policy import draft_policy
from tooling.workspace import Workspace

TODAY = date(2026, 11, 21)


@pytest.fixture
def project(tmp_path: Path) -> Workspace:
    for name in ("envs", "policies", "cdktf_app/architectures", "cdktf_app/bindings"):
        shutil.copytree(REPOSITORY / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return Workspace(tmp_path)


def texts(project: Workspace) -> dict[str, str]:
    return {str(file): file.read_text() for file in project.root.rglob("*") if file.is_file()}


# --- environments


def test_an_environment_has_its_own_account_names_and_waivers(project: Workspace) -> None:
    write(project, draft_environment(project, "qa", like="dev", account_id="222233334444", stacks=["rewind", "kefir"]))

    config = load_environment(project, "qa")
    assert (config.account_id, config.region, set(config.stacks)) == ("222233334444", "us-east-1", {"rewind", "kefir"})
    assert config.state.bucket == "groundplan-state-222233334444-us-east-1"
    new = {path: text for path, text in texts(project).items() if "/envs/qa/" in path}
    assert [path for path, text in new.items() if "111122223333" in text] == []
    values = (project.envs / "qa/rewind/terraform.tfvars").read_text()
    assert 'name_suffix = "-qa"' in values
    assert '"qa.rewindpodcast.com"' in values
    assert "stacks: [dev/kefir, local/kefir, qa/kefir]" in (project.policies / "waivers.yaml").read_text()
    usage = (project.envs / "qa/usage.yaml").read_text()
    assert "\n  rewind:\n" in usage
    assert "\n  doomscroll:\n" not in usage


def test_an_environment_in_another_region_keeps_its_second_one(project: Workspace) -> None:
    write(project, draft_environment(project, "eu", like="prod", account_id="222233334444", region="eu-west-1"))

    config = load_environment(project, "eu")
    assert config.region == config.state.region == "eu-west-1"
    assert config.artifacts_bucket.endswith("222233334444-eu-west-1")
    assert config.stacks["rewind"].aliases["failover"].region == "us-west-2"
    # The document's word for production would give two environments one name.
    assert config.stacks["solemate"].environment is None


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("QA", {"like": "dev"}, "an environment is named 'QA'"),
        ("qa", {"like": "moon"}, "no environment 'moon'"),
        ("qa", {"like": "dev", "stacks": ["solemate"]}, "environment 'dev' has no stack 'solemate'"),
        ("qa", {"like": "dev", "account_id": "12"}, "account_id is '12'"),
        ("qa", {"like": "dev", "region": "us-west-2"}, "that is the environment's own region"),
    ],
)
def test_rejects_what_would_be_no_environment_before_anything_is_written(
    project: Workspace, name: str, arguments: dict[str, str], said: str
) -> None:
    before = texts(project)

    with pytest.raises(ToolError) as refused:
        draft_environment(project, name, **arguments)

    assert said in str(refused.value)
    assert refused.value.exit_code == Exit.USAGE
    assert texts(project) == before


def test_what_is_there_is_never_written_over(project: Workspace) -> None:
    before = texts(project)

    with pytest.raises(ToolError, match="is there already"):
        write(project, draft_environment(project, "prod", like="dev"))

    assert texts(project) == before


# --- policies


def test_a_policy_is_held_to_its_own_examples_by_the_gate(project: Workspace, tmp_path: Path) -> None:
    attribute = "message_retention_seconds"
    draft = draft_policy(
        project,
        "queue_retention",
        check_id="GP_QUEUE_1",
        resource="aws_sqs_queue",
        attribute=attribute,
        severity="HIGH",
    )
    write(project, draft)

    policies = read_policies(project.policies)
    examples = policies.examples["GP_QUEUE_1"]
    waivers = tmp_path / "none.yaml"
    waivers.write_text("[]\n")
    config = GateConfig(
        fail_on=Severity.LOW,
        waivers=waivers,
        policies=project.policies,
        today=TODAY,
        requirements=REPOSITORY / "specs/requirements.yaml",
    )
    result = evaluate(plan_of([*examples.failing, *examples.passing]), stack="local/x", config=config)
    refused = {one.address for one in result.findings if one.check_id == "GP_QUEUE_1"}
    assert refused == {"aws_sqs_queue.without_it", "aws_sqs_queue.not_known_yet"}
    assert policies.severity_of("GP_QUEUE_1") == Severity.HIGH
    assert (
        "| `GP_QUEUE_1` | `aws_sqs_queue` without `message_retention_seconds` |"
        in (project.policies / "README.md").read_text()
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"check_id": "QUEUE"}, "a check's id is 'QUEUE'"),
        ({"check_id": "GP_LOGS_1"}, "GP_LOGS_1 is taken"),
        ({"resource": "aws_sqs_pipe"}, "the bindings have no resource 'aws_sqs_pipe'"),
        ({"attribute": "colour"}, "aws_sqs_queue has no attribute 'colour'"),
        ({"topic": "Queue-1"}, "a policy is named 'Queue-1'"),
    ],
)
def test_rejects_a_policy_about_nothing(project: Workspace, arguments: dict[str, str], said: str) -> None:
    given = {
        "topic": "queues",
        "check_id": "GP_QUEUE_1",
        "resource": "aws_sqs_queue",
        "attribute": "policy",
    } | arguments

    with pytest.raises(ToolError) as refused:
        draft_policy(project, severity="LOW", **given)

    assert said in str(refused.value)


# --- constructs


def test_the_class_of_a_type_is_found_with_what_it_needs() -> None:
    found = read_binding("aws_sns_topic_subscription")

    assert (found.module, found.name) == ("sns_topic_subscription", "SnsTopicSubscription")
    assert found.required == {"endpoint": "str", "protocol": "str", "topic_arn": "str"}


def test_a_class_whose_name_javascript_has_taken_is_found_too() -> None:
    assert read_binding("aws_s3_bucket_logging").name == "S3BucketLoggingA"


def test_rejects_a_type_that_cannot_be_made_without_a_block() -> None:
    with pytest.raises(ToolError, match="needs rule, which is a block or a map"):
        read_binding("aws_s3_bucket_ownership_controls")


@pytest.mark.parametrize(
    ("resource", "file"),
    [("aws_sqs_queue", None), ("aws_sqs_queue_redrive_policy", "sqs"), ("aws_kinesis_stream", "kinesis")],
)
def test_a_construct_gets_its_binding_where_there_is_none(project: Workspace, resource: str, file: str | None) -> None:
    draft = draft_construct(project, "work_queue", resource=resource)

    bindings = {
        path.stem: text for path, text in {**draft.new, **draft.changed}.items() if path.parent.name == "bindings"
    }
    assert set(bindings) == ({file} if file else set())
    for text in bindings.values():
        exported = ast.literal_eval(text.partition("__all__ = ")[2])
        assert exported == sorted(exported)
        assert read_binding(resource).name in exported
    for path, text in draft.new.items():
        compile(text, str(path), "exec")


# --- architectures


def test_an_architecture_gets_a_stack_and_waivers_that_end(project: Workspace) -> None:
    draft = draft_architecture(project, "jobs", env="local", function="resizePhoto", ticket="OPS-7", today=TODAY)
    write(project, draft)

    assert "jobs" in load_environment(project, "local").stacks
    waivers = (project.policies / "waivers.yaml").read_text().partition("# jobs:")[2]
    assert waivers.count("ticket: OPS-7") == waivers.count("expires: 2027-02-19") == 9
    code = (project.root / "cdktf_app/architectures/jobs/work.py").read_text()
    assert "self.resize_photo = LambdaFunction(" in code


@pytest.mark.parametrize("name", ["Jobs", "my_jobs", "class", "x", "kefir"])
def test_rejects_a_name_that_no_architecture_can_have(project: Workspace, name: str) -> None:
    with pytest.raises(ToolError):
        draft_architecture(project, name, env="local", function="work", ticket="T-1", today=TODAY)
